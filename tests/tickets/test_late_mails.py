"""Mail that came after the closing, on the pages of both sides; the original for the team alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from notifications.letters import letter
from notifications.models import Notice, OriginalReading
from tests.cast import at_status, form
from tests.notifications.inbound.writing import mail
from tests.tickets.test_inbound import come, token
from tickets import lifecycle
from tickets.models import LateMail, Ticket
from tickets.states import Status, Via

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def box(settings: Settings) -> None:
    settings.REPLY_ADDRESS, settings.PORTAL_URL = "respostas@portal.example", "https://portal.example"


@pytest.fixture
def late(c: SimpleNamespace) -> LateMail:
    ticket = at_status(c, Status.CLOSED)
    come(mail("Ainda <b>falha</b>.\n", To=token(ticket, c.ana)))
    return LateMail.objects.get()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_both_sides_see_it(c: SimpleNamespace, late: LateMail) -> None:
    for user, url in ((c.ana, late.ticket.get_absolute_url()), (c.bia, f"/admin/tickets/n2ticket/{late.ticket_id}/change/")):
        html = signed_in(user).get(url).content.decode()
        assert "recebido depois do encerramento" in html
        assert "Ainda &lt;b&gt;falha&lt;/b&gt;." in html
        assert ("Ver o e-mail original" in html) == (user == c.bia)


def test_the_form_that_reopens_holds_the_words_for_who_wrote_them_alone(c: SimpleNamespace, late: LateMail) -> None:
    url = late.ticket.get_absolute_url()
    words = ">\nAinda &lt;b&gt;falha&lt;/b&gt;.</textarea>"
    assert words in signed_in(c.ana).get(f"{url}?email={late.pk}").content.decode()
    assert words not in signed_in(c.ana).get(url).content.decode()
    assert words not in signed_in(c.gil).get(f"{url}?email={late.pk}").content.decode()
    assert signed_in(c.ana).get(f"{url}?email=x%00").status_code == 200
    assert Client().get(f"{url}?email={late.pk}").status_code == 302
    assert Ticket.objects.get(pk=late.ticket_id).status == Status.CLOSED  # looking reopens nothing


def test_the_mail_leads_there_as_long_as_the_window_lasts(c: SimpleNamespace, late: LateMail) -> None:
    notice = Notice.objects.get(kind="mail_late")
    message = letter(notice)
    assert f"?email={late.pk}#reabrir" in message.body
    assert "Reabrir o chamado" in message.body
    late.ticket.refresh_from_db()
    with_rest = at_status(c, Status.FINAL)
    come(mail("Obrigada.", To=token(with_rest, c.ana), Message_ID="<9@x.example>"))
    message = letter(Notice.objects.get(kind="mail_late", data__ticket=with_rest.pk))
    assert "Abrir chamado relacionado" in message.body
    assert "Reabrir" not in message.subject


def test_what_is_told_of_a_mail_that_was_not_taken(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    come(mail(From=c.bia.email, To=token(ticket, c.bia)))
    message = letter(Notice.objects.get(kind="mail_not_taken"))
    assert "Quem atende o chamado responde pela bancada" in message.body
    assert str(ticket.number) not in message.body


def test_the_original_is_a_download_for_the_team_and_each_is_written_down(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    content = mail("Segue.\n-- \nAna\n", To=token(ticket, c.ana))
    row = come(content)
    url = f"/admin/tickets/n2ticket/{ticket.pk}/email/{row.pk}/"
    assert url in signed_in(c.bia).get(f"/admin/tickets/n2ticket/{ticket.pk}/change/").content.decode()
    response = signed_in(c.bia).get(url)
    assert b"".join(response.streaming_content) == content  # type: ignore[attr-defined]  # a file
    assert response["Content-Type"].startswith("text/plain")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert OriginalReading.objects.get().user == c.bia
    for other in (c.ana, c.gil, c.eva, c.caio):
        assert signed_in(other).get(url).status_code == 404
    assert OriginalReading.objects.count() == 1
    lifecycle.redact(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), what=ticket.messages.latest("id"), passage="Segue")
    assert signed_in(c.bia).get(url).status_code == 404
