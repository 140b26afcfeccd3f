"""Bringing working hours, holidays and policies in step with the service file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from catalog import service_file
from catalog.catalog_file_entry import Values
from catalog.json_file import BadFile
from catalog.models import CoreSystem, Holiday, Policy, PolicyTarget, Product, WorkWindow
from catalog.service_file import PolicyRow
from catalog.syncing import Count, Sync, digest


@transaction.atomic
def load(path: Path, *, overwrite: bool = False) -> list[Count]:
    """Makes working hours, holidays and policies what the file says; the same file again changes nothing.

    Holidays are told apart by date and go the way of the catalog's rows (``Sync``). The working hours
    are one thing: where people edited or added any, all are left alone, for half of each could
    overlap. A policy is told apart by its scope and moment; one that differs from the file is
    reported, and only ``overwrite`` changes it, and only before it comes into force: tickets hold
    on to it. Raises ``BadFile`` before anything is written.
    """
    rows = service_file.read(path)
    policies = _scoped(rows.policies)
    sync = Sync(overwrite)
    _sync_windows(sync, rows.windows)
    sync.table(Holiday, ("date",), rows.holidays, Holiday.objects.all())
    _sync_policies(sync, policies)
    return sync.counts


def _sync_windows(sync: Sync, wanted: list[Values]) -> None:
    count = sync.count(WorkWindow, len(wanted))
    goals = {_place(values): {**values, "active": True} for values in wanted}
    rows = list(WorkWindow.objects.select_for_update())
    as_wanted = {_place(vars(row)) for row in rows if row.active} == goals.keys()
    edited = [row for row in rows if _edited(row)]
    if edited and not as_wanted and not sync.overwrite:
        count.edited += [str(row) for row in edited]
        return
    kept: dict[tuple[Any, ...], WorkWindow] = {}
    for row in sorted(rows, key=lambda row: not row.active):
        if _place(vars(row)) in goals and _place(vars(row)) not in kept:
            kept[_place(vars(row))] = row
        elif row.active:
            count.deactivated += 1
            row.active = False
            row.loaded_digest = digest(WorkWindow, _values(row))
            row.save()
    for place, goal in goals.items():
        row = kept.get(place) or WorkWindow()
        count.created += row.pk is None
        count.reactivated += not row.active
        if row.loaded_digest != digest(WorkWindow, goal) or not row.active:
            row.weekday, row.opens, row.closes = place
            row.active, row.loaded_digest = True, digest(WorkWindow, goal)
            row.save()


def _place(values: Values) -> tuple[Any, ...]:
    return values["weekday"], values["opens"], values["closes"]


def _values(row: WorkWindow) -> Values:
    return {"weekday": row.weekday, "opens": row.opens, "closes": row.closes, "active": row.active}


def _edited(row: WorkWindow) -> bool:
    """Whether people changed the row since it was loaded, or put it in force themselves."""
    if not row.loaded_digest:
        return row.active
    return digest(WorkWindow, _values(row)) != row.loaded_digest


def _scoped(rows: list[PolicyRow]) -> list[tuple[Values, dict[int, Values]]]:
    """The policies with the keys of what they are for. Raises ``BadFile`` where that is not in the catalog."""
    cores = dict(CoreSystem.objects.values_list("slug", "pk"))
    products = {(core, slug): pk for core, slug, pk in Product.objects.values_list("core_system__slug", "slug", "pk")}
    problems = []
    for row in rows:
        if row.core_system and row.core_system not in cores:
            problems.append(f"{row.where}: o estruturante “{row.core_system}” não existe no catálogo.")
        elif row.product and (row.core_system, row.product) not in products:
            problems.append(f"{row.where}: o produto “{row.product}” não existe no catálogo.")
    if problems:
        raise BadFile(problems)
    scopes = [(cores.get(row.core_system), products.get((row.core_system, row.product))) for row in rows]
    return [
        ({"core_system_id": core_system, "product_id": product} | row.values, row.targets)
        for row, (core_system, product) in zip(rows, scopes, strict=True)
    ]


def _sync_policies(sync: Sync, wanted: list[tuple[Values, dict[int, Values]]]) -> None:
    count = sync.count(Policy, len(wanted))
    found = Policy.objects.select_for_update(of=("self",)).select_related("product", "core_system").prefetch_related("targets")
    rows = {(row.core_system_id, row.product_id, row.in_force_from): row for row in found}
    for values, targets in wanted:
        row = rows.get((values["core_system_id"], values["product_id"], values["in_force_from"]))
        if row is None:
            row = Policy(**values)
            count.created += 1
        elif _told(row) == (values, targets):
            continue
        elif row.has_begun or not sync.overwrite:
            count.edited.append(str(row))
            continue
        else:
            count.updated += 1
            for name, value in values.items():
                setattr(row, name, value)
        row.save()
        row.targets.all().delete()
        PolicyTarget.objects.bulk_create(
            PolicyTarget(policy=row, priority=priority, **target) for priority, target in targets.items()
        )


def _told(row: Policy) -> tuple[Values, dict[int, Values]]:
    """What the file would say of a policy that is kept."""
    targets = {
        target.priority: {
            "first_response_hours": target.first_response_hours,
            "n2_hours": target.n2_hours,
            "n3_hours": target.n3_hours,
        }
        for target in row.targets.all()
    }
    names = ("core_system_id", "product_id", "in_force_from", "wait_hours", "remind_before_hours", "reopen_hours")
    more = ("counting", "stops_outside", "reason")
    return {name: getattr(row, name) for name in (*names, *more)}, targets
