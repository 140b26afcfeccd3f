"""Addresses for answers by mail: for one thread, one person and a time; made by nobody else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from string import ascii_lowercase, digits

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from notifications import kinds, replies
from notifications.models import Notice

MONDAY = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def box(settings: Settings) -> None:
    settings.REPLY_ADDRESS = "respostas@portal.example"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as moment:
        yield moment


@given(number=st.integers(10_000_001, 99_999_999), user=st.integers(1, 10**9))
def test_what_is_written_is_read_also_in_other_letters(number: int, user: int) -> None:
    address = replies.address(f"ticket-{number}", user)
    for same in (address, address.upper(), f" {address.title()}\n"):
        assert replies.read(same) == (f"ticket-{number}", user)
    local = address.rpartition("@")[0]
    assert len(local) <= 64
    assert set(local) <= {*ascii_lowercase, *digits, "-", "+"}


def test_the_longest_thread_and_person_fit() -> None:
    assert replies.read(replies.address("ticket-99999999", 36**6 - 1)) == ("ticket-99999999", 36**6 - 1)


@pytest.mark.parametrize("thread", ["", "ticket-", "ticket", "ticket-x1", "Ticket-1", "ticket-1@x", "ticket-1\r\nBcc: x"])
def test_what_does_not_fit_gets_no_address(thread: str) -> None:
    assert replies.address(thread, 1) == ""


def test_a_changed_letter_opens_nothing() -> None:
    address = replies.address("ticket-10000001", 57)
    local, _, domain = address.rpartition("@")
    for at, old in enumerate(local):
        for new in {"a", "2", "-"} - {old}:
            assert replies.read(f"{local[:at]}{new}{local[at + 1 :]}@{domain}") is None, at


@pytest.mark.parametrize(
    "address",
    [
        *("", "@", "respostas@portal.example", "respostas+@portal.example", "ana@example.org"),
        "respostas+ticket-10000001-1-1-aaaaaaaaaaaaaaaaaaaaaaaaaa@portal.example",
        "respostas+ticket-10000001-1-1-@portal.example",
        f"respostas+ticket-{'9' * 5000}-1-1-{'a' * 26}@portal.example",
    ],
)
def test_other_addresses_open_nothing(address: str) -> None:
    assert replies.read(address) is None


def test_another_box_or_domain_opens_nothing(settings: Settings) -> None:
    address = replies.address("ticket-10000001", 57)
    assert replies.read(address.replace("portal.example", "example.org")) is None
    assert replies.read(address.replace("respostas+", "outra+")) is None
    assert replies.read(address.replace("respostas+", "")) is None
    settings.REPLY_ADDRESS = ""
    assert replies.read(address) is None


def test_it_ends_after_400_days(clock: time_machine.Traveller) -> None:
    address = replies.address("ticket-10000001", 57)
    clock.move_to(MONDAY + 400 * DAY)
    assert replies.read(address) == ("ticket-10000001", 57)
    clock.move_to(MONDAY + 401 * DAY)
    assert replies.read(address) is None


def test_a_day_to_come_is_taken_only_for_clocks_that_differ(clock: time_machine.Traveller) -> None:
    address = replies.address("ticket-10000001", 57)
    clock.move_to(MONDAY - DAY)
    assert replies.read(address) is not None
    clock.move_to(MONDAY - 2 * DAY)
    assert replies.read(address) is None


def test_another_key_opens_nothing_until_it_is_a_former_one(settings: Settings) -> None:
    address, old = replies.address("ticket-10000001", 57), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key"
    assert replies.read(address) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert replies.read(address) == ("ticket-10000001", 57)


def test_a_notice_is_answered_on_its_thread(settings: Settings) -> None:
    kinds.register("threaded", context=dict, label="x", thread="ticket-{number}")
    notice = Notice(kind="threaded", recipient_id=57, data={"number": 10000001})
    assert replies.read(replies.reply_to(notice)) == ("ticket-10000001", 57)
    assert replies.reply_to(Notice(kind="test_greeting", recipient_id=57, data={"number": 10000001})) == ""
    kinds.register("unread", context=dict, label="x", thread="story-{number}")
    assert replies.reply_to(Notice(kind="unread", recipient_id=57, data={"number": 10000001})) == ""
    assert replies.reply_to(Notice(kind="no_more", recipient_id=57)) == ""
    assert replies.reply_to(Notice(kind="threaded", recipient_id=57)) == ""
    settings.REPLY_ADDRESS = ""
    assert replies.reply_to(notice) == ""


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("respostas@portal.example", True),
        ("Respostas+qualquer@PORTAL.example", True),
        ("respostas+a+b@portal.example", True),
        ("outra@portal.example", False),
        ("respostas@example.org", False),
        ("", False),
    ],
)
def test_our_own_address_is_known(address: str, ours: bool) -> None:
    assert replies.is_ours(address) is ours
