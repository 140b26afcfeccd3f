"""The service file: working hours, holidays and policies, checked whole before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog import json_file
from catalog.catalog_file_entry import WHOLE, Entry, Values
from catalog.json_file import BadFile
from catalog.models import Holiday, Policy, PolicyTarget, Priority, Weekday, WorkWindow

DAYS = dict(zip(("segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo"), Weekday, strict=True))
PRIORITIES = {
    "urgente": Priority.URGENT,
    "alta": Priority.HIGH,
    "media": Priority.MEDIUM,
    "baixa": Priority.LOW,
}
COUNTING = {"corridas": Policy.Counting.CONSECUTIVE, "uteis": Policy.Counting.BUSINESS}


@dataclass(frozen=True)
class PolicyRow:
    """A policy's values; its scope as slugs, empty for the whole portal; its targets by priority."""

    where: str
    core_system: str
    product: str
    values: Values
    targets: dict[int, Values]


@dataclass(frozen=True)
class ServiceRows:
    windows: list[Values]
    holidays: list[Values]
    policies: list[PolicyRow]


def read(path: Path) -> ServiceRows:
    """What the file promises. Raises ``BadFile`` with every mistake found; the database is not asked."""
    problems: list[str] = []
    whole = Entry(json_file.content(path), WHOLE, problems)
    whole.raw("_legenda", None)
    rows = ServiceRows(list(_windows(whole)), list(_holidays(whole)), list(_policies(whole)))
    whole.end()
    if problems:
        raise BadFile(problems)
    return rows


def _windows(whole: Entry) -> Iterator[Values]:
    taken: list[tuple[Weekday, int, int]] = []
    for entry in whole.entries("expediente", "expediente"):
        opens, closes = entry.minutes("das"), entry.minutes("ate")
        for name in entry.several_known("dias", DAYS, "o dia"):
            if name not in DAYS or opens is None or closes is None:
                continue
            day = DAYS[name]
            if any(other == day and begin < closes and end > opens for other, begin, end in taken):
                entry.refuse(f"o horário se sobrepõe a outro do mesmo dia ({name}).")
            taken.append((day, opens, closes))
            yield entry.held_by(WorkWindow, {"weekday": day, "opens": opens, "closes": closes})


def _holidays(whole: Entry) -> Iterator[Values]:
    dates = set()
    for entry in whole.entries("feriados", "feriado"):
        day = entry.date("data")
        entry.called(day.isoformat() if day else "")
        if day in dates:
            entry.refuse("a data está repetida.")
        dates.add(day)
        works_from, works_until = entry.clock_time("expediente_desde"), entry.clock_time("expediente_ate")
        if works_from and works_until and works_from >= works_until:
            entry.refuse("“expediente_desde” vem antes de “expediente_ate”.")
        yield entry.held_by(
            Holiday,
            {
                "date": day,
                "name": entry.text("nome"),
                "kind": entry.choice("tipo", Holiday.Kind.values),
                "works_from": works_from,
                "works_until": works_until,
                "source": entry.text("fonte", ""),
            },
        )


def _policies(whole: Entry) -> Iterator[PolicyRow]:
    scopes = set()
    for entry in whole.entries("politicas", "política"):
        core_system, product = entry.text("estruturante", ""), entry.text("produto", "")
        if product and not core_system:
            entry.refuse("“produto” pede também “estruturante”.")
        begins = entry.moment("vale_desde")
        if (core_system, product, begins) in scopes:
            entry.refuse("outra política do mesmo âmbito já vale desde este momento.")
        scopes.add((core_system, product, begins))
        wait, reopen = entry.between("horas_de_espera", 13, 8760), entry.between("horas_de_reabertura", 1, 8760)
        remind = entry.between("lembrete_horas_antes", 12, 8760)
        if remind >= wait:
            entry.refuse("“lembrete_horas_antes” é menor que “horas_de_espera”.")
        values = {
            "in_force_from": begins,
            "wait_hours": wait,
            "remind_before_hours": remind,
            "reopen_hours": reopen,
            "counting": COUNTING.get(entry.choice("contagem", COUNTING)),
            "stops_outside": entry.flag("para_com_equipe_externa"),
            "reason": entry.text("motivo", ""),
        }
        targets = dict(_targets(entry))
        if len(targets) != len(PRIORITIES) and not entry.refused:
            entry.refuse(f"“metas” tem uma meta para cada prioridade: {', '.join(PRIORITIES)}.")
        yield PolicyRow(entry.where, core_system, product, entry.held_by(Policy, values), targets)


def _targets(policy: Entry) -> Iterator[tuple[int, Values]]:
    for entry in policy.entries("metas", "meta"):
        priority = PRIORITIES.get(entry.choice("prioridade", PRIORITIES))
        values = {
            "first_response_hours": entry.between("primeira_resposta", 1, 8760),
            "n2_hours": entry.between("solucao_n2", 1, 8760),
            "n3_hours": entry.between("solucao_n3", 1, 8760),
        }
        if values["n3_hours"] < values["n2_hours"]:
            entry.refuse("“solucao_n3” não é menor que “solucao_n2”.")
        held = entry.held_by(PolicyTarget, values)
        if priority is not None:
            yield priority, held
