"""The service file: the federal calendar, working hours and the first policy, loaded again and again."""

import copy
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog import hours, service_file, service_loading
from catalog.json_file import BadFile
from catalog.models import Holiday, Policy, PolicyTarget, WorkWindow
from tests.cast import small_catalog
from worktime import BRASILIA

FILE = Path(__file__).resolve().parents[2] / "catalog" / "data" / "service.json"
CONTENT: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))

Write = Callable[[dict[str, Any]], Path]


@pytest.fixture
def content() -> dict[str, Any]:
    return copy.deepcopy(CONTENT)


@pytest.fixture
def loaded(db: None) -> None:
    service_loading.load(FILE)


def tables() -> list[list[dict[str, Any]]]:
    return [list(model._default_manager.order_by("pk").values()) for model in (WorkWindow, Holiday, Policy, PolicyTarget)]


def changes(path: Path, *, overwrite: bool = False) -> list[int]:
    return [count.changed for count in service_loading.load(path, overwrite=overwrite)]


@pytest.mark.usefixtures("loaded")
def test_the_federal_calendar_makes_the_years_working_hours() -> None:
    """Counted by hand: 261 weekdays each year; of DOMAIN §4.3 the dates that fall on them."""
    calendar = hours.current().calendar
    worked = [
        calendar.between(datetime(year, 1, 1, tzinfo=BRASILIA), datetime(year + 1, 1, 1, tzinfo=BRASILIA)) / timedelta(hours=1)
        for year in (2026, 2027)
    ]
    # 2026: 15 whole days less, 6 h less on Ash Wednesday, 5 h less on 24 and 31 December.
    # 2027: 11 whole days less (1/5, 20/11 and 25/12 are Saturdays), and the same three parts.
    assert worked == [2610 - 150 - 6 - 10, 2610 - 110 - 6 - 10]


@pytest.mark.usefixtures("loaded")
def test_the_first_policy_is_that_of_the_guide() -> None:
    policy = Policy.objects.get()
    assert (policy.wait_hours, policy.remind_before_hours, policy.reopen_hours, policy.counting) == (72, 24, 48, "consecutive")
    assert list(policy.targets.values_list("priority", "first_response_hours", "n2_hours", "n3_hours")) == [
        (1, 2, 8, 20),
        (2, 4, 16, 40),
        (3, 8, 30, 80),
        (4, 16, 50, 150),
    ]


@pytest.mark.usefixtures("loaded")
def test_the_same_file_again_changes_nothing() -> None:
    before = tables()
    counts = service_loading.load(FILE, overwrite=True)
    assert [(count.changed, count.edited) for count in counts] == [(0, [])] * 3
    assert tables() == before


@pytest.mark.usefixtures("loaded")
def test_an_edited_holiday_is_left_alone_and_reported(capsys: pytest.CaptureFixture[str]) -> None:
    Holiday.objects.filter(date="2026-12-24").update(works_until="12:00")
    before = tables()
    call_command("load_service", str(FILE))
    assert "feriados: 24/12/2026 · Véspera do Natal" in capsys.readouterr().out
    assert tables() == before
    assert changes(FILE, overwrite=True) == [0, 1, 0]
    assert str(Holiday.objects.get(date="2026-12-24").works_until) == "13:00:00"


@pytest.mark.usefixtures("loaded")
def test_a_holiday_that_vanished_is_switched_off_and_one_of_peoples_own_stays(content: dict[str, Any], written: Write) -> None:
    Holiday.objects.create(date=date(2026, 6, 24), name="Jogo do Brasil")
    content["feriados"] = [row for row in content["feriados"] if row["data"] != "2027-05-27"]
    assert changes(written(content)) == [0, 1, 0]
    assert list(Holiday.objects.filter(active=False).values_list("name", flat=True)) == ["Corpus Christi"]
    assert Holiday.objects.get(date="2026-06-24").active


@pytest.mark.usefixtures("loaded")
def test_edited_working_hours_are_left_alone_as_a_whole(content: dict[str, Any], written: Write) -> None:
    WorkWindow.objects.filter(weekday=4).update(closes=17 * 60)
    content["expediente"] = [
        {"dias": ["segunda", "sexta"], "das": "08:00", "ate": "12:00"},
        {"dias": ["segunda", "sexta"], "das": "13:00", "ate": "24:00"},
    ]
    path = written(content)
    before = tables()
    count = service_loading.load(path)[0]
    assert (count.changed, count.edited) == (0, ["Sexta-feira, 8h às 17h"])
    assert tables() == before
    count = service_loading.load(path, overwrite=True)[0]
    assert (count.created, count.deactivated) == (4, 5)
    in_force = WorkWindow.objects.filter(active=True).values_list("weekday", "opens", "closes")
    assert list(in_force) == [(0, 480, 720), (0, 780, 1440), (4, 480, 720), (4, 780, 1440)]
    assert changes(path) == [0, 0, 0]
    count = service_loading.load(FILE)[0]
    assert (count.created, count.reactivated, count.deactivated) == (1, 4, 4)


@pytest.mark.usefixtures("loaded")
def test_working_hours_that_the_file_caught_up_with_are_no_edit(content: dict[str, Any], written: Write) -> None:
    WorkWindow.objects.filter(weekday=4).update(closes=17 * 60)
    content["expediente"] = [
        {"dias": ["segunda", "terca", "quarta", "quinta"], "das": "08:00", "ate": "18:00"},
        {"dias": ["sexta"], "das": "08:00", "ate": "17:00"},
    ]
    assert service_loading.load(written(content))[0].edited == []
    count = service_loading.load(FILE)[0]
    assert (count.edited, count.created, count.deactivated) == ([], 1, 1)


@pytest.mark.usefixtures("loaded")
def test_a_policy_in_force_changes_for_nobody(content: dict[str, Any], written: Write) -> None:
    content["politicas"][0]["horas_de_espera"] = 96
    before = tables()
    for overwrite in (False, True):
        count = service_loading.load(written(content), overwrite=overwrite)[2]
        assert (count.changed, count.edited) == (0, ["todo o portal, desde 01/01/2020, 0h"])
        assert tables() == before


@pytest.mark.django_db
def test_a_policy_to_come_follows_the_file_only_when_told_to(content: dict[str, Any], written: Write) -> None:
    small_catalog()
    coming = {**copy.deepcopy(content["politicas"][0]), "estruturante": "pen", "produto": "sei"}
    coming["vale_desde"] = "2999-01-01T00:00:00-03:00"
    content["politicas"] = [coming]
    assert service_loading.load(written(content))[2].created == 1
    coming["metas"][0]["primeira_resposta"] = 1
    before = tables()
    count = service_loading.load(written(content))[2]
    assert (count.changed, len(count.edited)) == (0, 1)
    assert tables() == before
    assert service_loading.load(written(content), overwrite=True)[2].updated == 1
    policy = Policy.objects.get(product__slug="sei")
    assert policy.targets.get(priority=1).first_response_hours == 1
    assert policy.targets.count() == 4


BAD: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda c: c["expediente"][0].update(ate="24:01"), "expediente nº 1: “ate” deveria ser um horário, como 08:00."),
    (lambda c: c["expediente"][0].update(ate="07:00"), "expediente nº 1: fim: O fim vem depois do começo."),
    (
        lambda c: c["expediente"].append({"dias": ["sexta"], "das": "17:59", "ate": "20:00"}),
        "nº 2: o horário se sobrepõe",
    ),
    (lambda c: c["expediente"][0]["dias"].append("feira"), "expediente nº 1: “dias”: o dia “feira” não existe"),
    (lambda c: c["feriados"][0].update(data="01/01/2026"), "feriado nº 1: “data” deveria ser uma data, como 2026-12-25."),
    (lambda c: c["feriados"][1].update(data="2026-01-01"), "feriado nº 2 “2026-01-01”: a data está repetida."),
    (lambda c: c["feriados"][0].update(tipo="ponte"), "feriado nº 1 “2026-01-01”: “tipo” não aceita “ponte”"),
    (lambda c: c["feriados"][0].update(expediente_até="12:00"), "“expediente_até” não é conhecido aqui."),
    (lambda c: c["feriados"][0].update(expediente_desde="12:00", expediente_ate="12:00"), "vem antes de “expediente_ate”"),
    (
        lambda c: c["politicas"][0].update(vale_desde="2026-01-01T00:00:00"),
        "“vale_desde” deveria ser data e hora",
    ),
    (lambda c: c["politicas"][0].update(lembrete_horas_antes=72), "é menor que “horas_de_espera”"),
    (lambda c: c["politicas"][0].update(produto="sei"), "“produto” pede também “estruturante”."),
    (lambda c: c["politicas"].append(c["politicas"][0]), "política nº 2: outra política do mesmo âmbito"),
    (lambda c: c["politicas"][0]["metas"].pop(), "“metas” tem uma meta para cada prioridade"),
    (lambda c: c["politicas"][0]["metas"][0].update(solucao_n3=7), "“solucao_n3” não é menor que “solucao_n2”."),
    (lambda c: c["politicas"][0]["metas"][0].update(primeira_resposta=0), "“primeira_resposta” vai de 1 a 8760."),
    (lambda c: c.pop("feriados"), "arquivo: falta “feriados”."),
]


@pytest.mark.parametrize(("spoil", "problem"), BAD, ids=[problem for _, problem in BAD])
def test_a_bad_file_names_the_entry(
    spoil: Callable[[dict[str, Any]], object], problem: str, content: dict[str, Any], written: Write
) -> None:
    spoil(content)
    with pytest.raises(BadFile) as refused:
        service_file.read(written(content))
    assert any(problem in said for said in refused.value.problems), refused.value.problems


@pytest.mark.usefixtures("loaded")
def test_a_bad_file_changes_nothing(content: dict[str, Any], written: Write) -> None:
    content["feriados"].pop()
    content["politicas"].append({**content["politicas"][0], "estruturante": "pen", "produto": "nada"})
    before = tables()
    with pytest.raises(CommandError, match="o estruturante “pen” não existe no catálogo"):
        call_command("load_service", str(written(content)), "--overwrite")
    assert tables() == before
