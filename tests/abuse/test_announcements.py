"""Attacks through announcements: classes 1, 7, 8, 11, 24 and 35. Their list at the desk stands under 21 with its tests."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

import worktime
from accounts.models import RoleGrant
from community import notices
from community.models import Announcement
from notifications.letters import letter
from tests.abuse.markup import dangers
from tests.cast import form, person
from tests.community.telling import released, written
from tests.tickets.admin.desk import signed_in

DESK = "/admin/community/announcement/"
HOSTILE = [
    "<script>x()</script>",
    '<img src=x onerror="x()">',
    "[a](javascript:x())",
    "[a](data:text/html,<script>x()</script>)",
    "![a](https://evil.example/p.png)",
    '<a href="https://evil.example" onclick="x()" style="position:fixed">a</a>',
    "<<script>script>x()<</script>/script>",
    "[a]: javascript:x()\n\n[a]",
    "<javascript:x()>",
    "`</code><script>x()</script>`",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_1_7_8_nothing_that_is_written_runs_or_loads(c: SimpleNamespace, client: Client, body: str) -> None:
    """RTIR CVE-2026-105456, django-helpdesk CVE-2021-3994, FreeScout GHSA-jpq8-j69f-mj98: one page was enough."""
    out = released(c, title=body[:120], body=body)
    unsent = written(c, title=body[:120], body=body)
    manager = signed_in(c.duda)
    pages = [client.get("/"), client.get("/comunicados/"), client.get(out.get_absolute_url())]
    pages += [manager.get(f"{DESK}{out.pk}/change/"), manager.get(f"{DESK}{unsent.pk}/enviar/"), manager.get(DESK)]
    pages.append(manager.post(f"{DESK}previa/", {"title": body, "body": body}))
    for page in pages:
        assert page.status_code == 200
        assert dangers(page.content.decode()) == []
    mail = str(letter(notices.notice(out, c.ana.pk)).alternatives[0][0])
    assert [found for found in dangers(mail) if found != "<style>"] == []


def test_11_nobody_corrects_by_number_what_he_does_not_manage(c: SimpleNamespace) -> None:
    """Zammad CVE-2026-34722: a parameter of the form for something new led to somebody else's row."""
    zeca, hers = person("Zeca"), released(c, title="Só dela", agencies=[c.a])
    RoleGrant.objects.create(user=zeca, role="manager", agency=c.b)
    client = signed_in(zeca)
    asked = client.get(f"{DESK}add/?corrige={hers.pk}")
    assert (asked.status_code, "Só dela" in asked.content.decode()) == (404, False)
    sent = {"form_id": form(), "title": "Falsa", "body": "x", "by_mail": "sim", "shown_until": "2100-01-01T10:00"}
    assert client.post(f"{DESK}add/?corrige={hers.pk}", sent).status_code == 404
    assert list(Announcement.objects.all()) == [hers]


def test_24_only_what_the_form_asks_is_taken(c: SimpleNamespace) -> None:
    """FreeScout CVE-2025-48476: whatever a request named was written to the row."""
    more = {"state": "sent", "reach": "1", "author": c.ana.pk, "served": "9", "version": "7", "corrects": "1", "stopping": "on"}
    until = f"{worktime.now().year + 1}-01-01T10:00"
    sent = {"form_id": form(), "title": "T", "body": "x", "whom": "todas", "by_mail": "sim", "shown_until": until, **more}
    assert signed_in(c.duda).post(f"{DESK}add/", sent).status_code == 302
    made = Announcement.objects.get()
    assert (made.state, made.reach, made.author, made.served, made.version) == ("draft", None, c.duda, 0, 1)
    assert (made.corrects, made.stopping) == (None, False)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85"])
def test_35_header_injection_by_a_title(c: SimpleNamespace, end: str) -> None:
    """RT CVE-2012-4730, osTicket 7c5c584: the same by what a mail is called."""
    message = letter(notices.notice(released(c, title=f"Oi{end}Bcc: eva@example.org"), c.ana.pk)).message()
    assert (message["Bcc"], message["Subject"]) == (None, "Comunicado: Oi Bcc: eva@example.org")
