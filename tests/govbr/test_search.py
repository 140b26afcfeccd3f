"""Folding in the database, queries of whatever is typed, and a dump that restores."""

from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from govbr import search, text
from helpdesk.postgres import wheel
from tests.cast import person

BINARIES = wheel() / "pginstall18" / "bin"


def value(sql: str, *given: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", given)
        return cursor.fetchone()[0]


def fold(words: str) -> str:
    return str(value("public.fold(%s)", words))


def finds(words: str, written: str) -> bool:
    """Whether a search finds a text."""
    asked = search.terms(words)
    return bool(asked) and all(
        value("to_tsvector('portuguese', public.fold(%s)) @@ %s::tsquery", written, term.text) for term in asked
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ação", "AÇÕES"),
        ("acao", "ações"),
        ("acoes", "Ação"),
        ("pão", "pães"),
        ("paes", "pao"),
        ("órgão", "orgaos"),
        ("mão", "mãos"),
        ("mãe", "mães"),
        ("erro", "erros"),
        ("tela", "telas"),
        ("imagem", "imagens"),
        ("item", "itens"),
        ("nível", "niveis"),
        ("canal", "canais"),
        ("papel", "papéis"),
        ("perfil", "perfis"),
        ("útil", "úteis"),
        ("difícil", "difíceis"),
        ("mês", "meses"),
        ("servidor", "servidores"),
        ("país", "países"),
        ("plugin", "plugins"),
        ("token", "tokens"),
        ("log", "logs"),
        ("API", "APIs"),
        ("lei", "leis"),
        ("instalar", "instalações"),
        ("ac\u0327a\u0303o", "ação"),
        ("e-mail", "emails"),
        ("SEI", "SEI/SUPER"),
        ("salvar", "erro.Salvar"),
        ("assinar", "<assinar>"),
        ("mod_sei", "mod sei"),
        ("pen", "mod-sei-pen"),
        ("mod-sei-pen", "o mod-sei-pen, versão 4"),
        ("mod sei pen", "mod-sei-pen"),
        ("v4.1.5", "SEI 4.1.5."),
        ("4.1.5", "versão v4.1.5;"),
        ("5.0.3", "SEI-5.0.3/SUPER"),
        ("2026", "edital-2026"),
        ("12345.678901/2026-00", "processo 12345678901202600"),
        ("12345678901202600", "NUP: 12345.678901/2026-00."),
        ("17137001000001202621", "NIPE 17.137001.000001/2026-21"),
        ("0001234-55.2026.8.26.0100", "00012345520268260100"),
        ("123.456.789-09", "12345678909"),
        ("12.ABC.345/01DE-35", "cnpj 12abc34501de35"),
        ("12.345.678/0001-95", "12345678000195"),
        ("10.000.001", "veja o chamado 10000001"),
        ("(61) 99876-5432", "61998765432"),
        ("61 99876-5432", "61998765432"),
        ("\u201ctela em branco\u201d", "a tela em branco"),
        ('"tela em branco"', "A tela fica; em branco, a tela em branco."),
    ],
)
def test_words_that_find_each_other(one: str, other: str) -> None:
    assert finds(one, other)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("4.1.5", "4.1.50"),
        ("4.1.5", "14.1.5"),
        ("4.1", "4.1.5"),
        ("4.1.5", "4.1"),
        ("2026", "12345.678901/2026-00"),
        ("20242026", "2024-2026"),
        ("10000001", "100000012"),
        ("10100200", "10.100.200.1"),
        ("mod-sei-pen", "mod sem pen"),
        ("mal", "mais"),
        ("lel", "leis"),
        ('"branco tela"', "tela em branco"),
        ("pão", "pato"),
        ("tela erro", "tela"),
        ("%", "cem por cento"),
    ],
)
def test_words_that_do_not(words: str, written: str) -> None:
    assert not finds(words, written)


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["mais", "depois", "elas", "pelos", "com", "para", "das"])
def test_words_that_say_nothing_still_say_nothing(words: str) -> None:
    assert value("to_tsvector('portuguese', public.fold(%s))::text", words) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", " ", "\0\0", "%", "'", "\\", '"', '""', "&", "!", ":* <->", "--", "\ud800", "\u200b"])
def test_signs_alone_are_no_search(words: str) -> None:
    assert search.terms(words) == []


@pytest.mark.django_db
def test_a_search_reads_so_many_characters_and_words() -> None:
    assert len(search.terms("palavra outra " * 10_000)) == search.MOST_TERMS
    assert search.terms("a" * 1_000_000)[0].text == f"'{'a' * search.LONGEST}'"


@pytest.mark.django_db
def test_words_that_say_nothing_do_not_stand_in_the_way() -> None:
    assert [term.text for term in search.terms("erro de login")] == ["'erro'", "'login'"]
    assert [term.text for term in search.terms("de")] == [""]


@pytest.mark.django_db
def test_stems_with_signs_become_a_query() -> None:
    (stems,) = search.significant("d'água mod-sei-pen 4.1.5 \\ 'x' \0")
    asked = search.any_of([*stems, "it's", "back\\slash"])
    with connection.cursor() as cursor:
        sql, params = User.objects.annotate(asked=asked).values("asked").query.sql_with_params()
        cursor.execute(sql, params)
    assert {"4.1.5", "mod-sei-pen"} <= set(stems)


SIGNS = [*"aeiouslmnrgçãõéíáô AB01249.-/()_@'\"v,:\n", "es", "is", "ns", "ões", "acao", "e-mail", "\u0301", "\u200b", "Ω", "ß"]
ALPHABET = st.sampled_from(SIGNS)
ANYTHING = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


class Folding(TestCase):
    """For every text."""

    @given(st.lists(ALPHABET, max_size=40).map("".join) | ANYTHING)
    def test_folding_twice_changes_nothing(self, words: str) -> None:
        once = fold(words)
        assert fold(once) == once

    @given(st.lists(st.sampled_from(list("aàáâãçéêíóôõúüAÀÇÉÕ z-.,ªº½ﬁ4")), max_size=40).map("".join))
    def test_python_and_the_database_drop_the_same_accents(self, words: str) -> None:
        assert fold(words) == fold(text.fold(words))

    @given(ANYTHING | st.text(st.sampled_from(list("ab\"'&|!():*<>-\\\0\ud800 ")), max_size=30))
    def test_nothing_typed_breaks_a_search(self, words: str) -> None:
        for term in search.terms(words):
            assert value("to_tsvector('portuguese', '') @@ %s::tsquery", term.text) is False
            assert value("to_tsvector('simple', '') @@ %s::tsquery", term.name) is False


@pytest.mark.django_db
def test_names_are_found_by_their_beginnings() -> None:
    antonio = person("Antônio", social_name="")
    for words, found in (("antonio", 1), ("ANTÔ", 1), ("antonio@example.org", 1), ("tonio", 0), ("antoniox", 0)):
        (term,) = search.terms(words)
        assert User.objects.filter(search.Matches(search.F("names"), term.in_name), pk=antonio.pk).count() == found, words


@pytest.mark.django_db(transaction=True)
def test_a_dump_restores_into_an_empty_database() -> None:
    person("Antônia")
    at = connection.get_connection_params()
    server = {"PGHOST": at.get("host") or "", "PGPORT": str(at.get("port") or 5432), "PGUSER": at.get("user") or ""}
    env = {**os.environ, **server, "PGPASSWORD": at.get("password") or ""}
    name = f"{at['dbname']}_restored"

    def run(program: str, *options: str, given: bytes | None = None) -> bytes:
        done = subprocess.run([BINARIES / program, *options], env=env, input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    dump = run("pg_dump", "--dbname", at["dbname"])
    run("dropdb", "--if-exists", name)
    run("createdb", "--template=template0", name)
    try:
        run("psql", "--dbname", name, "--quiet", "--set=ON_ERROR_STOP=1", given=dump)
        asked = "SELECT count(*) FROM accounts_user WHERE names @@ to_tsquery('simple', public.fold('ANTÔNIAS'))"
        indexed = "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%USING gin (words)'"
        generated = "SELECT count(*) FROM information_schema.columns WHERE is_generated = 'ALWAYS'"
        assert [
            run("psql", "--dbname", name, "--tuples-only", "--no-align", "--command", sql).decode().strip()
            for sql in (asked, indexed, generated)
        ] == ["1", "5", "6"]
    finally:
        run("dropdb", name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Erros de Assinatura", [("erro", "erro"), ("de", ""), ("assinatura", "assinatur")]),
        ("(SEI!)", [("sei", "sei")]),
        ("", []),
        ("\0 ", []),
    ],
)
def test_typed_words_come_folded_with_their_stem(typed: str, words: list[tuple[str, str]]) -> None:
    assert search.typed_words(typed) == words


@pytest.mark.django_db
def test_of_many_typed_words_the_first_are_read(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [word for word, _ in search.typed_words("um dois três quatro " * 1000, most=3)] == ["um", "dois", "tre"]
