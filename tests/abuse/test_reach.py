"""Attacks on what is not one's own: classes 11, 12, 14 to 17, 19 to 22, 24, 25 and 27."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import memberships
from accounts.models import Agency, Membership, RoleGrant, User
from catalog.models import Product, Queue
from helpdesk.views import server_error
from notifications.models import Notice
from tests.cast import MONDAY, at_status, form, fresh, opened, person
from tests.tickets.admin.desk import bench_url, queue_url, sent, signed_in, state_of
from tests.tickets.asking import ERROR_FORM, short_form, written
from tickets import lifecycle, rules
from tickets.lifecycle import AgencyChoice
from tickets.models import Message, Ticket, TicketEvent
from tickets.states import Status, Via


def text_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def without_chance(page: str) -> str:
    """A page without what differs at each visit: tokens, ids of forms and rows, and the number that was asked for."""
    values = r'value="[0-9A-Za-z-]{32,}"|data-(place|permit)="[^"]+"|&quot;[0-9a-f]{20}&quot;'
    chance = rf"{values}|\b\d{{8}}\b|(assunto|mensagem|resposta|arquivo|turno)-\d+"
    return re.sub(chance, "", page)


@time_machine.travel(MONDAY, tick=False)
def test_11_a_link_to_a_foreign_ticket_at_opening(c: SimpleNamespace) -> None:
    """Zammad CVE-2026-34722: a ticket that named another one at its creation showed it."""
    short_form(c)
    hidden = opened(c, by=c.eva, subject="Segredo do órgão B")
    answers = []
    for number in (hidden.number, 99999999):
        Notice.objects.all().delete()  # the header counts them
        client = signed_in(c.ana)
        response = client.post(ERROR_FORM, written(c, chamado_relacionado=str(number)))
        mine = Ticket.objects.exclude(pk=hidden.pk).latest("pk")
        page = text_of(client, f"/chamados/{mine.number}/")
        assert (response.status_code, mine.related_number) == (302, number)
        assert "Segredo" not in page
        assert f"/chamados/{number}/" not in page
        answers.append(without_chance(page))
    assert answers[0] == answers[1]


def test_12_the_other_ticket_of_a_pair(c: SimpleNamespace) -> None:
    """osTicket 5972fe8: who saw one of two linked tickets saw the other."""
    short_form(c)
    hidden = opened(c)
    signed_in(c.eva).post(ERROR_FORM, written(c, orgao=str(c.b.pk), chamado_relacionado=str(hidden.number)))
    assert Ticket.objects.latest("pk").related_number == hidden.number
    assert signed_in(c.eva).get(f"/chamados/{hidden.number}/").status_code == 404
    assert str(Ticket.objects.latest("pk").number) not in text_of(signed_in(c.ana), f"/chamados/{hidden.number}/")


def test_14_a_ticket_is_not_carried_where_its_worker_wants(c: SimpleNamespace) -> None:
    """FreeScout GHSA-v8vc-cmf9-gg2c, RT CVE-2026-108270: moved into one's own box, and read there."""
    ticket = at_status(c, Status.IN_PROGRESS)
    mine = Queue.objects.create(slug="minha", name="Minha", product=c.product, level="N3")
    sent(c.bia, ticket, "escalate", words="Verificado.", queue=str(mine.pk), n3_queue=str(mine.pk), to=str(c.eva.pk))
    assert Ticket.objects.get(pk=ticket.pk).queue == c.n3
    waiting = opened(c)
    before = state_of(waiting)
    for stranger in (c.eva, c.caio, c.ana, c.dora):
        assert sent(c.lia, waiting, "assign", to=str(stranger.pk)).status_code == 422
    assert state_of(waiting) == before


def test_14_a_follower_whom_the_body_did_not_confirm(c: SimpleNamespace) -> None:
    """FreeScout GHSA-v8vc-cmf9-gg2c: merging carried a ticket to who could not see it.

    Anybody can say that he works for a body, and write what the team takes for a repetition of its ticket.
    """
    root, rui = opened(c, subject="Segredo do órgão A"), person("Rui")
    bond = memberships.join(rui, c.a)
    copy = opened(c, by=rui, agency=AgencyChoice(agency=c.a))
    lifecycle.close_duplicate(copy.pk, by=c.bia, via=Via.DESK, request_id=form(), root=root.number)
    assert signed_in(rui).get(f"/chamados/{root.number}/").status_code == 404
    assert "Segredo" not in text_of(signed_in(rui), f"/chamados/{copy.number}/")
    assert rules.roles(fresh(rui), root) == frozenset()
    assert "Rui" not in text_of(signed_in(c.ana), f"/chamados/{root.number}/")
    Notice.objects.all().delete()
    lifecycle.comment(root.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Corrigido.")
    assert set(Notice.objects.values_list("recipient__name", flat=True)) == {"Ana"}

    memberships.confirm(bond.pk, by=c.gil)
    assert signed_in(rui).get(f"/chamados/{root.number}/").status_code == 200
    memberships.end(bond.pk, by=c.gil)
    memberships.join(rui, c.a)  # he comes back by himself
    assert signed_in(rui).get(f"/chamados/{root.number}/").status_code == 404


def test_15_who_left_a_body_does_not_read_his_request_by_his_role(c: SimpleNamespace) -> None:
    """FreeScout CVE-2026-40591: a right in one place opened what was closed in another."""
    bond = memberships.join(c.bia, c.a)
    own = opened(c, by=c.bia, agency=AgencyChoice(agency=c.a))
    assert signed_in(c.bia).get(f"/chamados/{own.number}/").status_code == 200
    memberships.end(bond.pk, by=c.gil)
    for role, scope in (("manager", {"core_system": c.core}), ("lead", {"queue": c.n2})):
        RoleGrant.objects.create(user=c.bia, role=role, **scope)
        assert signed_in(c.bia).get(f"/chamados/{own.number}/").status_code == 404


def test_15_bodies_do_not_see_each_other(c: SimpleNamespace) -> None:
    """FreeScout CVE-2026-40591: what is another body's and what is not there get the same answer, word for word."""
    ticket = opened(c)
    client = signed_in(c.eva)
    for url in (f"/chamados/{ticket.number}/", f"/chamados/{ticket.number}/recebido/", f"/chamados/ir/?numero={ticket.number}"):
        there, not_there = client.get(url), client.get(url.replace(str(ticket.number), "99999999"))
        assert there.status_code == not_there.status_code == 404
        assert without_chance(there.content.decode()) == without_chance(not_there.content.decode())


def test_16_words_once_said_are_not_changed(c: SimpleNamespace) -> None:
    """FreeScout GHSA-3w38-h42v-3h6w: notes of others were edited. Here the database itself refuses."""
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Nota")
    for rows in (Message.objects.all(), TicketEvent.objects.all()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(ticket=ticket)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_message")
    assert list(ticket.messages.values_list("body", flat=True))[-1] == "Nota"


def test_17_no_list_forgets_the_limit(c: SimpleNamespace) -> None:
    """FreeScout GHSA-c83g-9f2m-9cmw: one list of many left the filter out."""
    ticket = opened(c, subject="Assunto reservado")
    lifecycle.take(ticket.pk, by=c.bia, via=Via.DESK, request_id=form())
    elsewhere = person("Otavio")
    RoleGrant.objects.create(
        user=elsewhere, role="analyst", queue=Queue.objects.create(slug="x", name="X", product=c.product, level="N2")
    )
    lists = ["/", "/avisos/", *(f"/chamados/?aba={tab}" for tab in ("esperando", "andamento", "encerrados", "orgao"))]
    lists += ["/admin/", queue_url("N2"), queue_url("N3")]
    for asked in (f"q={ticket.number}", "q=reservado", "q=Ana", "situacao=in_progress", "atendente=meus", "p=0", "all="):
        lists += [f"{queue_url('N2')}?{asked}", f"{queue_url('N3')}?{asked}"]
    for user in (c.eva, c.caio, c.dora, elsewhere):
        client = signed_in(user)
        for url in lists:
            page = text_of(client, url)
            assert "Assunto reservado" not in page, (user, url)
            assert f"/{ticket.number}/" not in page, (user, url)
    assert "Assunto reservado" in text_of(signed_in(c.bia), queue_url("N2"))


def test_19_pickers_name_only_who_may_be_picked(c: SimpleNamespace) -> None:
    """OTRS CVE-2021-21443: the choice of a recipient listed people whom the reader could not know."""
    short_form(c)
    page = text_of(signed_in(c.lia), f"{bench_url(opened(c))}?acao=assign")
    picker = re.search(r'<select name="to".*?</select>', page, re.DOTALL)
    assert picker
    listed = re.findall(r">([^<>]+)</option>", picker[0])
    assert {label.partition(" · ")[0] for label in listed} == {"Escolha", "Beto", "Bia", "Lia"}  # each with his load
    assert c.b.name not in text_of(signed_in(c.ana), ERROR_FORM)
    for user in (c.ana, c.bia, c.duda):
        url = reverse("admin:autocomplete") + "?app_label=accounts&model_name=rolegrant&field_name=user&term=e"
        assert "eva@" not in text_of(signed_in(user), url).lower()


def test_20_errors_tell_nothing_of_the_inside(c: SimpleNamespace) -> None:
    """Zammad CVE-2026-102489: the text of an error told of everybody's sessions."""
    client = signed_in(c.bia)
    pages = [
        client.get("/nada/"),
        client.get(queue_url("N2"), {"requester__password": "x"}),
        client.get("/admin/catalog/product/"),
        Client(enforce_csrf_checks=True).post("/conta/entrar/"),
        client.get("/", headers={"host": "evil.example"}),
        server_error(RequestFactory().get("/")),
    ]
    assert [page.status_code for page in pages] == [404, 400, 403, 403, 400, 500]
    for page in pages:
        text = page.content.decode()
        assert not re.search(r"Traceback|Exception|django|settings|/[a-z]+\.py|evil\.example|password", text, re.IGNORECASE), (
            text
        )


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("accounts_user", "password__startswith"),
        ("accounts_user", "cpf"),
        ("accounts_user", "grants__role"),
        ("accounts_membership", "user__password__startswith"),
        ("accounts_rolegrant", "user__cpf"),
        ("accounts_agency", "tickets__requester__password__startswith"),
        ("catalog_product", "core_system__grants__user__password__startswith"),
        ("catalog_queue", "tickets__subject__contains"),
        ("catalog_sphere", "agencies__memberships__user__cpf"),
        ("notifications_notice", "recipient__password__startswith"),
    ],
)
def test_21_no_hidden_column_is_guessed_in_the_admin(c: SimpleNamespace, page: str, asked: str) -> None:
    """django-helpdesk GHSA-mxcg-7m22-x9pj: a look-up in the address told passwords letter by letter."""
    RoleGrant.objects.create(user=c.celia, role="admin")
    client = signed_in(c.celia)
    assert client.get(reverse(f"admin:{page}_changelist"), {asked: "a"}).status_code == 400
    assert client.get(reverse(f"admin:{page}_changelist"), {"_to_field": "password"}).status_code in (200, 400)


@pytest.mark.parametrize(
    ("page", "asked"),
    [("accounts_agency", "kind__exact"), ("accounts_membership", "role__exact"), ("catalog_queue", "level__exact")],
)
def test_20_a_sign_that_no_column_holds_is_no_error_of_ours(c: SimpleNamespace, page: str, asked: str) -> None:
    """Zammad CVE-2026-102489: what nobody expected in an address ended in an error of the server."""
    RoleGrant.objects.create(user=c.celia, role="admin")
    assert signed_in(c.celia).get(reverse(f"admin:{page}_changelist"), {asked: "a\0"}).status_code == 400


@pytest.mark.parametrize(
    "words", ["' OR 1=1 --", '"; DROP TABLE tickets_ticket; --', "%", "_", "\\", "')) OR true--", "\x00", "%s %(x)s", "ſ" * 300]
)
def test_22_sql_in_a_search(c: SimpleNamespace, words: str) -> None:
    """GLPI CVE-2026-26263, osTicket CVE-2021-45811: words of a search ran as a query, or matched everything."""
    ticket = opened(c)
    RoleGrant.objects.create(user=c.celia, role="admin")
    for user, url in ((c.bia, queue_url("N2")), (c.celia, "/admin/accounts/user/"), (c.celia, "/admin/notifications/notice/")):
        response = signed_in(user).get(url, {"q": words})
        assert response.status_code == 200
        if words != "\x00":
            assert "10000" not in response.content.decode()
            assert "ana@example.org" not in response.content.decode()
    assert signed_in(c.ana).get("/chamados/ir/", {"numero": words}).status_code == 422
    assert signed_in(c.ana).get("/chamados/", {"aba": words, "pagina": words}).status_code == 200
    assert Ticket.objects.get() == ticket


def test_24_fields_that_no_form_has(c: SimpleNamespace) -> None:
    """FreeScout CVE-2025-48476: a form took whatever column it was sent."""
    short_form(c)
    rights = {
        "is_active": "",
        "is_staff": "on",
        "is_superuser": "on",
        "password": "x",
        "email": "eva@example.org",
        "pk": c.eva.pk,
    }
    before = User.objects.filter(pk=c.ana.pk).values("password", "email", "is_active", "date_joined").get()
    assert signed_in(c.ana).post("/conta/", {"name": "Ana", **rights}).status_code == 302
    assert User.objects.filter(pk=c.ana.pk).values("password", "email", "is_active", "date_joined").get() == before
    signed_in(c.ana).post("/conta/orgaos/", {"vinculo-agency": c.b.pk, "role": "ponto-focal", "confirmed_at": "2026-01-01"})
    joined = Membership.objects.get(user=c.ana, agency=c.b)
    assert (joined.role, joined.confirmed_at) == (Membership.Role.MEMBER, None)
    columns = {
        "status": "closed",
        "priority": "1",
        "level": "N3",
        "queue": c.n3.pk,
        "assignee": c.ana.pk,
        "requester": c.eva.pk,
    }
    signed_in(c.ana).post(ERROR_FORM, written(c, **columns, number="1", goes_first="on", from_team="on", internal="on"))
    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.level, ticket.queue, ticket.assignee) == ("queued", "N2", c.n2, None)
    assert (ticket.requester, ticket.goes_first) == (c.ana, False)
    url = f"/chamados/{ticket.number}/responder/"
    signed_in(c.ana).post(url, {"form_id": str(form()), "body": "Oi", "from_team": "on", "internal": "on", "author": c.bia.pk})
    said = Message.objects.latest("pk")
    assert (said.author, said.from_team, said.internal) == (c.ana, False, False)


def test_25_nothing_is_deleted(c: SimpleNamespace) -> None:
    """GLPI CVE-2026-42318: a low user deleted any object. Here not even the administrator deletes one."""
    RoleGrant.objects.create(user=c.celia, role="admin")
    opened(c)
    kinds = (User, Agency, Membership, RoleGrant, Product, Queue, Notice)
    before = [kind.objects.count() for kind in kinds]
    for kind in kinds:
        name = f"admin:{kind._meta.app_label}_{kind._meta.model_name}"
        pk = kind.objects.order_by("pk").values_list("pk", flat=True)[0]
        marked = {"action": "delete_selected", "_selected_action": [str(pk)], "post": "yes"}
        signed_in(c.celia).post(reverse(f"{name}_changelist"), marked)
        assert signed_in(c.celia).post(reverse(f"{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    assert [kind.objects.count() for kind in kinds] == before


def test_27_visitors_change_nothing(c: SimpleNamespace) -> None:
    """django-helpdesk 21513d45: the answer "sign in first" was thrown away, and the visitor's words were kept."""
    ticket = at_status(c, Status.WAITING_REQUESTER)
    before = state_of(ticket)
    visitor = Client()
    for deed in ("responder", "cancelar", "resolvido"):
        answer = visitor.post(f"/chamados/{ticket.number}/{deed}/", {"form_id": str(form()), "body": "Oi"})
        assert answer["Location"].startswith("/conta/entrar/")
    for action in ("note", "comment", "resolve", "withdraw_question"):
        url = reverse("admin:tickets_n2ticket_action", args=[ticket.pk, action])
        assert visitor.post(url, {"form_id": str(form()), "words": "Oi"})["Location"].startswith("/admin/login/")
    assert state_of(ticket) == before
