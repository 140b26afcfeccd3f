"""Attacks on what people say of the service: classes 21 and 29, and on being nobody."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache

import worktime
from feedback.models import SurveyAnswer
from tests.feedback.writing import with_otto, written
from tests.tickets.admin.desk import signed_in

MANIFESTATIONS = "/admin/feedback/manifestation/"
ANSWERS = "/admin/feedback/surveyanswer/"


@pytest.fixture(autouse=True)
def fresh_counts(db: None) -> None:
    cache.clear()


@pytest.mark.parametrize(
    "asked", ["author", "author__exact", "author__gte", "author__isnull", "author_id", "show_name", "code_hash"]
)
def test_21_no_author_is_guessed_through_the_address(c: SimpleNamespace, asked: str) -> None:
    """django-helpdesk GHSA-mxcg-7m22-x9pj: a manager asked the list for a person's manifestations, whose authors it hides."""
    with_otto(c)
    made = written(c)
    manager = signed_in(c.duda)
    assert str(made.number) in manager.get(MANIFESTATIONS).content.decode()
    response = manager.get(MANIFESTATIONS, {asked: str(c.ana.pk)})
    assert response.status_code == 400
    assert str(made.number) not in response.content.decode()
    assert manager.get(MANIFESTATIONS, {"situacao": "todas"}).status_code == 200


@pytest.mark.parametrize("asked", ["answered_on", "answered_on__gte", "answered_on__day", "comment__startswith", "queue"])
def test_21_no_day_of_an_answer_is_guessed_through_the_address(c: SimpleNamespace, asked: str) -> None:
    """The same: the list says the month alone, for product and day together give somebody away."""
    SurveyAnswer.objects.create(
        answered_on=worktime.now().date(), product=c.product, queue=c.n2, closure="resolved", stars=1, comment="Demorou."
    )
    manager = signed_in(c.duda)
    assert "Demorou." in manager.get(ANSWERS, {"nota": "baixas"}).content.decode()
    response = manager.get(ANSWERS, {asked: "1"})
    assert response.status_code == 400
    assert "Demorou." not in response.content.decode()
