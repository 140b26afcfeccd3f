"""What narrows a report, read from its address."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db.models import Q

from accounts.regions import State
from catalog.models import Level, Priority, Product, Sphere, SupportType
from govbr.choices import LongSelect
from reports import periods
from reports.periods import Period
from tickets.models import Ticket
from tickets.states import Via

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from reports.access import Scope
    from reports.models import CycleFact

MONTHS: Final = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
WEEK: Final = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")
FREE: Final = "livre"
BACK: Final = 24
"""Months that the list of periods offers."""
LONGEST: Final = 1096
"""Days of a free period: three years."""
CHANNELS: Final = {
    Via.PORTAL: "Portal",
    **dict(Ticket.Origin.choices),
    Via.API: "Outro sistema",
    Via.CHATBOT: "Assistente",
}
COLUMNS: Final = {
    "esfera": "sphere__slug",
    "produto": "product__slug",
    "tipo": "support_type__slug",
    "orgao": "agency__slug",
    "uf": "state",
    "nivel": "level",
    "fila": "queue__slug",
    "atendente": "assignee",
    "prioridade": "priority",
    "canal": "channel",
    "causa": "cause",
    "dia": "opened_on__iso_week_day",
    "hora": "opened_hour",
}
"""A name in the address → what it asks of a fact. Nothing else narrows."""
DAY: Final = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
NOT_OFFERED: Final = "Escolha uma opção da lista."
BAD_DAY: Final = {"invalid": "Digite a data como 31/12/2026."}


class ReportForm(forms.Form):
    """The period and the filters. A value that no list offers is refused beside its field and narrows nothing."""

    periodo = forms.ChoiceField(label="Período", required=False, widget=LongSelect)
    de = forms.DateField(label="De", required=False, widget=DAY, error_messages=BAD_DAY)
    ate = forms.DateField(label="Até", required=False, widget=DAY, error_messages=BAD_DAY)
    esfera = forms.ChoiceField(label="Esfera", required=False, widget=LongSelect)
    orgao = forms.ChoiceField(label="Órgão", required=False, widget=LongSelect)
    uf = forms.ChoiceField(label="UF", required=False, widget=LongSelect)
    produto = forms.ChoiceField(label="Produto", required=False, widget=LongSelect)
    tipo = forms.ChoiceField(label="Tipo de suporte", required=False, widget=LongSelect)
    nivel = forms.ChoiceField(label="Nível", required=False, widget=LongSelect)
    fila = forms.ChoiceField(label="Fila", required=False, widget=LongSelect)
    atendente = forms.ChoiceField(label="Atendente", required=False, widget=LongSelect)
    prioridade = forms.ChoiceField(label="Prioridade", required=False, widget=LongSelect)
    canal = forms.ChoiceField(label="Canal", required=False, widget=LongSelect)
    causa = forms.ChoiceField(label="Causa", required=False, widget=LongSelect)
    dia = forms.ChoiceField(label="Dia da abertura", required=False, widget=LongSelect)
    hora = forms.ChoiceField(label="Hora da abertura", required=False, widget=LongSelect)

    def __init__(self, *args: Any, scope: Scope, today: date, **kwargs: Any) -> None:
        """``scope`` is the reader's: what is offered is what lies in it. Seven queries."""
        super().__init__(*args, **kwargs)
        self.scope, self.today = scope, today
        if not self.data.get("periodo"):
            # The list shows what the page tells of. Days of one's own say by themselves which period is meant.
            own_days = self.data.get("de") or self.data.get("ate")
            self.data = {**self.data, "periodo": FREE if own_days else f"{self.usual.first:%Y-%m}"}
        self._offer("periodo", [*offered(today), (FREE, "Outros dias")])
        self._offer("esfera", list(Sphere.objects.order_by("position").values_list("slug", "name")), "Todas")
        self._offer("orgao", [(body.slug, str(body)) for body in scope.agencies()])
        self._offer("uf", [(state, state) for state in sorted(State.values)], "Todas")
        self._offer("produto", list(dict(Product.objects.order_by("name").values_list("slug", "name")).items()))
        self._offer("tipo", list(dict(SupportType.objects.order_by("name").values_list("slug", "name")).items()))
        self._offer("nivel", list(Level.choices))
        self._offer("fila", list(scope.queues().values_list("slug", "name")), "Todas")
        self._offer("atendente", [(str(person.pk), person.display_name) for person in scope.people()])
        self._offer("prioridade", [(str(value), label) for value, label in Priority.choices], "Todas")
        self._offer("canal", [(str(value), str(label)) for value, label in CHANNELS.items()])
        causes = scope.causes().values_list("pk", "product__name", "name")
        self._offer("causa", [(str(pk), f"{product}: {name}") for pk, product, name in causes], "Todas")
        self._offer("dia", [(str(day), name) for day, name in enumerate(WEEK, start=1)])
        self._offer("hora", [(str(hour), f"{hour}h") for hour in range(24)], "Todas")

    def _offer(self, name: str, choices: list[tuple[str, str]], every: str = "Todos") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - of the class above
        field.error_messages["invalid_choice"] = NOT_OFFERED
        field.choices = choices if name == "periodo" else [("", every), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("periodo") != FREE:
            return cleaned
        first, last = cleaned.get("de"), cleaned.get("ate")
        for name in ("de", "ate"):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, "Digite esta data.")
        if first and last and last < first:
            self.add_error("ate", "Esta data vem antes da outra. Confira as duas.")
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("ate", "Escolha no máximo três anos.")
        return cleaned

    @property
    def usual(self) -> Period:
        """The last whole month."""
        return periods.month(self.today.year, self.today.month).before()

    @property
    def period(self) -> Period:
        """What was asked for; the usual one where nothing was, or nothing that makes sense."""
        self.is_valid()
        asked = self.cleaned_data.get("periodo", "")
        first, last = self.cleaned_data.get("de"), self.cleaned_data.get("ate")
        if asked == FREE and first and last and not {"de", "ate"} & set(self.errors):
            return Period(first, last)
        return read(asked) or self.usual

    def asked(self) -> dict[str, str]:
        """What narrows the report beside the period: the name in the address and its value."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in COLUMNS if self.cleaned_data.get(name)}

    def holds(self) -> Q:
        """What puts a fact into the report: the reader's scope and every filter."""
        return self.scope.holds() & narrowing(self.asked())

    def narrowed(self) -> QuerySet[CycleFact]:
        """The facts that this holds for."""
        return self.scope.facts().filter(narrowing(self.asked()))

    def said(self) -> list[tuple[str, str]]:
        """What narrows the report beside the period, in words: the label and the value of each."""
        self.is_valid()
        found = []
        for name in COLUMNS:
            field, value = self.fields[name], self.cleaned_data.get(name)
            if value and isinstance(field, forms.ChoiceField):
                found.append((str(field.label), str(dict(field.choices)[value])))  # type: ignore[arg-type]  # a list, as given above
        return found


def narrowing(asked: Mapping[str, str]) -> Q:
    """What filters let through, as the address has them."""
    return Q(**{COLUMNS[name]: value for name, value in asked.items()})


def offered(today: date) -> list[tuple[str, str]]:
    """The months, quarters and years that one picks from, the newest first."""
    months = [periods.month(today.year, today.month)]
    for _ in range(BACK):
        months.append(months[-1].before())
    quarters = {(month.first.year, (month.first.month + 2) // 3) for month in months}
    years = {month.first.year for month in months}
    return [
        *((f"{month.first:%Y-%m}", said(month)) for month in months),
        *((f"{year}-t{number}", f"{number}º trimestre de {year}") for year, number in sorted(quarters, reverse=True)),
        *((str(year), str(year)) for year in sorted(years, reverse=True)),
    ]


def read(asked: str) -> Period | None:
    """``2026-10``, ``2026-t4`` or ``2026`` as a period; ``None`` for anything else."""
    year, _, part = asked.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        return None
    if not part:
        return periods.year(int(year))
    if part in ("t1", "t2", "t3", "t4"):
        return periods.quarter(int(year), int(part[1]))
    return periods.month(int(year), int(part)) if part.isdigit() and len(part) == 2 and 1 <= int(part) <= 12 else None


def said(period: Period) -> str:
    """``outubro de 2026``, ``2º trimestre de 2026``, ``2026``, ``de 3/10/2026 a 9/10/2026``."""
    first = period.first
    if period == periods.month(first.year, first.month):
        return f"{MONTHS[first.month - 1]} de {first.year}"
    if first.month % 3 == 1 and period == periods.quarter(first.year, (first.month + 2) // 3):
        return f"{(first.month + 2) // 3}º trimestre de {first.year}"
    if period == periods.year(first.year):
        return str(first.year)
    return f"{_day(first)} a {_day(period.last)}" if period.days > 1 else _day(first)


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
