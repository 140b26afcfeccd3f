"""Every kind of mail, made by what really causes it: rendered, read by machine, and written out to be looked at.

``MAILS=folder`` writes each as HTML and text, to look at them in a browser: light, dark, narrow.
"""

from __future__ import annotations

import os
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import RequestFactory
from pytest_django import Settings

import worktime
from accounts import absences, memberships, privacy, roles
from accounts import notices as account_notices
from accounts.models import Membership, RoleGrant
from catalog import proposals, script_versions
from catalog.models import ElectoralPeriod, SupportScript
from community import notices as announcements
from community import sending, waiting
from feedback import manifestations, surveys
from files.models import Scan, StoredFile
from notifications import digests, kinds, outbox, preferences
from notifications.kinds import How
from notifications.letters import letter
from notifications.models import AccountLetter, InboundMail, Notice
from reports import exporting, gathering, schedules
from reports.models import Export
from tests.cast import agency, at_status, form, fresh, full_cast, opened, person, sent_file
from tests.community.telling import released
from tests.feedback.writing import with_otto, written
from tests.reading_mail import html_of, words_of, words_of_html
from tests.tickets import telling
from tickets import following, infections, lifecycle
from tickets.models import LateMail
from tickets.states import Status, Via

pytestmark = pytest.mark.django_db

LETTERS = sorted(
    path.name.removesuffix("_subject.txt")
    for path in (Path(__file__).parent.parent.parent / "templates" / "account" / "email").glob("*_subject.txt")
)


@pytest.fixture(autouse=True)
def greeting() -> None:
    """Here with the kinds that the apps register, not with the one of the other tests."""


@pytest.fixture
def caused(settings: Settings) -> SimpleNamespace:
    """One of each kind, or more."""
    settings.REPLY_ADDRESS = "respostas@portal.example"
    c = with_otto(full_cast())
    telling.everything(c, subject="Erro ao assinar documento externo no SEI 5.0.3")
    with time_machine.travel(telling.MONDAY + timedelta(hours=telling.LATE), tick=False):
        _of_people(c)
        _of_bonds(c)
        _of_opinions(c)
        _of_the_team(c)
        _of_mail(c)
        _digest(c)
        _reports(c)
    return c


def _of_people(c: SimpleNamespace) -> None:
    rui = person("Rui")
    Membership.objects.create(user=rui, agency=c.a, confirmed_at=worktime.now())
    for admit in (True, False):
        ticket = opened(c)
        request = following.ask(fresh(rui), following.token(rui, ticket.pk))
        following.decide(request.pk, by=fresh(c.gil), admit=admit)
    infected = sent_file(c.ana)
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Segue.", files=[infected])
    StoredFile.objects.filter(pk=infected.pk).update(scan=Scan.INFECTED)
    infections.tell()


def _of_bonds(c: SimpleNamespace) -> None:
    nina, now = person("Nina"), worktime.now()
    other = agency("orgao-z", c.sphere)
    bond = memberships.join(nina, c.a)
    memberships.confirm(bond.pk, by=c.gil)
    memberships.end(bond.pk, by=c.gil)
    memberships.end(memberships.join(nina, other).pk, by=c.gil)
    grant = RoleGrant.objects.create(user=nina, role="analyst", queue=c.n2)
    with transaction.atomic():
        account_notices.granted("role_given", grant)
    week = timedelta(days=7)
    absence = absences.declare(fresh(nina), starts_at=now + week, ends_at=now + 2 * week, substitute=c.beto, by=c.lia)
    absences.end(absence.pk, by=c.lia)
    roles.end(grant.pk, by=c.lia)
    privacy.change("Guardamos os anexos de um chamado por cinco anos, e não mais por dez.", by=c.lia)
    privacy.tell_due()


def _of_opinions(c: SimpleNamespace) -> None:
    made = written(c, body="Esperei muito pela resposta.")
    manifestations.extend(made.pk, by=c.otto, reason="Falta ouvir a equipe de desenvolvimento.", request_id=form())
    manifestations.answer(made.pk, by=c.otto, words="Vamos melhorar.\n\nObrigado pelo aviso.", request_id=form())
    at_status(c, Status.CLOSED)
    surveys.create_due()
    with worktime.shifted(surveys.INVITE_AFTER):
        surveys.invite_due()


def _of_the_team(c: SimpleNamespace) -> None:
    cris = person("Cris")
    RoleGrant.objects.create(user=cris, role="curator", core_system=c.core)
    script = SupportScript.objects.create(
        core_system=c.core, product=c.product, slug="dados", title="Pedir dados", situation="…", reply="Olá.",
        steps=["Veja."], profile="tecnico", holds=True,
    )  # fmt: skip
    script_versions.record_loaded(c.core)
    script.refresh_from_db()
    content = script_versions.said(script) | {"title": "Pedir a versão"}
    proposal = proposals.propose(by=c.bia, form_id=form(), content=content, reason="Falta.", script=script)
    proposals.decide(proposal.pk, by=cris, accept=True, answer="Obrigada! Vale a partir de agora.")
    announcement = released(c, agencies=[c.a])
    sending.send_due()
    with transaction.atomic():
        announcements.test(announcement, uuid.uuid4(), c.duda)
    period = ElectoralPeriod.objects.create(starts=worktime.now(), ends=worktime.now() + timedelta(days=90))
    waiting.tell()
    period.delete()


def _of_mail(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    mail = InboundMail.objects.create(
        source="imap", received_at=worktime.now(), size=1, fingerprint="x", user=c.ana, reason=InboundMail.Reason.RIGHTS
    )
    LateMail.objects.create(pk=mail.pk, ticket=ticket, author=c.ana, body="Obrigada!", received_at=mail.received_at)
    data: dict[str, int | str] = {"ticket": ticket.pk, "number": ticket.number, "mail": str(mail.pk)}
    with transaction.atomic():
        outbox.enqueue("mail_late", to=c.ana, data=data, dedupe_key="late")
        outbox.enqueue("mail_not_taken", to=c.ana, data=data, dedupe_key="not taken")


def _reports(c: SimpleNamespace) -> None:
    """On a Tuesday that is the first of a month."""
    preferences.choose(c.duda.pk, {"relatorio-semanal": How.MAIL, "relatorio-mensal": How.MAIL})
    gathering.gather()
    schedules.compose(datetime(2026, 12, 1, 12, tzinfo=UTC))
    told = {"asked_by": c.duda, "what": "chamados-abertos", "asked": {}, "format": "xlsx", "with_people": False}
    scope = {"systems": [c.core.pk], "bodies": [], "queue_ids": []}
    Export.objects.create(**told, scope=scope, asked_at=worktime.now(), state="waiting", expected=9_000)
    exporting.write_due()


def _digest(c: SimpleNamespace) -> None:
    Notice.objects.filter(recipient=c.ana, kind__in=("ticket_taken", "ticket_opened")).update(state="to_digest")
    digests.compose(worktime.now())


def written_out(name: str, message: EmailMultiAlternatives) -> None:
    if folder := os.environ.get("MAILS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.html").write_text(html_of(message))
        (Path(folder) / f"{name}.txt").write_text(f"{message.subject}\n\n{message.body}")


def is_well_made(message: EmailMultiAlternatives) -> None:
    """Whatever it tells: short lines, nothing fetched, nothing that runs, nothing unfilled, the same in both parts."""
    text, page = str(message.body), html_of(message)
    assert text.startswith("Olá")
    assert [line for line in text.splitlines() if len(line) > 72 and "http" not in line] == []
    assert "\n\n\n" not in text
    assert re.findall(r"<(?:img|script|link|iframe|form)\b|{{|{%|\bNone\b|Brasília\) \(horário", page + text) == []
    assert "<li>" in page or words_of_html(page) == words_of(text)  # a list has marks in text, and its links behind
    assert '<html lang="pt-BR">' in page
    assert page.count("<h1>") == 1
    assert "<h1></h1>" not in page
    assert '<meta name="color-scheme" content="light dark">' in page
    shown = page.partition('<div class="preheader">')[2].partition("</div>")[0]
    assert shown.strip()
    assert f"<title>{message.subject[:20]}" in page.replace("&quot;", '"')
    assert not re.search(r"\d{3}\.\d{3}\.\d{3}-\d{2}", text)
    raw = message.message()
    assert raw["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[^@<>\s]+@[^@<>\s]+>", raw["Message-ID"])


def test_every_kind_is_a_good_mail(caused: SimpleNamespace) -> None:
    with time_machine.travel(telling.MONDAY + timedelta(hours=telling.LATE), tick=False):
        seen: set[str] = set()
        for notice in Notice.objects.select_related("recipient").order_by("created_at"):
            message = letter(notice)
            if notice.kind not in seen:
                written_out(notice.kind, message)
            seen.add(notice.kind)
            is_well_made(message)
            # What one may choose about can be ended by one press, what is owed cannot.
            optional = notice.kind == "digest" or kinds.group_of(notice.kind) is not None
            assert ("List-Unsubscribe" in message.extra_headers) == optional
            assert ("List-Unsubscribe-Post" in message.extra_headers) == optional
        assert seen == set(kinds.registered())


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_about_an_account_is_a_good_mail(name: str, rf: RequestFactory) -> None:
    bia = person("Bia")
    context = {
        "user": bia,
        "activate_url": "http://testserver/conta/confirmar/chave/",
        "password_reset_url": "http://testserver/conta/senha/chave/",
        "signup_url": "http://testserver/conta/criar/",
        "from_email": "a@example.org",
        "to_email": "b@example.org",
        "deleted_email": "a@example.org",
        "timestamp": telling.MONDAY,
        "ip": "192.0.2.1",
    }
    get_adapter(rf.get("/")).send_mail(f"account/email/{name}", bia.email, context)
    row = AccountLetter.objects.get()
    message = EmailMultiAlternatives(row.subject, row.body, headers={"Auto-Submitted": "auto-generated", "Message-ID": "<a@b>"})
    message.attach_alternative(row.html, "text/html")
    written_out(f"account_{name}", message)
    is_well_made(message)
