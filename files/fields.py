"""A form's place for files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from files.intake import Policy, megabytes


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; the cleaned value is a list. ``files.intake.accept`` checks each of them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        sent = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not sent:
            super().clean(None, initial)  # complains where something is required
        return list(sent)


def limits(policy: Policy) -> str:
    """What the policy takes, as the help of a field says it."""
    kinds = ", ".join(sorted(policy.extensions))
    return f"Até {policy.max_files} arquivos de {megabytes(policy.max_bytes)} cada um. Tipos: {kinds}."
