"""What became of mail that came in, for administrators: no word of it, and one more try."""

import pytest
from django.test import Client

import worktime
from accounts.models import RoleGrant, User
from notifications.inbound import storing
from notifications.models import InboundMail
from tests.notifications.inbound.writing import mail

pytestmark = pytest.mark.django_db
LIST = "/admin/notifications/inboundmail/"


@pytest.fixture
def admin(client: Client) -> Client:
    person = User.objects.create_user("admin@example.org", name="Admin")
    RoleGrant.objects.create(user=person, role="admin")
    client.force_login(person)
    return client


def test_a_mail_in_quarantine_is_shown_without_its_words_and_tried_again(admin: Client) -> None:
    row = storing.store(mail("Minha senha.\n"), source=InboundMail.Source.IMAP, received_at=worktime.now())
    storing.lay_aside(row, InboundMail.Reason.FAILED, "ValueError em tickets/inbound.py:1 (take)")
    for url in (LIST, f"{LIST}{row.pk}/change/"):
        html = admin.get(url).content.decode()
        assert "Em quarentena: erro ao tratar" in html
        assert "senha" not in html
        assert "A equipe perguntou" not in html
    response = admin.post(LIST, {"action": "try_again", "_selected_action": [str(row.pk)]}, follow=True)
    assert "E-mails que serão tratados de novo: 1." in response.content.decode()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("new", 0)
    response = admin.post(LIST, {"action": "try_again", "_selected_action": [str(row.pk)]}, follow=True)
    assert "Nenhum dos e-mails marcados" in response.content.decode()
