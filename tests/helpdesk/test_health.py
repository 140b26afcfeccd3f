"""What machines ask, and who gets an answer."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

import worktime
from feedback import manifestations
from helpdesk import leases
from tests.cast import full_cast, opened
from tickets import failures


@pytest.fixture
def c(db: None) -> SimpleNamespace:
    return full_cast()


@pytest.mark.django_db
def test_lives_and_is_ready(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}


def test_healthz_asks_no_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_metrics_hold_the_figures(client: Client) -> None:
    leases.show("worker", "test", timedelta(minutes=5))
    response = client.get(reverse("metrics"))
    lines = dict(line.rsplit(" ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"].startswith("text/plain")
    assert lines['portal_tickets{status="queued"}'] == "0"
    assert lines["portal_notices_pending"] == "0"
    assert (lines["portal_manifestations_unanswered"], lines["portal_manifestations_overdue"]) == ("0", "0")
    assert lines["portal_sweep_lag_seconds"] == "0"
    assert lines['portal_sweep_failures{job="finalize"}'] == "0"
    assert lines["portal_files_held"] == lines["portal_files_held_stuck"] == lines["portal_files_infected"] == "0"
    assert 0 <= float(lines["portal_worker_last_seen_seconds"]) < 60
    assert "portal_beat_last_seen_seconds" not in lines


def test_manifestations_without_an_answer_are_counted(c: SimpleNamespace, client: Client) -> None:
    manifestations.register(by=c.ana, kind="sugestao", body="Mais cor.", request_id=uuid.uuid4())
    with worktime.shifted(timedelta(days=60)):
        text = client.get(reverse("metrics")).content.decode()
    assert "portal_manifestations_unanswered 1\nportal_manifestations_overdue 1\n" in text


def test_failures_are_counted_by_job(c: SimpleNamespace, client: Client) -> None:
    for ticket in (opened(c), opened(c)):
        failures.keep("finalize", ticket.pk, ValueError())
    text = client.get(reverse("metrics")).content.decode()
    assert 'portal_sweep_failures{job="finalize"} 2\n' in text
    assert 'portal_sweep_failures{job="remind"} 0\n' in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"X-Forwarded-Proto": "https"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
    ],
)
def test_metrics_do_not_exist_for_others(client: Client, extra: dict[str, object]) -> None:
    assert client.get("/metrics", **extra).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "status"), [("Bearer right", 200), ("Bearer wrong", 404), ("right", 404), ("Bearer rígħt", 404), (None, 404)]
)
def test_with_a_token_metrics_go_to_who_has_it(client: Client, settings: object, header: str | None, status: int) -> None:
    settings.METRICS_TOKEN = "right"
    headers = {"Authorization": header} if header else {}
    assert client.get("/metrics", headers=headers, REMOTE_ADDR="192.0.2.7").status_code == status
