"""The workbench: what it shows, and what it offers to whom."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import Membership, User
from catalog.models import FormField, Offering, SupportType
from notifications import addresses
from notifications.models import MailAddress
from tests.cast import MONDAY, at_status, form, fresh, opened
from tests.tickets.admin.desk import (
    INLINE,
    bench_url,
    case_of,
    offered,
    page_of,
    signed_in,
)
from tests.tickets.asking import short_form
from tickets import conversation, lifecycle, rules
from tickets.admin.bench.commands import COMMANDS
from tickets.lifecycle import AgencyChoice, Answered
from tickets.models import TicketReading
from tickets.states import Action, Level, Status, Via

N3 = Level.N3
STATUSES = [(status, level) for status in Status for level in Level if (status, level) != (Status.IN_VALIDATION, Level.N2)]
TEAM = ["bia", "beto", "caio", "celia", "lia", "duda"]
QUERIES = 6
"""Session, person with his rights, ticket, what is told of it (and that it was read), what stands beside it (people, drafts,
the catalog's part), newest events with their words. One more each for files and links."""


@pytest.mark.parametrize(("status", "level"), STATUSES)
def test_the_page_offers_what_is_legal_and_nothing_else(c: SimpleNamespace, status: Status, level: Level) -> None:
    ticket = at_status(c, status, level)
    readers = 0
    for name in TEAM:
        user = fresh(getattr(c, name))
        response = signed_in(user).get(bench_url(ticket))
        if response.status_code == 404:
            continue
        readers += 1
        assert offered(response.content.decode()) == rules.legal_actions(user, ticket) & set(COMMANDS), name
    assert readers >= 3


def test_every_action_of_the_team_is_drawn() -> None:
    """Whatever is drawn elsewhere is named here, so that nothing is forgotten in silence."""
    beside_the_words = {Action.REDACT, Action.SPLIT}
    requesters = {Action.OPEN, Action.ANSWER, Action.SOLVED, Action.CANCEL, Action.CONFIRM}
    systems = {Action.REMIND, Action.EXPIRE_WAIT, Action.FINALIZE}
    assert set(Action) - set(COMMANDS) == beside_the_words | requesters | systems


def test_the_page_tells_that_no_mail_reaches_who_asks(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    addresses.block(c.eva.email, MailAddress.Reason.BOUNCED, "550 5.1.1")
    assert "E-mails não chegam" not in page_of(c.bia, ticket)
    addresses.block(c.ana.email, MailAddress.Reason.BOUNCED, "550 5.1.1")
    assert "E-mails não chegam" in page_of(c.bia, ticket)


def test_the_page_tells_who_asks_and_what(c: SimpleNamespace) -> None:
    User.objects.filter(pk=c.ana.pk).update(cpf="12345678909", phone="61998765432", social_name="Ana Social")
    page = page_of(c.bia, at_status(c, Status.WAITING_REQUESTER))
    for text in (
        "Ana Social",
        "***.456.789-**",
        "(61) 99876-5432",
        "A – Órgão A",
        "Vínculo confirmado",
        "Ambiente",
        "Produção",
        "Ao assinar, a tela fica em branco.",
        "Qual a versão?",
        "Encerra sem resposta em",
        "Bia perguntou ao solicitante.",
    ):
        assert text in page
    assert "12345678909" not in page


def test_one_goes_past_the_requester_to_the_talk_and_to_where_one_writes(c: SimpleNamespace) -> None:
    page = page_of(c.bia, at_status(c, Status.IN_PROGRESS))
    places = [page.index(f'class="bench-{part}"') for part in ("person", "talk", "actions")]
    assert places == sorted(places)
    shortcuts = page.partition('aria-label="Atalhos"')[2].partition("</nav>")[0]
    for target in re.findall(r'href="#([^"]+)"', shortcuts):
        assert page.count(f'id="{target}"') == 1, target
    assert "Ir para a conversa" in shortcuts
    assert "Ir para o que escrever" in shortcuts


def test_the_bond_with_the_body_is_told(c: SimpleNamespace) -> None:
    ticket = opened(c)
    Membership.objects.filter(user=c.ana).update(confirmed_at=None)
    assert "Vínculo não confirmado" in page_of(c.bia, ticket)
    Membership.objects.filter(user=c.ana).update(ended_at=worktime.now())
    assert "Vínculo encerrado" in page_of(c.bia, ticket)
    assert "Não representa órgão" in page_of(c.bia, opened(c, by=c.eva))


def test_a_body_that_is_not_on_the_list_is_told(c: SimpleNamespace) -> None:
    choice = AgencyChoice(unlisted_name="Câmara de Vila Exemplo", unlisted_state="MG", unlisted_sphere=c.other_sphere)
    page = page_of(c.bia, opened(c, agency=choice))
    for text in ("Câmara de Vila Exemplo (MG)", "Executivo Estadual", "Órgão fora da lista"):
        assert text in page


def test_notes_stand_apart_in_words(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Parece a versão antiga.")
    turns = re.findall(r'<li class="turn.*?</li>', page_of(c.bia, ticket), re.DOTALL)
    assert ["Nota interna: só a equipe lê" in turn for turn in turns] == [False, True]


def test_what_people_wrote_is_shown_as_text_with_its_lines(c: SimpleNamespace) -> None:
    evil = "<script>alert(1)</script>\nlinha dois\n\n<a href='javascript:alert(2)'>x</a>"
    page = page_of(c.bia, opened(c, body=evil, subject="<b>negrito</b>"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>linha dois" in page
    assert "<b>negrito" not in page
    assert "<a href='javascript" not in page


@pytest.mark.parametrize(("status", "level"), STATUSES)
def test_nothing_inline_on_the_page(c: SimpleNamespace, status: Status, level: Level) -> None:
    ticket = at_status(c, status, level)
    assert not INLINE.findall(page_of(c.duda, ticket))
    assert not INLINE.findall(page_of(c.caio if level == N3 else c.bia, ticket))


@pytest.mark.parametrize("turns", [1, 60])
def test_the_page_costs_the_same_whatever_was_said(
    c: SimpleNamespace, turns: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    for turn in range(turns):
        lifecycle.note(ticket.pk, by=c.lia, via=Via.DESK, request_id=form(), body=f"Nota {turn}.")
    client = signed_in(c.bia)
    with django_assert_num_queries(QUERIES):
        client.get(bench_url(ticket))


def test_reading_leaves_its_record(c: SimpleNamespace) -> None:
    ticket = opened(c)
    with time_machine.travel(MONDAY + timedelta(minutes=20), tick=False):
        for user in (c.bia, c.bia, c.duda):
            signed_in(user).get(bench_url(ticket))
        signed_in(c.caio).get(bench_url(ticket))
    kept = TicketReading.objects.order_by("pk").values_list("ticket", "user__name", "hour")
    assert list(kept) == [(ticket.pk, "Bia", MONDAY), (ticket.pk, "Duda", MONDAY)]


def test_similar_tickets_stand_beside_as_far_as_their_reader_reads_them(c: SimpleNamespace) -> None:
    ticket, other = opened(c), opened(c, by=c.eva, agency=AgencyChoice(agency=c.b), subject="Erro ao assinar minuta")
    elsewhere = at_status(c, Status.QUEUED, N3)
    page = case_of(c.bia, ticket).partition('id="parecidos"')[2].partition("</section>")[0]
    assert f"{other.number} · Erro ao assinar minuta" in page
    assert "B, aberto em" in page
    assert str(elsewhere.number) not in case_of(c.beto, ticket)
    assert "Nenhum aberto ou encerrado nos últimos 30 dias." in case_of(c.caio, elsewhere)


def test_after_a_transfer_answers_to_the_earlier_form_stand_apart(c: SimpleNamespace) -> None:
    short_form(c)
    kind = SupportType.objects.create(
        core_system=c.core, slug="tirar-duvida", name="Tirar dúvida", description="…", request_class="duvida"
    )
    FormField.objects.create(support_type=kind, name="modulo", label="Módulo", kind=FormField.Kind.TEXT, required=True)
    other = Offering.objects.create(sphere=c.sphere, product=c.product, support_type=kind, n2_queue=c.n2, n3_queue=c.n3)
    answers = [
        Answered("ambiente", "Ambiente", FormField.Kind.CHOICE, "Produção", ["Produção"]),
        Answered("modulo", "Módulo do erro", FormField.Kind.TEXT, "Assinatura"),
    ]
    ticket = opened(c, answers=answers)
    given = page_of(c.bia, ticket).partition('id="respostas"')[2].partition("</section>")[0]
    assert "Módulo do erro" in given
    assert "Respostas da oferta anterior" not in given

    lifecycle.transfer(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), reason="É dúvida.", offering=other)
    page = page_of(c.bia, ticket)
    fit, _, earlier = page.partition('id="respostas"')[2].partition("</section>")[0].partition("Respostas da oferta anterior")
    assert ("Assinatura" in fit, "Assinatura" in earlier) == (True, False)
    assert ("Produção" in fit, "Produção" in earlier) == (False, True)
    assert "Nada falta" in case_of(c.bia, ticket)


def test_a_long_story_is_shown_in_parts(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "PAGE", 3)
    ticket = at_status(c, Status.IN_PROGRESS)
    for turn in range(4):
        lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body=f"Nota {turn}.")
    client = signed_in(c.bia)
    newest = client.get(bench_url(ticket)).content.decode()
    assert re.findall(r"Nota \d\.", newest) == ["Nota 1.", "Nota 2.", "Nota 3."]
    assert "mensagens mais novas" not in newest
    (before,) = set(re.findall(r'href="\?antes=(\d+)#conversa"', newest))
    middle = client.get(bench_url(ticket), {"antes": before}).content.decode()
    assert re.findall(r"Nota \d\.", middle) == ["Nota 0."]
    assert "mensagens mais novas" in middle
    (before,) = set(re.findall(r'href="\?antes=(\d+)#conversa"', middle)) or {""}
    assert before == ""
    assert "Bia assumiu o chamado." in middle


@pytest.mark.parametrize("before", ["x", "-1", "0", "9" * 40, "²"])
def test_no_part_of_a_story_breaks_nothing(c: SimpleNamespace, before: str) -> None:
    assert signed_in(c.bia).get(bench_url(opened(c)), {"antes": before}).status_code == 200
