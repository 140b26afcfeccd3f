"""What narrows "Meus chamados", read from the address."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from catalog.models import Product, SupportType
from govbr import search
from tickets import lists
from tickets.lists import Choice
from tickets.models import Ticket

if TYPE_CHECKING:
    from accounts.models import User

ANY = [("", "Todos")]
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
BAD_DAY = {"invalid": "Digite a data como 31/12/2026."}
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
SENSIBLE = [
    MinValueValidator(FIRST, f"Digite uma data a partir de {FIRST:%d/%m/%Y}."),
    MaxValueValidator(LAST, f"Digite uma data até {LAST:%d/%m/%Y}."),
]
"""Before the portal and after its life: no ticket lies there, and beyond them days cannot be reckoned with."""


class ListForm(forms.Form):
    """The search and the filters. A value that no list offers is refused beside its field and narrows nothing."""

    q = forms.CharField(label="Buscar nos chamados", required=False, max_length=search.LONGEST, strip=True)
    situacao = forms.ChoiceField(label="Situação", required=False, choices=[("", "Todas"), *Ticket.Status.choices])
    produto = forms.ChoiceField(label="Produto", required=False)
    tipo = forms.ChoiceField(label="Tipo de suporte", required=False)
    orgao = forms.ChoiceField(label="Órgão", required=False)
    de = forms.DateField(label="Abertos desde", required=False, widget=DAY, error_messages=BAD_DAY, validators=SENSIBLE)
    ate = forms.DateField(label="Abertos até", required=False, widget=DAY, error_messages=BAD_DAY, validators=SENSIBLE)
    ordem = forms.ChoiceField(
        label="Ordem", required=False, choices=[("", "Sugerida"), *((key, words) for key, (words, _) in lists.ORDERS.items())]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Two queries, for what the catalog has and had."""
        super().__init__(*args, **kwargs)
        products = Product.objects.order_by("name").values_list("slug", "name")
        kinds = SupportType.objects.order_by("name").values_list("slug", "name")
        bodies = sorted((m.agency.slug, str(m.agency)) for m in user.active_memberships)
        self._offer("produto", list(dict(products).items()))
        self._offer("tipo", list(dict(kinds).items()))
        if len(bodies) > 1:
            self._offer("orgao", bodies)
        else:
            del self.fields["orgao"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - of the class above
        field.choices = [*ANY, *choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since: date | None = cleaned.get("de")
        until: date | None = cleaned.get("ate")
        if since and until and until < since:
            self.add_error("ate", "Esta data vem antes da outra. Confira as duas.")
        return cleaned

    def choice(self, tab: str) -> Choice:
        """What was asked for, as far as it makes sense."""
        self.is_valid()
        asked = self.cleaned_data
        return Choice(
            tab=tab,
            words=asked.get("q", ""),
            status=asked.get("situacao", ""),
            product=asked.get("produto", ""),
            support_type=asked.get("tipo", ""),
            agency=asked.get("orgao", ""),
            since=asked.get("de"),
            until=asked.get("ate"),
            order=asked.get("ordem", ""),
        )

    def said(self) -> list[tuple[str, str]]:
        """What narrows the list, in words: the label and the value of each."""
        self.is_valid()
        found = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if not value or name == "ordem":
                continue
            if isinstance(field, forms.ChoiceField):
                value = dict(field.choices)[value]  # type: ignore[arg-type]  # lists, as given above
            elif isinstance(field, forms.DateField):
                value = f"{value:%d/%m/%Y}"
            found.append(("Busca" if name == "q" else str(field.label), str(value)))
        return found
