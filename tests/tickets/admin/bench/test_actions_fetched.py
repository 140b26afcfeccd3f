"""The form of an action comes when its fold is opened: as its person left it, for who may send it, and for nobody else."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import at_status, form
from tests.tickets.admin.desk import action_url, bench_url, form_of, page_of, sent, signed_in, state_of
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Status, Via

QUERIES = {"escalate": 5, "transfer": 7, "assign": 6}
"""Session, person, ticket, his part in it and the draft; and what there is to choose from, of which product."""


@pytest.fixture
def ticket(c: SimpleNamespace) -> Ticket:
    return at_status(c, Status.IN_PROGRESS)


def fold(page: str, action: str) -> str:
    return page.partition(f'id="acao-{action}"')[2].partition("</details>")[0]


@pytest.mark.parametrize(
    ("action", "field"),
    [
        ("wait_external", 'name="team"'),
        ("schedule", 'name="until"'),
        ("set_priority", 'name="priority"'),
        ("release", 'name="words"'),
        ("escalate", 'name="words"'),
        ("transfer", 'name="to"'),
        ("refuse", 'name="files"'),
        ("close_duplicate", 'name="root"'),
    ],
)
def test_it_stands_in_no_fold_before(c: SimpleNamespace, ticket: Ticket, action: str, field: str) -> None:
    closed = fold(page_of(c.bia, ticket), action)
    assert closed.startswith(">")
    assert "<form" not in closed
    assert f'hx-get="{action_url(ticket, action)}"' in closed
    assert f'href="{bench_url(ticket)}?acao={action}#acao-{action}"' in closed
    fetched = form_of(c.bia, ticket, action)
    assert f'<form method="post" action="{action_url(ticket, action)}"' in fetched
    assert field in fetched
    page = signed_in(c.bia).get(bench_url(ticket), {"acao": action}).content.decode()
    assert fold(page, action).startswith(" open>")
    assert field in fold(page, action)


def test_what_the_requester_reads_says_what_its_page_had_shown(c: SimpleNamespace, ticket: Ticket) -> None:
    shown = ticket.events.latest("pk").pk
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Mais um detalhe.")
    assert f'name="seen" value="{shown}"' in form_of(c.bia, ticket, "refuse", seen=str(shown))
    assert 'name="seen"' not in form_of(c.bia, ticket, "escalate", seen=str(shown))


def test_what_was_left_there_is_found_again_with_its_files(c: SimpleNamespace, ticket: Ticket) -> None:
    typed = {"form_id": str(form()), "rascunho_de": str(c.bia.pk), "words": "Procure a rede."}
    sent(c.bia, ticket, "refuse", rascunho="1", **typed, files=SimpleUploadedFile("log.txt", b"linha\n"))
    fetched = form_of(c.bia, ticket, "refuse")
    assert all(kept in fetched for kept in ("Procure a rede.</textarea>", typed["form_id"], "log.txt", "Rascunho salvo"))
    assert "Procure a rede." not in form_of(c.lia, ticket, "refuse")


def test_what_is_not_possible_any_more_says_so(c: SimpleNamespace, ticket: Ticket) -> None:
    before = state_of(ticket)
    fetched = form_of(c.beto, ticket, "escalate")
    assert "Isso não é mais possível neste chamado." in fetched
    assert "<form" not in fetched
    assert signed_in(c.eva).get(action_url(ticket, "escalate"), headers={"HX-Request": "true"}).status_code == 404
    assert state_of(ticket) == before


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_composers_own_and_plain_buttons_are_on_the_page_alone(
    c: SimpleNamespace, ticket: Ticket, headers: dict[str, str]
) -> None:
    for action in ("comment", "triage"):
        answer = signed_in(c.bia).get(action_url(ticket, action), headers=headers)
        assert answer["Location"] == f"{bench_url(ticket)}?acao={action}#acao-{action}"


def test_without_a_script_the_page_comes_with_the_form_and_the_list_one_came_from(c: SimpleNamespace, ticket: Ticket) -> None:
    answer = signed_in(c.bia).get(action_url(ticket, "escalate"), {"vista": "fila=minhas"})
    assert answer["Location"] == f"{bench_url(ticket)}?acao=escalate&vista=fila%3Dminhas#acao-escalate"
    page = signed_in(c.bia).get(answer["Location"]).content.decode()
    assert f'action="{action_url(ticket, "escalate")}?vista=fila%3Dminhas"' in fold(page, "escalate")


@pytest.mark.parametrize("action", QUERIES)
def test_it_costs_little(
    c: SimpleNamespace, ticket: Ticket, action: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(c.lia if action == "assign" else c.bia)
    with django_assert_num_queries(QUERIES[action]):
        client.get(action_url(ticket, action), headers={"HX-Request": "true"})


def test_keeping_a_draft_asks_for_no_list(
    c: SimpleNamespace, ticket: Ticket, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """However often a page saves, nobody reads what there was to choose from."""
    client, typed = signed_in(c.bia), {"rascunho_de": str(c.bia.pk), "words": "Vai."}
    for deed, queries in (("escalate", 11), ("transfer", 11)):
        url = reverse("admin:tickets_n2ticket_draft", args=[ticket.pk, deed])
        with django_assert_num_queries(queries):
            client.post(url, typed | {"form_id": str(form())})
