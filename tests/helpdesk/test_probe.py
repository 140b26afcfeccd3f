"""The probe says yes only where the portal says so itself."""

import socket

import pytest
from pytest_django.live_server_helper import LiveServer

from helpdesk.probe import ready


@pytest.mark.django_db(transaction=True)
def test_a_portal_that_serves_is_ready(live_server: LiveServer) -> None:
    assert ready(live_server.thread.port)


@pytest.mark.django_db(transaction=True)
def test_a_portal_asked_by_a_name_that_is_not_its_own_is_not(live_server: LiveServer, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    assert not ready(live_server.thread.port, "other.example.org")
    assert ready(live_server.thread.port, "portal.example.org")


def test_nothing_there_is_not_ready() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert not ready(unused.getsockname()[1])
