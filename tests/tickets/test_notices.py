"""Who is told of what, exactly, for each thing that happens on a ticket."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model

import worktime
from accounts.models import RoleGrant
from catalog.models import Queue
from notifications.models import Notice
from tests.cast import at_status, follow, form, opened
from tickets import lifecycle, notices
from tickets.models import Ticket
from tickets.states import TABLE, WITHIN_THE_TEAM, Action, Level, Status, Via

DESK, PORTAL = Via.DESK, Via.PORTAL
REQUESTERS = {"Ana", "Eva"}
"""Ana asked; Eva follows."""

Do = Callable[[SimpleNamespace, int], object]


def told(c: SimpleNamespace, ticket: Ticket, do: Do) -> set[tuple[str, str]]:
    """Kind and name of everybody who hears of what ``do`` does."""
    follow(ticket, c.eva)
    before = set(Notice.objects.values_list("pk", flat=True))
    do(c, ticket.pk)
    rows = Notice.objects.exclude(pk__in=before).values_list("kind", "recipient__name")
    assert len(rows) == len(set(rows))
    return set(rows)


def after(hours: int, verb: Callable[[int], object]) -> Do:
    def do(c: SimpleNamespace, pk: int) -> None:
        with worktime.shifted(timedelta(hours=hours, seconds=1)):
            verb(pk)

    return do


def expired(pk: int) -> None:
    with worktime.shifted(timedelta(hours=-13)):
        lifecycle.remind(pk, request_id=form())
    Notice.objects.filter(kind="ticket_reminder").delete()
    lifecycle.expire_wait(pk, request_id=form())


def another_queue(c: SimpleNamespace) -> Queue:
    return Queue.objects.create(slug="pen-sei-n2-b", name="SEI N2 B", product=c.product, level=Level.N2)


REQUESTER_HEARS: list[tuple[Action, Status, str, Level, Do]] = [
    (
        Action.TAKE,
        Status.QUEUED,
        "ticket_taken",
        Level.N2,
        lambda c, pk: lifecycle.take(pk, by=c.bia, via=DESK, request_id=form()),
    ),
    (
        Action.ASK,
        Status.IN_PROGRESS,
        "ticket_question",
        Level.N2,
        lambda c, pk: lifecycle.ask(pk, by=c.bia, via=DESK, request_id=form(), body="Qual?"),
    ),
    (
        Action.COMMENT,
        Status.IN_PROGRESS,
        "ticket_message",
        Level.N2,
        lambda c, pk: lifecycle.comment(pk, by=c.bia, via=DESK, request_id=form(), body="Veja."),
    ),
    (
        Action.ESCALATE,
        Status.IN_PROGRESS,
        "ticket_escalated",
        Level.N2,
        lambda c, pk: lifecycle.escalate(pk, by=c.bia, via=DESK, request_id=form(), checked="Visto."),
    ),
    (
        Action.RESOLVE,
        Status.IN_PROGRESS,
        "ticket_resolved",
        Level.N3,
        lambda c, pk: lifecycle.resolve(pk, by=c.caio, via=DESK, request_id=form(), body="Feito.", cause=c.cause),
    ),
    (
        Action.REFUSE,
        Status.QUEUED,
        "ticket_refused",
        Level.N2,
        lambda c, pk: lifecycle.refuse(pk, by=c.bia, via=DESK, request_id=form(), body="Procure a TI."),
    ),
    (
        Action.REMIND,
        Status.WAITING_REQUESTER,
        "ticket_reminder",
        Level.N2,
        after(48, lambda pk: lifecycle.remind(pk, request_id=form())),
    ),
    (
        Action.TRANSFER,
        Status.QUEUED,
        "ticket_transferred",
        Level.N2,
        lambda c, pk: lifecycle.transfer(pk, by=c.bia, via=DESK, request_id=form(), queue=another_queue(c), reason="Equipe B."),
    ),
    (
        Action.CLOSE_DUPLICATE,
        Status.QUEUED,
        "ticket_duplicate",
        Level.N2,
        lambda c, pk: lifecycle.close_duplicate(pk, by=c.bia, via=DESK, request_id=form(), root=c.root.number),
    ),
    (
        Action.WITHDRAW_QUESTION,
        Status.WAITING_REQUESTER,
        "ticket_question_withdrawn",
        Level.N2,
        lambda c, pk: lifecycle.withdraw_question(pk, by=c.bia, via=DESK, request_id=form(), reason="Achei."),
    ),
    (
        Action.WAIT_EXTERNAL,
        Status.IN_PROGRESS,
        "ticket_external",
        Level.N2,
        lambda c, pk: lifecycle.wait_external(
            pk, by=c.bia, via=DESK, request_id=form(), team="Rede", review_at=worktime.now() + timedelta(days=2)
        ),
    ),
    (
        Action.RESUME,
        Status.WAITING_EXTERNAL,
        "ticket_resumed",
        Level.N2,
        lambda c, pk: lifecycle.resume(pk, by=c.bia, via=DESK, request_id=form()),
    ),
    (
        Action.VALIDATE,
        Status.IN_PROGRESS,
        "ticket_validation",
        Level.N3,
        lambda c, pk: lifecycle.validate(pk, by=c.caio, via=DESK, request_id=form()),
    ),
    (
        Action.VALIDATED,
        Status.IN_VALIDATION,
        "ticket_resumed",
        Level.N3,
        lambda c, pk: lifecycle.validated(pk, by=c.caio, via=DESK, request_id=form()),
    ),
    (Action.EXPIRE_WAIT, Status.WAITING_REQUESTER, "ticket_expired", Level.N2, after(72, expired)),
    (Action.FINALIZE, Status.CLOSED, "ticket_final", Level.N2, after(48, lambda pk: lifecycle.finalize(pk, request_id=form()))),
    (
        Action.RESTORE,
        Status.FINAL,
        "ticket_restored",
        Level.N2,
        lambda c, pk: lifecycle.restore(pk, by=c.duda, via=DESK, request_id=form(), justification="Erro."),
    ),
]


@pytest.mark.parametrize(
    ("status", "kind", "level", "do"), [row[1:] for row in REQUESTER_HEARS], ids=[row[0] for row in REQUESTER_HEARS]
)
def test_the_requesters_side_hears_what_the_team_and_time_do(
    c: SimpleNamespace, status: Status, kind: str, level: Level, do: Do
) -> None:
    c.root = opened(c)
    assert told(c, at_status(c, status, level), do) == {(kind, name) for name in REQUESTERS}


def test_every_kind_for_the_requester_is_tried_here() -> None:
    by_the_team = {row[0] for row in REQUESTER_HEARS} - {Action.COMMENT}
    tells_more = {Action.SPLIT, Action.HAND_BACK}  # ``test_splitting`` has the one, the other stands below
    assert by_the_team | notices.RECEIPTS | tells_more == set(notices.TO_REQUESTER)


@pytest.mark.parametrize("action", list(Action))
def test_whether_an_action_is_news_is_decided_for_each_side(action: Action) -> None:
    """An action that is new in the table needs a kind, or a reason why nobody hears of it."""
    to_requester = {*notices.TO_REQUESTER, *notices.AMONG_THEM, Action.REDACT}
    to_team = {*notices.TO_ASSIGNEE, *notices.BY_A_COLLEAGUE, *notices.TAKES_AWAY, *notices.BRINGS}
    assert action in TABLE
    assert (action in to_requester) != (action in notices.NO_NEWS_TO_REQUESTER or action in WITHIN_THE_TEAM)
    assert (action in to_team) != (action in notices.NO_NEWS_TO_TEAM)


@pytest.mark.parametrize(
    ("verb", "kind"), [(lifecycle.cancel, "ticket_cancelled"), (lifecycle.solved, "ticket_solved")], ids=["cancel", "solved"]
)
def test_a_closing_by_the_requester_gives_a_receipt_and_tells_the_analyst(
    c: SimpleNamespace, verb: Callable[..., Ticket], kind: str
) -> None:
    heard = told(c, at_status(c, Status.IN_PROGRESS), lambda c, pk: verb(pk, by=c.ana, via=PORTAL, request_id=form()))
    assert heard == {(kind, "Ana"), (kind, "Eva"), ("ticket_closed_team", "Bia")}


def test_opening_gives_the_requester_a_receipt(c: SimpleNamespace) -> None:
    opened(c)
    assert list(Notice.objects.values_list("kind", "recipient__name")) == [("ticket_opened", "Ana")]


@pytest.mark.parametrize(("who", "others"), [("ana", {"Eva"}), ("gil", {"Ana", "Eva"}), ("eva", {"Ana"})])
def test_an_answer_tells_the_analyst_and_those_who_need_not_answer_any_more(
    c: SimpleNamespace, who: str, others: set[str]
) -> None:
    heard = told(
        c,
        at_status(c, Status.WAITING_REQUESTER),
        lambda c, pk: lifecycle.speak(pk, by=getattr(c, who), via=PORTAL, request_id=form(), body="5.0.3"),
    )
    assert heard == {("ticket_answered", "Bia")} | {("ticket_side_answered", name) for name in others}


def test_a_comment_on_a_queued_ticket_tells_who_follows(c: SimpleNamespace) -> None:
    heard = told(c, opened(c), lambda c, pk: lifecycle.speak(pk, by=c.ana, via=PORTAL, request_id=form(), body="Mais um dado."))
    assert heard == {("ticket_side_wrote", "Eva")}


@pytest.mark.parametrize(
    ("who", "team"),
    [("ana", {"Bia"}), ("gil", {"Bia"}), ("lia", {"Bia"}), ("bia", set())],
    ids=["requester", "focal point", "lead", "the analyst himself"],
)
def test_a_reopening_tells_the_requester_and_who_goes_on_with_it(c: SimpleNamespace, who: str, team: set[str]) -> None:
    heard = told(
        c,
        at_status(c, Status.CLOSED),
        lambda c, pk: lifecycle.reopen(pk, by=getattr(c, who), via=PORTAL, request_id=form(), body="Voltou."),
    )
    assert heard == {("ticket_reopened", name) for name in REQUESTERS} | {("ticket_reopened_team", name) for name in team}


def test_assigning_tells_the_colleague_but_not_who_gives_it_to_himself(c: SimpleNamespace) -> None:
    assign = lifecycle.assign
    heard = told(c, opened(c), lambda c, pk: assign(pk, by=c.lia, via=DESK, request_id=form(), to=c.beto))
    assert heard == {("ticket_assigned", "Beto")}
    assert told(c, opened(c), lambda c, pk: assign(pk, by=c.lia, via=DESK, request_id=form(), to=c.lia)) == set()


def test_a_follower_of_the_team_does_not_hear_of_his_own_deeds(c: SimpleNamespace) -> None:
    ticket = opened(c)
    follow(ticket, c.bia)
    heard = told(c, ticket, lambda c, pk: lifecycle.take(pk, by=c.bia, via=DESK, request_id=form()))
    assert heard == {("ticket_taken", name) for name in REQUESTERS}


def test_a_ticket_handed_back_is_offered_to_who_escalated_it_and_the_requester_hears(c: SimpleNamespace) -> None:
    hand_back: Do = lambda c, pk: lifecycle.hand_back(pk, by=c.caio, via=DESK, request_id=form(), reason="Log.")  # noqa: E731
    heard = told(c, at_status(c, Status.IN_PROGRESS, Level.N3), hand_back)
    assert heard == {("ticket_handed_back", name) for name in REQUESTERS} | {("ticket_offered", "Bia")}
    RoleGrant.objects.filter(user=c.bia).update(ended_at=worktime.now())
    lost = at_status(c, Status.QUEUED)
    Ticket.objects.filter(pk=lost.pk).update(level=Level.N3, queue=c.n3, status=Status.IN_PROGRESS, assignee=c.caio)
    assert told(c, lost, hand_back) == {("ticket_handed_back", name) for name in REQUESTERS}


SILENT: list[tuple[Status, Level, Do]] = [
    (Status.IN_PROGRESS, Level.N2, lambda c, pk: lifecycle.note(pk, by=c.bia, via=DESK, request_id=form(), body="Senha.")),
    (Status.QUEUED, Level.N2, lambda c, pk: lifecycle.note(pk, by=c.beto, via=DESK, request_id=form(), body="Senha.")),
    (Status.QUEUED, Level.N2, lambda c, pk: lifecycle.triage(pk, by=c.bia, via=DESK, request_id=form())),
    (
        Status.IN_PROGRESS,
        Level.N2,
        lambda c, pk: lifecycle.release(pk, by=c.bia, via=DESK, request_id=form(), reason="Férias."),
    ),
    (
        Status.IN_PROGRESS,
        Level.N2,
        lambda c, pk: lifecycle.set_priority(pk, by=c.bia, via=DESK, request_id=form(), priority=1, reason="Parou."),
    ),
    (Status.CLOSED, Level.N2, lambda c, pk: lifecycle.confirm(pk, by=c.ana, via=PORTAL, request_id=form())),
]


@pytest.mark.parametrize(("status", "level", "do"), SILENT)
def test_what_asks_nothing_of_another_tells_nobody(c: SimpleNamespace, status: Status, level: Level, do: Do) -> None:
    assert told(c, at_status(c, status, level), do) == set()


BY_OTHERS: list[tuple[str, Status, Do]] = [
    ("note", Status.IN_PROGRESS, lambda c, pk: lifecycle.note(pk, by=c.beto, via=DESK, request_id=form(), body="Olhe o log.")),
    (
        "comment",
        Status.IN_PROGRESS,
        lambda c, pk: lifecycle.comment(pk, by=c.duda, via=DESK, request_id=form(), body="Já."),
    ),
    (
        "set_priority",
        Status.IN_PROGRESS,
        lambda c, pk: lifecycle.set_priority(pk, by=c.duda, via=DESK, request_id=form(), priority=1, reason="Parou."),
    ),
    (
        "withdraw_question",
        Status.WAITING_REQUESTER,
        lambda c, pk: lifecycle.withdraw_question(pk, by=c.lia, via=DESK, request_id=form(), reason="Achei."),
    ),
    ("assign", Status.IN_PROGRESS, lambda c, pk: lifecycle.assign(pk, by=c.lia, via=DESK, request_id=form(), to=c.beto)),
    (
        "release",
        Status.IN_PROGRESS,
        lambda c, pk: lifecycle.release(pk, by=c.lia, via=DESK, request_id=form(), reason="…"),
    ),
]


@pytest.mark.parametrize(("status", "do"), [row[1:] for row in BY_OTHERS], ids=[row[0] for row in BY_OTHERS])
def test_who_holds_a_ticket_hears_what_colleagues_do_with_it(c: SimpleNamespace, status: Status, do: Do) -> None:
    heard = told(c, at_status(c, status), do)
    assert ("ticket_changed_team", "Bia") in heard
    assert {name for kind, name in heard if kind == "ticket_changed_team"} == {"Bia"}


def test_who_reads_the_ticket_no_more_does_not_hear_that_it_left_him(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    get_user_model().objects.filter(pk=c.bia.pk).update(is_active=False)
    heard = told(c, ticket, lambda c, pk: lifecycle.assign(pk, by=c.lia, via=DESK, request_id=form(), to=c.beto))
    assert heard == {("ticket_assigned", "Beto")}


def test_a_colleague_who_is_called_hears_of_the_note_once(c: SimpleNamespace) -> None:
    heard = told(
        c,
        at_status(c, Status.IN_PROGRESS),
        lambda c, pk: lifecycle.note(pk, by=c.beto, via=DESK, request_id=form(), body="Veja.", mentions=[c.bia, c.caio]),
    )
    assert heard == {("ticket_mentioned", "Bia"), ("ticket_mentioned", "Caio")}


@pytest.mark.parametrize(("by", "hears"), [("bia", {("ticket_redacted", "Ana")}), ("ana", set())])
def test_whose_words_another_hid_is_told_to_change_his_password(
    c: SimpleNamespace, by: str, hears: set[tuple[str, str]]
) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    hide: Do = lambda c, pk: lifecycle.redact(  # noqa: E731
        pk, by=getattr(c, by), via=DESK, request_id=form(), what=ticket.messages.earliest("pk"), passage="tela"
    )
    assert told(c, ticket, hide) == hears


def test_that_words_of_the_team_were_hidden_tells_nobody(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    note = lifecycle.note(ticket.pk, by=c.beto, via=DESK, request_id=form(), body="senha 1").messages.latest("pk")
    assert told(c, ticket, lambda c, pk: lifecycle.redact(pk, by=c.bia, via=DESK, request_id=form(), what=note)) == set()
