"""A form tells its page where files go up, and takes what went up as if it had come with the form."""

from __future__ import annotations

import re
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.test import Client

from files import chunks, intake, permits
from files.models import StoredFile
from tests.files import samples
from tests.tickets.asking import ERROR_FORM, log, short_form, written
from tickets.forms.uploads import place_of
from tickets.models import Ticket


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    short_form(c)
    client.force_login(c.ana)
    return client


def asked(html: str, name: str) -> str:
    """An attribute of the page's file input."""
    found = re.search(rf'data-{name}="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_a_page_carries_the_permit_of_its_form(c: SimpleNamespace, ana: Client) -> None:
    html = ana.get(ERROR_FORM).content.decode()
    form_id = re.search(r'name="form_id" value="([^"]+)"', html)
    assert form_id is not None
    place = place_of(UUID(form_id[1]), "evidencias")
    permit = permits.read(asked(html, "permit"), c.ana)
    assert (str(permit.form_id), asked(html, "place"), asked(html, "uploads")) == (str(place), str(place), "/anexos/envio/")
    assert permit.policy.extensions == {"txt", "png"}
    assert 'src="/static/uploads.js"' in html


def test_what_went_up_in_pieces_belongs_to_the_ticket(c: SimpleNamespace, ana: Client) -> None:
    html = ana.get(ERROR_FORM).content.decode()
    permit = permits.read(asked(html, "permit"), c.ana)
    upload = chunks.begin(permit, by=c.ana, name="erro.txt", size=len(samples.TEXT), mark="")
    chunks.receive(upload.pk, by=c.ana, offset=0, piece=samples.TEXT)
    file = chunks.finish(upload.pk, permit, by=c.ana)
    form_id = re.search(r'name="form_id" value="([^"]+)"', html)
    assert form_id is not None
    shown = ana.post(ERROR_FORM, written(c, form_id=form_id[1], titulo="")).content.decode()
    assert f'data-file="{file.pk}" data-name="erro.txt" data-size="{file.size}" data-scan=""' in shown
    assert asked(shown, "place") == str(permit.form_id)
    ana.post(ERROR_FORM, written(c, form_id=form_id[1]))
    assert [a.file for a in Ticket.objects.get().attachments.all()] == [file]


def test_a_file_half_sent_is_named_with_what_is_here_on_any_device(c: SimpleNamespace, ana: Client) -> None:
    """And goes on from there: the form found again as a draft has the same place for it."""
    html = ana.get(ERROR_FORM).content.decode()
    permit = permits.read(asked(html, "permit"), c.ana)
    upload = chunks.begin(permit, by=c.ana, name="servidor.txt", size=50_000, mark="7")
    chunks.receive(upload.pk, by=c.ana, offset=0, piece=b"x" * 20_000)
    form_id = re.search(r'name="form_id" value="([^"]+)"', html)
    assert form_id is not None
    said = "O envio de servidor.txt parou em 40%. Escolha o mesmo arquivo de novo para continuar de onde parou."
    facts = f'data-upload="{upload.pk}" data-name="servidor.txt" data-size="50000" data-mark="7" data-received="20000"'
    refused = ana.post(ERROR_FORM, written(c, form_id=form_id[1], titulo=""))
    alike = ana.post(ERROR_FORM, written(c, form_id=form_id[1], parecidos="1"))
    elsewhere = Client()
    elsewhere.force_login(c.ana)
    draft = elsewhere.get(ERROR_FORM)
    for shown in (refused, alike, draft):
        assert said in shown.content.decode()
        assert facts in shown.content.decode()
    again = permits.read(asked(draft.content.decode(), "permit"), c.ana)
    assert chunks.begin(again, by=c.ana, name="servidor.txt", size=50_000, mark="7") == upload
    elsewhere.force_login(c.gil)
    assert said not in elsewhere.get(ERROR_FORM).content.decode()


def test_a_senseless_form_id_gets_no_permit(c: SimpleNamespace, ana: Client) -> None:
    html = ana.post(ERROR_FORM, written(c, form_id="x")).content.decode()
    assert "data-permit" not in html


def test_the_same_file_sent_twice_leaves_no_second_one_behind(c: SimpleNamespace, ana: Client) -> None:
    form_id = str(uuid4())
    form = written(c, form_id=form_id, titulo="", evidencias=[log(), log()])
    ana.post(ERROR_FORM, form)
    assert intake.waiting(place_of(UUID(form_id), "evidencias"), c.ana).count() == 1
    assert StoredFile.objects.count() == 1
