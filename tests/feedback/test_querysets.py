"""Who sees which manifestation, and in which order they are worked."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from accounts.models import RoleGrant
from catalog.models import CoreSystem, Product
from feedback import manifestations
from feedback.models import Manifestation
from tests.cast import MONDAY, form, fresh
from tests.feedback.writing import answered, written


def test_the_ombudsman_reads_all_but_his_own_and_a_manager_his_systems(c: SimpleNamespace) -> None:
    other_core = CoreSystem.objects.create(slug="x", name="X", card_name="X", acronym="X", description="…")
    elsewhere = Product.objects.create(core_system=other_core, slug="x", name="X", description="…", purpose="…")
    about_none, here, there = written(c), written(c, product=c.product), written(c, product=elsewhere)
    own, nameless = written(c, by=c.otto), written(c, by=None)
    read = lambda user: set(Manifestation.objects.read_by(fresh(user)))  # noqa: E731  # short
    assert read(c.otto) == {about_none, here, there, nameless}
    assert read(c.duda) == {about_none, here, own, nameless}
    for outsider in (c.ana, c.bia, c.lia, c.dora, c.gil):
        assert read(outsider) == set()
    assert not Manifestation.objects.read_by(AnonymousUser()).exists()


def test_a_manager_of_a_body_reads_none(c: SimpleNamespace) -> None:
    written(c)
    RoleGrant.objects.create(user=c.eva, role="manager", agency=c.b)
    assert not Manifestation.objects.read_by(fresh(c.eva)).exists()


def test_ones_own_are_those_under_ones_name(c: SimpleNamespace) -> None:
    first, second = written(c), written(c)
    written(c, by=c.eva)
    written(c, by=None)
    assert list(Manifestation.objects.of(c.ana)) == [second, first]
    assert not Manifestation.objects.of(AnonymousUser()).exists()


def test_they_are_worked_by_deadline_and_then_who_wrote_again(c: SimpleNamespace) -> None:
    rows = []
    for days in (7, 0, 1):
        with time_machine.travel(MONDAY + timedelta(days=days), tick=False):
            rows.append(written(c))
    late, first, middle = rows
    done = answered(c, written(c))
    again = answered(c, written(c))
    manifestations.add_words(again.pk, words="Mais.", request_id=form())
    assert list(Manifestation.objects.waiting().in_work_order()) == [first, middle, late, again]
    assert done not in Manifestation.objects.waiting()


@pytest.mark.parametrize(("today", "late"), [(date(2026, 12, 23), 0), (date(2026, 12, 24), 1)])
def test_overdue_is_what_has_no_answer_the_day_after(c: SimpleNamespace, today: date, late: int) -> None:
    with time_machine.travel(MONDAY, tick=False):
        written(c)
        answered(c, written(c))
    assert Manifestation.objects.overdue(today).count() == late
