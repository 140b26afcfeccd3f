"""What became of mail that came in, for administrators: no word of it, and one more try."""

import pytest
from django.test import Client

import worktime
from accounts.models import RoleGrant, User
from notifications.inbound import storing
from notifications.models import InboundMail, OriginalReading
from tests.notifications.inbound.writing import mail

pytestmark = pytest.mark.django_db
LIST = "/admin/notifications/inboundmail/"


@pytest.fixture
def admin(client: Client) -> Client:
    person = User.objects.create_user("admin@example.org", name="Zuleica Exemplo")
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


def test_what_a_person_must_look_at_is_a_download_and_each_is_written_down(admin: Client) -> None:
    content = mail("<script>alert(1)</script>", Subject="x") + b"\xff\x00"
    row = storing.store(content, source=InboundMail.Source.IMAP, received_at=worktime.now())
    page, url = f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/original/"
    assert admin.get(url).status_code == 404
    assert url not in admin.get(page).content.decode()
    storing.lay_aside(row, InboundMail.Reason.UNREADABLE, "partes demais")
    before = admin.get(page).content.decode()
    assert url in before
    assert not OriginalReading.objects.exists()
    response = admin.get(url)
    assert b"".join(response.streaming_content) == content  # type: ignore[attr-defined]  # a file
    said = {name: response[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Cache-Control")}
    assert said == {
        "Content-Type": "text/plain",
        "Content-Disposition": 'attachment; filename="email.txt"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store, max-age=0, no-cache, must-revalidate",
    }
    assert (OriginalReading.objects.get().user.email, OriginalReading.objects.get().mail) == ("admin@example.org", row)
    html = admin.get(page).content.decode()
    assert "leituras de e-mails originais" in html.lower()
    assert html.count("Zuleica") > before.count("Zuleica")
    assert admin.post(url).status_code == 405
    storing.retry(InboundMail.objects.all())
    assert admin.get(url).status_code == 404
    assert OriginalReading.objects.count() == 1


def test_nobody_else_reads_it(admin: Client) -> None:
    row = storing.store(mail(), source=InboundMail.Source.IMAP, received_at=worktime.now())
    storing.lay_aside(row, InboundMail.Reason.UNREADABLE, "partes demais")
    grant = RoleGrant.objects.get()
    RoleGrant.objects.filter(pk=grant.pk).delete()
    assert admin.get(f"{LIST}{row.pk}/original/").status_code == 404
    assert not OriginalReading.objects.exists()
