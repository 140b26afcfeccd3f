"""What a search of tickets finds, for whom, and in which order."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from catalog.models import FormField
from tests.cast import form, fresh, opened, person
from tickets import lifecycle, search
from tickets.lifecycle import Answered
from tickets.models import Ticket
from tickets.search import found
from tickets.states import Via

Kind = FormField.Kind


def numbers(words: str, *, internal: bool = False) -> list[int]:
    return list(found(Ticket.objects.all(), words, internal=internal).values_list("number", flat=True))


def asked(c: SimpleNamespace, kind: str, value: str) -> Ticket:
    return opened(c, answers=[Answered("campo", "Campo", kind, value)])


def test_words_are_found_wherever_they_stand(c: SimpleNamespace) -> None:
    subject = opened(c, subject="Níveis de acesso", body="Não mudam.")
    body = opened(c, subject="Sem efeito", body="O nível não muda.")
    answer = asked(c, Kind.LONG_TEXT, "mudar de nivel")
    reply = opened(c, subject="Outro", body="Assunto.")
    lifecycle.comment(reply.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Que nível?")
    opened(c, subject="Nada disto", body="Nada.")
    assert numbers("NIVEL") == [ticket.number for ticket in (reply, answer, body, subject)]


@pytest.mark.parametrize(
    ("kind", "value"), [(Kind.CPF, "12345678909"), (Kind.EMAIL, "chefe@example.org"), (Kind.PHONE, "61998765432")]
)
def test_personal_data_of_answers_is_not_searched(c: SimpleNamespace, kind: str, value: str) -> None:
    asked(c, kind, value)
    assert numbers(value) == []


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Kind.CNPJ, "12ABC34501DE35", "12.abc.345/01de-35"),
        (Kind.URL, "https://sei.orgao.gov.br/sei/", "sei.orgao.gov.br"),
        (Kind.CHOICE, "Homologação", "homologacao"),
        (Kind.TEXT, "versão 5.0.3", "v5.0.3"),
    ],
)
def test_other_answers_are(c: SimpleNamespace, kind: str, value: str, words: str) -> None:
    ticket = asked(c, kind, value)
    assert numbers(words) == [ticket.number]


def test_all_words_must_stand_somewhere_on_the_ticket(c: SimpleNamespace) -> None:
    both = opened(c, subject="Erro na minuta", body="O certificado venceu.")
    lifecycle.comment(both.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Uso o Chrome.")
    opened(c, subject="Erro na minuta", body="Sem mais.")
    opened(c, subject="Certificado vencido", body="Uso o Chrome.")
    assert numbers("minuta certificado") == [both.number]
    assert numbers("minuta chrome certificado de") == [both.number]
    assert numbers("minuta chrome firefox") == []
    assert numbers("ana minuta chrome") == [both.number]


def test_a_phrase_stands_as_it_is(c: SimpleNamespace) -> None:
    exact = opened(c, subject="Tela em branco", body="Nada.")
    opened(c, subject="Branco na tela", body="Em branco.")
    assert numbers('"tela em branco"') == [exact.number]


def test_who_asked_is_found_by_name_and_address(c: SimpleNamespace) -> None:
    joao = person("João da Conceição", social_name="Joana")
    ticket = opened(c, by=joao, subject="Outro", body="Assunto.")
    opened(c)
    for words in ("joao", "Conceicao", "conceição joao", "joana", joao.email.upper(), "conce"):
        assert numbers(words) == [ticket.number], words


def test_notes_are_found_by_the_team_only(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Suspeita de fraude.")
    assert numbers("fraude", internal=True) == [ticket.number]
    assert numbers("fraude") == []
    assert numbers("branco fraude") == []
    assert numbers("fraude branco") == []


def test_nothing_is_found_outside_what_was_given(c: SimpleNamespace) -> None:
    ticket = opened(c)
    for words in ("branco", "ana", str(ticket.number), "branco ana"):
        assert not found(Ticket.objects.visible_to(fresh(c.eva)), words, internal=True).exists(), words
        assert found(Ticket.objects.visible_to(fresh(c.ana)), words).exists(), words


def test_a_number_is_exact_with_or_without_dots(c: SimpleNamespace) -> None:
    ticket = opened(c)
    digits = str(ticket.number)
    assert numbers(digits) == numbers(f" {digits[:2]}.{digits[2:5]}.{digits[5:]} ") == [ticket.number]
    for words in (f"#{digits}", f" nº {digits}", f"N°{digits[:2]}.{digits[2:5]}.{digits[5:]}"):
        assert numbers(words) == [ticket.number], words
    for words in (f"##{digits}", digits[:7], f"{digits}1", f"{digits[:2]}.{digits[2:]}", "9" * 40, "\u0661" * 8):
        assert numbers(words) == [], words


def test_a_number_in_the_words_of_another_ticket_does_not_hide_it(c: SimpleNamespace) -> None:
    opened(c, body="Veja o chamado 10.000.001.")
    assert search.number_in("chamado 10000001") is None


@pytest.mark.parametrize("words", ["", "  ", "\0", "\ud800"])
def test_nothing_typed_leaves_the_list_as_it_was(c: SimpleNamespace, words: str) -> None:
    tickets = [opened(c).number for _ in range(2)]
    assert list(found(Ticket.objects.in_work_order(), words).values_list("number", flat=True)) == tickets


@pytest.mark.parametrize("words", ["%", "de", '"', "' OR 1=1 --", "\\", "!!", "-branco -tela -zzz", ":*"])
def test_odd_searches_find_nothing_and_break_nothing(c: SimpleNamespace, words: str) -> None:
    opened(c)
    assert numbers(words) == []


def test_hidden_words_are_gone(c: SimpleNamespace) -> None:
    """The vectors are the database's own: no writer can forget them."""
    ticket = opened(c, subject="Senha xyzzy")
    Ticket.objects.filter(pk=ticket.pk).update(subject="[oculto]")
    assert numbers("xyzzy") == []


def test_the_newest_finds_are_looked_at(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 2)
    tickets = [opened(c, subject="Minuta", body="Texto.").number for _ in range(4)]
    assert numbers("minuta") == tickets[:1:-1]


@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize(("words", "queries"), [("minuta", 3), ("minuta texto ana", 4), ("10000001", 1)])
def test_a_search_costs_the_same_whatever_it_finds(
    c: SimpleNamespace, rows: int, words: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        opened(c, subject="Minuta", body="Texto.")
    with django_assert_num_queries(queries):
        numbers(words)


def test_the_indexes_serve_the_search(c: SimpleNamespace) -> None:
    """Small tables are read whole, so that is switched off: what is left tells whether the indexes fit the queries."""
    opened(c)
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        cursor.execute("ANALYZE tickets_ticket, tickets_message, tickets_answer")  # else it depends on what ran before
        numbers("minuta")
        (looked,) = [query["sql"] for query in queries if " UNION " in query["sql"]]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute(f"EXPLAIN {looked}")
        plan = str(cursor.fetchall())
    assert [name for name in ("ticket_words", "message_words", "answer_words") if name in plan] == [
        "ticket_words",
        "message_words",
        "answer_words",
    ]


def test_vectors_stay_in_the_database(c: SimpleNamespace) -> None:
    ticket = opened(c)
    for row in (ticket.messages.get(), ticket.answers.get()):
        assert "words" in row.get_deferred_fields()
