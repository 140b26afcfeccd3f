"""Which requests resemble one another, and what each reader may learn of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import Agency, Membership, RoleGrant, User
from catalog.models import Offering, Product, Queue, SupportType
from tests.cast import at_status, form, fresh, opened, person
from tickets import following, lifecycle
from tickets.lifecycle import AgencyChoice
from tickets.likeness import Card, has_similar_open, similar, similar_to, stems_of
from tickets.models import Ticket
from tickets.states import Level, Status, Via

SIGNING = ("Não consigo assinar documento externo", "Ao assinar, a tela fica em branco e nada é gravado.")


def ask(c: SimpleNamespace, user: User, subject: str = SIGNING[0], body: str = SIGNING[1], **more: Any) -> list[Card]:
    return similar(fresh(user), offering=c.offering, subject=subject, body=body, **more)


def numbers(cards: list[Card]) -> list[int | None]:
    return [card.whole.number if card.whole else None for card in cards]


def signing(c: SimpleNamespace, **fields: Any) -> Ticket:
    return opened(c, **{"subject": SIGNING[0], "body": SIGNING[1], **fields})


def member(user: User, agency: Agency, *, confirmed: bool = True) -> User:
    Membership.objects.create(user=user, agency=agency, confirmed_at=worktime.now() if confirmed else None)
    return user


ALIKE = [
    (SIGNING, ("Erro na assinatura: não dá para assinar", "A tela fica branca quando vou assinar um documento.")),
    (("Permissões do usuário", ""), ("Permissão de usuários", "Alterar o perfil de acesso.")),
    (("Erros ao enviar ofícios pelo barramento", ""), ("Erro ao enviar ofício", "O barramento recusa o envio.")),
    (("Instalação do mod-sei-pen", ""), ("mod-sei-pen não instala", "Aparece erro de instalação.")),
    (("Atualização para a versão 4.1.5", ""), ("Falha na atualização 4.1.5", "O script para no meio.")),
    (
        ("Processo não tramita", "O NUP 12345.678901/2026-00 não é enviado."),
        ("Trâmite recusado do processo", "O processo 12345678901202600 volta como recusado e não tramita."),
    ),
    (("Níveis de acesso dos canais", ""), ("Nível de acesso do canal", "Não muda.")),
    (("INCLUSÃO DE ÓRGÃOS", ""), ("inclusao de orgao", "Incluir o órgão na lista.")),
]
UNLIKE = [
    (SIGNING, ("Cadastro de novo usuário", "Preciso cadastrar um servidor que chegou na unidade.")),
    (("Erro no sistema", "Bom dia, ocorre um erro no SEI."), ("Erro ao pesquisar", "Bom dia, o sistema apresenta erro.")),
    (("Atualização para a versão 4.1.5", ""), ("Erro depois da versão 4.1.50", "O módulo de pesquisa parou.")),
    (("Instalação do mod-sei-pen", ""), ("Dúvida sobre relatório", "Onde vejo o relatório de desempenho da unidade?")),
    (
        ("Lentidão ao pesquisar processos", "A pesquisa demora um minuto para mostrar processos."),
        ("Processo sem assinatura", "O documento do processo não foi assinado pelo diretor."),
    ),
    (("Por favor, ajuda", "Preciso de suporte urgente"), ("Ajuda, por favor", "Preciso muito de ajuda com o suporte")),
    (("", ""), SIGNING),
    (("de a o", "que e do"), ("de a o", "que e do")),
]


@pytest.mark.parametrize(("written", "other"), ALIKE)
def test_requests_that_find_each_other(c: SimpleNamespace, written: tuple[str, str], other: tuple[str, str]) -> None:
    for new, old in ((written, other), (other, written)):
        ticket = opened(c, subject=old[0], body=old[1] or old[0])
        assert ticket.number in numbers(ask(c, c.ana, *new, limit=50)), (new, old)


@pytest.mark.parametrize(("written", "other"), UNLIKE)
def test_requests_that_do_not(c: SimpleNamespace, written: tuple[str, str], other: tuple[str, str]) -> None:
    opened(c, subject=other[0], body=other[1])
    assert ask(c, c.ana, *written) == []


def test_ones_own_tickets_are_shown_whole(c: SimpleNamespace) -> None:
    ticket = signing(c)
    (card,) = ask(c, c.ana)
    assert card.whole is not None
    assert (card.whole.number, card.whole.subject, card.whole.agency) == (ticket.number, ticket.subject, "A")
    assert (card.whole.status.text, card.whole.url) == ("Na fila", f"/chamados/{ticket.number}/")


def test_a_colleague_learns_product_type_and_date_only(c: SimpleNamespace) -> None:
    """DESIGN §8, last paragraph; ABUSE 12 and 19: what is not on the card cannot leak through a template."""
    ticket = signing(c)
    rui = member(person("Rui"), c.a)
    (card,) = ask(c, rui)
    code = following.token(rui, ticket.pk)
    assert card == Card("SEI", "Reportar um erro", ticket.opened_at.astimezone(worktime.BRASILIA).date(), follow=code)
    assert str(ticket.number) not in str(asdict(card))
    assert not Ticket.objects.visible_to(fresh(rui)).exists()


def test_the_day_of_opening_is_brasilias(c: SimpleNamespace) -> None:
    ticket = signing(c)
    Ticket.objects.filter(pk=ticket.pk).update(opened_at="2026-11-24T01:30:00Z")
    assert ask(c, c.ana)[0].opened_on.isoformat() == "2026-11-23"


def test_focal_point_and_follower_see_their_bodys_ticket_whole(c: SimpleNamespace) -> None:
    ticket = signing(c)
    rui = member(person("Rui"), c.a)
    ticket.followers.create(user=rui)
    assert numbers(ask(c, c.gil)) == numbers(ask(c, rui)) == [ticket.number]


def test_strangers_learn_nothing(c: SimpleNamespace) -> None:
    """Another body, a body left, an unconfirmed belonging, the team without a belonging."""
    signing(c)
    left = member(person("Lena"), c.a)
    Membership.objects.filter(user=left).update(ended_at=worktime.now())
    for user in (c.eva, left, member(person("Rui"), c.a, confirmed=False), c.bia, c.duda):
        assert ask(c, user) == [], user
        assert not has_similar_open(fresh(user), offering=c.offering, subject=SIGNING[0], body=SIGNING[1])


def test_who_left_a_body_loses_its_tickets(c: SimpleNamespace) -> None:
    signing(c)
    Membership.objects.filter(user=c.ana).update(ended_at=worktime.now())
    assert ask(c, c.ana) == []


@pytest.mark.parametrize("status", [Status.CLOSED, Status.FINAL])
def test_closed_tickets_are_not_found_by_requesters(c: SimpleNamespace, status: Status) -> None:
    ticket = at_status(c, status)
    assert ask(c, c.ana, ticket.subject, "Ao assinar, a tela fica em branco.") == []


def test_tickets_of_other_products_are_not_found(c: SimpleNamespace) -> None:
    other = Product.objects.create(core_system=c.core, slug="super", name="SUPER", description="…", purpose="…")
    queue = Queue.objects.create(slug="super-n2", name="SUPER N2", product=other, level=Level.N2)
    kind = SupportType.objects.create(
        core_system=c.core, slug="outro", name="Outro", description="…", request_class="incidente"
    )
    elsewhere = Offering.objects.create(sphere=c.sphere, product=other, support_type=kind, n2_queue=queue, n3_queue=c.n3)
    signing(c, offering=elsewhere)
    assert ask(c, c.ana) == []
    (card,) = similar(fresh(c.ana), offering=elsewhere, subject=SIGNING[0])
    assert card.product == "SUPER"


def test_notes_make_no_ticket_similar(c: SimpleNamespace) -> None:
    ticket = opened(c, subject="Outro assunto", body="Nada a ver.")
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body=" ".join(SIGNING))
    assert ask(c, c.ana) == []
    assert at_desk(signing(c), fresh(c.bia)) == []


def test_the_most_alike_come_first_and_no_more_than_asked(c: SimpleNamespace) -> None:
    half = opened(c, subject="Não consigo assinar externo", body="A tela é outra.")
    same = signing(c)
    assert numbers(ask(c, c.ana)) == [same.number, half.number]
    assert numbers(ask(c, c.ana, limit=1)) == [same.number]
    assert numbers(ask(c, c.ana, exclude=same)) == [half.number]


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("\0", "\0"),
        ("'", "\\"),
        ("\ud800", ""),
        ("assinar & | ! <-> :* ()", "'; drop table x"),
        ("a" * 100_000, "b " * 100_000),
    ],
)
def test_odd_words_break_nothing(c: SimpleNamespace, subject: str, body: str) -> None:
    signing(c)
    assert numbers(ask(c, c.ana, subject, body)) in ([], [Ticket.objects.get().number])


def at_desk(ticket: Ticket, reader: User) -> list[Card]:
    body = ticket.messages.filter(internal=False)[0].body
    return similar_to(ticket, reader, stems_of(ticket.product, ticket.subject, body))


@pytest.mark.parametrize("rows", [1, 12])
def test_looking_costs_the_same_whatever_is_found(
    c: SimpleNamespace, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        ticket = signing(c)
    ana, bia = fresh(c.ana), fresh(c.bia)
    assert ana.active_memberships
    assert bia.active_grants
    with django_assert_num_queries(4):  # the stems, the candidates' ranking, who may read them, and the grants
        similar(ana, offering=c.offering, subject=SIGNING[0], body=SIGNING[1])
    stems = stems_of(ticket.product, *SIGNING)
    with django_assert_num_queries(1):
        similar_to(ticket, bia, stems)


def test_the_desk_sees_other_bodies_tickets_of_its_queues(c: SimpleNamespace) -> None:
    mine, bodys = signing(c), signing(c)
    others = signing(c, by=c.eva, agency=AgencyChoice(agency=c.b))
    assert set(numbers(at_desk(mine, fresh(c.bia)))) == {bodys.number, others.number}
    n3 = at_status(c, Status.QUEUED, Level.N3)
    assert at_desk(n3, fresh(c.caio)) == []


def test_the_desk_sees_nothing_that_its_reader_may_not_read(c: SimpleNamespace) -> None:
    ticket = signing(c)
    signing(c, by=c.eva, agency=AgencyChoice(agency=c.b))
    zoe = person("Zoe")
    assert at_desk(ticket, fresh(zoe)) == []
    RoleGrant.objects.create(user=zoe, role="manager", agency=c.a)
    assert at_desk(ticket, fresh(zoe)) == []


@pytest.mark.parametrize(("days", "shown"), [(29, True), (31, False)])
def test_the_desk_sees_what_closed_lately(c: SimpleNamespace, days: int, shown: bool) -> None:
    closed = at_status(c, Status.CLOSED)
    ticket = opened(c)
    with worktime.shifted(timedelta(days=days)):
        assert numbers(at_desk(ticket, fresh(c.bia))) == ([closed.number] if shown else [])


def test_a_ticket_without_public_words_resembles_none(c: SimpleNamespace) -> None:
    ticket = signing(c)
    silent = Ticket.objects.get(pk=ticket.pk)
    silent.pk, silent.number = None, ticket.number + 500
    silent._state.adding = True
    silent.save()
    assert at_desk(ticket, fresh(c.bia)) == []
    assert numbers(ask(c, c.ana)) == [ticket.number]
    assert has_similar_open(fresh(c.ana), offering=c.offering, subject=SIGNING[0], body=SIGNING[1])


def test_the_desk_looks_no_further_than_it_must(c: SimpleNamespace) -> None:
    """Small tables are read whole, so that is switched off: the newest of a product come from an index in their order, and who
    took part in a ticket is asked for none of one's own queues.
    """
    ticket = signing(c)
    signing(c, by=c.eva)
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        assert len(at_desk(ticket, c.bia)) == 1
        (looked,) = [query["sql"] for query in queries if " UNION " in query["sql"]]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN ANALYZE {looked}")
        plan = [line for (line,) in cursor.fetchall()]
    assert any("ticket_by_product" in line for line in plan)
    took_part = [line for line in plan if "participant" in line]
    assert took_part
    assert all("never executed" in line for line in took_part)
