"""Hiding words and files from their pages: who is offered it, and that what is hidden is gone everywhere."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from files import intake
from notifications import delivery
from tests.cast import form, fresh, opened, sent_file
from tests.tickets.admin.desk import bench_url, page_of, signed_in, state_of
from tickets import lifecycle, news, replay, search
from tickets.forms.kinds import as_read
from tickets.forms.redacting import key
from tickets.models import REDACTED, Answer, Attachment, Message, Ticket
from tickets.states import Action, Via

SECRET = "segredo1"


def portal(user: User, ticket: Ticket, **fields: str) -> HttpResponse:
    url = reverse("ticket-redact", args=[ticket.number])
    return signed_in(user).post(url, {"form_id": str(form()), **fields})


def desk(user: User, ticket: Ticket, **fields: str) -> HttpResponse:
    url = bench_url(ticket).replace("/change/", "/ocultar/")
    return signed_in(user).post(url, {"form_id": str(form()), **fields})


def page(user: User, ticket: Ticket) -> str:
    return signed_in(user).get(ticket.get_absolute_url()).content.decode()


@pytest.fixture
def ticket(c: SimpleNamespace) -> Ticket:
    """Ana's, with a secret in her message, and a file of hers."""
    form_id = form()
    upload = SimpleUploadedFile("senha.txt", b"segredo1")
    file = intake.accept(upload, policy=intake.Policy(1000, 3, frozenset({"txt"})), by=c.ana, form_id=form_id)
    return opened(c, body=f"Entro com {SECRET}\ne falha.", files={"evidencias": [file]})


@pytest.mark.parametrize("where", ["desk", "portal"])
def test_a_hidden_passage_is_gone_from_pages_search_and_mail(c: SimpleNamespace, ticket: Ticket, where: str) -> None:
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body=f"Ainda {SECRET}.")
    lifecycle.take(ticket.pk, by=c.bia, via=Via.DESK, request_id=form())
    lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body=f"Não envie {SECRET}.")
    assert ticket in search.found(Ticket.objects.visible_to(c.bia), SECRET)
    for message in ticket.messages.all():
        who, send = (c.bia, desk) if where == "desk" else (fresh(message.author), portal)
        assert send(who, ticket, what=key(message), passage=SECRET).status_code == 302
    for shown in (page_of(c.bia, ticket), page(c.ana, ticket)):
        assert SECRET not in shown
        assert REDACTED in shown
    assert ticket not in search.found(Ticket.objects.visible_to(fresh(c.bia)), SECRET)
    delivery.deliver_due()
    bodies = [str(sent.body) for sent in mail.outbox]
    assert any(REDACTED in body for body in bodies)
    assert not any(SECRET in body for body in bodies)


def test_a_hidden_file_is_not_found_and_shown_as_hidden(c: SimpleNamespace, ticket: Ticket) -> None:
    attachment = Attachment.objects.get()
    url = reverse("attachment", args=[attachment.file_id])
    response = signed_in(c.ana).get(url)
    assert (response.status_code, b"".join(response)) == (200, b"segredo1")
    assert portal(c.ana, ticket, what=key(attachment)).status_code == 302
    for user in (c.ana, c.bia):
        assert signed_in(user).get(url).status_code == 404
    for shown in (page_of(c.bia, ticket), page(c.ana, ticket)):
        assert "Arquivo oculto" in shown
        assert "senha.txt" not in shown
        assert url not in shown
        assert key(attachment) not in shown


def test_the_forms_stand_beside_what_one_may_hide(c: SimpleNamespace, ticket: Ticket) -> None:
    lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Bom dia.")
    lifecycle.note(ticket.pk, by=c.duda, via=Via.DESK, request_id=form(), body="Para a equipe.")
    asked, said, noted = ticket.messages.all()
    others = {key(ticket), key(ticket.answers.get()), key(ticket.attachments.get())}
    everything = {key(asked), key(said), key(noted), *others}

    def offered(shown: str) -> set[str]:
        return {name for name in everything if f'name="what" value="{name}"' in shown}

    assert offered(page_of(c.bia, ticket)) == everything
    assert offered(page_of(c.duda, ticket)) == {key(noted)}
    assert offered(page(c.ana, ticket)) == {key(asked), *others}
    assert offered(page(c.bia, ticket)) == {key(said)}
    assert offered(page(c.gil, ticket)) == set()


def test_what_is_not_ones_own_is_not_hidden(c: SimpleNamespace, ticket: Ticket) -> None:
    lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Bom dia.")
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Para a equipe.")
    asked, said, noted = ticket.messages.all()
    elsewhere = opened(c, by=c.eva, body="De outro órgão.").messages.get()
    before = state_of(ticket), list(Message.objects.values_list("body", flat=True))
    for answer in (
        portal(c.gil, ticket, what=key(asked), passage=SECRET),
        portal(c.ana, ticket, what=key(said), passage="Bom"),
        portal(c.ana, ticket, what=key(elsewhere), passage="De"),
        portal(c.bia, ticket, what=key(noted), passage="Para"),
        desk(c.bia, ticket, what=key(elsewhere), passage="De"),
        desk(c.bia, ticket, what="assunto-1", passage="De"),
    ):
        assert answer.status_code == 422
    assert desk(c.duda, ticket, what=key(asked), passage=SECRET).status_code == 409
    assert portal(c.eva, ticket, what=key(asked), passage=SECRET).status_code == 404
    assert desk(c.caio, ticket, what=key(asked), passage=SECRET).status_code == 404
    assert (state_of(ticket), list(Message.objects.values_list("body", flat=True))) == before


@pytest.mark.parametrize(
    ("passage", "sentence"),
    [("", "Escreva o trecho, ou marque"), ("não há", "Este trecho não está no texto."), ("x" * 20_001, "20000")],
)
@pytest.mark.parametrize("where", ["desk", "portal"])
def test_a_refusal_stands_beside_with_what_was_typed(
    c: SimpleNamespace, ticket: Ticket, where: str, passage: str, sentence: str
) -> None:
    message, before = ticket.messages.get(), state_of(ticket)
    who, send = (c.bia, desk) if where == "desk" else (c.ana, portal)
    answer = send(who, ticket, what=key(message), passage=passage)
    assert answer.status_code == 422
    form_shown = answer.content.decode().partition(f'id="ocultar-{key(message)}" open')[2].partition("</details>")[0]
    assert sentence in form_shown
    assert f">{passage}</textarea>" in form_shown
    message.refresh_from_db()
    assert SECRET in message.body
    assert state_of(ticket) == before


def test_all_is_hidden_only_where_that_is_ticked_and_lines_end_as_they_may(c: SimpleNamespace, ticket: Ticket) -> None:
    message = ticket.messages.get()
    assert portal(c.ana, ticket, what=key(message), passage=f"{SECRET}\r\ne").status_code == 302
    message.refresh_from_db()
    assert message.body == f"Entro com {REDACTED} falha."
    assert portal(c.ana, ticket, what=key(message), whole="1").status_code == 302
    message.refresh_from_db()
    assert message.body == REDACTED
    assert desk(c.lia, ticket, what=key(ticket.answers.get()), whole="1").status_code == 302
    assert Answer.objects.get().value == REDACTED


def test_what_is_copied_from_the_page_is_hidden_where_the_team_wrote_it_with_form(c: SimpleNamespace, ticket: Ticket) -> None:
    lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="A senha é **segredo** do `sei`.")
    said = ticket.messages.get(from_team=True)
    assert desk(c.bia, ticket, what=key(said), passage="senha é segredo do").status_code == 302
    said.refresh_from_db()
    assert said.body == f"A {REDACTED} `sei`."


def test_a_page_gone_back_to_hides_another_passage_and_repeats_nothing(c: SimpleNamespace, ticket: Ticket) -> None:
    message, form_id = ticket.messages.get(), str(form())
    for passage in (SECRET, SECRET, "falha"):
        assert portal(c.ana, ticket, what=key(message), passage=passage, form_id=form_id).status_code == 302
    message.refresh_from_db()
    assert message.body == f"Entro com {REDACTED}\ne {REDACTED}."
    assert ticket.events.filter(action="redact").count() == 2


def test_the_forms_carry_their_token(c: SimpleNamespace, ticket: Ticket) -> None:
    # A file is hidden by one press: Bia finds it hidden.
    for user, url, expected in ((c.ana, ticket.get_absolute_url(), 4), (c.bia, bench_url(ticket), 3)):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(user)
        html = browser.get(url).content.decode()
        forms = re.findall(r'<form method="post" action="([^"]+/ocultar/)"(.*?)</form>', html, re.DOTALL)
        assert len(forms) == expected
        for action, shown in forms:
            fields = dict(re.findall(r'name="(csrfmiddlewaretoken|form_id|what)" value="([^"]+)"', shown))
            assert browser.post(action, {**fields, "passage": "não há"}).status_code in (302, 422)
            assert browser.post(action, {"what": fields["what"], "passage": "não há"}).status_code == 403


@pytest.mark.parametrize("where", ["desk", "portal"])
def test_a_hidden_passage_of_the_subject_is_gone_from_pages_search_and_mail(c: SimpleNamespace, where: str) -> None:
    ticket = opened(c, subject=f"Senha {SECRET} não entra")
    lifecycle.take(ticket.pk, by=c.bia, via=Via.DESK, request_id=form())
    lifecycle.ask(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Qual a versão?")
    assert ticket in search.found(Ticket.objects.visible_to(c.bia), SECRET)
    who, send = (c.bia, desk) if where == "desk" else (c.ana, portal)
    assert send(who, ticket, what=key(ticket), passage=SECRET).status_code == 302
    ticket.refresh_from_db()
    assert ticket.subject == f"Senha {REDACTED} não entra"
    assert ticket.events.latest("at", "id").data.keys() >= {"subject"}
    for shown in (page_of(c.bia, ticket), page(c.ana, ticket)):
        assert SECRET not in shown
    assert ticket not in search.found(Ticket.objects.visible_to(fresh(c.bia)), SECRET)
    delivery.deliver_due()
    assert mail.outbox
    assert not any(SECRET in f"{sent.subject} {sent.body}" for sent in mail.outbox)


def test_a_subject_that_the_marks_make_too_long_is_cut(c: SimpleNamespace) -> None:
    ticket = opened(c, subject="12 " * 40)
    assert desk(c.lia, ticket, what=key(ticket), passage="12").status_code == 302
    ticket.refresh_from_db()
    assert len(ticket.subject) == 120
    assert "12" not in ticket.subject
    assert desk(c.lia, ticket, what=key(ticket), whole="1").status_code == 302
    ticket.refresh_from_db()
    assert ticket.subject == REDACTED


def test_who_may_not_hide_the_subject_changes_nothing(c: SimpleNamespace, ticket: Ticket) -> None:
    other, before = opened(c, by=c.eva), state_of(ticket)
    assert portal(c.gil, ticket, what=key(ticket), passage="Erro").status_code == 422
    assert portal(c.ana, ticket, what=key(other), passage="Erro").status_code == 422
    assert portal(c.ana, ticket, what=key(ticket), passage="não há").status_code == 422
    assert desk(c.duda, ticket, what=key(ticket), passage="Erro").status_code == 409
    assert state_of(ticket) == before
    other.refresh_from_db()
    assert REDACTED not in other.subject


@pytest.mark.parametrize("kind", ["data", "data_hora", "booleano", "cpf", "texto"])
def test_a_hidden_answer_of_any_kind_is_read(kind: str) -> None:
    assert as_read(kind, REDACTED) == REDACTED


def hide(ticket: Ticket, what: Message | Answer | Attachment | Ticket, by: User, passage: str = "") -> None:
    options = {"passage": passage} if passage else {}
    lifecycle.redact(ticket.pk, by=by, via=Via.PORTAL, request_id=form(), what=what, **options)


def test_the_event_names_what_was_hidden(c: SimpleNamespace, ticket: Ticket) -> None:
    message, answer, attachment = ticket.messages.get(), ticket.answers.get(), ticket.attachments.get()
    expected: list[tuple[Message | Answer | Attachment | Ticket, dict[str, int]]] = [
        (ticket, {"subject": 1}),
        (message, {"message": message.pk}),
        (answer, {"answer": answer.pk}),
        (attachment, {"attachment": attachment.pk}),
    ]
    for what, data in expected:
        hide(ticket, what, c.ana)
        assert ticket.events.latest("pk").data == data


def test_the_requester_hears_nothing_of_words_of_the_team_that_were_hidden(c: SimpleNamespace, ticket: Ticket) -> None:
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body=f"Nota com {SECRET}.")
    before = Ticket.objects.get(pk=ticket.pk)
    note = ticket.messages.get(internal=True)
    lifecycle.redact(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), what=note, passage=SECRET)
    after = Ticket.objects.get(pk=ticket.pk)
    assert after.last_event_at > before.last_event_at
    assert after.last_public_at == before.last_public_at
    assert "ocultou um trecho" not in page(c.ana, ticket)
    assert "ocultou um trecho" in page_of(c.bia, ticket)
    [row] = news.with_newest(Ticket.objects.filter(pk=ticket.pk))
    assert news.newest_id(row) == ticket.events.get(action=Action.OPEN).pk
    assert not list(replay.differences(Ticket.objects.all()))
    lifecycle.redact(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), what=ticket.messages.get(internal=False))
    assert "ocultou um trecho" in page(c.ana, ticket)


def test_without_a_passage_the_whole_is_hidden_and_with_one_that_alone(c: SimpleNamespace) -> None:
    given = [lifecycle.Answered(name, name.title(), "texto", f"Uso {SECRET} aqui") for name in ("senha", "nota")]
    ticket = opened(c, answers=given, body=f"Entro com {SECRET}")
    senha, nota = ticket.answers.all()
    hide(ticket, ticket.messages.get(), c.ana)
    hide(ticket, senha, c.ana, SECRET)
    assert ticket.messages.get().body == REDACTED
    assert list(ticket.answers.values_list("name", "value")) == [("senha", f"Uso {REDACTED} aqui"), ("nota", nota.value)]
    hide(ticket, nota, c.ana)
    assert list(ticket.answers.values_list("value", flat=True)) == [f"Uso {REDACTED} aqui", REDACTED]
    assert not ticket.answers.filter(redacted_at=None).exists()


def test_a_hidden_file_is_destroyed_once_that_is_certain(
    c: SimpleNamespace, ticket: Ticket, django_capture_on_commit_callbacks: Any
) -> None:
    attachment = Attachment.objects.get()
    other = opened(c, files={"evidencias": [sent_file(c.ana)]}).attachments.get().file
    content = str(attachment.file.content)
    with django_capture_on_commit_callbacks(execute=True):
        hide(ticket, attachment, c.ana)
        assert default_storage.exists(content)
    assert not default_storage.exists(content)
    assert default_storage.exists(str(other.content))
    attachment.refresh_from_db()
    assert (attachment.file.name, attachment.file.sha256) == (REDACTED, "")
    assert attachment.redacted_at == ticket.events.latest("pk").at


def test_a_file_is_hidden_once(c: SimpleNamespace, ticket: Ticket) -> None:
    attachment = Attachment.objects.get()
    hide(ticket, attachment, c.ana)
    before = state_of(ticket)
    with pytest.raises(lifecycle.Incomplete, match="Este arquivo já foi ocultado"):
        hide(ticket, attachment, c.ana)
    assert state_of(ticket) == before


def test_what_stands_on_another_ticket_is_not_hidden_with_this_one(c: SimpleNamespace, ticket: Ticket) -> None:
    other = opened(c, files={"evidencias": [sent_file(c.ana)]})
    before = state_of(other)
    for what in (other.messages.get(), other.answers.get(), other.attachments.get()):
        with pytest.raises(ObjectDoesNotExist):
            hide(ticket, what, c.ana)
    assert state_of(other) == before
    assert not any(rows.exclude(redacted_at=None).exists() for rows in (Message.objects, Answer.objects, Attachment.objects))


def test_of_several_files_the_one_is_hidden(c: SimpleNamespace) -> None:
    ticket = opened(c, files={"evidencias": [sent_file(c.ana), sent_file(c.ana)]})
    first, second = ticket.attachments.all()
    hide(ticket, second, c.ana)
    assert list(ticket.attachments.exclude(redacted_at=None)) == [second]
    assert first.file.name != REDACTED
