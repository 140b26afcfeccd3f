"""What is written at the workbench is kept: found again, its writer's alone, gone when sent."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import User
from tests.cast import at_status, form
from tests.tickets.admin.desk import bench_url, page_of, sent, signed_in, state_of
from tickets import lifecycle
from tickets.models import Draft, Ticket
from tickets.states import Status, Via


def saved(user: User, ticket: Ticket, deed: str, **fields: Any) -> HttpResponse:
    """What the page's script is answered."""
    url = reverse(f"admin:tickets_{ticket.level.lower()}ticket_draft", args=[ticket.pk, deed])
    return signed_in(user).post(url, {"form_id": str(form()), "rascunho_de": str(user.pk), **fields})


def test_what_is_typed_is_found_again_and_nobody_else_sees_it(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before, form_id = state_of(ticket), str(form())
    typed = {"words": "Prezada, estamos", "kind": "interna", "cause": c.cause.pk, "article": "/aju", "form_id": form_id}
    assert saved(c.bia, ticket, "write", **typed).json()["versao"] == 1
    page = page_of(c.bia, ticket)
    assert "Prezada, estamos</textarea>" in page
    assert re.search(r'value="interna"[^>]* checked', page)
    assert f'<option value="{c.cause.pk}" selected>' in page
    assert form_id in page
    assert "Prezada, estamos" not in page_of(c.lia, ticket)
    assert state_of(ticket) == before


@pytest.mark.parametrize("deed", ["escalate", "schedule", "transfer", "assign"])
def test_every_form_has_its_own(c: SimpleNamespace, deed: str) -> None:
    ticket, user = at_status(c, Status.IN_PROGRESS), c.lia if deed == "assign" else c.bia
    typed = {"words": "Log conferido.", "until": "2100-01-01T10:00", "to": str(c.beto.pk)}
    assert saved(user, ticket, deed, **typed).status_code == 200
    box = page_of(user, ticket).partition(f'id="acao-{deed}"')[2].partition("</form>")[0]
    assert box.startswith(" open>")
    assert any(value in box for value in ("Log conferido.", 'value="2100-01-01T10:00"', f'value="{c.beto.pk}" selected'))


def test_its_files_are_found_again(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    sent(c.bia, ticket, "comment", words="", files=SimpleUploadedFile("log.txt", b"linha\n"))
    assert "log.txt" in page_of(c.bia, ticket).partition('id="escrever"')[2].partition("</section>")[0]
    assert "log.txt" not in page_of(c.lia, ticket)


def test_sending_throws_it_away(c: SimpleNamespace) -> None:
    ticket, form_id = at_status(c, Status.IN_PROGRESS), str(form())
    saved(c.bia, ticket, "write", words="Quase pronto", form_id=form_id)
    assert sent(c.bia, ticket, "comment", words="Pronto.", form_id=form_id).status_code == 302
    assert not Draft.objects.exists()


def test_what_was_refused_is_kept(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    seen = ticket.events.latest("pk").pk
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Mais um detalhe.")
    assert sent(c.bia, ticket, "comment", words="Uma resposta longa.", seen=seen).status_code == 409
    assert Draft.objects.get().content["words"] == "Uma resposta longa."
    assert sent(c.bia, ticket, "schedule", until="ontem").status_code == 422
    assert sorted(Draft.objects.values_list("deed", flat=True)) == ["schedule", "write"]


def test_the_button_saves_without_a_script_and_sends_nothing(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    answer = sent(c.bia, ticket, "ask", words="", article="/ajuda/", rascunho="1")
    assert answer["Location"] == f"{bench_url(ticket)}#escrever"
    assert (
        sent(c.bia, ticket, "escalate", words="Meio", rascunho="1")["Location"]
        == f"{bench_url(ticket)}?acao=escalate#acao-escalate"
    )
    assert state_of(ticket) == before
    assert Draft.objects.get(deed="write").content["article"] == "/ajuda/"


@pytest.mark.parametrize("typed", [{"kind": "interna"}, {"kind": "publica", "words": "  ", "used_script": "1", "article": ""}])
def test_a_choice_of_who_reads_is_no_draft(c: SimpleNamespace, typed: dict[str, str]) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    assert saved(c.bia, ticket, "write", **typed).json() == {"versao": 0}
    assert saved(c.bia, ticket, "set_priority", priority=ticket.priority, words="").json() == {"versao": 0}
    assert sent(c.bia, ticket, "note", **typed | {"words": ""}).status_code == 422
    assert not Draft.objects.exists()


def test_words_taken_out_again_take_their_draft_along(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    saved(c.bia, ticket, "write", words="Quase.")
    saved(c.bia, ticket, "write", words="", rascunho_versao="0")  # another page, which never had them
    assert Draft.objects.get().content["words"] == "Quase."
    assert saved(c.bia, ticket, "write", words="", rascunho_versao="1").json() == {"versao": 0}
    assert not Draft.objects.exists()


def test_a_file_without_words_is_worth_keeping(c: SimpleNamespace) -> None:
    ticket, form_id = at_status(c, Status.IN_PROGRESS), str(form())
    sent(c.bia, ticket, "comment", words="", form_id=form_id, files=SimpleUploadedFile("log.txt", b"linha\n"))
    assert saved(c.bia, ticket, "write", form_id=form_id, rascunho_versao="1").json()["versao"] == 2
    assert "log.txt" in page_of(c.bia, ticket)


def test_another_page_is_not_overwritten(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    saved(c.bia, ticket, "write", words="Do outro aparelho.")
    answer = sent(c.bia, ticket, "ask", words="Daqui.", rascunho="1")
    assert answer.status_code == 409
    assert "Salvar este no lugar do outro" in answer.content.decode()
    assert "Daqui.</textarea>" in answer.content.decode()
    assert Draft.objects.get().content["words"] == "Do outro aparelho."


def test_words_of_a_workbench_that_was_left_are_offered_beside_the_others(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    saved(c.bia, ticket, "write", words="Do outro aparelho.")
    assert saved(c.bia, ticket, "write", words="Daqui.", rascunho_saida=str(form())).status_code == 409
    writing = page_of(c.bia, ticket).partition('id="escrever"')[2].partition("</section>")[0]
    assert "Do outro aparelho.</textarea>" in writing
    assert "“Daqui.”" in writing
    other = Draft.objects.get(set_aside=True)
    used = signed_in(c.bia).post(f"/rascunhos/{other.pk}/usar/")
    assert used["Location"] == f"{bench_url(ticket)}#escrever"
    assert "Daqui.</textarea>" in page_of(c.bia, ticket)


def test_the_words_of_what_is_not_possible_any_more_are_read(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    saved(c.bia, ticket, "escalate", words="Log conferido, falta o módulo.")
    saved(c.bia, ticket, "write", words="Ainda escrevo isto.")
    lifecycle.resolve(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Feito.", cause=c.cause)
    page = page_of(c.bia, ticket)
    assert "Seu rascunho de “Encaminhar ao N3”, que não é mais possível" in page
    assert "Log conferido, falta o módulo." in page
    assert "Ainda escrevo isto.</textarea>" in page


@pytest.mark.parametrize("deed", ["responder", "ask", "resolve", "open", "x"])
def test_what_is_no_form_of_the_desk_keeps_nothing(c: SimpleNamespace, deed: str) -> None:
    assert saved(c.bia, at_status(c, Status.IN_PROGRESS), deed, words="Texto").status_code == 404
    assert not Draft.objects.exists()


def test_the_home_page_leads_back_to_the_desk(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    saved(c.bia, ticket, "write", words="Continuo depois.")
    home = signed_in(c.bia).get("/").content.decode()
    assert f'href="{bench_url(ticket)}#escrever"' in home
    assert "Continuo depois." in home
