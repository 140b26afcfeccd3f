"""What stands beside a ticket on its workbench: the people, its drafts, and what the catalog knows of its case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import OuterRef, QuerySet, Subquery

import worktime
from accounts.models import DISPLAY_NAME, Membership, User
from catalog.models import Cause, FormField, ProductRole, SupportScript
from files.models import StoredFile, Upload
from tickets import at_once, badges, drafts, following, history, looks
from tickets.admin.bench.choices import Choices
from tickets.forms.uploads import OnTheirWay
from tickets.history import Known
from tickets.models import Draft, Ticket
from tickets.states import Action

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from tickets.admin.access import Seen
    from tickets.at_once import Part, Row
    from tickets.models import TicketEvent

YEAR: Final = timedelta(days=365)
MANY: Final = 1000
"""Counted no further."""
MOST: Final = 6
"""Other tickets of a requester, and of a body, that are shown."""

NAME: Final = "coalesce(nullif(person.social_name, ''), nullif(person.name, ''), person.email)"
"""``User.display_name``."""

PARTS: Final = {
    "questions": """
        SELECT field.* FROM catalog_formfield field
        WHERE support_type_id = %(support_type)s AND (product_id = %(product)s OR product_id IS NULL) AND active
        ORDER BY position, id
    """,
    "incidents": """
        SELECT incident.id, incident.title, EXISTS (
            SELECT FROM tickets_incidentticket WHERE incident_id = incident.id AND ticket_id = %(ticket)s AND left_at IS NULL
        ) AS has_it
        FROM tickets_incident incident WHERE product_id = %(product)s AND ended_at IS NULL ORDER BY opened_at DESC, id DESC
    """,
    "answerable": f"""
        SELECT held.role, {NAME} AS name FROM catalog_productrole held JOIN accounts_user person ON person.id = held.user_id
        WHERE held.product_id = %(product)s AND held.ended_at IS NULL AND person.is_active ORDER BY held.role, held.id
    """,  # noqa: S608 - of our own constants
    "focal_points": f"""
        SELECT {NAME} AS name FROM accounts_membership bond JOIN accounts_user person ON person.id = bond.user_id
        WHERE bond.agency_id = %(agency)s AND bond.role = '{Membership.Role.FOCAL_POINT}' AND bond.ended_at IS NULL
            AND bond.confirmed_at IS NOT NULL AND person.is_active
        ORDER BY 1 LIMIT 5
    """,  # noqa: S608 - of our own constants
    "year": f"""
        SELECT count(*) AS tickets FROM (
            SELECT FROM tickets_ticket WHERE requester_id = %(requester)s AND opened_at > %(year_ago)s LIMIT {MANY}
        ) opened
    """,  # noqa: S608 - of our own constants
    "drafts": """
        SELECT draft.*, (
            SELECT coalesce(json_agg(file ORDER BY created_at, id), '[]') FROM files_storedfile file
            WHERE form_id = ANY(places.found) AND uploaded_by_id = %(reader)s AND attached_at IS NULL
        ) AS kept, (
            SELECT coalesce(json_agg(upload ORDER BY created_at), '[]') FROM files_upload upload
            WHERE form_id = ANY(places.found) AND uploaded_by_id = %(reader)s
        ) AS half_sent
        FROM tickets_draft draft
        CROSS JOIN LATERAL (SELECT ARRAY(SELECT jsonb_array_elements_text(draft.file_places)::uuid) AS found) places
        WHERE user_id = %(reader)s AND ticket_id = %(ticket)s
            AND NOT EXISTS (SELECT FROM tickets_ticketevent event WHERE event.request_id = draft.form_id)
    """,
    "away": f"""
        SELECT absence.ends_at, {NAME} AS substitute FROM accounts_absence absence
        LEFT JOIN accounts_user person ON person.id = absence.substitute_id
        WHERE absence.user_id = %(assignee)s AND absence.starts_at <= %(now)s AND absence.ends_at > %(now)s
    """,  # noqa: S608 - of our own constants
    "here": looks.OTHERS,
    "macros": "SELECT event_id, name FROM tickets_macrouse WHERE event_id = ANY(%(events)s)",
    "called": f"SELECT id, {NAME} AS name FROM accounts_user person WHERE id = ANY(%(called)s)",  # noqa: S608 - of our own constants
    "causes": "SELECT id, name FROM catalog_cause WHERE product_id = %(product)s AND active ORDER BY position, name",
    "scripts": """
        SELECT id, title, support_types, product_id FROM catalog_supportscript
        WHERE (product_id = %(product)s OR (product_id IS NULL AND core_system_id = %(core)s))
            AND active AND holds IS DISTINCT FROM false
        ORDER BY title
    """,
}
"""By hand (docs/adr/0017): put together by Django, these would take longer than all the rest of the page to ask."""
OF_CLOSING: Final = ("causes", "scripts")
"""What only an answer that closes needs."""


@dataclass(frozen=True, slots=True)
class Away:
    """Until when the assignee is away, and who stands in for him."""

    until: datetime
    substitute: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another ticket, in a line."""

    pk: int
    number: int
    subject: str
    status: badges.Badge


@dataclass(frozen=True, slots=True)
class Beside:
    questions: list[FormField]
    incidents: list[Row]
    """Standing ones of the ticket's product; ``has_it`` says whether the ticket is in it."""
    answerable: list[tuple[str, str]]
    """Who answers for the product: role and name."""
    focal_points: list[str]
    year: int
    """How many tickets the requester opened in twelve months."""
    drafts: dict[str, Draft]
    """The reader's own, by what they are of."""
    away: Away | None
    here: list[looks.Other]
    """Who else has the ticket open."""
    own: list[Other]
    """Other tickets of the requester that the reader reads."""
    of_body: list[Other]
    """Those of others of the same body."""
    followers: list[Row]
    follow_requests: list[Row]
    choices: Choices
    known: Known
    """Of the events that the page shows."""


def beside(found: Seen, legal: Container[Action], events: Sequence[TicketEvent] = ()) -> Beside:
    """Everything at once: one query. ``events`` are those of which the history tells."""
    ticket, reader, now = found.ticket, found.reader, worktime.now()
    values = {
        "ticket": ticket.pk,
        "reader": reader.pk,
        "product": ticket.product_id,
        "core": ticket.product.core_system_id,
        "support_type": ticket.offering.support_type_id,
        "agency": ticket.agency_id,
        "requester": ticket.requester_id,
        "assignee": ticket.assignee_id,
        "now": now,
        "events": [event.pk for event in events],
        "called": sorted({pk for event in events for pk in history.called(event)}),
        "year_ago": now - YEAR,
    }
    parts: dict[str, Part] = {name: sql for name, sql in PARTS.items() if name not in OF_CLOSING or Action.RESOLVE in legal}
    shown = ("id", "number", "subject", "status", "closure")
    others = Ticket.objects.read_by_team(reader).exclude(pk=ticket.pk).order_by("-last_public_at").values(*shown)
    parts["own"] = others.filter(requester=ticket.requester_id)[:MOST]
    if ticket.agency_id is not None:
        parts["of_body"] = others.filter(agency=ticket.agency_id).exclude(requester=ticket.requester_id)[:MOST]
    if found.followed:
        parts["followers"] = _named(following.readers_of(ticket))
        if following.decides(found.roles):
            parts["follow_requests"] = _named(following.pending_on(ticket), "asked_at")
    rows = at_once.rows_of(parts, values)
    return Beside(
        questions=at_once.models_of(FormField, rows["questions"]),
        incidents=rows["incidents"],
        answerable=[(ProductRole.Role(row["role"]).label, row["name"]) for row in rows["answerable"]],
        focal_points=[row["name"] for row in rows["focal_points"]],
        year=rows["year"][0]["tickets"],
        drafts=_drafts(rows["drafts"]),
        away=_away(rows["away"]),
        here=[looks.Other(**row) for row in rows["here"]],
        own=[_other(row) for row in rows["own"]],
        of_body=[_other(row) for row in rows.get("of_body", [])],
        followers=rows.get("followers", []),
        follow_requests=[
            row | {"asked_at": datetime.fromisoformat(row["asked_at"])} for row in rows.get("follow_requests", [])
        ],
        choices=Choices(
            causes=at_once.models_of(Cause, rows.get("causes", [])),
            scripts=at_once.models_of(SupportScript, rows.get("scripts", [])),
        ),
        known=Known(
            macros={row["event_id"]: row["name"] for row in rows["macros"]},
            people={row["id"]: row["name"] for row in rows["called"]},
        ),
    )


def _named(found: QuerySet[Any], *more: str) -> QuerySet[Any, Any]:
    """The people of these rows by name."""
    name = User.objects.filter(pk=OuterRef("user")).values(shown=DISPLAY_NAME)
    named: QuerySet[Any, Any] = found.select_related(None).annotate(name=Subquery(name)).values("id", "name", *more)
    return named


def _drafts(rows: list[Row]) -> dict[str, Draft]:
    """By what they are of, each with the ``files`` that wait on it."""
    found = at_once.models_of(Draft, rows)
    for draft, row in zip(found, rows, strict=True):
        kept, half_sent = at_once.models_of(StoredFile, row["kept"]), at_once.models_of(Upload, row["half_sent"])
        vars(draft)["files"] = OnTheirWay(kept, half_sent)
    return drafts.together(found)


def _away(rows: list[Row]) -> Away | None:
    return next((Away(datetime.fromisoformat(row["ends_at"]), row["substitute"] or "") for row in rows), None)


def _other(row: Row) -> Other:
    return Other(row["id"], row["number"], row["subject"], badges.of(row["status"]))
