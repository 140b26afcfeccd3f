"""How fast one person may send: enough for anybody who writes, too little for a flood."""

from typing import Final

from allauth.core import ratelimit
from django.http import HttpRequest

SENTENCE: Final = "Você enviou muita coisa em pouco tempo. O que escreveu continua aqui: espere uma hora e envie de novo."


def too_fast(request: HttpRequest, action: str) -> bool:
    """Counts this sending; whether there were too many within the hour (``ACCOUNT_RATE_LIMITS``)."""
    return not ratelimit.consume(request, action=action, user=request.user)
