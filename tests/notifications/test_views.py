"""The inbox: one's own notices, read by a press."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from notifications import kinds
from notifications.kinds import Group
from notifications.models import Notice
from notifications.preferences import DIGEST
from tests.notifications.conftest import Enqueue

pytestmark = pytest.mark.django_db

INBOX = "/avisos/"


@pytest.fixture
def as_ana(ana: User, client: Client) -> Client:
    client.force_login(ana)
    return client


def unread() -> int:
    return Notice.objects.filter(read_at=None).count()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(
    rows: int, ana: User, enqueue: Enqueue, as_ana: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        enqueue(ana, 10000001 + number)
    as_ana.get(INBOX)
    # session, person with his grants (the menu) and how many unread, the rows, the working week, whether news wait
    with django_assert_num_queries(5):
        page = as_ana.get(INBOX)
    assert page.content.decode().count("Marcar como lido<") == rows


def test_the_newest_comes_first_and_twenty_to_a_page(ana: User, enqueue: Enqueue, as_ana: Client) -> None:
    for number in range(21):
        enqueue(ana, 10000001 + number)
    first, second = as_ana.get(INBOX).content.decode(), as_ana.get(INBOX, {"page": "2"}).content.decode()
    assert first.index("Novidade no chamado 10000021") < first.index("Novidade no chamado 10000002")
    assert "10000001<" not in first
    assert "10000001" in second
    for senseless in ("nenhuma", "9", "0"):
        assert "Novidade no chamado 10000021" in as_ana.get(INBOX, {"page": senseless}).content.decode()
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second


def test_an_empty_inbox_says_so(as_ana: Client) -> None:
    assert "Nenhum aviso" in as_ana.get(INBOX).content.decode()


def test_only_own_notices_are_shown_and_touched(ana: User, eva: User, enqueue: Enqueue, as_ana: Client) -> None:
    hers = enqueue(eva, 10000099)
    assert "10000099" not in as_ana.get(INBOX).content.decode()
    for name in ("notice-read", "notice-follow"):
        assert as_ana.post(reverse(name, args=[hers.pk])).status_code == 404
    as_ana.post(reverse("notices-read"))
    assert unread() == 1


def test_reading_one_leaves_the_others_and_the_page(ana: User, enqueue: Enqueue, as_ana: Client) -> None:
    one, other = enqueue(ana, 1), enqueue(ana, 2)
    answer = as_ana.post(f"{reverse('notice-read', args=[one.pk])}?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/avisos/?page=2")
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.read_at is not None
    assert other.read_at is None
    as_ana.post(reverse("notice-read", args=[one.pk]))
    assert Notice.objects.get(pk=one.pk).read_at == one.read_at


def test_all_can_be_read_at_once(ana: User, enqueue: Enqueue, as_ana: Client) -> None:
    for number in range(3):
        enqueue(ana, number)
    answer = as_ana.post(reverse("notices-read"), follow=True)
    assert unread() == 0
    assert "Marcar todos como lidos" not in answer.content.decode()


def test_following_a_notice_reads_it_and_goes_where_it_leads(ana: User, enqueue: Enqueue, as_ana: Client) -> None:
    notice = enqueue(ana)
    answer = as_ana.post(reverse("notice-follow", args=[notice.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/chamados/10000001/")
    assert unread() == 0


def gone(data: kinds.Data) -> dict[str, object]:
    raise User.DoesNotExist


@pytest.mark.parametrize("context", [gone, lambda data: {}], ids=["row gone", "leads nowhere"])
def test_a_notice_that_leads_nowhere_says_so(
    context: Callable[..., Any], ana: User, enqueue: Enqueue, as_ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = enqueue(ana)
    monkeypatch.setitem(kinds._KINDS, "test_greeting", kinds.Kind(context, "Novidade"))
    answer = as_ana.post(reverse("notice-follow", args=[notice.pk]), follow=True)
    assert answer.redirect_chain == [("/avisos/", 302)]
    assert "não está mais disponível" in answer.content.decode()


def test_nothing_is_read_by_a_link(ana: User, enqueue: Enqueue, as_ana: Client) -> None:
    notice = enqueue(ana)
    for address in (
        reverse("notices-read"),
        reverse("notice-read", args=[notice.pk]),
        reverse("notice-follow", args=[notice.pk]),
    ):
        assert as_ana.get(address).status_code == 405
    assert unread() == 1


def test_who_is_not_signed_in_is_asked_to(ana: User, enqueue: Enqueue, client: Client) -> None:
    notice = enqueue(ana)
    assert client.get(INBOX)["Location"] == "/conta/entrar/?next=/avisos/"
    for address in (reverse("notices-read"), reverse("notice-read", args=[notice.pk])):
        assert client.post(address)["Location"].startswith("/conta/entrar/")
    assert unread() == 1


def test_a_notice_is_a_page_with_the_words_of_its_mail(ana: User, enqueue: Enqueue, as_ana: Client) -> None:
    notice = enqueue(ana)
    html = as_ana.get(f"/avisos/{notice.pk}/").content.decode()
    assert '<h1 class="words">Bia Exemplo pede atenção</h1>' in html
    assert "Bia Exemplo escreveu no chamado 10000001." in html
    assert "horário de Brasília" in html
    assert 'href="/chamados/10000001/"' in html
    assert "Não responda a este e-mail" not in html
    assert "/avisos/sair/" not in html
    assert unread() == 0


def test_a_notice_goes_back_among_the_new_ones(ana: User, eva: User, enqueue: Enqueue, as_ana: Client) -> None:
    mine, hers = enqueue(ana), enqueue(eva)
    as_ana.get(f"/avisos/{mine.pk}/")
    Notice.objects.filter(pk=hers.pk).update(read_at=mine.created_at)
    assert as_ana.post(reverse("notice-unread", args=[mine.pk]))["Location"] == INBOX
    assert list(Notice.objects.filter(read_at=None)) == [mine]
    assert as_ana.post(reverse("notice-unread", args=[hers.pk])).status_code == 404
    assert list(Notice.objects.filter(read_at=None)) == [mine]


def test_who_may_read_no_more_is_told_no_words(ana: User, optional: Group, enqueue: Enqueue, as_ana: Client) -> None:
    notice = enqueue(ana, gone=1)
    html = as_ana.get(f"/avisos/{notice.pk}/").content.decode()
    assert "não está mais disponível para você" in html
    assert "Bia Exemplo" not in html


@pytest.mark.parametrize("broken", ["person", "kind"])
def test_a_notice_of_what_is_gone_still_has_its_page(ana: User, enqueue: Enqueue, as_ana: Client, broken: str) -> None:
    notice = enqueue(ana)
    notice.data = {**notice.data, "person": 0} if broken == "person" else notice.data
    notice.kind = "no_more" if broken == "kind" else notice.kind
    notice.save()
    answer = as_ana.get(f"/avisos/{notice.pk}/")
    assert answer.status_code == 200
    assert "não está mais disponível" in answer.content.decode()


def test_another_persons_notice_has_no_page(eva: User, enqueue: Enqueue, as_ana: Client) -> None:
    hers = enqueue(eva)
    assert as_ana.get(f"/avisos/{hers.pk}/").status_code == 404
    assert unread() == 1


def test_the_list_is_narrowed_by_subject_and_by_what_is_unread(
    ana: User, optional: Group, enqueue: Enqueue, as_ana: Client
) -> None:
    old, new, owed = enqueue(ana, 1), enqueue(ana, 2), enqueue(ana, 3)
    as_ana.post(reverse("notice-read", args=[old.pk]))
    Notice.objects.filter(pk=owed.pk).update(kind="owed")
    kinds.register("owed", context=dict, label="Devido no chamado {number}")

    def shown(query: str) -> list[str]:
        html = as_ana.get(f"{INBOX}?{query}").content.decode()
        return [n for n in "123" if f"chamado {n}<" in html]

    assert shown("") == shown("assunto=nada&ver=x") == ["1", "2", "3"]
    assert shown("assunto=saudacoes") == ["1", "2"]
    assert shown("assunto=sempre") == ["3"]
    assert shown("ver=novos") == ["2", "3"]
    assert shown("assunto=saudacoes&ver=novos") == ["2"]
    answer = as_ana.post(f"{reverse('notice-read', args=[new.pk])}?page=1&assunto=saudacoes&ver=novos&next=//example.org")
    assert answer["Location"] == "/avisos/?page=1&assunto=saudacoes&ver=novos"
    assert "Nenhum aviso com estes filtros" in as_ana.get(f"{INBOX}?assunto=saudacoes&ver=novos").content.decode()


def test_a_digest_is_no_line_of_the_inbox(ana: User, optional: Group, as_ana: Client) -> None:
    row = Notice.objects.create(kind=DIGEST, recipient=ana, dedupe_key="digest", data={})
    assert "Resumo do dia" not in as_ana.get(INBOX).content.decode()
    assert as_ana.get(f"/avisos/{row.pk}/").status_code == 404
