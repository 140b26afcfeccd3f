"""What narrows the list of treatments, and what is noted of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db.models import Q

import worktime
from accounts import rights
from catalog.models import Product
from feedback.deadlines import day_of
from feedback.forms.manifestation import SentOnce
from feedback.models import MAX_NOTE, Theme, Treatment
from feedback.treatment_lists import MANAGER, OMBUDSMAN
from reports.forms import NOT_OFFERED, offered, read
from tickets.forms.kinds import LongTextField

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from feedback.treatment_lists import TreatmentQuerySet
    from reports.periods import Period

State = Treatment.State
NONE: Final = "nenhum"
SLUGS: Final = {"novos": State.NEW, "em-analise": State.LOOKING, "tratados": State.DONE, "nada-a-fazer": State.NOTHING}
"""States as the address names them."""
UNANSWERED: Final = "sem-resposta"
EVERY: Final = "todas"


class FilterForm(forms.Form):
    """A value that no list offers is refused beside its field and narrows nothing."""

    situacao = forms.ChoiceField(
        label="Situação",
        required=False,
        choices=[
            ("", "A tratar: novos e em análise"),
            (UNANSWERED, "Esperam resposta da ouvidoria"),
            *((slug, state.label) for slug, state in SLUGS.items()),
            (EVERY, "Todas"),
        ],
    )
    tipo = forms.ChoiceField(label="Tipo", required=False, choices=[("", "Todos"), *Treatment.Kind.choices])
    produto = forms.ChoiceField(label="Produto", required=False)
    tema = forms.ChoiceField(label="Tema", required=False)
    periodo = forms.ChoiceField(label="Chegou em", required=False)

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        """Offered is what this reader reads. Two queries."""
        super().__init__(*args, **kwargs)
        products = _products(reader).order_by("name").values_list("slug", "name")
        themes = [(str(pk), name) for pk, name in Theme.objects.values_list("pk", "name")]
        self._offer("produto", [("", "Todos"), (NONE, "Nenhum em especial"), *dict(products).items()])
        self._offer("tema", [("", "Todos"), (NONE, "Sem tema"), *themes])
        self._offer("periodo", [("", "Qualquer mês"), *offered(day_of(worktime.now()))])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - of the class above
        field.error_messages["invalid_choice"] = NOT_OFFERED
        field.choices = choices

    def _value(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def period(self) -> Period | None:
        """Whole months; ``None`` for any."""
        return read(self._value("periodo"))

    def about(self, found: TreatmentQuerySet) -> TreatmentQuerySet:
        """Those of the kind and the product: what the figures count."""
        if kind := self._value("tipo"):
            found = found.filter(kind=kind)
        if product := self._value("produto"):
            found = found.filter(product=None) if product == NONE else found.filter(product__slug=product)
        return found

    def chosen(self, found: TreatmentQuerySet) -> TreatmentQuerySet:
        """Of those the rows of the list, in its order."""
        if theme := self._value("tema"):
            found = found.filter(theme=None if theme == NONE else int(theme))
        if period := self.period:
            found = found.came_in((period.first, period.last))
        match self._value("situacao"):
            case "":
                return found.waiting().in_work_order()
            case "sem-resposta":
                return found.unanswered().in_work_order()
            case "todas":
                return found.newest_first()
            case slug:
                found = found.filter(state=SLUGS[slug])
                return found.newest_first() if SLUGS[slug] in (State.DONE, State.NOTHING) else found.in_work_order()

    def said(self) -> list[tuple[str, str]]:
        """What narrows the list, in words: the label and the value of each."""
        chosen = [(self.fields[name], self._value(name)) for name in self.fields]
        return [
            (str(field.label), str(dict(field.choices)[value]))  # type: ignore[arg-type]  # lists, as given above
            for field, value in chosen
            if value and isinstance(field, forms.ChoiceField)
        ]


class TreatForm(SentOnce):
    """A note with what it comes to."""

    state = forms.ChoiceField(
        label="Situação", choices=State.choices, error_messages={"invalid_choice": "Escolha uma situação da lista."}
    )
    theme = forms.ModelChoiceField(
        Theme.objects.none(),
        label="Tema",
        empty_label="Sem tema",
        required=False,
        error_messages={"invalid_choice": "Escolha um tema da lista."},
    )
    words = LongTextField(label="Anotação", max_length=MAX_NOTE, required=False)
    seen = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, treatment: Treatment, seen: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"state": treatment.state, "theme": treatment.theme_id, "seen": seen}
        super().__init__(*args, **kwargs)
        themes = self.fields["theme"]
        assert isinstance(themes, forms.ModelChoiceField)  # noqa: S101 - of the class above
        themes.queryset = Theme.objects.filter(Q(active=True) | Q(pk=treatment.theme_id))
        who = "de qual chamado ou de quem é a avaliação" if treatment.answer else "quem escreveu"
        self.fields["words"].help_text = (
            "Obrigatória ao terminar o tratamento."
            f" A anotação fica guardada com seu nome e não pode ser mudada. Não diga {who}."
        )

    def given(self) -> dict[str, Any]:
        """What ``treatments.treat`` takes."""
        data = dict(self.cleaned_data)
        data["request_id"] = data.pop("form_id")
        return data

    def fresh(self, seen: int) -> TreatForm:
        """The same form beside notes that its person has on the page now."""
        if self.is_bound:
            self.data = {**{name: self.data.get(name) for name in self.data}, "seen": str(seen)}
        return self


def _products(reader: User) -> QuerySet[Product]:
    if rights.holds(reader, OMBUDSMAN):
        return Product.objects.all()
    return Product.objects.filter(core_system__in=rights.core_systems(reader, MANAGER) or set())
