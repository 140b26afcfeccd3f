"""What is kept of an error: where in the code it happened. Its words may quote what a person wrote."""

from __future__ import annotations

import traceback
from pathlib import Path

from django.conf import settings


def place_of(error: BaseException) -> str:
    """The error's class and the last line of ours that it passed; nothing of what it says."""
    name = type(error).__name__
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(settings.BASE_DIR) and "site-packages" not in file.parts:
            return f"{name} em {file.relative_to(settings.BASE_DIR)}:{frame.lineno} ({frame.name})"[:200]
    return name[:200]
