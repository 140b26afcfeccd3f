"""A change of the privacy notice reaches everybody who has an account, once, and delays nobody's ticket."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts import privacy, tasks
from accounts.models import PrivacyChange, RoleGrant, User
from notifications import kinds
from notifications.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def dora() -> User:
    user = User.objects.create_user("dora@example.org", name="Dora Exemplo")
    RoleGrant.objects.create(user=user, role="dpo")
    return user


def person(number: int) -> User:
    return User.objects.create_user(f"p{number}@example.org", name="Pessoa Exemplo")


def test_everybody_is_told_once_piece_by_piece(dora: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "PIECE", 2)
    people = [dora, *(person(number) for number in range(3))]
    User.objects.filter(pk=people[1].pk).update(is_active=False)
    change = privacy.change("Guardamos os anexos por cinco anos.", by=dora)
    late = person(9)
    User.objects.filter(pk=late.pk).update(date_joined=worktime.now())
    assert [privacy.tell_due() for _ in range(4)] == [2, 1, 0, 0]
    told = Notice.objects.order_by("recipient").values_list("recipient", "kind", "data")
    owed = {"change": change.pk}
    assert list(told) == [(user.pk, "privacy_changed", owed) for user in people if user != people[1]]
    change.refresh_from_db()
    assert change.told_at is not None
    PrivacyChange.objects.update(told_to=0, told_at=None)  # as if it had been broken off
    tasks.tell_of_privacy()
    assert Notice.objects.count() == 3


def test_a_piece_costs_the_same_whatever_its_size(dora: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(5):
        person(number)
    privacy.change("Guardamos menos.", by=dora)
    with django_assert_num_queries(6):  # a transaction, the change, people, notices, the change
        assert privacy.tell_due() == 6


def test_it_is_owed(dora: User) -> None:
    assert kinds.group_of("privacy_changed") is None


@pytest.mark.parametrize("words", ["", "  ", "x" * 501, "Duas\nlinhas"])
def test_words_that_say_nothing_are_refused(words: str, dora: User) -> None:
    with pytest.raises(CommandError, match="em uma linha"):
        call_command("tell_privacy_change", dora.email, words)
    assert not PrivacyChange.objects.exists()


def test_the_command_is_the_dpos(dora: User) -> None:
    other, out = person(1), StringIO()
    with pytest.raises(CommandError, match="encarregado"):
        call_command("tell_privacy_change", other.email, "Mudou.")
    assert not PrivacyChange.objects.exists()
    call_command("tell_privacy_change", "Dora@example.org", "Mudou.", stdout=out)
    assert "serão avisadas" in out.getvalue()
    assert PrivacyChange.objects.get().by == dora
