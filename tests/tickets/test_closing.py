"""The end of a ticket: what each verb keeps, and the words in which one is refused (``tickets/lifecycle/closing.py``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

import worktime
from accounts.models import User
from catalog.models import CoreSystem, SupportScript
from tests.cast import at_status, form, fresh, opened, sent_file, terms_of_a_job
from tests.tickets.test_lifecycle import state_of
from tests.tickets.test_races import refusable, while_held
from tickets import lifecycle
from tickets.lifecycle import AgencyChoice, Incomplete
from tickets.models import Follower, Ticket
from tickets.states import Closure, Status, Via


def by(user: User) -> dict[str, Any]:
    return {"by": user, "via": Via.PORTAL, "request_id": form()}


@pytest.mark.parametrize("verb", [lifecycle.solved, lifecycle.cancel])
def test_the_requester_ends_it_with_or_without_words(c: SimpleNamespace, verb: Callable[..., Ticket]) -> None:
    silent, told = opened(c), opened(c)
    verb(silent.pk, **by(c.ana))
    assert silent.messages.count() == 1  # that of the opening
    verb(told.pk, **by(c.ana), body="Voltou a funcionar.")
    assert (told.messages.latest("pk").body, told.messages.latest("pk").internal) == ("Voltou a funcionar.", False)


def test_a_duplicate_is_closed_with_or_without_words(c: SimpleNamespace) -> None:
    root, silent, told = opened(c), opened(c), opened(c)
    lifecycle.close_duplicate(silent.pk, **by(c.bia), root=root.number)
    assert silent.messages.count() == 1
    lifecycle.close_duplicate(told.pk, **by(c.bia), root=root.number, body="Siga o outro.")
    assert told.messages.latest("pk").body == "Siga o outro."


def test_a_root_that_will_not_do_is_named(c: SimpleNamespace) -> None:
    ticket, over = opened(c), at_status(c, Status.FINAL)
    before = state_of(ticket)
    for root, words in (
        (ticket.number, "duplicado dele mesmo"),
        (99_999_999, "Não há chamado com o número 99999999"),
        (over.number, f"O chamado {over.number} não pode mais ser reaberto"),
    ):
        with pytest.raises(Incomplete, match=words):
            lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root)
    assert state_of(ticket) == before


def test_a_root_will_do_until_it_can_no_longer_be_reopened(c: SimpleNamespace) -> None:
    ticket, root = opened(c), at_status(c, Status.CLOSED)
    assert root.reopen_until is not None
    ahead = root.reopen_until - worktime.now()
    with worktime.shifted(ahead + timedelta(seconds=1)), pytest.raises(Incomplete, match="não pode mais ser reaberto"):
        lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root.number)
    with time_machine.travel(root.reopen_until, tick=False):  # the last moment itself
        assert lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root.number).duplicate_of == root


def test_why_a_ticket_comes_back_stays_within_the_team(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.FINAL)
    lifecycle.restore(ticket.pk, **by(c.duda), justification="Encerrado por engano.")
    said = ticket.messages.latest("pk")
    assert (said.body, said.internal) == ("Encerrado por engano.", True)


@pytest.mark.parametrize("verb", [lifecycle.resolve, lifecycle.refuse])
def test_the_answer_that_closes_is_read_by_the_requester(c: SimpleNamespace, verb: Callable[..., Ticket]) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    verb(ticket.pk, **by(c.bia), body="Atualize.", **({"cause": c.cause} if verb == lifecycle.resolve else {}))
    said = ticket.messages.latest("pk")
    assert (said.body, said.internal, said.author) == ("Atualize.", False, c.bia)


def test_every_reopening_is_counted_and_says_why(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    for words in ("Voltou.", "Voltou de novo."):
        assert lifecycle.confirm(ticket.pk, **by(c.ana)).confirmed_at is not None
        lifecycle.reopen(ticket.pk, **by(c.ana), body=words)
        assert ticket.messages.latest("pk").body == words
        ticket = lifecycle.resolve(ticket.pk, **by(c.bia), body="Feito.", cause=c.cause)
    assert ticket.reopenings == 2


def test_the_event_of_a_duplicate_names_its_root(c: SimpleNamespace) -> None:
    ticket, root = opened(c), opened(c)
    lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root.number)
    assert ticket.events.latest("pk").data["root"] == root.pk


@pytest.mark.django_db(transaction=True)
def test_a_root_that_becomes_a_duplicate_meanwhile_is_looked_at_again(c: SimpleNamespace) -> None:
    ticket, root, first = opened(c), opened(c), opened(c)
    events = ticket.events.count()
    refused = while_held(
        lambda: lifecycle.close_duplicate(root.pk, **by(fresh(c.lia)), root=first.number),
        lambda: refusable(lambda: lifecycle.close_duplicate(ticket.pk, **by(fresh(c.bia)), root=root.number)),
    )
    assert isinstance(refused, Incomplete)
    assert "acaba de ser encerrado como duplicado" in refused.sentence
    assert ticket.events.count() == events
    assert lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root.number).duplicate_of == first


@pytest.mark.parametrize(("of_root", "of_duplicate"), [(True, False), (False, True), (False, False)])
def test_who_shares_no_body_with_the_root_does_not_follow_it(c: SimpleNamespace, of_root: bool, of_duplicate: bool) -> None:
    """Two tickets of no body share none: else a stranger would read the root."""

    def ticket_of(user: User, with_body: bool) -> Ticket:
        return opened(c, by=user, agency=AgencyChoice(agency=c.a) if with_body else AgencyChoice())

    root, ticket = ticket_of(c.gil, of_root), ticket_of(c.ana, of_duplicate)
    lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root.number)
    assert not Follower.objects.exists()


def test_who_asked_twice_does_not_follow_himself(c: SimpleNamespace) -> None:
    root, ticket = opened(c), opened(c)
    lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root.number)
    assert not Follower.objects.exists()


def test_a_file_goes_with_the_words_that_close_or_reopen(c: SimpleNamespace) -> None:
    def said_with_file(verb: Callable[..., Ticket], status: Status, user: User, **needs: Any) -> bool:
        ticket, file = at_status(c, status), sent_file(user)
        verb(ticket.pk, **by(user), body="Veja o anexo.", files=[file], **needs)
        return list(ticket.messages.latest("pk").attachments.values_list("file", "internal")) == [(file.pk, False)]

    assert said_with_file(lifecycle.resolve, Status.IN_PROGRESS, c.bia, cause=c.cause)
    assert said_with_file(lifecycle.refuse, Status.IN_PROGRESS, c.bia)
    assert said_with_file(lifecycle.close_duplicate, Status.IN_PROGRESS, c.bia, root=opened(c).number)
    assert said_with_file(lifecycle.reopen, Status.CLOSED, c.ana)


def test_an_answer_rests_on_a_script_in_use_of_its_product_or_system(c: SimpleNamespace) -> None:
    other = CoreSystem.objects.create(slug="outro", name="Outro", card_name="Outro", acronym="O", description="…")

    def script(core_system: CoreSystem, **fields: Any) -> SupportScript:
        slug = f"roteiro-{SupportScript.objects.count()}"
        return SupportScript.objects.create(core_system=core_system, slug=slug, title=slug, situation="…", reply="…", **fields)

    for serving in (script(c.core), script(c.core, product=c.product)):
        ticket = at_status(c, Status.IN_PROGRESS)
        lifecycle.resolve(ticket.pk, **by(c.bia), body="Feito.", cause=c.cause, script=serving)
        assert ticket.messages.latest("pk").script == serving
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    for strange in (script(other), script(c.core, active=False)):
        with pytest.raises(Incomplete, match="não é do produto"):
            lifecycle.resolve(ticket.pk, **by(c.bia), body="Feito.", cause=c.cause, script=strange)
    assert state_of(ticket) == before


def test_what_time_closes_is_closed_by_the_terms_of_its_job(c: SimpleNamespace) -> None:
    waiting, closed = at_status(c, Status.WAITING_REQUESTER), at_status(c, Status.CLOSED)
    with worktime.shifted(timedelta(hours=60)):
        lifecycle.remind(waiting.pk, request_id=form())
        over = lifecycle.finalize(closed.pk, request_id=form(), terms=terms_of_a_job())
    with worktime.shifted(timedelta(hours=90)):
        expired = lifecycle.expire_wait(waiting.pk, request_id=form(), terms=terms_of_a_job())
    assert (over.status, over.calendar_version) == (Status.FINAL, "job")
    assert (expired.closure, expired.calendar_version) == (Closure.NO_INTERACTION, "job")
