"""The load of queues and people, and the way to what makes it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

import worktime
from accounts.models import User
from tickets import wording, workload
from tickets.admin import access
from tickets.workload import Figures, Member

if TYPE_CHECKING:
    from datetime import datetime

    from catalog.models import Queue
    from tickets.admin.queue.queues import QueueAdmin

NOBODY = "Sem atendente"


@dataclass(frozen=True, slots=True)
class Line:
    """A queue or a person with what lies there."""

    name: str
    figures: Figures
    url: str
    """The queue's list, with what lies there alone."""
    oldest_url: str
    oldest_age: str
    note: str = ""
    """Until when a person is away, and who stands in; or that he works none of these queues any more."""


def overseen(desk: QueueAdmin, request: HttpRequest) -> list[Queue]:
    """The queues of this level that this person leads or manages. Raises ``Http404`` for who has none."""
    found = workload.overseen(access.person(request), desk.level)
    if not found:
        raise Http404
    return found


def show(desk: QueueAdmin, request: HttpRequest) -> HttpResponse:
    """Both tables. Three statements beside what every page of the desk asks."""
    queues, at = overseen(desk, request), worktime.now()
    ids = [queue.pk for queue in queues]
    load, people = workload.load(ids, at), workload.members(ids, at)
    context = {
        **frame(desk, request, "Carga de trabalho"),
        "by_queue": [line(desk, queue.name, load.queues.get(queue.pk), at, fila=queue.pk) for queue in queues],
        "by_person": by_person(desk, load, people, at),
        "as_of": at,
    }
    return TemplateResponse(request, "admin/tickets/leading/load.html", context)


def by_person(desk: QueueAdmin, load: workload.Load, people: list[Member], at: datetime) -> list[Line]:
    """What nobody holds, everybody who works the queues, and who still holds something of them."""
    known = {member.person.pk: member for member in people}
    lines = [line(desk, NOBODY, load.people.get(None), at, atendente="ninguem")]
    lines += [
        line(desk, member.person.display_name, load.people.get(pk), at, note=away(member, at), atendente=pk)
        for pk, member in known.items()
    ]
    left = [pk for pk in load.people if pk is not None and pk not in known]
    for person in User.objects.filter(pk__in=left).order_by("name", "pk") if left else ():
        note = "não trabalha mais nestas filas"
        lines.append(line(desk, person.display_name, load.people[person.pk], at, note=note, atendente=person.pk))
    return lines


def line(desk: QueueAdmin, name: str, figures: Figures | None, at: datetime, *, note: str = "", **narrowed: object) -> Line:
    found = figures or Figures()
    asked = "&".join(f"{key}={value}" for key, value in narrowed.items())
    model = desk.opts.model_name
    return Line(
        name=name,
        figures=found,
        url=f"{reverse(f'admin:tickets_{model}_changelist')}?{asked}",
        oldest_url=reverse(f"admin:tickets_{model}_change", args=[found.oldest_pk]) if found.oldest_pk else "",
        oldest_age=wording.brief(at - found.oldest_since) if found.oldest_since else "",
        note=note,
    )


def away(member: Member, at: datetime) -> str:
    """Until when somebody is away, and who stands in for him; empty where he is there."""
    if member.away is None:
        return ""
    stands_in = member.away.substitute
    return f"ausente até {wording.when(member.away.ends_at, at)}" + (f"; substitui {stands_in}" if stands_in else "")


def frame(desk: QueueAdmin, request: HttpRequest, title: str) -> dict[str, Any]:
    """What every page for leads shows."""
    name = f"admin:tickets_{desk.opts.model_name}"
    return {
        **desk.admin_site.each_context(request),
        "title": f"{title} · {desk.level}",
        "opts": desk.opts,
        "level": desk.level,
        "queue_url": reverse(f"{name}_changelist"),
        "load_url": reverse(f"{name}_load"),
        "team_url": reverse(f"{name}_team"),
        "board_url": reverse(f"{name}_board"),
    }
