"""What the web server writes into its log."""

import logging
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from helpdesk import gunicorn


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/conta/senha/nova/1-c0ffee-5ecre7/", "/conta/senha/nova/…/"),
        ("/conta/confirmar-email/MQ:1abc:5ecre7/", "/conta/confirmar-email/…/"),
        ("/avisos/sair/WzEsInEiXQ:1abc:5ecre7/", "/avisos/sair/…/"),
        ("/chamados/10000001/", "/chamados/10000001/"),
    ],
)
def test_keys_of_links_stay_out_of_the_log(path: str, logged: str, caplog: pytest.LogCaptureFixture) -> None:
    """ABUSE 47, Anymail PYSEC-2018-46: who reads the log could open the account before its owner does."""
    server = SimpleNamespace(log=Logger(Config()))
    gunicorn.on_starting(server)
    caplog.set_level(logging.INFO, "gunicorn.access")
    server.log.access_log.addHandler(caplog.handler)
    server.log.access_log.info(gunicorn.access_log_format, {"m": "GET", "U": path, "s": "200", "L": "0.01"})
    server.log.access_log.handlers.clear()
    assert caplog.messages == [f"GET {logged} 200 0.01s"]


def test_the_address_of_a_request_that_failed_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    server = SimpleNamespace(log=Logger(Config()))
    gunicorn.on_starting(server)
    server.log.error_log.addHandler(caplog.handler)
    server.log.error("Error handling request %s %s", "GET", "/avaliar/5ecre7/")
    server.log.error_log.removeHandler(caplog.handler)
    assert caplog.messages == ["Error handling request"]
