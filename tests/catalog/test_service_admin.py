"""The curators' pages for working hours, holidays and policies."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from catalog import service_loading
from catalog.models import CoreSystem, Holiday, Policy, PolicyTarget, Product, WorkWindow
from tests.cast import default_policy
from tests.catalog.test_admin import filled, url, values
from tests.catalog.test_service_loading import FILE

SignedIn = Callable[..., Client]

MODELS = (WorkWindow, Holiday, Policy)
NOON = datetime(2026, 11, 23, 15, 0, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def service(catalog: None) -> None:
    service_loading.load(FILE)


@pytest.fixture
def pen() -> CoreSystem:
    return CoreSystem.objects.get()


def sent(**changes: Any) -> dict[str, Any]:
    """A policy as a browser sends it."""
    form: dict[str, Any] = {
        "core_system": "",
        "product": "",
        "in_force_from_0": "01/12/2026",
        "in_force_from_1": "08:00",
        "reason": "Portaria nova",
        "wait_hours": "96",
        "remind_before_hours": "24",
        "reopen_hours": "48",
        "counting": "consecutive",
        "targets-TOTAL_FORMS": "4",
        "targets-INITIAL_FORMS": "0",
    }
    for n, hours in enumerate((2, 4, 8, 16)):
        form |= {f"targets-{n}-first_response_hours": hours, f"targets-{n}-n2_hours": hours, f"targets-{n}-n3_hours": hours}
    return form | changes


def tables() -> list[list[dict[str, Any]]]:
    return [list(model._default_manager.order_by("pk").values()) for model in (*MODELS, PolicyTarget)]


@pytest.mark.parametrize(
    ("role", "status"), [(None, 302), ("requester", 404), ("analyst", 403), ("lead", 403), ("dpo", 403), ("ombudsman", 403)]
)
def test_nobody_else_comes_in(role: str | None, status: int, signed_in: SignedIn) -> None:
    client = signed_in(role)
    before = tables()
    for model in MODELS:
        row = model._default_manager.order_by("pk")[0]
        for address in (url(model, "changelist"), url(model, "add"), url(model, "change", row.pk)):
            assert client.get(address).status_code == status, address
            assert client.post(address, {}).status_code == status, address
    assert tables() == before


@pytest.mark.parametrize("role", ["manager", "curator", "admin"])
def test_managers_read_and_nobody_deletes(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    before = tables()
    for model in MODELS:
        row = model._default_manager.order_by("pk")[0]
        assert client.get(url(model, "changelist")).status_code == 200
        page = client.get(url(model, "change", row.pk))
        assert page.status_code == 200
        assert page.context["has_change_permission"] == (role != "manager" and model is not Policy)
        assert client.get(url(model, "add")).status_code == (403 if role == "manager" else 200)
        assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert tables() == before


@pytest.mark.parametrize(("model", "queries"), [(WorkWindow, 5), (Holiday, 7), (Policy, 7)])
def test_a_list_costs_the_same_however_long(
    model: Any, queries: int, signed_in: SignedIn, pen: CoreSystem, django_assert_num_queries: Any
) -> None:
    client = signed_in("curator")
    with django_assert_num_queries(queries):
        client.get(url(model, "changelist"))
    WorkWindow.objects.create(weekday=5, opens=0, closes=1440)
    Holiday.objects.create(date=date(2028, 2, 28), name="Carnaval")
    for product in Product.objects.all()[:3]:
        default_policy(core_system=pen, product=product)
    with django_assert_num_queries(queries):
        client.get(url(model, "changelist"))


def test_an_unchanged_page_is_no_edit(signed_in: SignedIn) -> None:
    client = signed_in("curator")
    before = tables()
    for model in (WorkWindow, Holiday):
        for row in model._default_manager.order_by("pk")[:20]:
            address = url(model, "change", row.pk)
            assert client.post(address, filled(client, address)).status_code == 302
    assert tables() == before


def test_times_are_typed_and_a_day_may_end_at_24(signed_in: SignedIn) -> None:
    client = signed_in("curator")
    form = client.get(url(WorkWindow, "change", WorkWindow.objects.all()[0].pk)).context["adminform"].form
    assert (form["opens"].value(), form["closes"].value()) == ("08:00", "18:00")
    data = {"weekday": "5", "opens": "20:30", "closes": "24:00", "active": "on"}
    assert client.post(url(WorkWindow, "add"), data).status_code == 302
    row = WorkWindow.objects.get(weekday=5)
    assert (row.opens, row.closes) == (1230, 1440)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"opens": "8h"}, "opens", "Escreva hora e minutos, de 00:00 a 24:00, como 08:00."),
        ({"closes": "24:01"}, "closes", "Escreva hora e minutos, de 00:00 a 24:00, como 08:00."),
        ({"closes": ""}, "closes", "Este campo é obrigatório."),
        ({"opens": "19:00"}, "closes", "O fim vem depois do começo."),
        ({"weekday": "0"}, "opens", "Este horário se sobrepõe a outro do mesmo dia."),
        ({"weekday": "7"}, "weekday", "Faça uma escolha válida. 7 não é uma das escolhas disponíveis."),
    ],
)
def test_a_window_that_cannot_be_is_said_beside_its_field(
    changes: dict[str, str], field: str, sentence: str, signed_in: SignedIn
) -> None:
    before = tables()
    data = {"weekday": "5", "opens": "08:00", "closes": "18:00", "active": "on"} | changes
    page = signed_in("curator").post(url(WorkWindow, "add"), data)
    form = page.context["adminform"].form
    assert form.errors == {field: [sentence]}
    assert form["opens"].value() == data["opens"]
    assert tables() == before


def test_a_half_holiday_ends_after_it_begins(signed_in: SignedIn) -> None:
    client = signed_in("curator")
    before = tables()
    data = {"date": "24/06/2026", "name": "Jogo", "kind": "facultativo", "works_from": "14:00", "works_until": "12:00"}
    page = client.post(url(Holiday, "add"), data)
    assert page.context["adminform"].form.errors == {"works_until": ["O começo do expediente vem antes do fim."]}
    page = client.post(url(Holiday, "add"), data | {"date": "25/12/2026", "works_until": ""})
    assert page.context["adminform"].form.errors == {"date": ["Esta data já está na lista."]}
    assert tables() == before
    assert client.post(url(Holiday, "add"), data | {"works_from": ""}).status_code == 302
    assert str(Holiday.objects.get(date="2026-06-24").works_until) == "12:00:00"


@time_machine.travel(NOON, tick=False)
def test_a_curator_promises_for_his_core_system_from_a_moment_on(signed_in: SignedIn, pen: CoreSystem) -> None:
    client = signed_in("curator")
    assert client.post(url(Policy, "add"), sent(core_system=pen.pk)).status_code == 302
    policy = Policy.objects.get(core_system=pen)
    assert policy.in_force_from == datetime(2026, 12, 1, 11, tzinfo=UTC)
    assert list(policy.targets.values_list("priority", "first_response_hours")) == [(1, 2), (2, 4), (3, 8), (4, 16)]


@time_machine.travel(NOON, tick=False)
def test_the_running_minute_is_now(signed_in: SignedIn, pen: CoreSystem) -> None:
    data = sent(core_system=pen.pk, in_force_from_0="23/11/2026", in_force_from_1="12:00")
    assert signed_in("curator").post(url(Policy, "add"), data).status_code == 302
    assert Policy.objects.get(core_system=pen).in_force_from == NOON


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"in_force_from_0": "23/11/2026", "in_force_from_1": "11:59"},
            "in_force_from",
            "Escolha agora ou um momento depois: uma política não vale para trás.",
        ),
        ({"in_force_from_0": "ontem"}, "in_force_from", "Informe uma data válida."),
        ({"core_system": ""}, "core_system", "Este campo é obrigatório."),
        (
            {"remind_before_hours": "11"},
            "remind_before_hours",
            "O lembrete sai ao menos 12 horas antes do encerramento, e depois do começo da espera.",
        ),
        ({"reopen_hours": "0"}, "reopen_hours", "Deixe ao menos 1 hora para reabrir."),
    ],
)
def test_a_policy_that_cannot_be_is_said_beside_its_field(
    changes: dict[str, str], field: str, sentence: str, signed_in: SignedIn, pen: CoreSystem
) -> None:
    before = tables()
    page = signed_in("curator").post(url(Policy, "add"), sent(core_system=pen.pk) | changes)
    assert page.context["adminform"].form.errors == {field: [sentence]}
    assert tables() == before


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"targets-2-n2_hours": ""}, "Este campo é obrigatório."),
        ({"targets-2-n3_hours": "7"}, "A meta do N3 não pode ser menor que a do N2."),
        ({"targets-TOTAL_FORMS": "3"}, "Escreva as metas de cada prioridade."),
        ({"targets-TOTAL_FORMS": "0"}, "Escreva as metas de cada prioridade."),
    ],
)
def test_every_priority_has_its_targets(changes: dict[str, str], sentence: str, signed_in: SignedIn, pen: CoreSystem) -> None:
    before = tables()
    page = signed_in("curator").post(url(Policy, "add"), sent(core_system=pen.pk) | changes)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert tables() == before


@time_machine.travel(NOON, tick=False)
def test_a_policy_to_come_can_be_changed_and_one_in_force_cannot(signed_in: SignedIn, pen: CoreSystem) -> None:
    client = signed_in("curator")
    policy = default_policy(core_system=pen, in_force_from=NOON + timedelta(days=1))
    address = url(Policy, "change", policy.pk)
    data = sent(core_system=pen.pk, **{"targets-INITIAL_FORMS": "4", "targets-0-first_response_hours": "1"})
    for n, target in enumerate(policy.targets.order_by("priority")):
        data |= {f"targets-{n}-id": target.pk, f"targets-{n}-policy": policy.pk, f"targets-{n}-n3_hours": 150}
    assert client.post(address, data).status_code == 302
    policy.refresh_from_db()
    assert policy.wait_hours == 96
    assert [(t.priority, t.first_response_hours) for t in policy.targets.all()] == [(1, 1), (2, 4), (3, 8), (4, 16)]

    with time_machine.travel(policy.in_force_from, tick=False):
        before = tables()
        page = client.get(address)
        assert not page.context["has_change_permission"]
        assert 'name="targets-0-n2_hours"' not in page.content.decode()
        assert client.post(address, data | {"wait_hours": "24"}).status_code == 403
        assert tables() == before


def test_a_curator_reads_the_portals_policy_and_no_other_core_systems(signed_in: SignedIn, scdp: CoreSystem) -> None:
    portals = Policy.objects.get()
    mine = default_policy(core_system=CoreSystem.objects.get(slug="pen-propen"))
    foreign = default_policy(core_system=scdp)
    client = signed_in("curator")
    assert set(client.get(url(Policy, "changelist")).context["cl"].queryset) == {mine, portals}
    assert client.get(url(Policy, "change", portals.pk)).status_code == 200
    assert client.get(url(Policy, "change", foreign.pk)).status_code == 302
    before = values(foreign)
    page = client.post(url(Policy, "add"), sent(core_system=scdp.pk))
    assert "core_system" in page.context["adminform"].form.errors
    assert values(foreign) == before


@time_machine.travel(NOON, tick=False)
def test_an_administrator_promises_for_the_whole_portal(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    assert "Em branco, vale para todo o portal." in client.get(url(Policy, "add")).content.decode()
    assert client.post(url(Policy, "add"), sent()).status_code == 302
    assert Policy.objects.filter(core_system=None).count() == 2
