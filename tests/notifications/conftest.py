"""A kind of notice, people to tell, and a mail server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from accounts.models import User
from notifications import digests, kinds, outbox
from notifications.models import Notice
from tests.notifications.smtp_sink import Sink, free_port, listening

TEMPLATES = Path(__file__).parent / "templates"

Enqueue = Callable[..., Notice]


class Poison(Exception):
    """What a kind that is wrong raises."""


def context(data: kinds.Data) -> dict[str, object]:
    if data.get("poison"):
        raise Poison("no such\r\nthing\x00")
    name = User.objects.get(pk=data["person"]).display_name
    return {"name": name, "number": data["number"], "url": f"/chamados/{data['number']}/"}


@pytest.fixture(autouse=True)
def greeting(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """The kind ``test_greeting``, alone, with its templates."""
    monkeypatch.setattr(kinds, "_KINDS", {})
    kinds.register("test_greeting", context=context, label="Novidade no chamado {number}")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}]


@pytest.fixture
def optional(greeting: None, monkeypatch: pytest.MonkeyPatch) -> kinds.Group:
    """The same kind as one about which people choose, and the digest."""
    group = kinds.Group("saudacoes", "Saudações", "O que se diz.")
    monkeypatch.setattr(kinds, "_KINDS", {})
    kinds.register(
        "test_greeting",
        context=context,
        label="Novidade no chamado {number}",
        group=group,
        readable=lambda data, user: "gone" not in data,
    )
    digests.register()
    return group


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana@example.org", name="Ana Exemplo", social_name="Ana d'Ávila")


@pytest.fixture
def eva(db: None) -> User:
    return User.objects.create_user("eva@example.org", name="Eva Exemplo")


@pytest.fixture
def bia(db: None) -> User:
    return User.objects.create_user("bia@example.org", name="Bia Exemplo")


@pytest.fixture
def people(ana: User, eva: User, bia: User) -> list[User]:
    return [ana, eva, bia]


@pytest.fixture
def enqueue(bia: User) -> Enqueue:
    """Queues a notice about what Bia wrote on a ticket."""

    def queue(to: User, number: int = 10000001, line: Notice.Line = Notice.Line.OWN, **data: Any) -> Notice:
        key = f"{to.pk}:{number}"
        with transaction.atomic():
            data |= {"person": bia.pk, "number": number}
            outbox.enqueue("test_greeting", to=to, data=data, dedupe_key=key, line=line)
        return Notice.objects.get(dedupe_key=key)

    return queue


@pytest.fixture
def port(settings: Settings) -> int:
    """Where the mail server is expected; nothing listens there yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 5
    return int(settings.EMAIL_PORT)


@pytest.fixture
def sink(port: int) -> Iterator[Sink]:
    """A mail server that listens."""
    server = Sink()
    controller = listening(server, port)
    yield server
    controller.stop()
