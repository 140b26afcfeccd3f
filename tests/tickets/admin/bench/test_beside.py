"""What stands beside a ticket on its workbench, read in one statement by hand: the same that the models say."""

import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import Absence, RoleGrant, User
from catalog import offers, scripts
from catalog.models import Cause, SupportScript
from files.models import Upload
from tests.cast import another_product, at_status, follow, form, fresh, opened, person
from tests.tickets.admin.desk import bench_url, page_of, sent, signed_in
from tests.tickets.asking import short_form
from tickets import following, incidents, lifecycle, rules
from tickets.admin.access import Seen
from tickets.admin.bench.beside import Beside, beside
from tickets.forms.uploads import place_of
from tickets.lifecycle import AgencyChoice
from tickets.models import Incident, IncidentTicket, Ticket
from tickets.states import Action, Status, Via

MOST = 8
"""Queries of the page with files, links, followers, and a draft on which files wait; ten are the target."""


def read(user: User, ticket: Ticket) -> Beside:
    user, ticket = fresh(user), Ticket.objects.get(pk=ticket.pk)
    mine = rules.roles(user, ticket)
    seen = Seen(
        ticket,
        user,
        mine,
        "",
        ([], []),
        None,
        transferred=False,
        tied=False,
        followed=True,
        has_files=False,
        mail_fails=False,
        answers=[],
    )
    return beside(seen, rules.legal_actions(user, ticket, mine=mine))


def test_what_the_catalog_knows_is_what_its_modules_say(c: SimpleNamespace) -> None:
    short_form(c)
    another_product(c)
    ticket = at_status(c, Status.IN_PROGRESS)
    Cause.objects.create(product=c.product, slug="antiga", name="Antiga", active=False)
    Cause.objects.create(product=c.product, slug="uso", name="Uso", position=1)
    for slug, holds in (("b", None), ("a", True), ("c", False)):
        SupportScript.objects.create(core_system=c.core, slug=slug, title=slug, situation="…", reply="…", holds=holds)
    incident = Incident.objects.create(
        product=c.product, title="Falha", public_text="…", opened_by=c.bia, opened_at=worktime.now()
    )
    IncidentTicket.objects.create(incident=incident, ticket=ticket, added_by=c.bia, added_at=worktime.now())
    found = read(c.bia, ticket)
    assert offers.in_order(found.questions) == offers.fields_of(ticket.offering)
    assert found.choices.causes == list(Cause.objects.filter(product=c.product, active=True))
    assert scripts.grouped(found.choices.scripts, ticket.offering) == scripts.fitting(ticket.offering)
    assert [(row["id"], row["has_it"]) for row in found.incidents] == [(i.pk, i.has_it) for i in incidents.around(ticket)]


def test_who_has_to_do_with_it_is_told(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    follow(ticket, c.gil)
    found = read(c.bia, ticket)
    assert found.focal_points == ["Gil"]
    assert [row["name"] for row in found.followers] == [f.user.display_name for f in following.followers_of(ticket)] == ["Gil"]
    User.objects.filter(pk=c.gil.pk).update(social_name="Gil Social")
    assert read(c.bia, ticket).focal_points == ["Gil Social"]


def test_other_tickets_are_those_that_the_reader_reads(c: SimpleNamespace) -> None:
    ticket, own = opened(c), opened(c, subject="Outro dela")
    lone = person("Rui")
    elsewhere = opened(c, subject="No N3")
    Ticket.objects.filter(pk=elsewhere.pk).update(queue=c.n3, level="N3")
    with worktime.shifted(timedelta(days=366)):
        found = read(c.bia, ticket)
        assert found.year == 0
    found = read(c.bia, ticket)
    assert [other.number for other in found.own] == [own.number]
    assert (found.of_body, found.year) == ([], 3)
    theirs = opened(c, by=c.gil, agency=AgencyChoice(agency=c.a), subject="Do colega")
    assert [other.subject for other in read(c.bia, ticket).of_body] == ["Do colega"]
    page = page_of(c.bia, ticket)
    assert f"{own.number} · Outro dela" in page
    assert f"{theirs.number} · Do colega" in page
    assert not RoleGrant.objects.filter(user=lone).exists()


def test_an_assignee_who_is_away_is_told_with_his_substitute(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    now = worktime.now()
    Absence.objects.create(user=c.bia, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=2), substitute=c.beto)
    head = page_of(c.lia, ticket).partition('id="situacao"')[2].partition("</p>")[0]
    assert re.search(r"Ausente até .*; quem substitui: Beto", head)
    with worktime.shifted(timedelta(days=3)):
        assert "Ausente até" not in page_of(c.lia, ticket)


@pytest.mark.parametrize("messages", [1, 25])
def test_the_page_with_everything_costs_no_more(
    c: SimpleNamespace, messages: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    short_form(c)
    ticket = at_status(c, Status.IN_PROGRESS)
    for n in range(messages):
        lifecycle.note(ticket.pk, by=c.lia, via=Via.DESK, request_id=form(), body=f"Nota {n}.")
        other = opened(c)
        lifecycle.link(ticket.pk, by=c.bia, number=other.number, tie="related")
    follow(ticket, c.gil)
    sent(c.lia, ticket, "note", words="Com arquivo.", files=SimpleUploadedFile("log.txt", b"linha\n"))
    draft = {"form_id": str(form()), "rascunho_de": str(c.lia.pk), "words": "Escrevo."}
    url = reverse("admin:tickets_n2ticket_draft", args=[ticket.pk, "write"])
    assert signed_in(c.lia).post(url, draft).status_code == 200
    sent(c.lia, ticket, "note", words="", form_id=draft["form_id"], files=SimpleUploadedFile("tela.txt", b"linha\n"))
    Upload.objects.create(uploaded_by=c.lia, form_id=place_of(UUID(draft["form_id"]), "files"), name="meio.zip", size=9)
    assert signed_in(c.lia).post(url, draft | {"rascunho_versao": "1"}).status_code == 200
    client = signed_in(c.lia)
    assert Action.ASSIGN in rules.legal_actions(fresh(c.lia), ticket)
    with django_assert_num_queries(MOST):
        page = client.get(bench_url(ticket)).content.decode()
    assert all(shown in page for shown in ("Escrevo.</textarea>", 'data-name="tela.txt"', 'data-name="meio.zip"'))
