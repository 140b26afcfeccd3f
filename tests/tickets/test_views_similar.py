"""The tickets like the one that is being written: shown without JavaScript too, never in the way."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

import worktime
from accounts.models import Membership
from tests.cast import opened, person
from tests.tickets.admin.desk import INLINE
from tests.tickets.asking import ERROR_FORM, log, short_form, written
from tickets.models import Ticket

FRAGMENT = f"{ERROR_FORM}semelhantes/"
WORDS = {"titulo": "Não consigo assinar", "descricao": "A tela fica em branco."}
NOTHING = "se parece com este"


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    short_form(c)
    client.force_login(c.ana)
    return client


def page(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return str(response.content.decode())


def test_asking_is_limited(c: SimpleNamespace, ana: Client, settings: Settings) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"tickets_like": "1/5m/user"}
    assert [ana.post(FRAGMENT, WORDS).status_code for _ in range(2)] == [200, 429]
    ana.force_login(c.eva)
    assert ana.post(FRAGMENT, WORDS).status_code == 200


def test_while_writing_the_similar_ones_come(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c)
    shown = page(ana.post(FRAGMENT, WORDS))
    assert f'href="/chamados/{ticket.number}/"' in shown
    assert "nada impede de abrir" in shown
    assert not INLINE.findall(shown)


def test_a_colleague_is_shown_no_number_subject_or_name(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c, subject="Senhora Zulmira não assina")
    rui = person("Rui")
    Membership.objects.create(user=rui, agency=c.a, confirmed_at=worktime.now())
    ana.force_login(rui)
    asked = {"titulo": "Zulmira não assina"}
    for shown in (page(ana.post(FRAGMENT, asked)), page(ana.post(ERROR_FORM, written(c, **asked, parecidos="1")))):
        assert "Chamado do seu órgão: SEI, reportar um erro, aberto em" in shown
        assert str(ticket.number) not in shown
        assert "Senhora" not in shown


def test_a_stranger_is_shown_nothing(c: SimpleNamespace, ana: Client) -> None:
    opened(c)
    ana.force_login(c.eva)
    assert page(ana.post(FRAGMENT, WORDS)).strip() == ""


@pytest.mark.parametrize("words", [{}, {"titulo": "\0"}, {"titulo": "Erro"}, {"titulo": "' <-> :*", "descricao": "\ud7ff\\"}])
def test_words_that_say_nothing_bring_nothing(c: SimpleNamespace, ana: Client, words: dict[str, str]) -> None:
    opened(c)
    assert page(ana.post(FRAGMENT, words)).strip() == ""


def test_the_fragment_is_of_what_is_offered_and_for_who_signed_in(c: SimpleNamespace, ana: Client) -> None:
    assert ana.post("/abrir/pen/executivo-federal/sei/nada/semelhantes/").status_code == 404
    assert ana.get(FRAGMENT).status_code == 405
    assert Client(enforce_csrf_checks=True).post(FRAGMENT, WORDS).status_code == 403
    asked_by_the_page = Client().post(FRAGMENT, WORDS, headers={"HX-Request": "true"})
    assert asked_by_the_page["Location"].startswith("/conta/entrar/")


def test_looking_without_javascript_keeps_the_form_and_opens_nothing(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c)
    shown = page(ana.post(ERROR_FORM, written(c, **WORDS, parecidos="1", evidencias=[log()])))
    assert f'href="/chamados/{ticket.number}/"' in shown
    assert 'value="Não consigo assinar"' in shown
    assert "erro.txt" in shown
    assert "Erro no formulário" not in shown
    assert Ticket.objects.get() == ticket


def test_looking_in_vain_says_so(c: SimpleNamespace, ana: Client) -> None:
    assert NOTHING in page(ana.post(ERROR_FORM, written(c, parecidos="1")))
    assert NOTHING not in page(ana.get(ERROR_FORM))
    assert not Ticket.objects.exists()


def test_a_form_with_a_mistake_shows_them_too(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c)
    shown = page(ana.post(ERROR_FORM, written(c, **WORDS, ambiente="")), 422)
    assert f'href="/chamados/{ticket.number}/"' in shown
    assert NOTHING not in shown


def test_sending_is_never_blocked(c: SimpleNamespace, ana: Client) -> None:
    opened(c)
    assert ana.post(ERROR_FORM, written(c)).status_code == 302
    assert Ticket.objects.count() == 2


def test_the_fragment_costs_few_queries(
    c: SimpleNamespace, ana: Client, django_assert_num_queries: Callable[[int], Any], settings: Settings
) -> None:
    # Where the limit is counted, outside the demo, is no table.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for _ in range(7):
        opened(c)
    with django_assert_num_queries(6):
        ana.post(FRAGMENT, WORDS)
