"""Averages a month, and who reads them."""

from datetime import date
from types import SimpleNamespace

from catalog.models import CoreSystem, Product
from feedback import satisfaction
from feedback.models import SurveyAnswer
from feedback.satisfaction import Month
from tests.cast import fresh
from tests.feedback.admin.test_answers import answer


def test_silent_closings_are_reckoned_apart_and_a_year_is_shown(c: SimpleNamespace) -> None:
    answer(c, 5)
    answer(c, 4)
    answer(c, 1, closure="no_interaction")
    answer(c, 2, answered_on=date(2026, 10, 31), closure="no_interaction")
    answer(c, 3, answered_on=date(2025, 12, 1))
    answer(c, 3, answered_on=date(2025, 11, 30))
    assert satisfaction.by_month(SurveyAnswer.objects.all(), date(2026, 11, 22)) == [
        Month(date(2026, 11, 1), 2, 4.5, 1, 1.0),
        Month(date(2026, 10, 1), 0, None, 1, 2.0),
        Month(date(2025, 12, 1), 1, 3.0, 0, None),
    ]


def test_a_manager_reads_of_his_systems_alone(c: SimpleNamespace) -> None:
    core = CoreSystem.objects.create(slug="x", name="X", card_name="X", acronym="X", description="…")
    elsewhere = Product.objects.create(core_system=core, slug="x", name="X", description="…", purpose="…")
    here, there = answer(c), answer(c, product=elsewhere)
    assert set(satisfaction.read_by(fresh(c.otto))) == {here, there}
    assert set(satisfaction.read_by(fresh(c.duda))) == {here}
    assert not satisfaction.read_by(fresh(c.bia)).exists()
