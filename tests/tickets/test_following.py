"""Who may ask to follow a ticket, who decides, what either learns, and how it ends."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from accounts import memberships
from accounts.models import Membership, RoleGrant, User
from notifications import kinds
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import at_status, follow, form, fresh, opened, person
from tests.tickets.admin.desk import INLINE, bench_url, signed_in
from tests.tickets.asking import ERROR_FORM, short_form, written
from tickets import follow_words, following, lifecycle, rules
from tickets.following import NotNow
from tickets.models import Follower, FollowRequest, Ticket
from tickets.states import Role, Status, Via

PAGE = "/chamados/acompanhar/"
SUBJECT = "Senhora Zulmira não assina"
CARD = re.compile(r'name="acompanhar" value="([0-9a-f]{64})"')


@pytest.fixture
def rui(c: SimpleNamespace) -> User:
    """A colleague of Ana's."""
    user = person("Rui")
    Membership.objects.create(user=user, agency=c.a, confirmed_at=worktime.now())
    return fresh(user)


@pytest.fixture
def ticket(c: SimpleNamespace) -> Ticket:
    return opened(c, subject=SUBJECT)


def asked(user: User, ticket: Ticket) -> FollowRequest:
    return following.ask(fresh(user), following.token(user, ticket.pk))


def state() -> tuple[object, ...]:
    return (list(FollowRequest.objects.order_by("pk").values()), list(Follower.objects.values()), Notice.objects.count())


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def test_the_focal_point_and_the_assignee_hear_of_it(c: SimpleNamespace, rui: User) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    asked(rui, ticket)
    assert told("follow_asked") == {"Gil", "Bia"}
    urls = {n.recipient.name: kinds.context_of(n)["url"] for n in Notice.objects.filter(kind="follow_asked")}
    assert urls == {"Gil": PAGE, "Bia": bench_url(ticket)}


def test_asking_twice_is_asking_once(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    first = asked(rui, ticket)
    before = state()
    assert asked(rui, ticket) == first
    assert state() == before


@pytest.mark.parametrize(
    "why", ["another body", "unconfirmed", "left", "own", "focal point", "follows", "closed", "account closed"]
)
def test_who_sees_no_limited_card_cannot_ask(c: SimpleNamespace, rui: User, ticket: Ticket, why: str) -> None:
    user = {"another body": c.eva, "own": c.ana, "focal point": c.gil}.get(why, rui)
    match why:
        case "unconfirmed":
            Membership.objects.filter(user=rui).update(confirmed_at=None)
        case "left":
            memberships.end(rui.memberships.get().pk, by=c.gil)
        case "follows":
            follow(ticket, rui)
        case "closed":
            lifecycle.cancel(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form())
        case "account closed":
            User.objects.filter(pk=rui.pk).update(is_active=False)
    before = state()
    with pytest.raises(NotNow):
        asked(user, ticket)
    assert state() == before


@pytest.mark.parametrize("card", ["", "0" * 64, "é", "x" * 10_000, "of somebody else"])
def test_a_card_that_is_not_this_persons_asks_for_nothing(c: SimpleNamespace, rui: User, ticket: Ticket, card: str) -> None:
    with pytest.raises(NotNow):
        following.ask(rui, following.token(c.ana, ticket.pk) if card == "of somebody else" else card)
    assert not FollowRequest.objects.exists()


def test_so_many_requests_wait_at_once(c: SimpleNamespace, rui: User) -> None:
    tickets = [opened(c) for _ in range(following.MOST_OPEN + 1)]
    for ticket in tickets[:-1]:
        asked(rui, ticket)
    with pytest.raises(NotNow, match="10 pedidos"):
        asked(rui, tickets[-1])
    lifecycle.cancel(tickets[0].pk, by=c.ana, via=Via.PORTAL, request_id=form())
    asked(rui, tickets[-1])


def test_admitted_he_reads_answers_and_is_told_and_so_is_the_requester(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    following.decide(asked(rui, ticket).pk, by=fresh(c.gil), admit=True)
    assert rules.roles(fresh(rui), ticket) == {Role.FOLLOWER}
    assert Ticket.objects.visible_to(fresh(rui)).get() == ticket
    assert (told("follow_admitted"), told("follow_started"), told("follow_declined")) == ({"Rui"}, {"Ana"}, set())
    threads = {kinds.thread_of(notice) for notice in Notice.objects.filter(kind__startswith="follow_")}
    assert threads == {f"ticket-{ticket.number}"}


def test_declined_he_is_told_without_learning_more_and_cannot_ask_again(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    request = following.decide(asked(rui, ticket).pk, by=fresh(c.gil), admit=False)
    assert (request.admitted, request.decided_by) == (False, c.gil)
    assert rules.roles(fresh(rui), ticket) == frozenset()
    notice = Notice.objects.get(kind="follow_declined")
    mail = letter(notice)
    for text in (kinds.title_of(notice), mail.subject, str(mail.body), str(mail.alternatives)):
        assert str(ticket.number) not in text
        assert "Zulmira" not in text
    assert kinds.thread_of(notice) == ""
    assert (told("follow_admitted"), told("follow_started")) == (set(), set())
    with pytest.raises(NotNow, match="já foi recusado"):
        asked(rui, ticket)


DECIDERS, OTHERS = ["gil", "bia", "lia", "duda"], ["ana", "rui", "caio", "eva", "dora"]


@pytest.mark.parametrize("name", DECIDERS + OTHERS)
def test_the_focal_point_and_the_team_decide_and_nobody_else(c: SimpleNamespace, rui: User, ticket: Ticket, name: str) -> None:
    c.rui, request = rui, asked(rui, ticket)
    before, by = state(), fresh(getattr(c, name))
    if name in DECIDERS:
        assert following.decide(request.pk, by=by, admit=True).decided_by == by
        return
    with pytest.raises(FollowRequest.DoesNotExist):
        following.decide(request.pk, by=by, admit=True)
    assert state() == before


def test_the_second_to_decide_gets_a_sentence(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    request = asked(rui, ticket)
    following.decide(request.pk, by=fresh(c.gil), admit=True)
    before = state()
    with pytest.raises(NotNow, match="Gil já aceitou"):
        following.decide(request.pk, by=fresh(c.bia), admit=False)
    assert state() == before


@pytest.mark.parametrize("gone", ["left", "closed", "account closed"])
def test_a_request_whose_reason_is_gone_is_shown_to_nobody_and_cannot_be_admitted(
    c: SimpleNamespace, rui: User, ticket: Ticket, gone: str
) -> None:
    request = asked(rui, ticket)
    match gone:
        case "left":
            memberships.end(rui.memberships.get().pk, by=c.gil)
        case "closed":
            lifecycle.cancel(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form())
        case "account closed":
            User.objects.filter(pk=rui.pk).update(is_active=False)
    before = state()
    assert list(following.pending_for(fresh(c.gil))) == list(following.pending_on(ticket)) == []
    with pytest.raises(NotNow, match="não vale mais"):
        following.decide(request.pk, by=fresh(c.gil), admit=True)
    assert state() == before


def test_who_leaves_the_body_follows_no_more(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    following.decide(asked(rui, ticket).pk, by=fresh(c.gil), admit=True)
    memberships.end(rui.memberships.get().pk, by=c.gil)
    assert rules.roles(fresh(rui), ticket) == frozenset()
    assert following.followers_of(ticket) == []


@pytest.mark.parametrize(("name", "may"), [("ana", 1), ("gil", 1), ("rui", 1), ("bia", 0), ("eva", 0), ("ivo", 0)])
def test_a_following_is_ended_by_himself_the_requester_or_the_focal_point(
    c: SimpleNamespace, rui: User, ticket: Ticket, name: str, may: int
) -> None:
    follow(ticket, rui)
    c.rui, c.ivo = rui, person("Ivo")
    follow(ticket, c.ivo)
    by = fresh(getattr(c, name))
    his = ticket.followers.get(user=rui)
    answer = signed_in(by).post(f"/chamados/{ticket.number}/acompanhantes/sair/", {"acompanhante": his.pk})
    assert answer.status_code == (302 if may else 404)
    assert ticket.followers.filter(user=rui).exists() is not bool(may)
    assert ticket.followers.filter(user=c.ivo).exists()


# The pages.


@pytest.fixture
def writer(c: SimpleNamespace, rui: User, ticket: Ticket) -> Client:
    short_form(c)
    return signed_in(rui)


def shown(response: Any) -> str:
    assert response.status_code == 200
    page = str(response.content.decode())
    assert not INLINE.findall(page)
    return page


def test_asking_from_the_form_keeps_what_was_written_and_opens_nothing(
    c: SimpleNamespace, writer: Client, rui: User, ticket: Ticket
) -> None:
    words = written(c, titulo="Zulmira não assina")
    looked = shown(writer.post(ERROR_FORM, {**words, "parecidos": "1"}))
    fragment = shown(writer.post(f"{ERROR_FORM}semelhantes/", words))
    assert CARD.findall(looked) == CARD.findall(fragment) == [following.token(rui, ticket.pk)]
    after = shown(writer.post(ERROR_FORM, {**words, "acompanhar": CARD.findall(looked)[0]}))
    assert "Pedido enviado" in after
    assert "Você já pediu para acompanhar." in after
    assert 'value="Zulmira não assina"' in after
    for page in (looked, fragment, after):
        assert str(ticket.number) not in page
        assert "Senhora" not in page
    assert FollowRequest.objects.get().user == rui
    assert Ticket.objects.count() == 1


def test_a_forged_card_says_so_and_reveals_nothing(c: SimpleNamespace, writer: Client, ticket: Ticket) -> None:
    answers = {shown(writer.post(ERROR_FORM, written(c, titulo="Outro assunto", acompanhar=card))) for card in ("0" * 64, "1")}
    assert all(following.GONE in page for page in answers)
    assert not FollowRequest.objects.exists()


def test_the_focal_point_decides_on_his_page(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    request, gil = asked(rui, ticket), signed_in(c.gil)
    assert "1 pessoa do seu órgão pediu" in shown(gil.get("/chamados/"))
    page = shown(gil.get(PAGE))
    assert SUBJECT in page
    assert f"{PAGE}{request.pk}/aceitar/" in page
    assert gil.post(f"{PAGE}{request.pk}/aceitar/").status_code == 302
    assert "Nenhum pedido espera por você." in shown(gil.get(PAGE))
    assert "já aceitou este pedido" in shown(gil.post(f"{PAGE}{request.pk}/recusar/", follow=True))
    assert Follower.objects.get().user == rui


def test_the_askers_page_shows_no_number_and_no_subject(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    asked(rui, ticket)
    page = shown(signed_in(rui).get(PAGE))
    assert "SEI, reportar um erro" in page
    assert "esperando resposta" in page
    assert str(ticket.number) not in page
    assert "Zulmira" not in page


@pytest.mark.parametrize(("name", "status"), [("rui", 404), ("ana", 404), ("eva", 404), ("caio", 404), ("bia", 302)])
def test_the_address_of_a_decision_exists_for_who_decides(
    c: SimpleNamespace, rui: User, ticket: Ticket, name: str, status: int
) -> None:
    c.rui, request = rui, asked(rui, ticket)
    client = signed_in(getattr(c, name))
    assert client.post(f"{PAGE}{request.pk}/aceitar/").status_code == status
    assert client.post(f"{PAGE}{request.pk}/talvez/").status_code == 404
    assert client.get(f"{PAGE}{request.pk}/aceitar/").status_code == 405
    assert Follower.objects.exists() is (status == 302)


def test_the_team_decides_on_the_workbench(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    request, url = asked(rui, ticket), f"{bench_url(ticket)[:-7]}acompanhar/"
    assert "pediu para acompanhar" in shown(signed_in(c.bia).get(bench_url(ticket)))
    good = {"request": request.pk, "decision": "aceitar"}
    for name, data in (("caio", good), ("bia", {"request": "x"}), ("bia", {**good, "request": 0})):
        assert signed_in(getattr(c, name)).post(url, data).status_code == 404
    assert not Follower.objects.exists()
    assert signed_in(c.bia).post(url, {"request": request.pk, "decision": "aceitar"}).status_code == 302
    page = shown(signed_in(c.bia).get(bench_url(ticket)))
    assert "pediu para acompanhar" not in page
    assert "<li>Rui</li>" in page


def test_the_requester_sees_who_follows_and_the_follower_the_way_out(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    follow(ticket, rui)
    assert "Retirar" in shown(signed_in(c.ana).get(f"/chamados/{ticket.number}/"))
    page = shown(signed_in(rui).get(f"/chamados/{ticket.number}/"))
    assert "Deixar de acompanhar" in page
    assert "Retirar" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_requests_costs_the_same_whatever_its_length(c: SimpleNamespace, rui: User, rows: int) -> None:
    for _ in range(rows):
        asked(rui, opened(c))
    gil = signed_in(c.gil)
    with CaptureQueriesContext(connection) as queries:
        gil.get(PAGE)
    assert len(queries) == 6


def test_each_kind_says_itself(c: SimpleNamespace, rui: User, ticket: Ticket) -> None:
    following.decide(asked(rui, ticket).pk, by=fresh(c.gil), admit=True)
    following.decide(asked(rui, opened(c)).pk, by=fresh(c.gil), admit=False)
    RoleGrant.objects.filter(user=c.bia).update(ended_at=worktime.now())
    found = {notice.kind: letter(notice) for notice in Notice.objects.filter(kind__startswith="follow")}
    assert set(found) == set(follow_words.LABELS)
    for mail in found.values():
        assert mail.subject
        assert "\n" not in mail.subject
        assert "acompanha" in str(mail.body)
