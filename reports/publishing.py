"""Telling the public of months: what may be told is reckoned once, kept, and only then shown (docs/adr/0048).

A month that is over is told of provisionally by how many tickets were opened in it, which does not change any more; all
else comes once it is frozen. What is told never shows a small count, nor does comparing it with what was told before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Avg, Count
from django.utils.text import slugify

import worktime
from catalog.models import CoreSystem, Offering, Priority, Product, Sphere
from feedback.models import SurveyAnswer
from feedback.satisfaction import SILENT
from reports import disclosure, gathering, months, overview, periods
from reports.disclosure import THRESHOLD
from reports.models import ClosedFigures, ClosedMonth, Gathered, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reports.disclosure import Breakdown, Counts
    from reports.figures import Cohort
    from reports.overview import Overview
    from reports.periods import Period

Part = ClosedFigures.Part
Told = dict[str, Any]
Names = dict[int, tuple[str, str]]

TOTAL: Final = "total"
PRIORITY: Final = "prioridade"
BY: Final = {Part.PRODUCT: "produto", Part.SPHERE: "esfera"}
TIMES: Final = {
    "response_median": 2 * THRESHOLD,
    "response_p90": 10 * THRESHOLD,
    "resolution_median": 2 * THRESHOLD,
    "resolution_p90": 10 * THRESHOLD,
}
"""A time → of how many tickets at least: so that ``THRESHOLD`` of them took as long or longer."""


def publish_due() -> int:
    """Tell of what there is to tell; how many months. Beside itself, and again, it changes nothing."""
    return sum(_publish(system, month) for system, month in list(_over()))


def _over() -> Iterator[tuple[CoreSystem, Period]]:
    """The months that are over and of which the newest was not told yet."""
    today = worktime.now().astimezone(worktime.BRASILIA).date()
    this = periods.month(today.year, today.month)
    for system in CoreSystem.objects.order_by("pk"):
        opened = months.facts_of(system).filter(is_last=True).order_by("opened_on").values_list("opened_on", flat=True)
        first = opened.first()
        if first is None or first >= this.first:
            continue
        told = dict(Publication.objects.filter(core_system=system).order_by("number").values_list("month", "closed"))
        newest = dict(ClosedMonth.objects.filter(core_system=system).order_by("version").values_list("month", "pk"))
        for month in periods.Period(periods.month(first.year, first.month).first, this.before().last).by_month():
            if month.first not in told or told[month.first] != newest.get(month.first):
                yield system, month


@transaction.atomic
def _publish(system: CoreSystem, month: Period) -> bool:
    # Who holds this row is the only one that gathers, freezes or publishes.
    mark = Gathered.objects.select_for_update(skip_locked=True).first()
    if mark is None or not months.is_fresh(mark) or not _settled(mark, month):
        return False
    earlier = list(Publication.objects.filter(core_system=system, month=month.first).order_by("number"))
    closed = months.versions(system, month).last()
    if earlier and earlier[-1].closed_id == (closed.pk if closed else None):
        return False
    # A ticket may still pass from one core system to another: comparing would tell of how few did.
    if closed is None and CoreSystem.objects.exclude(pk=system.pk).exists():
        return False
    told = final(closed) if closed else provisional(system, month)
    if not all(disclosure.follows(*_comparable(told, before.told)) for before in earlier):
        return False
    Publication.objects.create(
        core_system=system, month=month.first, number=len(earlier) + 1, closed=closed, told=told, published_at=worktime.now()
    )
    return True


def _settled(mark: Gathered, month: Period) -> bool:
    """Whether every ticket of the month is in the facts: some events become visible after their moment."""
    return (mark.until - gathering.BEHIND).astimezone(worktime.BRASILIA).date() > month.last


def provisional(system: CoreSystem, month: Period) -> Told:
    days = (month.first, month.last)
    received = months.facts_of(system).filter(is_last=True, opened_on__range=days).count()
    return {"received": received if disclosure.large([received]) else None}


def final(closed: ClosedMonth) -> Told:
    """What may be told of a frozen month."""
    kept = {(row.part, row.subject): overview.read(row.told) for row in closed.figures.exclude(part=Part.AGENCY)}
    whole = kept[Part.ALL.value, 0]
    total = _counts(whole.cohorts)
    level = disclosure.level_of(total)
    told: Told = {"received": None if level is None else sum(total), "rows": [], **_opinions(closed)}
    if level is None:
        return told
    told["rows"] += [_row(TOTAL, "", "", level, disclosure.at(level, total))]
    told["rows"] += _broken_down(closed.core_system, kept, level)
    told["at_least"] = _at_least(total, level)
    told["seconds"] = {name: getattr(whole.ended, name) for name, most in TIMES.items() if (whole.ended.solved or 0) >= most}
    return told


def _broken_down(system: CoreSystem, kept: Mapping[tuple[str, int], Overview], level: int) -> Iterator[Told]:
    rows = {part: {subject: _counts(one.cohorts) for (kind, subject), one in kept.items() if kind == part} for part in BY}
    made = {part: disclosure.broken_down(rows[part], level) for part in BY}
    products, spheres = made[Part.PRODUCT], made[Part.SPHERE]
    ties = set(Offering.objects.filter(product__core_system=system).values_list("product", "sphere"))
    if products and spheres and not disclosure.kept_apart(products, spheres, ties):
        made[Part.SPHERE] = None
    names: dict[Part, Names] = {
        Part.PRODUCT: {
            pk: (slug, name) for pk, slug, name in Product.objects.order_by("name", "pk").values_list("pk", "slug", "name")
        },
        Part.SPHERE: {
            pk: (slug, name) for pk, slug, name in Sphere.objects.order_by("position", "pk").values_list("pk", "slug", "name")
        },
    }
    for part, by in BY.items():
        yield from _rows(by, made[part], names[part])
    priorities = {priority: _counts({priority: one}) for priority, one in kept[Part.ALL.value, 0].cohorts.items()}
    named = {int(priority): (slugify(priority.label), str(priority.label)) for priority in Priority}
    yield from _rows(PRIORITY, disclosure.broken_down(priorities, level), named)


def _rows(by: str, breakdown: Breakdown | None, names: Names) -> Iterator[Told]:
    """The groups in the order of the names, and last the others together."""
    if breakdown is None:
        return
    for key in sorted(breakdown.named, key=list(names).index):
        yield _row(by, *names[key], breakdown.level, breakdown.named[key])
    if breakdown.rest is not None:
        yield _row(by, "demais", "Demais", breakdown.level, breakdown.rest)


def _row(by: str, slug: str, name: str, level: int, counts: Counts) -> Told:
    """At level 2 all of it, at 1 what is in the reckoning without how it went, at 0 only how many."""
    return {
        "by": by,
        "slug": slug,
        "name": name,
        "received": sum(counts),
        "counted": sum(counts[:-1]) if level else None,
        "in_time": counts[0] if level == 2 else None,
        "late": counts[1] if level == 2 else None,
        "out": counts[-1] if level else None,
    }


def _counts(cohorts: Mapping[int, Cohort]) -> Counts:
    """In time, late, out of the reckoning: as the panel counts a month that is final."""
    parts = list(cohorts.values())
    late = sum(part.late + (0 if part.provisional else part.open) for part in parts)
    return sum(part.in_time for part in parts), late, sum(part.out + part.silent for part in parts)


def _at_least(total: Counts, level: int) -> float | None:
    """Where so few were late that one may not say how many: the share in time that it is at the least."""
    in_time, late, _ = total
    few = level == 1 and 0 < late < THRESHOLD <= in_time
    return (in_time + late - THRESHOLD + 1) / (in_time + late) if few else None


def _opinions(closed: ClosedMonth) -> Told:
    """How many answered the survey in the month and what they gave on average; closings for want of an answer are apart."""
    month = periods.month(closed.month.year, closed.month.month)
    days = (month.first, month.last)
    answers = SurveyAnswer.objects.filter(product__core_system=closed.core_system_id, answered_on__range=days).exclude(SILENT)
    told = answers.aggregate(answers=Count("pk"), stars=Avg("stars"))
    if told["answers"] < THRESHOLD:
        return {"answers": 0 if not told["answers"] else None, "stars": None}
    return {"answers": told["answers"], "stars": round(told["stars"], 4)}


def _comparable(after: Told, before: Told) -> tuple[dict[str, int | None], list[dict[str, int | None]]]:
    """The counts of both by name; where one of them is provisional, only what it tells."""
    if "rows" not in before or "rows" not in after:
        return {"received": after["received"]}, [{"received": before["received"]}]
    return _named(after), [_named(before)]


def _named(told: Told) -> dict[str, int | None]:
    rows = {
        f"{row['by']}/{row['slug']}/{name}": row[name]
        for row in told["rows"]
        for name in ("received", "counted", "in_time", "late", "out")
    }
    return {**rows, "received": told["received"], "answers": told["answers"]}
