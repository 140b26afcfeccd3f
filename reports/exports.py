"""What may be taken out of the reports as a table: those of the panel, and the tickets behind its figures (docs/adr/0052)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F

import worktime
from accounts.models import DISPLAY_NAME, User
from catalog import hours
from catalog.models import Priority
from reports import causes, counted, forecast, gathering, months, panel, satisfaction, trend
from reports.access import opinions_in
from reports.forms import CHANNELS, ReportForm, said
from reports.sheets import Cell, Sheet
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from reports.models import CycleFact
    from reports.panel import Line, Panel
    from reports.periods import Period

PIECE: Final = 2_000
"""Rows that are in memory at once."""
OF_TEAM: Final = ("causas", "satisfacao")
"""What nobody reads for bodies alone (docs/adr/0014, 0023)."""
TICKETS: Final = "chamados-"
"""What the tickets behind a figure are called: this and the figure's slug."""
IN_TIME: Final = {False: "sim", True: "não"}
HOUR: Final = 3600

Row = dict[str, Any]
Table = tuple[list[str], list[list[Cell]]]
"""Headings and rows."""


def _tables() -> dict[str, tuple[str, Callable[[ReportForm], Table]]]:
    return {
        "numeros": ("Números do período", _numbers),
        "prioridades": ("Chamados abertos no período, por prioridade", _priorities),
        "idade": ("Em aberto no fim do período, por idade", _ages),
        "meses": ("Chamados abertos por mês", _months),
        "horas": ("Chamados abertos por dia da semana e hora", _load),
        "evolucao": ("Evolução em 12 meses", _trend),
        "tempos": ("Tempo até a primeira resposta e até a solução", _taken),
        "satisfacao": ("Satisfação e artigos", _satisfaction),
        "causas": ("Causas mais frequentes", _causes),
        "previsao": ("Prazos que vencem", _ahead),
    }


def offered(form: ReportForm) -> list[tuple[str, str]]:
    """Every table that this reader may take out, those of tickets last: slug and title."""
    tables = [(slug, title) for slug, (title, _) in _tables().items() if slug not in OF_TEAM or _of_team(form)]
    figures = (counted.BY_SLUG[slug] for slug in counted.BY_SLUG)
    return [*tables, *((f"{TICKETS}{figure.slug}", f"Chamados: {figure.label}") for figure in figures)]


def title_of(what: str, form: ReportForm) -> str | None:
    """``None`` for what this reader is not offered."""
    return dict(offered(form)).get(what)


def how_many(what: str, form: ReportForm, most: int) -> int:
    """Rows of a table, counted up to ``most``: those of the panel are few."""
    return _behind(what, form)[:most].count() if what.startswith(TICKETS) else 0


def sheet(what: str, form: ReportForm, reader: User, *, with_people: bool) -> Sheet:
    """The table as this person reads it now; its rows are read while they are written. Raises ``KeyError``."""
    title = dict(offered(form))[what]
    if what.startswith(TICKETS):
        columns = _columns(form, with_people=with_people)
        headings, rows = list(columns), _tickets(_behind(what, form), columns, reader, with_people=with_people)
        return Sheet(title, [*_about(what, title, form), *_defined(what)], headings, rows)
    fixed, cells = _tables()[what][1](form)
    return Sheet(title, _about(what, title, form), fixed, cells)


def period_of(what: str, period: Period) -> str:
    """What a table tells of, in words: those of deadlines know no period."""
    ahead = ("previsao", *(f"{TICKETS}{figure.slug}" for figure in counted.DUE))
    return "a partir do dia do pedido" if what in ahead else said(period)


def _about(what: str, title: str, form: ReportForm) -> list[tuple[str, str]]:
    until = gathering.until()
    return [
        ("Tabela", title),
        ("Período", period_of(what, form.period)),
        *(form.said() or [("Filtros", "nenhum")]),
        ("Tirada em", f"{worktime.moment_said(worktime.now())} (horário de Brasília)"),
        ("Dados até", f"{worktime.moment_said(until)} (horário de Brasília)" if until else "ainda não contados"),
        ("Tempos", "em horas de trabalho: só contam as horas de atendimento"),
    ]


def _defined(what: str) -> list[tuple[str, str]]:
    return [("Definição", counted.BY_SLUG[what.removeprefix(TICKETS)].meaning)]


def _behind(what: str, form: ReportForm) -> QuerySet[CycleFact]:
    return counted.behind(form.narrowed(), form.period, counted.BY_SLUG[what.removeprefix(TICKETS)])


def _columns(form: ReportForm, *, with_people: bool) -> dict[str, Callable[[Row], Cell]]:
    """Heading → what stands below it. Who reads for bodies alone sees nothing of how the team is made up (docs/adr/0014)."""
    found: dict[str, Callable[[Row], Cell]] = {
        "Chamado": lambda row: str(row["ticket__number"]),
        "Vez": lambda row: row["ordinal"],
        "Aberto em": lambda row: row["opened_on"],
        "Esta vez desde": lambda row: row["started_on"],
        "Encerrado em": lambda row: row["ended_on"],
        "Como terminou": lambda row: str(Ticket.Closure(row["closure"]).label) if row["closure"] else "em aberto",
        "Estruturante": lambda row: row["core_system__name"],
        "Produto": lambda row: row["product__name"],
        "Tipo": lambda row: row["support_type__name"],
        "Esfera": lambda row: row["sphere__name"],
        "Órgão": lambda row: row["agency__acronym"],
        "UF": lambda row: row["state"],
        "Canal": lambda row: str(CHANNELS.get(row["channel"], row["channel"])),
        "Nível": lambda row: row["level"],
        "Prioridade": lambda row: str(Priority(row["priority"]).label),
        "Primeira resposta (h)": lambda row: _in_hours(row["response_seconds"]),
        "Primeira resposta no prazo": lambda row: IN_TIME[row["response_breached"]],
        "Solução (h)": lambda row: _in_hours(row["resolution_seconds"]),
        "Solução no prazo": lambda row: IN_TIME[row["resolution_breached"]],
        "Tempo no N2 (h)": lambda row: _in_hours(row["n2_seconds"]),
        "Tempo no N3 (h)": lambda row: _in_hours(row["n3_seconds"]),
    }
    if _of_team(form):
        found["Fila"] = lambda row: row["queue__name"]
        found["Atendente"] = lambda row: row["held_by"]
        found["Causa"] = lambda row: row["cause__name"]
    if with_people:
        found["Assunto"] = lambda row: row.get("subject")
        found["Solicitante"] = lambda row: row.get("name")
        found["E-mail do solicitante"] = lambda row: row.get("email")
    return found


READ: Final = (
    *("ticket", "ticket__number", "ordinal", "opened_on", "started_on", "ended_on", "closure", "core_system__name"),
    *("product__name", "support_type__name", "sphere__name", "agency__acronym", "state", "channel", "level", "priority"),
    *("response_seconds", "response_breached", "resolution_seconds", "resolution_breached", "n2_seconds", "n3_seconds"),
    *("queue__name", "cause__name"),
)


def _tickets(
    facts: QuerySet[CycleFact], columns: dict[str, Callable[[Row], Cell]], reader: User, *, with_people: bool
) -> Iterator[Sequence[Cell]]:
    """Of one snapshot: the database keeps the place. Of people only where the reader may read the ticket (DESIGN §8)."""
    assignee = User.objects.values_list("pk", DISPLAY_NAME)
    names: dict[int | None, str] = {}
    rows: Iterator[Row] = iter(facts.values(*READ, "assignee").iterator(chunk_size=PIECE))
    while piece := list(islice(rows, PIECE)):
        unknown = {row["assignee"] for row in piece} - names.keys() - {None}
        names |= dict(assignee.filter(pk__in=unknown)) if unknown else {}
        people = _people({row["ticket"] for row in piece}, reader) if with_people else {}
        for row in piece:
            known = {**row, "held_by": names.get(row["assignee"], ""), **people.get(row["ticket"], {})}
            yield [cell(known) for cell in columns.values()]


def _people(tickets: set[int], reader: User) -> dict[int, Row]:
    """Of the tickets that this person may read."""
    name = DISPLAY_NAME.copy()
    requesters = User.objects.annotate(shown=name).values("pk", "shown", "email")
    found = Ticket.objects.visible_to(reader).filter(pk__in=tickets).order_by().values("pk", "subject", person=F("requester"))
    told = list(found)
    by_pk = {row["pk"]: row for row in requesters.filter(pk__in={row["person"] for row in told})}
    return {
        row["pk"]: {
            "subject": row["subject"],
            "name": by_pk[row["person"]]["shown"],
            "email": by_pk[row["person"]]["email"],
        }
        for row in told
    }


def _in_hours(seconds: int | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR, 2)


def _of_team(form: ReportForm) -> bool:
    """Causes are the team's words (docs/adr/0014)."""
    return bool(form.scope.systems or form.scope.queue_ids)


def _panel(form: ReportForm) -> Panel:
    """As the page shows it, frozen months included."""
    kept = months.kept(form.scope, form.asked(), panel.spans(form.period))
    return panel.panel(form.narrowed(), form.period, form.today, {span: month.overview for span, month in kept.items()})


def _compared(form: ReportForm) -> list[str]:
    return [said(span) for span in panel.spans(form.period)]


def _numbers(form: ReportForm) -> Table:
    return _lines(form, _panel(form).lines)


def _satisfaction(form: ReportForm) -> Table:
    asked = {name: value for name, value in form.asked().items() if name in satisfaction.ANSWERS}
    _, lines = satisfaction.compared(opinions_in(form.scope), asked, panel.spans(form.period))
    return _lines(form, lines)


def _lines(form: ReportForm, lines: list[Line]) -> Table:
    def cells(line: Line) -> list[Cell]:
        return [line.label, *map(_as_number, (line.now, line.before, line.year_before)), line.meaning]

    return ["Número", *_compared(form), "Definição"], [cells(line) for line in lines]


def _as_number(words: str) -> Cell:
    """A count as a number; shares and times stay as the page says them."""
    digits = words.replace(".", "")
    return int(digits) if digits.isdigit() else words


def _priorities(form: ReportForm) -> Table:
    headings = ["Prioridade", "Recebidos", "No prazo", "Fora do prazo", "Ainda abertos", "Sem resposta", "Fora da conta"]
    told = _panel(form).by_priority
    rows: list[list[Cell]] = [[str(p.label), c.received, c.in_time, c.late, c.open, c.silent, c.out] for p, c in told]
    return headings, rows


def _ages(form: ReportForm) -> Table:
    return ["Idade", "Chamados"], [[figure.label, count] for figure, count in _panel(form).ages]


def _months(form: ReportForm) -> Table:
    return ["Mês", "Abertos"], [[f"{month.first:%m/%Y}", count] for month, count in _panel(form).months]


def _load(form: ReportForm) -> Table:
    told = _panel(form)
    headings = ["Dia", *(f"{hour}h" for hour in told.hours)]
    return headings, [[day, *(count for _, _, count in by_hour)] for day, by_hour in told.load]


def _trend(form: ReportForm) -> Table:
    told = trend.trend(form.holds(), form.period, form.today)
    headings = [
        "Mês",
        "Abertos",
        "Resolvidos",
        "No prazo",
        "Abertos um ano antes",
        "Resolvidos um ano antes",
        "No prazo um ano antes",
    ]
    rows: list[list[Cell]] = [
        [f"{month.first:%m/%Y}", *(count for one in both for count in (one.opened, one.solved, one.in_time))]
        for month, *both in told
    ]
    return headings, rows


def _taken(form: ReportForm) -> Table:
    told, names = trend.taken(form.holds(), form.period), {"response": "Primeira resposta", "resolution": "Solução"}
    rows: list[list[Cell]] = [[names[name], label, count] for name, part in told.items() for label, count, _ in part]
    return ["Até", "Tempo de trabalho", "Chamados"], rows


def _causes(form: ReportForm) -> Table:
    told = causes.frequent(form.holds(), form.scope.causes(), panel.spans(form.period))
    rows: list[list[Cell]] = [
        [product, one.name, one.now, one.before, one.year_before] for product, found in told for one in found
    ]
    return ["Produto", "Causa", *_compared(form)], rows


def _ahead(form: ReportForm) -> Table:
    told = forecast.forecast(form.narrowed(), hours.current().calendar, worktime.now())
    return ["Fila", *(f"{day:%d/%m/%Y}" for day in told.days)], [[name, *by_day] for _, name, by_day in told.queues]
