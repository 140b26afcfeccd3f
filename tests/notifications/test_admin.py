"""The administrator sees the outbox and may have the undelivered tried again; nobody else knows of it."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import RoleGrant, User
from notifications import account_letters, addresses, outbox, steps
from notifications.admin.notices import NoticeAdmin
from notifications.admin.reading import Bounded
from notifications.models import AccountLetter, MailAddress, MailStep, Notice
from tests.notifications.conftest import Enqueue

pytestmark = pytest.mark.django_db

LIST = "/admin/notifications/notice/"


def granted(user: User, role: str, client: Client) -> Client:
    RoleGrant.objects.create(user=user, role=role)
    client.force_login(user)
    return client


@pytest.fixture
def as_admin(client: Client, db: None) -> Client:
    return granted(User.objects.create_user("admin@example.org", name="Admin"), "admin", client)


def dead(enqueue: Enqueue, to: User, number: int = 10000001) -> Notice:
    notice = enqueue(to, number)
    Notice.objects.filter(pk=notice.pk).update(state="dead", attempts=8, last_error="550 no such mailbox")
    return notice


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_shows_why_a_notice_did_not_arrive(
    rows: int, ana: User, enqueue: Enqueue, as_admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        dead(enqueue, ana, number)
    as_admin.get(LIST)
    # session, person with his rights, how many rows, the rows with their recipients; how many in all is asked nowhere
    with django_assert_num_queries(4):
        page = as_admin.get(LIST).content.decode()
    assert page.count("550 no such mailbox") == rows
    assert "Novidade no chamado 0" in page
    assert "Não entregue" in page


def test_a_next_try_is_told_of_what_waits_alone(ana: User, enqueue: Enqueue, as_admin: Client) -> None:
    notice, moment = enqueue(ana, 1), datetime(2031, 2, 3, 15, tzinfo=UTC)
    for state, shown in (("pending", True), ("sent", False), ("dead", False)):
        Notice.objects.filter(pk=notice.pk).update(state=state, next_attempt_at=moment)
        page = as_admin.get(f"/admin/notifications/notice/{notice.pk}/change/").content.decode()
        assert ("03/02/2031, 12h" in page) is shown, state


def test_the_undelivered_are_tried_again_by_the_action(ana: User, enqueue: Enqueue, as_admin: Client) -> None:
    notice = dead(enqueue, ana)
    answer = as_admin.post(LIST, {"action": "try_again", "_selected_action": [str(notice.pk)]}, follow=True)
    assert "enviados de novo: 1" in answer.content.decode()
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("pending", 0)
    answer = as_admin.post(LIST, {"action": "try_again", "_selected_action": [str(notice.pk)]}, follow=True)
    assert "Nenhum dos avisos" in answer.content.decode()


def test_what_waits_is_stopped_and_who_did_it_stands_below_the_notice(ana: User, enqueue: Enqueue, as_admin: Client) -> None:
    notice = enqueue(ana)
    answer = as_admin.post(LIST, {"action": "stop", "_selected_action": [str(notice.pk)]}, follow=True)
    assert "não irão por e-mail: 1" in answer.content.decode()
    notice.refresh_from_db()
    assert notice.state == "stopped"
    page = as_admin.get(reverse("admin:notifications_notice_change", args=[notice.pk])).content.decode()
    assert "Envio parado" in page
    assert list(notice.steps.values_list("kind", "by__email")) == [("stopped", "admin@example.org")]
    answer = as_admin.post(LIST, {"action": "stop", "_selected_action": [str(notice.pk)]}, follow=True)
    assert "Nenhum dos avisos" in answer.content.decode()
    assert notice.steps.count() == 1


STEPS = "/admin/notifications/mailstep/"


@pytest.mark.parametrize("rows", [1, 3])
def test_steps_are_listed_by_kind_and_day(
    rows: int, ana: User, enqueue: Enqueue, as_admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        steps.write([steps.of(enqueue(ana, number), MailStep.Kind.SENT, "250 OK", address=ana.email)])
    account_letters.post(to="rui@example.org", subject="Confirme seu e-mail", words="…")
    steps.write([steps.of_letter(AccountLetter.objects.get(), MailStep.Kind.FAILED, "TimeoutError")])
    as_admin.get(STEPS)
    # session and person with his rights, how many, the rows with their notices; how many in all is asked nowhere
    with django_assert_num_queries(4):
        page = as_admin.get(STEPS, {"kind__exact": "sent"}).content.decode()
    assert page.count("250 OK") == rows
    assert "rui@example.org" not in page
    today = worktime.now().astimezone(worktime.BRASILIA).date()
    assert "Confirme seu e-mail" in as_admin.get(STEPS, {"dia": f"{today:%Y-%m-%d}"}).content.decode()
    assert "Confirme seu e-mail" not in as_admin.get(STEPS, {"dia": "2020-01-01"}).content.decode()
    assert as_admin.get(STEPS, {"dia": "amanhã"}).status_code == 200
    assert as_admin.get(STEPS, {"by__password__startswith": "md5"}).status_code == 400


def test_an_address_is_cleared_by_the_action(ana: User, as_admin: Client) -> None:
    addresses.block(ana.email, MailAddress.Reason.BOUNCED, "550 5.1.1")
    url = "/admin/notifications/mailaddress/"
    assert "550 5.1.1" in as_admin.get(url).content.decode()
    pk = str(MailAddress.objects.get().pk)
    assert (
        "voltam a receber e-mails: 1"
        in as_admin.post(url, {"action": "clear", "_selected_action": [pk]}, follow=True).content.decode()
    )
    assert not MailAddress.objects.exists()
    assert list(MailStep.objects.values_list("kind", "address", "by__email")) == [
        ("cleared", "ana@example.org", "admin@example.org")
    ]


def test_nothing_is_added_changed_or_deleted(ana: User, enqueue: Enqueue, as_admin: Client) -> None:
    notice = enqueue(ana)
    page = as_admin.get(reverse("admin:notifications_notice_change", args=[notice.pk]))
    assert page.status_code == 200
    assert b'name="state"' not in page.content
    for name, args in (("add", []), ("delete", [notice.pk])):
        assert as_admin.post(reverse(f"admin:notifications_notice_{name}", args=args)).status_code == 403
    change = as_admin.post(reverse("admin:notifications_notice_change", args=[notice.pk]), {"state": "sent"})
    assert change.status_code == 403
    notice.refresh_from_db()
    assert notice.state == "pending"


@pytest.mark.parametrize("role", ["dpo", "ombudsman"])
def test_other_roles_do_not_see_it(role: str, ana: User, eva: User, enqueue: Enqueue, client: Client) -> None:
    notice = dead(enqueue, ana)
    other = granted(eva, role, client)
    assert other.get(LIST).status_code == 403
    answer = other.post(LIST, {"action": "try_again", "_selected_action": [str(notice.pk)]})
    assert answer.status_code == 403
    notice.refresh_from_db()
    assert notice.state == "dead"


def test_who_has_no_role_finds_nothing_there(ana: User, client: Client) -> None:
    client.force_login(ana)
    assert client.get(LIST).status_code == 404


def test_no_filter_asks_of_what_the_page_does_not_show(ana: User, enqueue: Enqueue, as_admin: Client) -> None:
    enqueue(ana)
    assert as_admin.get(LIST, {"state__exact": "pending"}).status_code == 200
    refused = as_admin.get(LIST, {"recipient__password__startswith": "md5"})
    assert refused.status_code == 400


def test_nobody_counts_a_million_rows(ana: User, enqueue: Enqueue, as_admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bounded, "MOST", 2)
    monkeypatch.setattr(NoticeAdmin, "list_per_page", 1)
    for number in range(4):
        enqueue(ana, number)
    with CaptureQueriesContext(connection) as queries:
        page = as_admin.get(LIST).content.decode()
    (counting,) = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "notifications_notice" in query["sql"]
                   and "accounts_user person" not in query["sql"]]  # fmt: skip
    assert "LIMIT 2)" in counting
    assert "Novidade no chamado 3" in page
    assert "?p=2" in page
    assert "?p=3" not in page


def test_an_address_is_found_however_it_is_typed(ana: User, enqueue: Enqueue, as_admin: Client) -> None:
    enqueue(ana, 7)
    addresses.block(ana.email, MailAddress.Reason.BOUNCED, "550 5.1.1")
    assert "Novidade no chamado 7" in as_admin.get(LIST, {"q": "Ana@Example.org"}).content.decode()
    assert "Novidade no chamado 7" not in as_admin.get(LIST, {"q": "an"}).content.decode()
    assert "550 5.1.1" in as_admin.get("/admin/notifications/mailaddress/", {"q": "ANA@example.org"}).content.decode()


@pytest.mark.parametrize(("action", "before", "after"), [("stop", "pending", "stopped"), ("try_again", "dead", "pending")])
def test_all_of_a_list_are_changed_in_pieces_and_no_more_than_a_press_has_time_for(
    action: str, before: str, after: str, *, ana: User, enqueue: Enqueue, as_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PIECE", 2)
    monkeypatch.setattr(outbox, "MOST", 5)
    notices = [enqueue(ana, number) for number in range(7)]
    Notice.objects.update(state=before)
    press = {"action": action, "select_across": "1", "_selected_action": [str(notices[0].pk)]}
    with CaptureQueriesContext(connection) as queries:
        answer = as_admin.post(LIST, press, follow=True)
    assert ": 5." in answer.content.decode()
    assert "Pode haver mais: repita a ação." in answer.content.decode()
    assert sum("FOR UPDATE" in query["sql"] for query in queries) == 3
    assert sorted(Notice.objects.values_list("state", flat=True)).count(after) == MailStep.objects.count() == 5
    answer = as_admin.post(LIST, press, follow=True)
    assert ": 2." in answer.content.decode()
    assert "Pode haver mais" not in answer.content.decode()
    assert set(Notice.objects.values_list("state", flat=True)) == {after}


LETTERS = "/admin/notifications/accountletter/"


def letter_to(to: str = "rui@example.org") -> AccountLetter:
    account_letters.post(to=to, subject="Troca de senha", words="Use: https://portal.example/chave-secreta/")
    return AccountLetter.objects.latest("pk")


def pressed(action: str, letter: AccountLetter, client: Client) -> str:
    press = {"action": action, "_selected_action": [str(letter.pk)]}
    page = client.post(LETTERS, press, follow=True).content.decode()
    letter.refresh_from_db()
    return page


@pytest.mark.parametrize("rows", [1, 3])
def test_letters_are_listed_without_their_words(
    rows: int, as_admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        letter = letter_to()
    as_admin.get(LETTERS)
    # session, person with his rights, how many rows, the rows; how many in all is asked nowhere
    with django_assert_num_queries(4):
        page = as_admin.get(LETTERS).content.decode()
    assert page.count("rui@example.org") == rows
    page += as_admin.get(reverse("admin:notifications_accountletter_change", args=[letter.pk])).content.decode()
    assert "chave-secreta" not in page
    assert "Ainda vai sair" in page
    assert "rui@example.org" in as_admin.get(LETTERS, {"q": "Rui@Example.org"}).content.decode().partition("result_list")[2]
    assert as_admin.get(LETTERS, {"body__contains": "chave"}).status_code == 400


def test_a_letter_is_stopped_and_tried_again_and_the_log_says_by_whom(as_admin: Client, mailoutbox: list[object]) -> None:
    letter = letter_to()
    assert "não irão por e-mail: 1" in pressed("stop", letter, as_admin)
    assert letter.state == "stopped"
    assert account_letters.deliver_due() == 0
    assert "Nenhuma das cartas" in pressed("stop", letter, as_admin)
    assert "enviadas de novo: 1" in pressed("try_again", letter, as_admin)
    assert "Nenhuma das cartas" in pressed("try_again", letter, as_admin)
    assert account_letters.deliver_due() == len(mailoutbox) == 1
    done = [("stopped", "admin@example.org"), ("retried", "admin@example.org"), ("sent", None)]
    assert list(letter.steps.order_by("pk").values_list("kind", "by__email")) == done


def test_a_letter_that_left_or_is_out_of_time_leaves_no_more(as_admin: Client, mailoutbox: list[object]) -> None:
    left = letter_to()
    account_letters.deliver_due()
    page = pressed("try_again", left, as_admin)
    assert "já saiu e não sai outra vez" in page
    assert "pode pedir outra" in page
    late = letter_to()
    pressed("stop", late, as_admin)
    AccountLetter.objects.filter(pk=late.pk).update(ends_at=worktime.now())
    page = pressed("try_again", late, as_admin)
    assert "não sai mais: o prazo acabou" in page
    assert "enviadas de novo" not in page
    assert (left.state, late.state, late.body) == ("sent", "over", "")
    page = as_admin.get(reverse("admin:notifications_accountletter_change", args=[late.pk])).content.decode()
    assert "Não sai mais: o prazo acabou" in page
    assert account_letters.deliver_due() == 0
    assert len(mailoutbox) == 1


def test_nobody_else_stops_a_letter(eva: User, client: Client) -> None:
    letter = letter_to()
    pressed("stop", letter, granted(eva, "dpo", client))
    assert letter.state == "pending"
