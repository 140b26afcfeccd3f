"""The known situations and the missing parts of a ticket, on its workbench."""

import html
import re
from types import SimpleNamespace

import pytest

from catalog.models import RoutingRule
from tests.cast import at_status, opened
from tests.tickets.admin.desk import INLINE, bench_url, case_of, page_of, signed_in, state_of
from tests.tickets.asking import short_form
from tickets.lifecycle import AgencyChoice, Answered
from tickets.models import Ticket
from tickets.states import Status

Outcome = RoutingRule.Outcome


def rule(c: SimpleNamespace, outcome: str, **conditions: object) -> RoutingRule:
    return RoutingRule.objects.create(
        core_system=c.core,
        slug=outcome,
        situation="A situação",
        conditions=conditions or {"produto": ["sei"]},
        outcome=outcome,
        requester_text="Anexe os dois logs.",
        analyst_text="Confira o plano.",
    )


def opens(ticket: Ticket, action: str) -> str:
    return f"{bench_url(ticket)}?acao={action}#acao-{action}"


def box(page: str, name: str) -> str:
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("outcome", "words", "action"),
    [
        (Outcome.ADVISE_REFUSAL, "Orientar e encerrar", "refuse"),
        (Outcome.ESCALATE, "Encaminhar ao N3", "escalate"),
        (Outcome.ADVISE_FIRST, "Orientar antes de analisar", ""),
    ],
)
def test_the_box_says_what_the_desk_does_and_leads_to_the_form(
    c: SimpleNamespace, outcome: Outcome, words: str, action: str
) -> None:
    rule(c, outcome)
    ticket = at_status(c, Status.IN_PROGRESS)
    page = case_of(c.bia, ticket)
    found = box(page, "roteiro")
    for text in ("A situação.", words):
        assert text in found.partition("<details>")[0]
    assert "Confira o plano." in found.partition("<details>")[2]
    assert re.findall(r'<a href="([^"]+)"', found) == ([opens(ticket, action)] if action else [])
    assert not INLINE.findall(page)


@pytest.mark.parametrize("action", ["refuse", "escalate", "resolve", "close_duplicate"])
def test_a_link_to_an_action_finds_its_form_open(c: SimpleNamespace, action: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    page_open = re.compile(r'<details class="action" id="acao-(\w+)" open>')
    assert page_open.findall(page_of(c.bia, ticket)) == []
    assert page_open.findall(signed_in(c.bia).get(opens(ticket, action)).content.decode()) == [action]


def test_no_link_to_what_is_not_legal(c: SimpleNamespace) -> None:
    rule(c, Outcome.ESCALATE)
    found = box(case_of(c.bia, opened(c)), "roteiro")
    assert "Confira o plano." in found
    assert "<a" not in found


def test_no_box_for_an_ordinary_or_a_closed_ticket(c: SimpleNamespace) -> None:
    rule(c, Outcome.ADVISE_REFUSAL, produto=["nup"])
    assert 'id="roteiro"' not in case_of(c.bia, opened(c))
    RoutingRule.objects.update(conditions={"produto": ["sei"]})
    page = case_of(c.bia, at_status(c, Status.CLOSED))
    assert 'id="roteiro"' not in page
    assert 'id="completude"' not in page


def test_a_duplicate_is_one_of_the_same_requester_or_body(c: SimpleNamespace) -> None:
    rule(c, Outcome.WARN, chamado_semelhante_aberto=True)
    ticket = opened(c)
    opened(c, by=c.eva, agency=AgencyChoice(agency=c.b))
    assert 'id="roteiro"' not in case_of(c.bia, ticket)
    opened(c, by=c.gil, agency=AgencyChoice(agency=c.a))
    found = box(case_of(c.bia, ticket), "roteiro")
    assert "Confira o plano." in found
    assert f'href="{opens(ticket, "close_duplicate")}"' in found
    assert "Ir para “Encerrar por ser igual a outro”" in found


def test_what_holds_without_the_other_ticket_speaks_of_no_duplicate(c: SimpleNamespace) -> None:
    rule(c, Outcome.ADVISE_REFUSAL, alguma=[{"chamado_semelhante_aberto": True}, {"produto": ["sei"]}])
    ticket = at_status(c, Status.IN_PROGRESS)
    opened(c, by=c.gil, agency=AgencyChoice(agency=c.a))
    found = box(case_of(c.bia, ticket), "roteiro")
    assert opens(ticket, "refuse") in found
    assert "close_duplicate" not in found


def complete(c: SimpleNamespace, **fields: object) -> Ticket:
    moment = Answered("data_hora_ocorrencia", "Data", "data_hora", "2026-11-20T12:30:00+00:00")
    return opened(c, answers=[Answered("ambiente", "Ambiente", "selecao", "Produção", ["Produção"]), moment], **fields)


def test_a_complete_request_lacks_nothing(c: SimpleNamespace) -> None:
    short_form(c)
    found = box(case_of(c.bia, complete(c)), "completude")
    assert "Nada falta" in found
    assert "pedir=falta" not in found


def test_what_is_missing_is_asked_with_one_press_that_sends_nothing(c: SimpleNamespace) -> None:
    short_form(c)
    rule(c, Outcome.REQUIRE_EVIDENCE)
    ticket = at_status(c, Status.IN_PROGRESS)
    page = case_of(c.bia, ticket)
    found = box(page, "completude")
    assert f'href="{bench_url(ticket)}?pedir=falta#escrever"' in found
    seen, _, folded = found.partition("<details>")
    assert re.search(r"Falta\s*</span>\s*Evidencias", seen)
    assert re.search(r"Ajudaria\s*</span>\s*Data hora ocorrencia", folded)
    assert "precisamos de mais informações" not in page_of(c.bia, ticket)

    before = state_of(ticket)
    page = signed_in(c.bia).get(bench_url(ticket), {"pedir": "falta"}).content.decode()
    asking = page.partition('id="escrever"')[2].partition("</section>")[0]
    assert 'value="publica" id="kind-publica" autocomplete="off" checked>' in asking
    text = html.unescape(asking.partition("<textarea")[2].partition("</textarea>")[0])
    assert "- Evidencias: Anexe os dois logs." in text
    assert "- Data hora ocorrencia" in text
    assert "Ambiente" not in text
    assert state_of(ticket) == before


def test_who_may_not_ask_is_offered_no_question(c: SimpleNamespace) -> None:
    short_form(c)
    ticket = opened(c)
    assert "pedir=falta" not in case_of(c.bia, ticket)
    page = signed_in(c.bia).get(bench_url(ticket), {"pedir": "falta"}).content.decode()
    assert "precisamos de mais informações" not in page
