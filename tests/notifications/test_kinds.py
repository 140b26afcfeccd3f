"""Kinds are known by the apps that register them."""

import pytest

from accounts.models import User
from notifications import kinds
from notifications.models import Notice


def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match="test_greeting"):
        kinds.register("test_greeting", context=dict, label="Outro")
    assert kinds.registered() == ["test_greeting"]


@pytest.mark.parametrize(
    ("kind", "data", "title"),
    [
        ("test_greeting", {"number": 10000001}, "Novidade no chamado 10000001"),
        ("test_greeting", {}, "Novidade no chamado "),
        ("no_more", {"number": 10000001}, "Aviso"),
    ],
)
def test_every_notice_has_a_title_even_where_its_kind_changed(kind: str, data: kinds.Data, title: str) -> None:
    assert kinds.title_of(Notice(kind=kind, data=data)) == title


def test_groups_stand_in_their_order_and_once() -> None:
    one, other, team = kinds.Group("a", "B", ""), kinds.Group("b", "C", ""), kinds.Group("c", "A", "", for_team=True)
    for name, group in (("k0", team), ("k2", other), ("k1", one), ("k3", one)):
        kinds.register(name, context=dict, label="x", group=group)
    assert kinds.groups() == [one, other, team]
    assert kinds.kinds_in(one) == ["k1", "k3"]
    assert kinds.kinds_in(None) == ["test_greeting"]
    assert kinds.group_of("k2") == other
    assert kinds.group_of("test_greeting") is kinds.group_of("no_more") is None


@pytest.mark.parametrize(
    ("kind", "data", "thread"),
    [
        ("k", {"number": 10000001}, "ticket-10000001"),
        ("k", {"request": 1}, ""),
        ("test_greeting", {"number": 10000001}, ""),
        ("no_more", {"number": 10000001}, ""),
    ],
)
def test_a_notice_belongs_to_the_thread_that_its_kind_and_its_ids_name(kind: str, data: kinds.Data, thread: str) -> None:
    kinds.register("k", context=dict, label="x", thread="ticket-{number}")
    assert kinds.thread_of(Notice(kind=kind, data=data)) == thread


def test_nobody_reads_a_kind_that_nobody_registers() -> None:
    assert not kinds.may_be_read(Notice(kind="no_more"), User())
