"""Attacks on sessions, tokens and the way in: classes 28, 30, 31, 43, 44, 46, 47, 49, 50 and 51.

Classes 24, 29, 32, 43, 46 and 51 have more tests in ``tests/accounts/test_sign_in.py``, 47 in
``tests/helpdesk/test_gunicorn.py``, 46 in ``tests/files/test_intake.py``.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from notifications.models import AccountLetter
from tests.authorization.desk import DESK
from tests.authorization.portal import PORTAL
from tests.authorization.tables import TABLES
from tests.authorization.test_authorization import written
from tests.authorization.world import fill, world
from tests.cast import MONDAY, form, opened
from tests.tickets.admin.desk import queue_url, signed_in, state_of
from tests.tickets.asking import ERROR_FORM, short_form
from tests.tickets.asking import written as written_form
from tickets.models import Message, Ticket
from tickets.views import pace

RESET = re.compile(r"https?://([^/]+)(/conta/senha/nova/(\w+)-([^/\s]+)/)")
NEW = {"password1": "outra-frase-longa-7", "password2": "outra-frase-longa-7"}


def asked_for_reset(client: Client, email: str = "ana@example.org") -> re.Match[str]:
    """The link of the mail that somebody gets who has forgotten the password."""
    EmailAddress.objects.get_or_create(user=User.objects.get(email=email), email=email, verified=True, primary=True)
    AccountLetter.objects.all().delete()
    client.post("/conta/senha/recuperar/", {"email": email})
    found = RESET.search(AccountLetter.objects.get().body)
    assert found
    return found


def opens(link: str) -> bool:
    """Whether the link leads a new visitor to the form for a new password, and the form is taken."""
    client = Client()
    page = client.get(link)
    return page.status_code == 302 and client.post(page["Location"], NEW).status_code == 302


@pytest.mark.parametrize(
    "header", ["Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Forwarded-Email", "X-Auth-Request-Email"]
)
def test_28_headers_sign_nobody_in(c: SimpleNamespace, header: str) -> None:
    """Zammad CVE-2026-34720, GLPI CVE-2026-23624: a header that the visitor wrote was believed to be the proxy's."""
    client = Client(headers={header: "admin@example.org"}, REMOTE_USER="ana@example.org", AUTH_TYPE="Negotiate")
    assert client.get("/chamados/")["Location"].startswith("/conta/entrar/")
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_30_a_key_is_for_one_person_and_one_use(c: SimpleNamespace) -> None:
    """FreeScout CVE-2026-27637: keys that followed from id and date. Here: signed, bound to the password, used once."""
    before = c.eva.password
    anas, evas = asked_for_reset(Client()), asked_for_reset(Client(), "eva@example.org")
    assert anas[4] != evas[4]
    assert not opens(f"/conta/senha/nova/{evas[3]}-{anas[4]}/")
    assert not opens(f"/conta/senha/nova/{anas[3]}-{anas[4][:-1]}x/")
    assert opens(anas[2])
    assert not opens(anas[2])
    assert User.objects.get(pk=c.eva.pk).password == before
    assert User.objects.get(pk=c.ana.pk).check_password(NEW["password1"])


def test_31_a_key_expires_and_ends_with_the_password(c: SimpleNamespace) -> None:
    """FreeScout CVE-2026-41902: an invitation that was valid for ever."""
    with time_machine.travel(MONDAY, tick=False):
        link = asked_for_reset(Client())[2]
    with time_machine.travel(MONDAY + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 1), tick=False):
        assert not opens(link)
    with time_machine.travel(MONDAY, tick=False):
        c.ana.set_password("trocada-enquanto-isso")
        c.ana.save()
        assert not opens(link)
    assert User.objects.get(pk=c.ana.pk).check_password("trocada-enquanto-isso")
    assert timedelta(days=3).total_seconds() >= settings.PASSWORD_RESET_TIMEOUT


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_43_no_address_leads_to_another_host(c: SimpleNamespace, target: str) -> None:
    """RT CVE-2022-25803, osTicket b8603c7: a link of ours that leads to theirs."""
    for url in ("/admin/login/", "/conta/entrar/", "/conta/sair/", "/conta/confirmar-identidade/", "/chamados/", "/admin/"):
        for name in ("next", "url", "return_to", "continue"):
            for client in (Client(), signed_in(c.bia)):
                assert not client.get(url, {name: target}).get("Location", "/").startswith(("http", "//", "/\\", "java"))
    c.nina = User.objects.create_user("nina@example.org", "demo", name="Nina")
    page = signed_in(c.ana).post("/conta/entrar/demonstracao/", {"email": "ana@example.org", "next": target})
    assert page["Location"] == "/"


def test_44_no_form_is_taken_from_a_foreign_page(db: None) -> None:
    """RT 5.0.11, CVE-2012-4732: a page of somebody else's sent our forms. Every POST of the table, as who may send it."""
    w = world()
    for row in (row for row in [*PORTAL, *DESK, *TABLES] if row.method == "POST" and not row.from_anywhere):
        for role in ("ana", "gil", "bia", "caio", "duda", "admin"):
            if row.status(role) not in (200, 302):
                continue
            strict = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
            strict.force_login(getattr(w, role))
            with written() as tables:
                answer = strict.post(fill(row.url, w), {name: fill(value, w) for name, value in row.data.items()})
            assert (answer.status_code, tables) == (403, set()), (role, row.url)
            break


def test_44_the_session_is_not_sent_along_by_other_sites(c: SimpleNamespace) -> None:
    """And other sites frame no page of ours (clickjacking)."""
    client = Client()
    client.post("/conta/entrar/demonstracao/", {"email": "ana@example.org"})
    cookie = client.cookies["portal_sessao"]
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)
    for url in ("/", "/conta/entrar/", "/chamados/", "/nada/"):
        headers = client.get(url).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "form-action 'self'" in headers["Content-Security-Policy"]


def test_46_a_flood_of_letters_to_somebody(c: SimpleNamespace) -> None:
    """FreeScout GHSA-ph4f-2jhx-q76w: forms for visitors sent as much mail as somebody liked."""
    link = asked_for_reset(Client(REMOTE_ADDR="192.0.2.1"))
    AccountLetter.objects.all().delete()
    for number in range(30):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/conta/senha/recuperar/", {"email": "ana@example.org"})
    assert AccountLetter.objects.count() < 10
    assert opens(link[2])


def test_47_a_password_stands_in_no_log(c: SimpleNamespace, caplog: pytest.LogCaptureFixture) -> None:
    """OTOBO CVE-2024-43444: passwords in the debug log."""
    caplog.set_level(logging.DEBUG)
    for word in ("demo", "Palpite-Secreto-1"):
        Client().post("/conta/entrar/", {"login": "ana@example.org", "password": word, "next": "/chamados/"})
    assert "Palpite" not in caplog.text
    assert "csrfmiddlewaretoken" not in caplog.text


def test_49_no_password_waits_in_a_session(c: SimpleNamespace) -> None:
    """django-two-factor-auth PYSEC-2020-39: the password lay in the session between two steps."""
    EmailAddress.objects.create(user=c.ana, email=c.ana.email, verified=True, primary=True)
    client = Client()
    for word in ("Palpite-Secreto-1", "demo"):
        client.post("/conta/entrar/", {"login": "ana@example.org", "password": word})
        assert not {"Palpite-Secreto-1", "demo"} & {str(value) for value in client.session.values()}
    assert client.session["_auth_user_id"] == str(c.ana.pk)


def test_50_the_demonstrations_door_is_shut_outside_it(c: SimpleNamespace, settings: Settings) -> None:
    """FreeScout tools.php GHSA-jx2w-fhmw-rg39: a page for the installation that stayed open."""
    settings.DEMO = False
    client = Client()
    assert client.post("/conta/entrar/demonstracao/", {"email": "ana@example.org"}).status_code == 404
    assert "_auth_user_id" not in client.session
    assert "demonstracao" not in client.get("/conta/entrar/").content.decode()


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-Host", "X-Forwarded-Server"])
def test_51_a_claimed_host_comes_into_no_mail(c: SimpleNamespace, header: str) -> None:
    """FreeScout GHSA-9cm3-qvj2-8hg4: what the visitor said of the network came into mails and logs."""
    link = asked_for_reset(Client(headers={header: "evil.example", "X-Forwarded-Port": "666"}))
    assert link[1] == "127.0.0.1:8000"  # PORTAL_URL
    assert Client().post("/conta/senha/recuperar/", headers={"host": "evil.example"}).status_code == 400


def test_51_a_claimed_address_leaves_no_trace_on_a_ticket(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    client = Client(headers={"X-Forwarded-For": "10.0.0.1, evil.example", "CF-Connecting-IP": "evil.example"})
    client.force_login(c.bia)
    assert client.get(queue_url("N2")).status_code == 200
    assert state_of(ticket) == before


def test_46_a_flood_of_tickets_and_messages(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """GLPI limits: one account filled the queues. What was typed is kept, and others go on."""
    monkeypatch.setattr(pace, "OPENINGS", 2)
    monkeypatch.setattr(pace, "DEEDS", 2)
    short_form(c)
    ana, eva = signed_in(c.ana), signed_in(c.eva)
    assert [ana.post(ERROR_FORM, written_form(c)).status_code for _ in range(4)] == [302, 302, 429, 429]
    assert "A tela fica em branco." in ana.post(ERROR_FORM, written_form(c)).content.decode()
    assert eva.post(ERROR_FORM, written_form(c, orgao=str(c.b.pk))).status_code == 302
    assert Ticket.objects.count() == 3
    url = f"/chamados/{Ticket.objects.filter(requester=c.ana)[0].number}/responder/"
    said = [ana.post(url, {"form_id": str(form()), "body": "Mais uma."}) for _ in range(3)]
    assert [answer.status_code for answer in said] == [302, 302, 429]
    assert "Mais uma." in said[2].content.decode()
    assert Message.objects.filter(body="Mais uma.").count() == 2
