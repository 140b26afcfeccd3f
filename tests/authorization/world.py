"""What the table of rights is tried on: everybody of DESIGN §9, and something of every kind to get at."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from types import SimpleNamespace

from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

import worktime
from accounts.models import Absence, Membership, RoleGrant, User
from catalog import script_versions
from catalog.models import (
    ElectoralPeriod,
    FormField,
    Holiday,
    Level,
    Policy,
    Queue,
    RoutingRule,
    ScriptProposal,
    ScriptVersion,
    SupportScript,
    WorkWindow,
)
from catalog.offers import attachment_policy
from feedback import manifestations, surveys, treatments
from feedback.models import SurveyAnswer, Theme, Treatment
from files import intake
from files.models import Scan, StoredFile, Upload
from knowledge import writing
from knowledge.models import Article
from notifications import outbox, preferences
from notifications.inbound import storing
from notifications.models import AccountLetter, InboundMail, MailAddress, MailStep, Notice
from tests.cast import at_status, default_policy, form, full_cast, opened, person
from tests.community.telling import released, written
from tests.files import samples
from tests.reports.freezing import frozen
from tickets import drafts, failures, incidents, lifecycle
from tickets.admin.behalf import people
from tickets.lifecycle.linking import Tie
from tickets.models import Follower, FollowRequest, Macro, SavedView, SweepFailure, Ticket
from tickets.states import Status, Via


def _calendar_and_views(w: SimpleNamespace) -> None:
    w.coming = default_policy(core_system=w.core, in_force_from="2999-01-01T00:00:00Z")
    w.electoral = ElectoralPeriod.objects.create(starts="2026-07-04T00:00:00Z", ends="2026-10-26T00:00:00Z")
    w.holiday = Holiday.objects.create(date="2026-12-25", name="Natal")
    w.view, w.own_view = (
        SavedView.objects.create(level=Level.N2, owner=owner, queue=queue, name="V", chosen={"vez": "comigo"}, created_at=at)
        for owner, queue, at in ((w.lia, w.n2, worktime.now()), (w.bia, None, worktime.now()))
    )


def mails(ticket: Ticket) -> list[InboundMail]:
    """One that came to the ticket, and one in quarantine."""
    rows = [storing.store(raw, source=InboundMail.Source.IMAP, received_at=worktime.now()) for raw in (b"Oi", b"Ei")]
    storing.settle(rows[0], InboundMail.State.TAKEN)
    storing.lay_aside(rows[1], InboundMail.Reason.UNREADABLE, "partes demais")
    InboundMail.objects.filter(pk=rows[0].pk).update(thread=f"ticket-{ticket.number}")
    return rows


def world() -> SimpleNamespace:
    """The cast, tickets of Ana's for body A in several states, with files, and one row of each other kind.

    Eva is of another body and Caio of another queue than the tickets at N2; Bia escalated ``at_n3``.
    """
    w = full_cast()
    w.cris, w.otto, w.admin, w.newcomer = person("Cris"), person("Otto"), person("Admin"), person("Nina")
    RoleGrant.objects.create(user=w.cris, role="curator", core_system=w.core)
    RoleGrant.objects.create(user=w.otto, role="ombudsman")
    for user in User.objects.all():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    w.grant = RoleGrant.objects.create(user=w.admin, role="admin")
    w.mine = Membership.objects.get(user=w.ana)
    w.claim = Membership.objects.create(user=w.newcomer, agency=w.a)
    w.field = FormField.objects.create(support_type=w.kind, name="titulo", label="Título", kind="texto", required=True)
    w.rule = RoutingRule.objects.create(
        core_system=w.core,
        slug="sei",
        situation="SEI",
        conditions={"produto": ["sei"]},
        outcome="aviso",
        requester_text="Leia.",
    )
    _write_scripts(w)
    _calendar_and_views(w)

    w.n2b = Queue.objects.create(slug="pen-sei-n2b", name="SEI N2 B", product=w.product, level=Level.N2)
    w.queued = opened(w)
    w.at_n2, w.waiting, w.closed = (
        at_status(w, status) for status in (Status.IN_PROGRESS, Status.WAITING_REQUESTER, Status.CLOSED)
    )
    w.final = at_status(w, Status.FINAL)
    _opinions(w)
    w.at_n3 = at_status(w, Status.IN_PROGRESS, "N3")
    w.queued_n3 = at_status(w, Status.QUEUED, "N3")
    w.validating, w.outside = at_status(w, Status.IN_VALIDATION), at_status(w, Status.WAITING_EXTERNAL, "N3")
    w.link = lifecycle.link(w.at_n2.pk, by=w.bia, number=w.queued.number, tie=Tie.RELATED)
    w.link_n3 = lifecycle.link(w.at_n3.pk, by=w.caio, number=w.queued_n3.number, tie=Tie.RELATED)
    w.evas = opened(w, by=w.eva, subject="Do órgão B")
    w.incident = incidents.begin(w.product, by=w.lia, title="Lentidão", public_text="Em correção.")
    incidents.add(w.incident.pk, w.at_n2.pk, by=w.lia)
    w.post = incidents.post(w.incident.pk, by=w.lia, request_id=form(), kind="answer", body="A senha é outra.")
    w.file = _spoken(w.at_n2, w.bia, internal=False)
    w.said, w.asked = w.at_n2.messages.last(), w.queued.messages.get()
    w.secret = _spoken(w.at_n2, w.bia, internal=True)
    _files_on_their_way(w)
    with transaction.atomic():
        outbox.enqueue("test", to=w.ana, data={"number": w.queued.number}, dedupe_key="test")
    w.draft = drafts.save(
        w.ana, drafts.Place(offering=w.offering), {"titulo": "Rascunho"}, form_id=form(), file_places=[], base=0
    )
    for colleague in (rui := person("Rui"), ivo := person("Ivo")):
        Membership.objects.create(user=colleague, agency=w.a, confirmed_at=worktime.now())
    w.asks = FollowRequest.objects.create(ticket=w.queued, user=rui)
    w.follows = Follower.objects.create(ticket=w.queued, user=ivo)
    later = worktime.now() + timedelta(days=30)
    w.absence = Absence.objects.create(user=w.bia, starts_at=later, ends_at=later + timedelta(days=1))
    w.notice = Notice.objects.get(dedupe_key="test")
    w.letter = AccountLetter.objects.create(to="x@example.org", subject="Senha", body="…", ends_at=worktime.now())
    w.mail_step = MailStep.objects.create(notice=w.notice, kind=MailStep.Kind.SENT, address="x@example.org")
    w.inbound_mail, w.mail_aside = mails(w.at_n2)
    w.mail_address = MailAddress.objects.create(email="x@example.org")
    w.token = preferences.token(Notice.objects.filter(kind="ticket_opened", recipient=w.ana).earliest("created_at"))
    failures.keep("finalize", w.closed.pk, ValueError())
    w.failure = SweepFailure.objects.get()
    _write_articles(w)
    _announce(w)
    _desk(w)
    return w


def _announce(w: SimpleNamespace) -> None:
    """To everybody, to body A, one that is not out and one of tomorrow."""
    w.news = released(w, title="Nova versão")
    w.news_of_a = released(w, title="Só do órgão", agencies=[w.a])
    w.unsent_news = written(w, title="Rascunho")
    w.coming_news = released(w, title="Amanhã", release_at=worktime.now() + timedelta(days=1))


def _write_scripts(w: SimpleNamespace) -> None:
    w.macro = Macro.objects.create(
        owner=w.bia, core_system=w.core, product=w.product, shared=True, name="Recebi", action="note", body="Recebi."
    )
    w.window, w.policy = WorkWindow.objects.all()[0], Policy.objects.get()
    w.script = SupportScript.objects.create(core_system=w.core, slug="dados", title="Pedir dados", situation="…", reply="…")
    w.version = ScriptVersion.objects.create(
        script=w.script, number=1, at=worktime.now(), content=script_versions.said(w.script)
    )
    w.proposal = ScriptProposal.objects.create(
        core_system=w.core, script=w.script, content={"title": "X"}, reason="…", by=w.bia
    )


def _desk(w: SimpleNamespace) -> None:
    """What Ana asked for first on two tickets, and the way on which Bia opens one for her."""
    w.ask_n2, w.ask_n3 = w.at_n2.messages.earliest("id"), w.at_n3.messages.earliest("id")
    w.bias_way = people.token(w.ana, by=w.bia)
    w.type_of_ticket = ContentType.objects.get_for_model(Ticket).pk
    w.closed_month = frozen(w, date(2025, 1, 1))


def _write_articles(w: SimpleNamespace) -> None:
    for name, kind, slug, topic in (
        ("article", Article.Kind.QUESTION, "reabrir", "geral"),
        ("guide", Article.Kind.GUIDE, "canais", ""),
        ("help_page", Article.Kind.PAGE, "privacidade", ""),
    ):
        article = Article(
            core_system=w.core, kind=kind, slug=slug, topic=topic, title=f"Como {slug}?", body="Na página do chamado."
        )
        writing.save(article, by=w.cris)
        setattr(w, name, article)


def _opinions(w: SimpleNamespace) -> None:
    """A survey of Ana's, praise under her name, a complaint without a name, and a low rating in the list of what is treated."""
    surveys.create_due()
    w.survey = surveys.of_ticket(w.closed)
    w.praise = manifestations.register(by=w.ana, kind="elogio", body="Bom.", request_id=form(), may_publish=True).manifestation
    receipt = manifestations.register(by=None, kind="reclamacao", body="Ruim.", request_id=form())
    w.nameless, w.code = receipt.manifestation, receipt.code
    today = worktime.now().astimezone(worktime.BRASILIA).date()
    low = SurveyAnswer.objects.create(answered_on=today, product=w.product, queue=w.n2, closure="resolved", stars=1)
    treatments.take_in(worktime.now() + timedelta(days=1))
    w.rated, w.theme = Treatment.objects.get(answer=low.pk), Theme.objects.create(name="Prazos")


def fill(text: str, w: SimpleNamespace) -> str:
    """The text with what the world holds in its braces; ``{new}`` is the id of a form never sent."""
    return text.format(w=w, new=uuid.uuid4())


def _spoken(ticket: Ticket, by: User, *, internal: bool) -> StoredFile:
    request_id = form()
    file = _file(ticket, by, request_id)
    say = lifecycle.note if internal else lifecycle.comment
    say(ticket.pk, by=by, via=Via.DESK, request_id=request_id, body="Veja o arquivo.", files=[file])
    return file


def _files_on_their_way(w: SimpleNamespace) -> None:
    """One of each that is not simply on a ticket, and a preview of the one that is."""
    StoredFile.objects.filter(pk=w.file.pk).update(preview_path=w.file.content.name)
    w.upload = Upload.objects.create(uploaded_by=w.ana, form_id=form(), name="a.txt", size=1)
    w.held, w.unsent = _file(w.at_n2, w.ana, form()), _file(w.at_n2, w.ana, form())
    StoredFile.objects.filter(pk=w.held.pk).update(scan=Scan.HELD)


def _file(ticket: Ticket, by: User, form_id: uuid.UUID) -> StoredFile:
    upload = SimpleUploadedFile("erro.txt", samples.TEXT)
    return intake.accept(upload, policy=attachment_policy(ticket.offering), by=by, form_id=form_id)
