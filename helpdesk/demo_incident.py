"""The demonstration's incident: one fault that three bodies report, told on the product's pages and answered at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Final

from accounts.models import User
from notifications import delivery
from tickets import incident_posts, incidents
from tickets.models import Incident, Ticket

TITLE: Final = "Envio de processos parado"
TEXT: Final = (
    "Desde as primeiras horas de hoje, processos enviados ficam sem confirmação de recebimento. "
    "A equipe já identificou a causa e trabalha na correção. Não envie o processo outra vez."
)
ANSWER: Final = (
    "A falha está no serviço central e não no seu órgão. Não reenvie o processo: ele segue sozinho quando o serviço voltar."
)
FORM: Final = uuid.UUID("6f2c1c0e-51a4-4a0e-8f0e-0d6c0c9b7a11")
BEGUN, ANSWERED = timedelta(hours=4), timedelta(hours=3, minutes=30)
"""Before now."""


def seed(reports: list[Ticket], now: datetime, at: Callable[[datetime], AbstractContextManager[None]]) -> None:
    """Lia opens it with these tickets and answers to all; once. ``at`` makes a block live at a moment."""
    if Incident.objects.exists():
        return
    lia = User.objects.get(email="lia@example.org")
    with at(now - BEGUN):
        incident = incidents.begin(reports[0].product, by=lia, title=TITLE, public_text=TEXT)
        for report in reports:
            incidents.add(incident.pk, report.pk, by=lia)
    with at(now - ANSWERED):
        incidents.post(incident.pk, by=lia, request_id=FORM, kind="answer", body=ANSWER)
        incident_posts.deliver()
        delivery.deliver_due()
