"""Attacks on the analysts' desk: classes 6, 11, 21 and 44."""

from types import SimpleNamespace

import pytest
from django.test import Client

from accounts.models import PersonLookup, RoleGrant
from catalog.models import Product, Queue
from govbr import markdown
from tests.cast import at_status, form, opened, person
from tests.tickets.admin.desk import action_url, bench_url, queue_url, signed_in, state_of
from tickets import filling
from tickets.models import Macro, SavedView, Ticket
from tickets.states import Status


def page_of(client: Client, **asked: str) -> str:
    return client.get(queue_url("N2"), asked).content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"requester__password__startswith": "m"},
        {"requester__password__startswith": "zzz"},
        {"assignee__email__contains": "b"},
        {"requester__cpf": "12345678909"},
        {"queue__id__exact": "1"},
        {"pk__in": "1,2"},
    ],
)
def test_21_no_column_is_guessed_through_the_address(c: SimpleNamespace, asked: dict[str, str]) -> None:
    """21, django-helpdesk GHSA-mxcg-7m22-x9pj: a look-up in the address told passwords letter by letter."""
    ticket = opened(c)
    response = signed_in(c.bia).get(queue_url("N2"), asked)
    assert response.status_code == 400
    assert str(ticket.number) not in response.content.decode()


@pytest.mark.parametrize("order", ["1", "-1", "-1.2", "9", "requester__password"])
def test_21_no_column_is_guessed_through_the_order(c: SimpleNamespace, order: str) -> None:
    """21, django-helpdesk 171c4c14: a list sorted by a hidden column tells its order."""
    first, second = opened(c, by=c.eva, subject="Z"), opened(c, subject="A")
    page = page_of(signed_in(c.bia), o=order)
    assert page.index(str(first.number)) < page.index(str(second.number))


def test_06_names_and_subjects_run_no_script(c: SimpleNamespace) -> None:
    """6, Znuny CVE-2026-50591 and GFI HelpDesk CVE-2026-23758: a person's data in the staff's pages."""
    evil = "<script>alert(1)</script>"
    ticket = opened(c, by=person("Mal", social_name=evil), subject=f'"><img src=x onerror=alert(2)>{evil}', body=evil)
    client = signed_in(c.bia)
    for page in (page_of(client), client.get(bench_url(ticket)).content.decode()):
        assert "&lt;script&gt;" in page
        assert "<img src=x" not in page
        assert evil not in page


def test_11_the_search_by_number_leads_nowhere_else(c: SimpleNamespace) -> None:
    """11, FreeScout GHSA-wqq7-4q7m-273v: the search by number showed tickets of other boxes."""
    elsewhere = at_status(c, Status.QUEUED, "N3")
    found = signed_in(c.beto).get(queue_url("N2"), {"q": str(elsewhere.number)}, follow=True).content.decode()
    assert str(elsewhere.number) in found  # the limited card of DESIGN §8
    assert elsewhere.subject not in found
    assert c.ana.name not in found
    assert signed_in(c.beto).get(bench_url(elsewhere)).status_code == 404


def test_44_no_foreign_page_acts_for_an_analyst(c: SimpleNamespace) -> None:
    """44, django-helpdesk af2fac03: an action by GET, or by POST without its token."""
    ticket = opened(c)
    before = state_of(ticket)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(c.bia)
    for url in (action_url(ticket, "take"), f"{queue_url('N2')}atender/"):
        assert strict.get(url).status_code in (302, 405)
        assert strict.post(url, {"form_id": str(form())}).status_code == 403
    assert state_of(ticket) == before


@pytest.mark.parametrize("name", ["atendente", "orgao"])
def test_21_a_view_keeps_no_id_that_the_address_did_not_name(c: SimpleNamespace, name: str) -> None:
    """21: one id in the address vouched for another in a view, which then broke the list of everybody who shares it."""
    valid = {"atendente": str(c.bia.pk), "orgao": str(c.a.pk)}[name]
    for wrong in ("9" * 30, str(c.ana.pk)):
        kept = {"filtros": f"{name}={wrong}&vez=comigo", "name": wrong, "queue": str(c.n2.pk)}
        assert signed_in(c.lia).post(f"{queue_url('N2')}visoes/?{name}={valid}", kept).status_code == 302
    assert [view.chosen for view in SavedView.objects.all()] == [{"vez": "comigo"}] * 2
    SavedView.objects.update(chosen={name: "9" * 30})
    assert signed_in(c.bia).get(queue_url("N2"), {name: valid}).status_code == 200


def test_19_no_colleague_of_other_products_is_named_by_his_id(c: SimpleNamespace) -> None:
    """19, OTRS CVE-2021-21443: ids counted up in the address told the names of everybody who works anywhere."""
    page = page_of(signed_in(c.bia), atendente=str(c.lia.pk))
    assert "Atendente: <strong>Lia</strong>" in page
    other = Product.objects.create(core_system=c.core, name="Outro", slug="outro")
    queue = Queue.objects.create(slug="outro-n2", name="Outro N2", product=other, level="N2")
    zoe = RoleGrant.objects.create(user=person("Zoe"), role="analyst", queue=queue).user
    for stranger in (zoe, c.ana):
        assert f"<strong>{stranger.name}</strong>" not in page_of(signed_in(c.bia), atendente=str(stranger.pk))


def test_25_who_leads_a_queue_no_more_changes_nothing_that_others_send(c: SimpleNamespace) -> None:
    """25, GLPI CVE-2026-42318: what belongs to all in the hands of one. A macro's words go out by everybody's press."""
    shared = {"owner": c.lia, "core_system": c.core, "queue": c.n2, "action": "comment", "body": "Olá.", "shared": True}
    macro = Macro.objects.create(name="Olá", **shared)
    url = f"/admin/tickets/macro/{macro.pk}/change/"
    wider = {
        "name": "Olá",
        "action": "comment",
        "body": "Veja evil.example.",
        "core_system": c.core.pk,
        "shared": "on",
        "active": "on",
    }
    assert "lidera a fila" in signed_in(c.lia).post(url, wider).content.decode()
    RoleGrant.objects.filter(user=c.lia).update(role="analyst")
    assert signed_in(c.lia).post(url, {**wider, "queue": c.n2.pk}).status_code == 403
    macro.refresh_from_db()
    assert (macro.body, macro.queue, macro.shared) == ("Olá.", c.n2, True)


def test_53_what_a_requester_types_holds_up_no_answer(c: SimpleNamespace) -> None:
    """53, ChatterMate CVE-2026-24399: typed words that the answering side takes for signs of its own."""
    ticket = Ticket.objects.get(pk=opened(c, subject="{{ senha }} {% now %} &lt;b&gt;").pk)
    done = filling.filled("Sobre “{{ assunto }}”:", filling.words_for(ticket, c.bia))
    assert filling.complaint(done.text) == ""
    assert "{{ senha }} {% now %} &amp;lt;b&amp;gt;" in markdown.html(done.text, as_typed=True)


def test_32_a_cpf_tried_out_with_a_new_account_is_recorded_and_counted(c: SimpleNamespace) -> None:
    """32, FreeScout GHSA-jvmv-2qcp-7855: the form of a new account told who has one, without a trace of whom."""
    type(c.ana).objects.filter(pk=c.ana.pk).update(cpf="52998224725")
    asked = {"name": "Xis", "email": "xis@example.org", "cpf": "52998224725"}
    assert signed_in(c.bia).post(f"{queue_url('N2')}novo/", asked).status_code == 422
    assert [(look.by, look.found) for look in PersonLookup.objects.order_by("pk")] == [("email", None), ("cpf", c.ana)]
    assert not type(c.ana).objects.filter(email="xis@example.org").exists()
