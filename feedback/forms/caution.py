"""A form that looks for passwords in what is written, before it is kept."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms

from tickets import secrets

SEEN: Final = "secrets_seen"


class CautiousForm(forms.Form):
    """Where ``words_in`` holds what looks like a secret, it says so beside the field, once. Nothing is refused for it."""

    use_required_attribute = False
    words_in: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.fields[SEEN] = forms.BooleanField(label="Enviar mesmo assim", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        found = secrets.find(data.get(self.words_in) or "")
        if found and not data.pop(SEEN, False):
            passages = ", ".join(f"“{passage.shown}”" for passage in found)
            self.add_error(
                self.words_in, f"Isto parece uma senha ou chave: {passages}. Tire o trecho, ou marque “Enviar mesmo assim”."
            )
        elif not found:
            data.pop(SEEN, None)
            del self.fields[SEEN]
        return data
