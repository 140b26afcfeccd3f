"""What Django's own lines on failed requests say."""

import logging

import pytest
from django.test import Client

from accounts.models import User
from helpdesk.logs import RoutesForPaths


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("/conta/senha/nova/1-5ecre7/", "Internal Server Error: /conta/senha/nova/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$"),
        ("/nada/5ecre7/", "Not Found: …"),
        ("/chamados/99999999/", "Not Found: /chamados/<int:number>/"),
    ],
)
def test_routes_stand_for_paths(url: str, line: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """ABUSE 47: a path may hold a key; the line on its failure does not."""
    user = User.objects.create_user("ana@example.org", "demo", name="Ana")
    client = Client(raise_request_exception=False)
    client.force_login(user)
    caplog.handler.addFilter(RoutesForPaths())
    if "senha" in url:
        monkeypatch.setattr("allauth.account.views.PasswordResetFromKeyView.dispatch", lambda *_, **__: 1 / 0)
    with caplog.at_level(logging.WARNING, "django.request"):
        client.get(url)
    assert caplog.messages == [line]
    assert "5ecre7" not in caplog.text.partition("Traceback")[0]
