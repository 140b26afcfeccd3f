"""What of the announcements somebody finds in the portal."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

import worktime
from community import shown, writing
from community.models import Announcement, Dismissal
from tests.cast import form, fresh
from tests.community.telling import released, written

DAY = timedelta(days=1)


def home(user: object) -> list[Announcement]:
    return list(shown.on_home_of(user, worktime.now()))  # type: ignore[arg-type]


def listed(user: object) -> list[Announcement]:
    return list(shown.listed_to(user, worktime.now()))  # type: ignore[arg-type]


def test_the_home_page_shows_what_concerns_its_reader_newest_first(c: SimpleNamespace) -> None:
    older, newer, of_b = released(c), released(c), released(c, agencies=[c.b])
    assert home(c.ana) == [newer, older]
    assert home(c.eva) == [of_b, newer, older]
    assert home(AnonymousUser()) == [newer, older]


def test_it_is_there_from_its_moment_until_the_end_of_its_time_though_no_job_ran(c: SimpleNamespace) -> None:
    now = worktime.now()
    announcement = released(c, release_at=now + DAY, shown_from=now + 2 * DAY, shown_until=now + 3 * DAY)
    seen = {0.5: (0, 0), 1.0: (0, 1), 1.9: (0, 1), 2.0: (1, 1), 2.9: (1, 1), 3.0: (0, 1)}
    for days, (at_home, in_list) in seen.items():
        with time_machine.travel(now + days * DAY, tick=False):
            assert (home(c.ana), listed(c.ana)) == ([announcement] * at_home, [announcement] * in_list), days


def test_drafts_and_what_was_stopped_are_nobodys(c: SimpleNamespace) -> None:
    written(c)
    stopped = released(c)
    writing.stop(stopped.pk, by=c.duda, request_id=form())
    assert (home(c.ana), listed(c.ana), listed(AnonymousUser())) == ([], [], [])
    # Its page says so to who comes by a link.
    assert list(shown.readable_by(c.ana, worktime.now())) == [stopped]


def test_what_was_corrected_leaves_the_home_page_when_the_correction_is_out(c: SimpleNamespace) -> None:
    wrong = released(c)
    right = written(c, corrects=wrong, release_at=worktime.now() + DAY)
    assert home(c.ana) == [wrong]
    writing.release(right.pk, by=c.duda, version=1, request_id=form())
    assert home(c.ana) == [wrong]
    with time_machine.travel(worktime.now() + DAY):
        assert home(c.ana) == [right]
        assert listed(c.ana) == [right, wrong]


def test_one_persons_dismissal_is_nobody_elses(c: SimpleNamespace) -> None:
    announcement = released(c)
    for _ in range(2):
        shown.dismiss(announcement, c.ana)
    assert Dismissal.objects.count() == 1
    assert (home(c.ana), home(c.eva)) == ([], [announcement])
    assert listed(c.ana) == [announcement]


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_it_is_one_query(c: SimpleNamespace, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(rows):
        released(c, products=[c.product], agencies=[c.a, c.b], spheres=[c.sphere])
    ana = fresh(c.ana)
    assert ana.active_memberships
    with django_assert_num_queries(1):
        assert len(home(ana)) == rows
