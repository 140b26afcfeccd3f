"""What happens to a manifestation (Lei 13.460/2017, arts. 10–16). The only writer of its rows.

Each verb takes the row's lock, then reads the clock, refuses or changes the row, leaves a turn and queues
the notices, all in one transaction. A form sent twice does its work once. Nobody works his own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Max

import worktime
from catalog import hours
from feedback import manifestation_notices as notices
from feedback import treatments
from feedback.codes import code_for, hash_of, opens
from feedback.deadlines import ANSWER_DAYS, AREA_DAYS, day_of, falls_due
from feedback.manifestation_rules import TOO_FAST, WITHIN, why_not
from feedback.models import Manifestation, ManifestationTurn
from feedback.querysets import works

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from catalog.models import Product

Status, Turn = Manifestation.Status, ManifestationTurn.Action

REGISTERED: Final = 10
"""Manifestations that one person may register under his name within ``WITHIN``."""
USED: Final = "Este formulário já foi usado. Recarregue a página e envie de novo."


class Refused(Exception):
    """Something was refused and nothing changed. ``sentence`` tells a person why, in pt-BR."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody takes away. ``code`` is empty for who wrote under his name."""

    manifestation: Manifestation
    code: str


@transaction.atomic
def register(
    *,
    by: User | None,
    kind: str,
    body: str,
    request_id: UUID,
    product: Product | None = None,
    may_publish: bool = False,
    show_name: bool = False,
) -> Receipt:
    """Receive a manifestation; ``by`` is ``None`` for who gives no name. No reason is asked, and none is refused.

    The deadline for the answer runs from today. Sent again, the same form gives the same receipt; another text under
    its id is refused. Consent is kept for praise alone, a name for who has one.
    """
    code = "" if by is not None else code_for(request_id)
    at = worktime.now()
    if by is not None and _registered_lately(by, at) >= REGISTERED and not _known(request_id):
        raise Refused(TOO_FAST)
    may_publish = may_publish and kind == Manifestation.Kind.PRAISE
    made, new = Manifestation.objects.get_or_create(
        request_id=request_id,
        defaults={
            "kind": kind,
            "author": by,
            "code_hash": hash_of(code) if code else "",
            "product": product,
            "body": body,
            "registered_at": at,
            "due_on": _due(day_of(at), ANSWER_DAYS),
            "may_publish": may_publish,
            "show_name": may_publish and show_name and by is not None,
        },
    )
    if not new:
        if (made.author_id, made.kind, made.body) != (by.pk if by else None, kind, body):
            raise Refused(USED)
        return Receipt(made, code)
    treatments.begin(made)
    turn = _turn(made, Turn.REGISTER, None, at, request_id, until=made.due_on)
    notices.tell_author(notices.RECEIVED, made, turn)
    notices.tell_ombudsmen(made, turn)
    return Receipt(made, code)


def find(number: int, code: str) -> Manifestation | None:
    """The manifestation without a name that this number and code open."""
    found = Manifestation.objects.filter(number=number, author=None).first()
    # Reckoned also where there is none, so that the time tells nothing.
    is_right = opens(code, found.code_hash if found is not None else hash_of(""))
    return found if is_right else None


def add_words(pk: int, *, words: str, request_id: UUID) -> None:
    """The author adds something, until it is closed. Whose it is, the caller knows."""

    def do(made: Manifestation, at: datetime) -> None:
        made.has_news = True
        notices.tell_ombudsmen(made, _turn(made, Turn.WORDS, None, at, request_id, words=words))

    _change(pk, Turn.WORDS, None, request_id, do)


def answer(pk: int, *, by: User, words: str, request_id: UUID) -> None:
    """The ombudsman's answer to the author; a further one may follow until it is closed."""

    def do(made: Manifestation, at: datetime) -> None:
        made.status, made.answered_at, made.has_news = Status.ANSWERED, made.answered_at or at, False
        made.area_due_on = None
        notices.tell_author(notices.ANSWERED, made, _turn(made, Turn.ANSWER, by, at, request_id, words=words))

    _change(pk, Turn.ANSWER, by, request_id, do)


def extend(pk: int, *, by: User, reason: str, request_id: UUID) -> None:
    """Once as long again for the answer, counted from the last day of the first deadline; the author reads the reason."""

    def do(made: Manifestation, at: datetime) -> None:
        made.extended, made.due_on = True, _due(made.due_on, ANSWER_DAYS)
        turn = _turn(made, Turn.EXTEND, by, at, request_id, words=reason, until=made.due_on)
        notices.tell_author(notices.EXTENDED, made, turn)

    _change(pk, Turn.EXTEND, by, request_id, do)


def forward(pk: int, *, by: User, area: str, question: str, request_id: UUID) -> None:
    """Ask an area of the body, which has a deadline of its own. The author learns which area, not the question."""

    def do(made: Manifestation, at: datetime) -> None:
        made.status, made.area, made.area_extended = Status.FORWARDED, area, False
        made.area_due_on = _due(day_of(at), AREA_DAYS)
        _turn(made, Turn.FORWARD, by, at, request_id, words=question, area=area, until=made.area_due_on)

    _change(pk, Turn.FORWARD, by, request_id, do)


def extend_area(pk: int, *, by: User, reason: str, request_id: UUID) -> None:
    """Once as long again for the area, counted from the last day of its first deadline."""

    def do(made: Manifestation, at: datetime) -> None:
        made.area_extended, made.area_due_on = True, _due(made.area_due_on or day_of(at), AREA_DAYS)
        _turn(made, Turn.EXTEND_AREA, by, at, request_id, words=reason, area=made.area, until=made.area_due_on)

    _change(pk, Turn.EXTEND_AREA, by, request_id, do)


def area_replied(pk: int, *, by: User, words: str, request_id: UUID) -> None:
    """Keep what the area said; the manifestation is with the ombudsman again."""

    def do(made: Manifestation, at: datetime) -> None:
        made.status, made.area_due_on = Status.RECEIVED, None
        _turn(made, Turn.AREA_REPLIED, by, at, request_id, words=words, area=made.area)

    _change(pk, Turn.AREA_REPLIED, by, request_id, do)


def close(pk: int, *, by: User, request_id: UUID) -> None:
    """End it. Only what was answered ends."""

    def do(made: Manifestation, at: datetime) -> None:
        made.status, made.has_news = Status.CLOSED, False
        _turn(made, Turn.CLOSE, by, at, request_id)

    _change(pk, Turn.CLOSE, by, request_id, do)


def consent(pk: int, *, may_publish: bool, show_name: bool, request_id: UUID) -> None:
    """The author of praise lets it be published, or no longer: then it leaves the page at once."""
    action = Turn.CONSENT if may_publish else Turn.WITHDRAW_CONSENT

    def do(made: Manifestation, at: datetime) -> None:
        made.may_publish = may_publish
        made.show_name = may_publish and show_name and made.author_id is not None
        if not may_publish:
            made.published_at, made.published_text = None, ""
        _turn(made, action, None, at, request_id)

    _change(pk, action, None, request_id, do)


def publish(pk: int, *, by: User, text: str, request_id: UUID) -> None:
    """Show praise on the public page, in the words that the ombudsman has read and, where needed, shortened."""

    def do(made: Manifestation, at: datetime) -> None:
        made.published_text, made.published_at = text, made.published_at or at
        _turn(made, Turn.PUBLISH, by, at, request_id, words=text)

    _change(pk, Turn.PUBLISH, by, request_id, do)


def unpublish(pk: int, *, by: User, request_id: UUID) -> None:
    """Take praise off the public page."""

    def do(made: Manifestation, at: datetime) -> None:
        made.published_at, made.published_text = None, ""
        _turn(made, Turn.UNPUBLISH, by, at, request_id)

    _change(pk, Turn.UNPUBLISH, by, request_id, do)


@transaction.atomic
def _change(
    pk: int, action: ManifestationTurn.Action, by: User | None, request_id: UUID, do: Callable[[Manifestation, datetime], None]
) -> None:
    """Do it to the row under its lock, once a form. ``by`` is ``None`` for the author."""
    made = Manifestation.objects.select_for_update().get(pk=pk)
    last = made.turns.aggregate(last=Max("at"))["last"]
    at = max(worktime.now(), last or made.registered_at)  # the trail never goes backwards
    if by is not None and not (works(by) and made.author_id != by.pk):
        raise Refused("Você não responde por esta manifestação.")
    if (earlier := ManifestationTurn.objects.filter(request_id=request_id).first()) is not None:
        if (earlier.manifestation_id, earlier.action) != (pk, action):
            raise Refused(USED)
        return
    if sentence := why_not(action, made, at):
        raise Refused(sentence)
    do(made, at)
    made.save()
    treatments.follow(made, at)


def _turn(
    made: Manifestation,
    action: ManifestationTurn.Action,
    by: User | None,
    at: datetime,
    request_id: UUID,
    *,
    words: str = "",
    area: str = "",
    until: date | None = None,
) -> ManifestationTurn:
    return ManifestationTurn.objects.create(
        manifestation=made, action=action, by=by, at=at, request_id=request_id, words=words, area=area, until=until
    )


def _due(start: date, days: int) -> date:
    return falls_due(start, days, hours.current().calendar)


def _registered_lately(by: User, at: datetime) -> int:
    return Manifestation.objects.filter(author=by, registered_at__gt=at - WITHIN).count()


def _known(request_id: UUID) -> bool:
    return Manifestation.objects.filter(request_id=request_id).exists()
