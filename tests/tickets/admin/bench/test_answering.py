"""Answering at the workbench: scripts filled in, a preview, colleagues called; nothing with holes goes out."""

import html
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import RoleGrant
from catalog.models import SupportScript
from notifications.models import Notice
from tests.cast import at_status, form, opened, person
from tests.tickets.admin.desk import INLINE, bench_url, page_of, sent, signed_in, state_of
from tickets import mentions
from tickets.lifecycle import AgencyChoice
from tickets.models import Macro, Message, Participant, Ticket
from tickets.states import Status

HX = {"HX-Request": "true"}
PARTS = {"roteiros/": 8, "roteiros/?q=assinatura": 9, "colegas/": 5}
"""Each part of the workbench with its queries: session, person, ticket; description, stems of the words (and of what is
searched), scripts, office hours, macros; or colleagues and who is away."""


def part(ticket: Ticket, name: str) -> str:
    return bench_url(ticket).replace("/change/", f"/{name}/")


def script(c: SimpleNamespace, **fields: Any) -> SupportScript:
    values = {
        "product": c.product, "slug": "assinatura", "title": "Assinatura falha", "situation": "Ao assinar.",
        "steps": ["Veja a versão."],
        "reply": "Olá, {{ solicitante }}. **Veja** o chamado {{ numero }}.", "suggestion": "ask", "holds": True,
    }  # fmt: skip
    return SupportScript.objects.create(core_system=c.core, **{**values, **fields})


@pytest.fixture
def ticket(c: SimpleNamespace) -> Ticket:
    return at_status(c, Status.IN_PROGRESS)


def test_scripts_are_suggested_with_their_reason_and_their_words_filled_in(c: SimpleNamespace, ticket: Ticket) -> None:
    used = script(c, holds=None)
    client = signed_in(c.bia)
    for headers in ({}, HX):
        page = client.get(part(ticket, "roteiros"), headers=headers).content.decode()
        assert "Falta confirmar se vale" in page
        assert "com palavras em comum: assinar." in page
        assert "<li>Veja a versão.</li>" in page
        assert f"Olá, Ana. <strong>Veja</strong> o chamado {ticket.number}." in page
        assert f"?roteiro={used.pk}&amp;acao=ask#escrever" in page
        assert ("<html" in page) == (headers == {})
        assert not INLINE.search(page)
    assert "1 roteiro com “assinatura”." in client.get(part(ticket, "roteiros"), {"q": "assinatura"}).content.decode()
    assert "0 roteiros com" in client.get(part(ticket, "roteiros"), {"q": "<b>nada</b>"}).content.decode()


def test_a_used_script_stands_in_the_composer_and_is_kept_with_the_message(c: SimpleNamespace, ticket: Ticket) -> None:
    used = script(c)
    page = signed_in(c.bia).get(bench_url(ticket), {"roteiro": used.pk, "acao": "ask"}).content.decode()
    assert f"Olá, Ana. **Veja** o chamado {ticket.number}.</textarea>" in page
    assert f'name="used_script" value="{used.pk}"' in page
    assert sent(c.bia, ticket, "ask", words="Olá, Ana.", kind="publica", used_script=used.pk).status_code == 302
    assert Message.objects.get(body="Olá, Ana.").script == used
    sent(c.bia, ticket, "note", words="Nota.", kind="interna", used_script=used.pk)
    assert Message.objects.get(body="Nota.").script is None


@pytest.mark.parametrize("used", ["", "x", "999999", "1 OR 1=1"])
def test_a_script_that_is_none_is_overlooked(c: SimpleNamespace, ticket: Ticket, used: str) -> None:
    assert signed_in(c.bia).get(bench_url(ticket), {"roteiro": used}).status_code == 200
    assert sent(c.bia, ticket, "comment", words="Olá.", kind="publica", used_script=used).status_code == 302


@pytest.mark.parametrize("action", ["ask", "comment", "resolve", "refuse"])
def test_what_is_not_filled_in_is_not_sent(c: SimpleNamespace, ticket: Ticket, action: str) -> None:
    before = state_of(ticket)
    answer = sent(c.bia, ticket, action, words="Do {{ orgao }}.", kind="publica", cause=c.cause.pk)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert "Falta preencher no texto: {{ orgao }}." in page
    assert "Do {{ orgao }}.</textarea>" in page
    assert state_of(ticket) == before
    assert sent(c.bia, ticket, "note", words="Do {{ orgao }}.", kind="interna").status_code == 302


def test_what_cannot_be_filled_in_stands_out(c: SimpleNamespace) -> None:
    script(c, reply="Do {{ orgao }}.")
    ticket = opened(c, agency=AgencyChoice())
    assert "Falta preencher" in signed_in(c.bia).get(part(ticket, "roteiros")).content.decode()


def test_a_preview_shows_the_words_sends_nothing_and_keeps_them(c: SimpleNamespace, ticket: Ticket) -> None:
    before = state_of(ticket)
    typed = {"form_id": str(form()), "words": "**Oi**\n<script>alert(1)</script>", "kind": "publica"}
    client = signed_in(c.bia)
    fragment = client.post(part(ticket, "previa"), typed, headers=HX).content.decode()
    assert "<strong>Oi</strong><br>" in fragment
    assert "<script" not in fragment
    page = client.post(part(ticket, "previa"), typed).content.decode()
    assert "<strong>Oi</strong><br>" in page
    assert "**Oi**\n&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in page
    assert "Nada foi feito" not in page
    assert state_of(ticket) == before


def test_colleagues_are_called_from_a_note(c: SimpleNamespace, ticket: Ticket) -> None:
    client = signed_in(c.bia)
    listed = client.get(part(ticket, "colegas"), headers=HX).content.decode()
    assert "Caio" in listed
    assert "Ana" not in listed
    assert "example.org" not in listed
    typed = {"form_id": str(form()), "words": "Veja.", "kind": "interna"}
    page = client.post(part(ticket, "colegas"), typed).content.decode()
    assert "Veja.</textarea>" in page
    assert f'value="{c.caio.pk}"' in page
    assert sent(c.bia, ticket, "note", words="Veja.", kind="interna", mentions=[c.caio.pk]).status_code == 302
    assert Notice.objects.get(kind="ticket_mentioned").recipient == c.caio
    assert Participant.objects.filter(ticket=ticket, user=c.caio).exists()


@pytest.mark.parametrize(
    ("words", "hear"),
    [
        ("@Caio, veja.", ["caio"]),
        ("Colado: @caio @CELIA @zzz", ["caio", "celia"]),
        ("caio@example.org e @Caiozinho", []),
        ("@ana e @dora", []),  # no colleagues
    ],
)
def test_who_is_named_in_a_note_hears_of_it_though_the_list_was_not_there(
    c: SimpleNamespace, ticket: Ticket, words: str, hear: list[str]
) -> None:
    """Pasted and sent at once, or without a script."""
    assert sent(c.bia, ticket, "note", words=words, kind="interna").status_code == 302
    told = Notice.objects.filter(kind="ticket_mentioned").values_list("recipient", flat=True)
    assert sorted(told) == sorted(getattr(c, name).pk for name in hear)


def test_who_was_seen_and_not_ticked_hears_nothing(c: SimpleNamespace, ticket: Ticket) -> None:
    assert sent(c.bia, ticket, "note", words="Como disse @Caio,", kind="interna", colegas_vistos="1").status_code == 302
    assert not Notice.objects.filter(kind="ticket_mentioned").exists()


def test_a_name_of_two_is_nobody_s(c: SimpleNamespace) -> None:
    c.lia.name, c.beto.name, c.caio.name = "Lia Fontes", "Lia Prado", "Lía Costa"
    assert mentions.named_in("@lia", [c.lia, c.beto, c.caio]) == []
    assert mentions.named_in("Com @lia costa.", [c.lia, c.beto, c.caio]) == [c.caio]


@pytest.mark.parametrize("who", ["ana", "dora"])
def test_nobody_outside_the_team_is_called(c: SimpleNamespace, ticket: Ticket, who: str) -> None:
    before = state_of(ticket)
    answer = sent(c.bia, ticket, "note", words="Veja.", kind="interna", mentions=[getattr(c, who).pk])
    assert answer.status_code == 422
    assert "Só dá para avisar colegas da equipe" in answer.content.decode()
    assert state_of(ticket) == before


def test_who_does_not_read_the_ticket_gets_nothing(c: SimpleNamespace, ticket: Ticket) -> None:
    for client in (signed_in(c.ana), signed_in(c.celia)):
        for name in ("roteiros", "colegas"):
            assert client.get(part(ticket, name)).status_code == 404
        assert client.post(part(ticket, "previa"), {"words": "x"}).status_code == 404
    assert Client().get(part(ticket, "roteiros")).status_code == 302


def test_the_note_beside_the_field_says_how_to_write(c: SimpleNamespace, ticket: Ticket) -> None:
    assert "Você pode usar **negrito**" in page_of(c.bia, ticket)


@pytest.mark.parametrize("many", [1, 12])
@pytest.mark.parametrize("name", PARTS)
def test_the_parts_cost_the_same_for_few_and_many(
    c: SimpleNamespace, ticket: Ticket, name: str, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        script(c, slug=f"s{number}", title=f"Assinatura {number}")
        Macro.objects.create(owner=c.bia, core_system=c.core, name=f"M{number}", action="note", body="Nota.")
        RoleGrant.objects.create(user=person(f"Colega{number}"), role="analyst", queue=c.n2)
    url = bench_url(ticket).replace("/change/", f"/{name}")
    client = signed_in(c.bia)
    with django_assert_num_queries(PARTS[name]):
        page = client.get(url, headers=HX).content.decode()
    assert page.count("data-name" if name == "colegas/" else "/macros/") >= many
