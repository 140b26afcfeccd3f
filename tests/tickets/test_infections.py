"""What the antivirus holds or blocks is said on the ticket's page, and to who sent it."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

import worktime
from files import intake, preview, scan
from files.models import Scan, StoredFile
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import at_status, form
from tests.tickets.asking import ERROR_FORM, log, short_form, written
from tickets import infections, lifecycle
from tickets.models import Attachment, Participant, Ticket
from tickets.states import Status, Via
from tickets.tasks import tell_of_infected_files


@pytest.fixture
def sent(c: SimpleNamespace) -> SimpleNamespace:
    """A picture of Ana's on a ticket that Bia works."""
    c.ticket = at_status(c, Status.IN_PROGRESS)
    out = io.BytesIO()
    Image.new("RGB", (600, 400), "navy").save(out, "PNG")
    c.file = attached(c, c.ana, "tela.png", out.getvalue())
    return c


def attached(c: SimpleNamespace, by: object, name: str, content: bytes) -> StoredFile:
    place = form()
    policy = intake.Policy(10**6, 5, frozenset({"png", "txt"}))
    file = intake.accept(SimpleUploadedFile(name, content), policy=policy, by=by, form_id=place)
    lifecycle.speak(c.ticket.pk, by=by, via=Via.PORTAL, request_id=place, body="Segue.", files=[file])
    return file


def page(c: SimpleNamespace, by: object) -> str:
    client = Client()
    client.force_login(by)
    return client.get(f"/chamados/{c.ticket.number}/").content.decode()


def say(file: StoredFile, state: Scan) -> None:
    StoredFile.objects.filter(pk=file.pk).update(scan=state)


@pytest.mark.parametrize("state", [Scan.HELD, Scan.INFECTED])
def test_what_was_hidden_meanwhile_is_no_business_of_the_antivirus(sent: SimpleNamespace, state: Scan) -> None:
    """Else it is shown a content that is gone, again and again."""
    StoredFile.objects.filter(pk=sent.file.pk).update(scan=state, scan_due_at=worktime.now(), scan_said="Down")
    assert scan.due().exists() == (state == Scan.HELD)
    attachment = Attachment.objects.get(file=sent.file)
    lifecycle.redact(sent.ticket.pk, by=sent.bia, via=Via.DESK, request_id=form(), what=attachment)
    assert not scan.due().exists()
    assert not scan.stuck().exists()
    assert scan.retry(StoredFile.objects.all()) == 0
    assert infections.tell() == 0


def test_a_held_file_is_named_and_not_offered(sent: SimpleNamespace) -> None:
    say(sent.file, Scan.HELD)
    html = page(sent, sent.ana)
    assert "tela.png" in html
    assert "Em verificação pelo antivírus" in html
    assert f"/anexos/{sent.file.pk}/" not in html
    client = Client()
    client.force_login(sent.ana)
    assert client.get(f"/anexos/{sent.file.pk}/").status_code == 404
    say(sent.file, Scan.CLEAN)
    assert f"/anexos/{sent.file.pk}/" in page(sent, sent.ana)


def test_an_infected_file_is_said_on_the_page_of_both_sides_and_to_its_sender(sent: SimpleNamespace) -> None:
    say(sent.file, Scan.INFECTED)
    Notice.objects.all().delete()
    tell_of_infected_files()
    assert infections.tell() == 0
    notice = Notice.objects.get()
    assert (notice.kind, notice.recipient) == (infections.KIND, sent.ana)
    message = letter(notice)
    assert message.subject.startswith(f"[Chamado {sent.ticket.number}] Arquivo bloqueado")
    assert "um arquivo que você enviou tem vírus" in str(message.body)
    assert f"/chamados/{sent.ticket.number}/" in str(message.body)
    client = Client()
    client.force_login(sent.bia)
    desk = client.get(f"/admin/tickets/n2ticket/{sent.ticket.pk}/change/").content.decode()
    for html in (page(sent, sent.ana), desk):
        assert "Bloqueado: o antivírus encontrou um vírus neste arquivo." in html
        assert f"/anexos/{sent.file.pk}/" not in html


def test_who_of_the_team_sent_it_is_led_to_the_desk(sent: SimpleNamespace) -> None:
    place = form()
    policy = intake.Policy(10**6, 5, frozenset({"txt"}))
    file = intake.accept(SimpleUploadedFile("a.txt", b"a"), policy=policy, by=sent.bia, form_id=place)
    lifecycle.note(sent.ticket.pk, by=sent.bia, via=Via.DESK, request_id=place, body="Veja.", files=[file])
    say(file, Scan.INFECTED)
    Notice.objects.all().delete()
    assert infections.tell() == 1
    notice = Notice.objects.get()
    assert notice.recipient == sent.bia
    assert f"/admin/tickets/n2ticket/{sent.ticket.pk}/change/" in str(letter(notice).body)


def test_a_picture_is_shown_to_who_may_download_it(sent: SimpleNamespace) -> None:
    assert preview.make_due() == 1
    address = f"/anexos/{sent.file.pk}/previa/"
    assert f'src="{address}" alt="Prévia de tela.png"' in page(sent, sent.ana)
    for person, status in ((sent.ana, 200), (sent.bia, 200), (sent.eva, 404), (sent.caio, 404)):
        client = Client()
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == status
        if status == 200:
            assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert Client().get(address).status_code == 302


def test_a_hidden_picture_loses_its_preview(sent: SimpleNamespace, django_capture_on_commit_callbacks: object) -> None:
    preview.make_due()
    path = StoredFile.objects.get(pk=sent.file.pk).preview_path
    attachment = sent.ticket.attachments.get()
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.redact(sent.ticket.pk, by=sent.ana, via=Via.PORTAL, request_id=form(), what=attachment)
    assert not sent.file.content.storage.exists(path)
    assert not sent.file.content.storage.exists(sent.file.content.name)
    assert "previa" not in page(sent, sent.ana)


def test_an_infected_file_of_a_form_is_refused_with_it(c: SimpleNamespace, client: Client) -> None:
    short_form(c)
    client.force_login(c.ana)
    asked = written(c, titulo="", evidencias=[log()])
    client.post(ERROR_FORM, asked)
    file = StoredFile.objects.get()
    say(file, Scan.INFECTED)
    refused = client.post(ERROR_FORM, {**asked, "titulo": "Erro", "evidencias": []})
    assert refused.status_code == 422
    assert "O antivírus encontrou um vírus em “erro.txt”. O arquivo não foi aceito." in refused.content.decode()
    assert not Ticket.objects.exists()
    assert not StoredFile.objects.exists()
    client.post(ERROR_FORM, {**asked, "titulo": "Erro", "evidencias": []})
    assert not Ticket.objects.get().attachments.exists()


def test_who_lost_the_ticket_reads_nothing_of_it_in_the_notice(sent: SimpleNamespace) -> None:
    say(sent.file, Scan.INFECTED)
    tell_of_infected_files()
    notice = Notice.objects.get(kind=infections.KIND)
    subject, client = sent.ticket.subject, Client()
    client.force_login(sent.ana)
    assert subject in client.get(f"/avisos/{notice.pk}/").content.decode()
    Ticket.objects.filter(pk=sent.ticket.pk).update(requester=sent.eva)
    Participant.objects.filter(ticket=sent.ticket).delete()
    shown = client.get(f"/avisos/{notice.pk}/")
    assert (shown.status_code, subject in shown.content.decode()) == (200, False)


def test_a_picture_that_was_hidden_is_shown_from_no_cache(sent: SimpleNamespace) -> None:
    preview.make_due()
    client, address = Client(), f"/anexos/{sent.file.pk}/previa/"
    client.force_login(sent.ana)
    first = client.get(address)
    b"".join(first)  # type: ignore[arg-type]  # a stream
    assert first["Cache-Control"] == "private, no-cache"
    seen = {"If-None-Match": first["ETag"]}
    assert client.get(address, headers=seen).status_code == 304
    assert Client().get(address, headers=seen).status_code == 302
    attachment = Attachment.objects.get(file=sent.file)
    lifecycle.redact(sent.ticket.pk, by=sent.ana, via=Via.PORTAL, request_id=form(), what=attachment)
    assert client.get(address, headers=seen).status_code == 404
