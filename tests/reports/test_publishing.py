"""What the public is told of months: when, what, never a small count, and only what the panel says too."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from unicodedata import normalize

import pytest
import time_machine
from django.db import DatabaseError, transaction

from catalog.models import CoreSystem, Priority
from feedback.models import SurveyAnswer
from reports import overview, publishing
from reports.figures import Backlog, Cohort, Ended
from reports.models import ClosedFigures, ClosedMonth, Publication
from reports.overview import Overview
from tests import cast
from tests.cast import MONDAY, opened
from tests.reports.freezing import gathered

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
IN_DECEMBER = datetime(2026, 12, 7, 15, tzinfo=UTC)
Part = ClosedFigures.Part
Counts = tuple[int, int, int]


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    with time_machine.travel(MONDAY, tick=False):
        c.barramento = cast.another_product(c).product
        for _ in range(5):
            opened(c)
    return c


def whole(*cohorts: Counts, solved: int = 0, **times: int | None) -> Overview:
    """So many in time, late and out, by priority from the most urgent on."""
    made = {
        int(priority): Cohort(
            received=sum(counts), out=counts[2], silent=0, open=0, in_time=counts[0], late=counts[1], provisional=False
        )
        for priority, counts in zip(Priority, cohorts, strict=False)
    }
    nothing: dict[str, Any] = dict.fromkeys(Ended.__dataclass_fields__)
    return Overview({}, made, Ended(**nothing | {"solved": solved} | times), Backlog(0, (), None))


def closed(c: SimpleNamespace, told: dict[tuple[str, int], Overview], version: int = 1) -> ClosedMonth:
    by = {"closed_by": c.duda, "reason": "Motivo que cita Fulano."} if version > 1 else {}
    row = ClosedMonth.objects.create(
        core_system=c.core, month=NOVEMBER, version=version, definitions=1, closed_at=IN_DECEMBER, **by
    )
    ClosedFigures.objects.bulk_create(
        ClosedFigures(closed=row, part=part, subject=subject, told=overview.written(one))
        for (part, subject), one in told.items()
    )
    return row


def published(moment: datetime = IN_DECEMBER) -> int:
    with time_machine.travel(moment, tick=False):
        gathered()
        return publishing.publish_due()


def rows() -> list[tuple[str, str, int, Any]]:
    """Of what was published last."""
    told = Publication.objects.latest("pk").told
    return [(row["by"], row["slug"], row["received"], row["in_time"]) for row in told["rows"]]


def test_a_month_that_is_over_is_told_of_by_how_many_came_in(c: SimpleNamespace) -> None:
    assert published(datetime(2026, 11, 30, 15, tzinfo=UTC)) == 0
    assert published(datetime(2026, 12, 1, 3, 5, tzinfo=UTC)) == 0, "some events of November may not be seen yet"
    assert published(datetime(2026, 12, 1, 3, 15, tzinfo=UTC)) == 1
    assert Publication.objects.get().told == {"received": 5}
    assert published() == 0


def test_nothing_is_provisional_where_tickets_may_pass_to_another_core_system(c: SimpleNamespace) -> None:
    CoreSystem.objects.create(slug="outro", name="Outro", card_name="Outro", acronym="O", description="…")
    assert published() == 0
    closed(c, november(c))
    assert published() == 1


def test_few_are_not_told_of(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY.replace(month=12), tick=False):
        opened(c)
    assert published(datetime(2027, 1, 4, 15, tzinfo=UTC)) == 2
    assert Publication.objects.get(month=date(2026, 12, 1)).told == {"received": None}


def test_nothing_is_told_while_the_facts_are_behind(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        gathered()
    with time_machine.travel(IN_DECEMBER, tick=False):
        assert publishing.publish_due() == 0


def november(c: SimpleNamespace) -> dict[tuple[str, int], Overview]:
    total = whole((50, 10, 5), (40, 5, 0), solved=105, response_median=3600, resolution_p90=7200)
    return {
        (Part.ALL, 0): total,
        (Part.PRODUCT, c.product.pk): whole((80, 10, 5)),
        (Part.PRODUCT, c.barramento.pk): whole((10, 5, 0)),
        (Part.SPHERE, c.sphere.pk): whole((88, 14, 5)),
        (Part.SPHERE, c.other_sphere.pk): whole((2, 1, 0)),
        (Part.AGENCY, c.a.pk): whole((7, 0, 0)),
    }


def test_a_closed_month_is_told_by_group(c: SimpleNamespace) -> None:
    closed(c, november(c))
    Publication.objects.create(core_system=c.core, month=NOVEMBER, number=1, told={"received": 110}, published_at=IN_DECEMBER)
    assert published() == 1
    assert rows() == [
        ("total", "", 110, 90),
        ("produto", "barramento", 15, 10),
        ("produto", "sei", 95, 80),
        ("prioridade", "urgente", 65, 50),
        ("prioridade", "alta", 45, 40),
    ], "of the spheres one would tell of the three of the other; bodies are not told of"
    told = Publication.objects.latest("pk").told
    assert told["seconds"] == {"response_median": 3600, "response_p90": None, "resolution_median": None, "resolution_p90": 7200}
    assert published() == 0


def test_a_version_with_a_small_difference_is_not_told(c: SimpleNamespace) -> None:
    closed(c, november(c))
    assert published() == 1
    little, much = november(c), november(c)
    little[Part.ALL, 0] = whole((49, 11, 5), (40, 5, 0))
    closed(c, little, version=2)
    assert published() == 0
    much[Part.ALL, 0] = whole((45, 15, 5), (40, 5, 0))
    much[Part.PRODUCT, c.product.pk] = whole((75, 15, 5))
    row = closed(c, much, version=3)
    assert published() == 1
    newest = Publication.objects.latest("pk")
    assert (newest.number, newest.closed) == (2, row)
    assert "Fulano" not in str(newest.told)


def test_so_few_late_that_their_number_is_not_told(c: SimpleNamespace) -> None:
    closed(c, {(Part.ALL, 0): whole((197, 3, 20))})
    published()
    told = Publication.objects.get().told
    assert [(row["in_time"], row["late"], row["counted"], row["out"]) for row in told["rows"] if row["by"] == "total"] == [
        (None, None, 200, 20)
    ]
    assert told["at_least"] == 0.98


def test_times_are_those_of_enough_tickets(c: SimpleNamespace) -> None:
    closed(c, {(Part.ALL, 0): whole((20, 0, 0), solved=20, response_median=60, response_p90=90)})
    published()
    assert Publication.objects.get().told["seconds"] == {"response_median": 60, "resolution_median": None}


@pytest.mark.parametrize(("stars", "told"), [([], (0, None)), ([5, 5, 1, 5], (None, None)), ([5, 5, 1, 5, 4], (5, 4.0))])
def test_opinions_are_told_of_enough_people(
    c: SimpleNamespace, stars: list[int], told: tuple[int | None, float | None]
) -> None:
    common = {"answered_on": date(2026, 11, 30), "product": c.product, "queue": c.n2, "closure": "resolved"}
    SurveyAnswer.objects.bulk_create(SurveyAnswer(**common, stars=one) for one in stars)
    others = ({"answered_on": date(2026, 12, 1)}, {"closure": "no_interaction"})
    SurveyAnswer.objects.bulk_create(SurveyAnswer(**common | other, stars=1) for other in others)
    closed(c, {(Part.ALL, 0): whole((20, 0, 0))})
    published()
    kept = Publication.objects.get().told
    assert (kept["answers"], kept["stars"]) == told


def test_no_person_is_in_what_is_told(c: SimpleNamespace) -> None:
    closed(c, november(c))
    published()
    told = normalize("NFKD", str(list(Publication.objects.values_list("told", flat=True)))).lower()
    for name in ("ana", "gil", "eva", "bia", "caio", "duda", "example.org", "orgao"):
        assert f"'{name}'" not in told
        assert f" {name} " not in told


def test_what_was_told_stays(c: SimpleNamespace) -> None:
    published()
    for change in (lambda: Publication.objects.update(told={}), lambda: Publication.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Publication.objects.get().told == {"received": 5}
