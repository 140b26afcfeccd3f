"""What every answer carries beside what its view says."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import FileResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from helpdesk.middleware import CompressedPages
from tests.cast import MONDAY, full_cast, opened


@pytest.mark.django_db
def test_a_persons_pages_are_kept_nowhere() -> None:
    """After sign-out, Back shows nobody the pages of the person before."""
    c: SimpleNamespace = full_cast()
    ticket = opened(c)
    client = Client()
    client.force_login(c.ana)
    for url in ("/", "/chamados/", f"/chamados/{ticket.number}/", "/conta/", "/avisos/", "/chamados/99999999/"):
        assert client.get(url)["Cache-Control"] == "private, no-store", url
    client.force_login(c.bia)
    assert "no-store" in client.get("/admin/")["Cache-Control"]


@pytest.mark.django_db
def test_pages_for_everybody_stay_as_they_are(client: Client) -> None:
    assert "Cache-Control" not in client.get("/abrir/")


def answers(client: Client, after: timedelta) -> int:
    with time_machine.travel(MONDAY + after, tick=False):
        return client.get("/avisos/").status_code


@pytest.fixture
def idle(db: None, settings: Settings) -> SimpleNamespace:
    settings.STAFF_IDLE = timedelta(hours=2)
    return full_cast()


@pytest.mark.parametrize(("name", "last"), [("ana", 200), ("bia", 302)])
def test_staff_left_alone_sign_in_again_and_requesters_stay(idle: SimpleNamespace, name: str, last: int) -> None:
    client, hour = Client(), timedelta(hours=1)
    with time_machine.travel(MONDAY, tick=False):
        client.force_login(getattr(idle, name))
    assert [answers(client, hour * n) for n in (1, 2.9, 4.8)] == [200, 200, 200]
    assert answers(client, hour * 6.9) == last
    assert ("_auth_user_id" in client.session) == (last == 200)


def test_a_session_that_was_never_used_after_sign_in_counts_from_there(idle: SimpleNamespace) -> None:
    client = Client()
    with time_machine.travel(MONDAY, tick=False):
        client.force_login(idle.bia)
    assert answers(client, timedelta(hours=2, minutes=1)) == 302


def test_use_is_noted_every_few_minutes_and_not_at_each_request(idle: SimpleNamespace) -> None:
    client, minute = Client(), timedelta(minutes=1)
    with time_machine.travel(MONDAY, tick=False):
        client.force_login(idle.bia)
    writes = []
    for after in (6, 7, 10, 12):
        with CaptureQueriesContext(connection) as queries:
            assert answers(client, minute * after) == 200
        writes.append(sum('UPDATE "django_session"' in query["sql"] for query in queries))
    assert writes == [1, 0, 0, 1]
    assert Session.objects.count() == 1


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(idle: SimpleNamespace) -> None:
    client, minute = Client(headers={"X-Asked-By": "page"}), timedelta(minutes=1)
    with time_machine.travel(MONDAY, tick=False):
        client.force_login(idle.bia)
    assert [answers(client, minute * after) for after in (30, 60, 90, 119, 121)] == [200, 200, 200, 200, 302]
    assert "_auth_user_id" not in client.session


def test_without_a_limit_nobody_is_signed_out(settings: Settings, db: None) -> None:
    settings.STAFF_IDLE = None
    c, client = full_cast(), Client()
    with time_machine.travel(MONDAY, tick=False):
        client.force_login(c.bia)
    assert answers(client, timedelta(days=3)) == 200


def test_pages_go_out_compressed_to_who_takes_it_and_never_at_the_same_length(client: Client, db: None) -> None:
    plain = client.get("/conta/entrar/", headers={"accept-encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    sizes = set()
    for _ in range(8):
        packed = client.get("/conta/entrar/", headers={"accept-encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        sizes.add(len(packed.content))
    assert max(sizes) < len(plain.content) / 2
    assert len(sizes) > 1


def test_streams_keep_their_length(rf: RequestFactory) -> None:
    answer = CompressedPages(lambda _: FileResponse(io.BytesIO(b"x" * 5000)))(rf.get("/", headers={"accept-encoding": "gzip"}))
    assert isinstance(answer, FileResponse)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Length"] == "5000"
