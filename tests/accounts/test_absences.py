"""Who declares an absence, for when, and what an absence of that time means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction

import worktime
from accounts import absences, succession
from accounts.models import Absence, RoleGrant, User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[[str], User]


def declared(user: User, starts: timedelta = timedelta(0), lasts: timedelta = DAY, **fields: User) -> Absence:
    begin = worktime.now() + starts
    return absences.declare(user, starts_at=begin, ends_at=begin + lasts, substitute=fields.get("substitute"), by=user)


@pytest.mark.parametrize(("seconds", "away"), [(-1, False), (0, True), (86_399, True), (86_400, False)])
def test_an_absence_holds_from_its_start_until_before_its_end(with_role: Make, seconds: int, away: bool) -> None:
    user = with_role("analyst")
    absence = declared(user, HOUR)
    at = absence.starts_at + timedelta(seconds=seconds)
    assert absences.is_absent(user, at) is away
    assert list(absences.absent_people(at)) == ([user] if away else [])


def test_those_of_one_person_do_not_overlap(with_role: Make) -> None:
    user = with_role("analyst")
    first = declared(user)
    with pytest.raises(absences.Overlap, match="Já há uma ausência registrada"):
        declared(user, HOUR)
    assert Absence.objects.get() == first
    declared(user, DAY)
    assert Absence.objects.count() == 2


def test_what_was_called_off_takes_no_time(with_role: Make) -> None:
    user = with_role("analyst")
    absence = absences.end(declared(user, HOUR).pk, by=user)
    assert absence.ends_at == absence.starts_at
    assert not absences.is_absent(user, absence.starts_at)
    declared(user, HOUR - timedelta(minutes=1))


def test_an_absence_ends_earlier_and_one_that_is_over_keeps_its_end(with_role: Make) -> None:
    user = with_role("analyst")
    absence = declared(user)
    with worktime.shifted(HOUR):
        ended = absences.end(absence.pk, by=user).ends_at
        assert ended < absence.ends_at
        assert not absences.is_absent(user, worktime.now())
    with worktime.shifted(2 * HOUR):
        assert absences.end(absence.pk, by=user).ends_at == ended
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Ausência registrada.",
        "Ausência encerrada.",
    ]


def test_only_one_that_has_begun_passes_work_on(with_role: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[User] = []
    monkeypatch.setattr(succession, "_HEIRS", [passed.append])
    user = with_role("analyst")
    declared(user, HOUR)
    assert passed == []
    declared(user, timedelta(0), HOUR / 2)
    assert passed == [user]


def test_one_heir_is_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(succession, "_HEIRS", [])
    succession.register(print)
    with pytest.raises(ValueError, match="registered twice"):
        succession.register(print)


@pytest.mark.parametrize("broken", ["ends before it starts", "substitute of oneself"])
def test_the_database_refuses_what_makes_no_sense(with_role: Make, broken: str) -> None:
    user, now = with_role("analyst"), worktime.now()
    wrong = {"ends_at": now - HOUR} if "ends" in broken else {"substitute": user}
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(**{"user": user, "starts_at": now, "ends_at": now + DAY, **wrong})


def test_each_declares_his_own_leads_their_queues_administrators_all(with_role: Make, catalog: SimpleNamespace) -> None:
    analyst, lead, admin, dpo = (with_role(role) for role in ("analyst", "lead", "admin", "dpo"))
    other = User.objects.create_user("outra@example.org", name="Outra")
    RoleGrant.objects.create(user=other, role="analyst", queue=catalog.n3)
    expected = {analyst: {analyst}, lead: {analyst, lead}, admin: {analyst, lead, other}, dpo: set()}
    assert {user: set(absences.kept_by(user)) for user in expected} == expected
