"""What each filter means, that counts and lists mean the same by it, and what an address may not ask."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import RoleGrant, User
from catalog.models import Level, Priority, ProductRole, SupportType
from tests.cast import MONDAY, another_product, at_status, form, opened, person
from tests.tickets.admin.desk import queue_url, signed_in, state_of
from tests.tickets.admin.queue.test_queues import N2, N3, listed, page_of
from tickets import lifecycle, saved_views
from tickets.admin.queue import counters, filters, listing, offers
from tickets.admin.queue.beside import Beside
from tickets.admin.queue.everybodys import EVERYBODYS
from tickets.lifecycle import AgencyChoice
from tickets.models import Ticket
from tickets.states import Status, Via
from worktime import BRASILIA


def act(verb: Any, ticket: Ticket, by: User, **facts: Any) -> Ticket:
    moved: Ticket = verb(ticket.pk, by=by, via=Via.DESK, request_id=form(), **facts)
    return moved


def test_waiting_for_me_is_mine_and_unanswered(c: SimpleNamespace) -> None:
    """Taken and not answered; asked of the requester, it is his turn; answered by him, mine again."""
    others = opened(c)
    act(lifecycle.take, others, c.beto)
    fresh, spoken, asked = opened(c), opened(c), opened(c)
    for ticket in (fresh, spoken, asked):
        act(lifecycle.take, ticket, c.bia)
    act(lifecycle.comment, spoken, c.bia, body="Estou vendo.")
    act(lifecycle.ask, asked, c.bia, body="Qual versão?")
    client = signed_in(c.bia)
    assert listed(client, vez="comigo") == [fresh.number]
    assert listed(client, vez="solicitante") == [asked.number]
    lifecycle.speak(asked.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="A 4.1.")
    lifecycle.speak(spoken.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="E então?")
    assert listed(client, vez="comigo") == [fresh.number, spoken.number, asked.number]
    act(lifecycle.note, fresh, c.bia, body="Nada disto é público.")
    assert fresh.number in listed(client, vez="comigo")
    act(lifecycle.schedule, fresh, c.bia, until=worktime.now() + timedelta(days=1))
    assert listed(client, vez="comigo") == [spoken.number, asked.number]


def test_what_a_colleague_answered_before_me_waits_for_me(c: SimpleNamespace) -> None:
    ticket = opened(c)
    act(lifecycle.take, ticket, c.bia)
    act(lifecycle.comment, ticket, c.bia, body="Vou encaminhar.")
    act(lifecycle.escalate, ticket, c.bia, checked="Vi os registros.")
    act(lifecycle.take, ticket, c.caio)
    assert listed(signed_in(c.caio), N3, vez="comigo") == [ticket.number]
    act(lifecycle.comment, ticket, c.caio, body="É comigo.")
    assert listed(signed_in(c.caio), N3, vez="comigo") == []


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=BRASILIA), ["hoje"]),
        (datetime(2026, 11, 23, 23, 59, tzinfo=BRASILIA), ["hoje", "vencido"]),
        (datetime(2026, 11, 22, 23, 59, tzinfo=BRASILIA), []),
        (datetime(2026, 11, 24, 0, 0, tzinfo=BRASILIA), ["vencido"]),
    ],
)
def test_due_today_is_a_day_of_brasilia(c: SimpleNamespace, at: datetime, found: list[str]) -> None:
    """A ticket that is due at 10h on a Monday."""
    ticket = opened(c)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=MONDAY)
    with time_machine.travel(at, tick=False):
        client = signed_in(c.bia)
        assert [prazo for prazo in ("hoje", "vencido") if listed(client, prazo=prazo)] == found


def test_a_first_response_may_be_overdue_while_the_solution_is_not(c: SimpleNamespace) -> None:
    """Until somebody of the team says something to the requester; taking it is no answer."""
    ticket = opened(c)
    assert ticket.first_response_due_at is not None
    after = ticket.first_response_due_at - worktime.now() + timedelta(seconds=1)
    assert listed(signed_in(c.bia), prazo="resposta") == []
    with worktime.shifted(after):
        act(lifecycle.take, ticket, c.bia)
        client = signed_in(c.bia)
        assert listed(client, prazo="resposta") == [ticket.number]
        assert listed(client, prazo="vencido") == []
        act(lifecycle.comment, ticket, c.bia, body="Estamos vendo.")
        assert listed(client, prazo="resposta") == []


def test_what_stands_still_is_not_overdue(c: SimpleNamespace) -> None:
    at_status(c, Status.WAITING_REQUESTER)
    outside = at_status(c, Status.WAITING_EXTERNAL)
    Ticket.objects.update(due_at=MONDAY - timedelta(days=900))
    client = signed_in(c.bia)
    assert listed(client, prazo="vencido") == listed(client, prazo="revisao") == []
    with worktime.shifted(timedelta(days=3)):
        assert listed(signed_in(c.bia), prazo="revisao") == [outside.number]


def test_products_types_spheres_bodies_and_owners(c: SimpleNamespace) -> None:
    other = another_product(c)
    question = SupportType.objects.create(
        core_system=c.core, slug="duvida", name="Dúvida", description="…", request_class="solicitacao"
    )
    other.support_type, other.sphere = question, c.other_sphere
    other.save()
    ProductRole.objects.create(product=other.product, user=c.beto, role=ProductRole.Role.OWNER)
    ProductRole.objects.create(product=c.product, user=c.lia, role=ProductRole.Role.TECHNICAL)
    first, second = opened(c), opened(c, by=c.eva, offering=other, agency=AgencyChoice(agency=c.b))
    client = signed_in(User.objects.get(pk=c.bia.pk))
    for asked, here in (
        ({"produto": c.product.pk}, first),
        ({"produto": other.product.pk}, second),
        ({"fila": c.n2.pk}, first),
        ({"tipo": question.pk}, second),
        ({"esfera": c.sphere.pk}, first),
        ({"esfera": c.other_sphere.pk}, second),
        ({"dono": c.beto.pk}, second),
        ({"orgao": c.a.pk}, first),
        ({"orgao": c.b.acronym.lower()}, second),
    ):
        assert listed(client, **{name: str(value) for name, value in asked.items()}) == [here.number]
    assert listed(client, dono=str(c.lia.pk)) == [first.number, second.number]
    assert listed(client, orgao=str(c.a.pk), tipo=str(question.pk)) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("IBGE", True),
        ("ibge", True),
        ("geografia", True),
        ("Estatística Geo", True),
        ("estatistica brasil", True),
        ("stat", False),
        ("geografia minas", False),
        ("%", False),
        ("'", False),
        ("& | !", False),
        ("\0", True),
    ],
)
def test_a_body_is_found_by_acronym_and_words_of_its_name(c: SimpleNamespace, typed: str, found: bool) -> None:
    """The last word may be only begun. A null byte is nothing typed."""
    c.a.acronym, c.a.name = "IBGE", "Instituto Brasileiro de Geografia e Estatística do Brasil"
    c.a.save()
    ticket = opened(c)
    assert listed(signed_in(c.bia), orgao=typed) == ([ticket.number] if found else [])


def desk_of_all_kinds(c: SimpleNamespace) -> None:
    for status in Status:
        at_status(c, status)
    act(lifecycle.schedule, at_status(c, Status.IN_PROGRESS), c.bia, until=worktime.now() + timedelta(days=1))
    late = at_status(c, Status.IN_PROGRESS)
    Ticket.objects.filter(pk=late.pk).update(due_at=worktime.now() - timedelta(hours=1))
    again = at_status(c, Status.CLOSED)
    lifecycle.reopen(again.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")
    opened(c, by=c.bia, subject="Da própria Bia")


def counted(client: Client, level: str = N2) -> Beside:
    """What stands beside the list, with its counts."""
    page = client.get(f"{queue_url(level)}contagens/", {"parte": "1"})
    assert page.status_code == 200
    beside: Beside = page.context["beside"]
    return beside


def test_a_count_is_what_the_view_shows(c: SimpleNamespace) -> None:
    """The counts of everybody's views are made by hand."""
    desk_of_all_kinds(c)
    manager = person("Mara")
    RoleGrant.objects.create(user=manager, role="manager", agency=c.a)
    for user, level in ((c.bia, N2), (c.beto, N2), (c.caio, N3), (c.duda, N2), (manager, N3)):
        client = signed_in(user)
        beside = counted(client, level)
        counts = {view.name: view.count for view in beside.everybodys}
        for view in EVERYBODYS:
            found = client.get(queue_url(level), view.chosen).context_data["cl"]  # type: ignore[attr-defined]  # of the template
            assert counts[view.name] == found.result_count == len(found.result_list), (user.name, level, view.name)
        assert sum(view.count or 0 for view in beside.queues) == counts["Abertos"]


def test_saved_views_and_lists_mean_the_same(c: SimpleNamespace) -> None:
    desk_of_all_kinds(c)
    asked = [
        {"situacao": "final"},
        {"situacao": "queued", "prioridade": str(Priority.MEDIUM.value)},
        {"agenda": "agendados", "atendente": "meus"},
        {"orgao": "a", "vez": "comigo"},
    ]
    for number, chosen in enumerate(asked):
        saved_views.keep(c.bia, N2, f"Visão {number}", chosen)
    client = signed_in(c.bia)
    assert [view.count for view in counted(client).own] == [len(listed(client, **chosen)) for chosen in asked]


def test_counting_ends_where_showing_does(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "SHOWN", 2)
    for _ in range(4):
        opened(c)
    page = page_of(signed_in(c.bia), atendente="ninguem")
    assert "4 chamados" in page
    beside = counted(signed_in(c.bia))
    assert [(view.count, view.shown) for view in (beside.everybodys[0], beside.everybodys[3], beside.queues[0])] == [
        (3, "3")
    ] * 3


def test_a_chip_takes_its_filter_away(c: SimpleNamespace) -> None:
    opened(c)
    page = page_of(signed_in(c.bia), atendente="ninguem", prioridade="3", q="erro", p="2")
    assert 'class="chip" href="?prioridade=3&amp;q=erro"' in page
    assert 'class="chip" href="?atendente=ninguem&amp;q=erro"' in page
    assert "Limpar filtros" in page
    assert 'class="chip"' not in page_of(signed_in(c.bia))


def test_a_search_says_where_it_found(c: SimpleNamespace) -> None:
    """Internal notes too: only the team is here."""
    noted, said, named = opened(c), opened(c), opened(c, by=c.eva, agency=AgencyChoice(agency=c.b))
    act(lifecycle.note, noted, c.bia, body="Suspeito do proxy da rede.")
    act(lifecycle.comment, said, c.bia, body="O certificado venceu?")
    client = signed_in(c.bia)
    assert "Nota interna de" in page_of(client, q="proxy")
    assert "<mark>proxy</mark>" in page_of(client, q="PRÓXY")
    assert "Mensagem da equipe de" in page_of(client, q="certificado")
    assert "Encontrado pelo solicitante ou pelo órgão" in page_of(client, q="eva")
    assert listed(client, q=c.b.name) == [named.number]


def test_hidden_words_are_not_found_and_not_shown(c: SimpleNamespace) -> None:
    ticket = opened(c)
    act(lifecycle.note, ticket, c.bia, body="A senha é tucano99.")
    note = ticket.messages.get(internal=True)
    assert listed(signed_in(c.bia), q="tucano99") == [ticket.number]
    lifecycle.redact(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), what=note, passage="tucano99")
    assert listed(signed_in(c.bia), q="tucano99") == []
    assert "tucano99" not in page_of(signed_in(c.bia), q="senha")


EVERYTHING = {
    "situacao": "in_progress",
    "atendente": "meus",
    "vez": "comigo",
    "prazo": "hoje",
    "prioridade": "3",
    "reabertura": "nao",
    "orgao": "a",
    "responsabilidade": "meus",
    "q": "tela erro",
}


@pytest.mark.parametrize("rows", [1, 25])
@pytest.mark.parametrize("asked", [{"q": "tela"}, {"q": "tela erro"}, {"prazo": "hoje", "orgao": "a"}, EVERYTHING])
def test_filters_and_search_cost_at_most_ten(
    c: SimpleNamespace, rows: int, asked: dict[str, str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ProductRole.objects.create(product=c.product, user=c.bia, role=ProductRole.Role.TECHNICAL)
    for name in ("Um", "Dois"):
        saved_views.keep(c.bia, N2, name, {"atendente": "meus"})
    for _ in range(rows):
        act(lifecycle.take, opened(c, subject="Tela de erro"), c.bia)
    Ticket.objects.update(due_at=worktime.now())
    client = signed_in(c.bia)
    everywhere = {"tipo": c.kind.pk, "esfera": c.sphere.pk, "produto": c.product.pk, "fila": c.n2.pk} if len(asked) > 5 else {}
    words = len(asked.get("q", "").split())
    with django_assert_num_queries({0: 6, 1: 9, 2: 10}[words]):
        assert len(listed(client, **asked, **{name: str(value) for name, value in everywhere.items()})) == rows


def test_what_is_done_to_several_leads_back_to_the_list_as_it_was(c: SimpleNamespace) -> None:
    ticket, root = opened(c), opened(c)
    page = page_of(signed_in(c.lia), atendente="ninguem", q="erro")
    assert 'name="voltar" value="atendente=ninguem&amp;q=erro"' in page
    kept = "atendente=ninguem&q=erro"
    back = f'href="{queue_url(N2)}?atendente=ninguem&amp;q=erro"'
    for action, fields in (
        ("set_priority", {"priority": "1", "reason": "Parou."}),
        ("transfer", {"queue": "", "reason": "x"}),
        ("take", {}),
        ("assign", {"to": str(c.beto.pk)}),
        ("close_duplicate", {"root": str(root.number)}),
    ):
        data = {"action": action, "chosen": [ticket.pk], "voltar": f"{kept}&assignee__password=x&p=2", "form_id": str(form())}
        answer = signed_in(c.lia).post(f"{queue_url(N2)}lote/", {**data, **fields}).content.decode()
        assert back in answer, action
        assert "password" not in answer
    answer = signed_in(c.lia).post(f"{queue_url(N2)}lote/", {"voltar": kept})
    assert answer["Location"] == f"{queue_url(N2)}?{kept}"
    away = signed_in(c.lia).post(f"{queue_url(N2)}lote/", {"voltar": "//example.org/?next=https://example.org"})
    assert away["Location"] == queue_url(N2)


REFUSED = [
    "assignee__password__startswith=pbkdf2",
    "requester__cpf__startswith=1",
    "agency__acronym=A",
    "pk__in=1,2",
    "words__isnull=0",
    "o=1",
    "o=-1.2",
    "ot=asc",
    "e=1",
    "all=",
    "_facets=1",
    "_to_field=password",
    "_popup=1",
]


@pytest.mark.parametrize("asked", REFUSED)
def test_the_queue_guesses_no_column(c: SimpleNamespace, asked: str) -> None:
    """Whatever is asked beside the filters: the same list in the same order, or none; never an answer about a column."""
    tickets = [opened(c), opened(c)]
    before = [state_of(ticket) for ticket in tickets]
    answer = signed_in(c.bia).get(f"{queue_url(N2)}?{asked}", follow=True)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        numbers = [answer.content.decode().find(f">{ticket.number}") for ticket in tickets]
        assert -1 not in numbers
        assert numbers == sorted(numbers)
    assert [state_of(ticket) for ticket in tickets] == before


def lists() -> list[str]:
    return [f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry]


SECRETS = ("password", "cpf", "email", "name", "body", "session", "token", "key", "code", "path")


def test_no_list_of_the_desk_guesses_columns(c: SimpleNamespace) -> None:
    """Every list of every app, by who holds every role: what no filter names is refused, and never said right or wrong."""
    everything = person("Zoe")
    for role in ("admin", "dpo", "ombudsman"):
        RoleGrant.objects.create(user=everything, role=role)
    for role in ("manager", "curator"):
        RoleGrant.objects.create(user=everything, role=role, core_system=c.core)
    for queue in (c.n2, c.n3):
        RoleGrant.objects.create(user=everything, role="lead", queue=queue)
    client = signed_in(User.objects.get(pk=everything.pk))
    opened(c)
    told = []
    for name in lists():
        url = reverse(name)
        assert client.get(url).status_code == 200, url
        model = next(m for m in admin.site._registry if name.endswith(f"_{m._meta.model_name}_changelist"))
        paths = [f"{field.name}__password" for field in model._meta.get_fields() if field.related_model is User]
        paths += [f"{field.name}__cpf" for field in model._meta.get_fields() if field.related_model is User]
        paths += [field.name for field in model._meta.concrete_fields if field.name in SECRETS]
        for path in (*paths, "nada__nada"):
            pages = [client.get(url, {f"{path}__startswith": value}, follow=True) for value in ("p", "zzz")]
            bodies = {(page.status_code, page.request["QUERY_STRING"]) for page in pages}
            refused = all(page.status_code == 400 or page.request["QUERY_STRING"] in ("e=1", "") for page in pages)
            if not refused and len({page.content.count(b"<tr") for page in pages}) > 1:
                told.append((url, path, bodies))
    assert told == []


def test_the_same_names_are_kept_everywhere(c: SimpleNamespace) -> None:
    """What a view keeps, what an address may hold and what a bulk leads back to are one list."""
    offered = offers.read(c.bia, Level.N2)
    assert listing.narrowing("atendente=meus&nada=1&q=%00a", offered) == "atendente=meus&q=a"
    assert filters.known({"prazo": "hoje", "situacao": "xx", "orgao": " "}, offered) == {"prazo": "hoje"}
