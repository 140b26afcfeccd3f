"""The page on which absences are declared and ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from accounts.models import Absence, RoleGrant, User

URL = "/admin/accounts/absence/"
DAY = timedelta(days=1)


@pytest.fixture
def team(with_role: Callable[[str], User], catalog: SimpleNamespace) -> SimpleNamespace:
    other = User.objects.create_user("outra@example.org", name="Outra")
    RoleGrant.objects.create(user=other, role="analyst", queue=catalog.n3)
    return SimpleNamespace(
        analyst=with_role("analyst"), lead=with_role("lead"), admin=with_role("admin"), dpo=with_role("dpo"), other=other
    )


def form(user: User, starts: datetime, ends: datetime, substitute: User | None = None) -> dict[str, object]:
    begin, end = (moment.astimezone(worktime.BRASILIA) for moment in (starts, ends))
    return {
        "user": user.pk,
        "starts_at_0": f"{begin:%d/%m/%Y}",
        "starts_at_1": f"{begin:%H:%M}",
        "ends_at_0": f"{end:%d/%m/%Y}",
        "ends_at_1": f"{end:%H:%M}",
        "substitute": substitute.pk if substitute else "",
    }


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def people_in(page: str) -> set[int]:
    select = re.search(r'<select name="user".*?</select>', page, re.DOTALL)
    assert select is not None
    return {int(pk) for pk in re.findall(r'value="(\d+)"', select[0])}


def test_the_analyst_declares_his_own(team: SimpleNamespace) -> None:
    now = worktime.now()
    client = client_of(team.analyst)
    assert people_in(client.get(f"{URL}add/").content.decode()) == {team.analyst.pk}
    answer = client.post(f"{URL}add/", form(team.analyst, now + DAY, now + 2 * DAY, team.other), follow=True)
    assert answer.redirect_chain == [(URL, 302)]
    assert "Os dados foram salvos." in answer.content.decode()  # and not that the absence is a masculine one
    absence = Absence.objects.get()
    assert (absence.user, absence.substitute) == (team.analyst, team.other)
    assert [entry.user for entry in LogEntry.objects.all()] == [team.analyst]


def test_nobody_declares_a_strangers(team: SimpleNamespace) -> None:
    now = worktime.now()
    for user, target in ((team.analyst, team.lead), (team.lead, team.other), (team.admin, team.dpo)):
        answer = client_of(user).post(f"{URL}add/", form(target, now + DAY, now + 2 * DAY))
        assert answer.status_code == 200
        assert "Faça uma escolha válida" in answer.content.decode()
    assert not Absence.objects.exists()


def test_the_lead_declares_his_queues_and_the_administrator_everybodys(team: SimpleNamespace) -> None:
    assert people_in(client_of(team.lead).get(f"{URL}add/").content.decode()) == {team.analyst.pk, team.lead.pk}
    everybody = {team.analyst.pk, team.lead.pk, team.other.pk}
    assert people_in(client_of(team.admin).get(f"{URL}add/").content.decode()) == everybody


@pytest.mark.parametrize(
    ("starts", "ends", "complaint"),
    [
        (2, 1, "O fim precisa vir depois do começo."),
        (1, 1, "O fim precisa vir depois do começo."),
        (-3, -2, "Este período já passou."),
        (1, 800, "no máximo dois anos"),
    ],
)
def test_a_period_without_sense_is_refused_beside_its_field(
    team: SimpleNamespace, starts: int, ends: int, complaint: str
) -> None:
    now = worktime.now()
    answer = client_of(team.analyst).post(f"{URL}add/", form(team.analyst, now + starts * DAY, now + ends * DAY))
    assert answer.status_code == 200
    assert complaint in answer.content.decode()
    assert not Absence.objects.exists()


def test_overlaps_and_bad_substitutes_are_refused(team: SimpleNamespace) -> None:
    now = worktime.now()
    for user in (team.analyst, team.lead):
        Absence.objects.create(user=user, starts_at=now, ends_at=now + 3 * DAY)
    client = client_of(team.admin)
    for data, complaint in (
        (form(team.analyst, now + DAY, now + 2 * DAY), "Já há uma ausência registrada"),
        (form(team.other, now + DAY, now + 2 * DAY, team.other), "O substituto precisa ser outra pessoa."),
        (form(team.other, now + DAY, now + 2 * DAY, team.lead), "também estará ausente"),
    ):
        answer = client.post(f"{URL}add/", data)
        assert complaint in answer.content.decode()
    assert Absence.objects.count() == 2


def test_absences_are_ended_by_the_action_within_reach(team: SimpleNamespace) -> None:
    now = worktime.now()
    mine, others = (
        Absence.objects.create(user=user, starts_at=now - DAY, ends_at=now + DAY) for user in (team.analyst, team.other)
    )
    data = {"action": "end", "_selected_action": [mine.pk, others.pk]}
    assert client_of(team.lead).post(URL, data).status_code == 302
    mine.refresh_from_db()
    others.refresh_from_db()
    assert mine.ends_at <= worktime.now()
    assert others.ends_at == now + DAY


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(team: SimpleNamespace, rows: int) -> None:
    now = worktime.now()
    for n in range(rows):
        Absence.objects.create(user=team.analyst, starts_at=now + n * DAY, ends_at=now + (n + 1) * DAY, substitute=team.lead)
    client = client_of(team.lead)
    with CaptureQueriesContext(connection) as queries:
        client.get(URL)
    assert len(queries) == 5
