"""What people choose about their mail, and what no choice keeps from them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core import signing
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from notifications import delivery, kinds, preferences
from notifications.kinds import Group, How
from notifications.models import Notice, Preference
from tests.notifications.conftest import Enqueue

pytestmark = pytest.mark.django_db


def delivered(notice: Notice, mailoutbox: list[object]) -> tuple[str, int]:
    """The state after one delivery, and how many mails have left."""
    delivery.deliver_due()
    notice.refresh_from_db()
    assert notice.leased_until is None
    return notice.state, len(mailoutbox)


def test_who_chose_nothing_gets_mail_at_once(ana: User, optional: Group, enqueue: Enqueue, mailoutbox: list[object]) -> None:
    assert delivered(enqueue(ana), mailoutbox) == ("sent", 1)


def test_each_choice_is_kept(ana: User, optional: Group, enqueue: Enqueue, mailoutbox: list[object]) -> None:
    states = {How.PORTAL: ("portal", 0), How.DIGEST: ("to_digest", 0), How.MAIL: ("sent", 1)}
    for number, (how, expected) in enumerate(states.items()):
        preferences.choose(ana.pk, {optional.slug: how})
        assert delivered(enqueue(ana, number), mailoutbox) == expected
    delivery.deliver_due()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(("default", "state"), [(How.DIGEST, "to_digest"), (How.PORTAL, "portal"), (How.NONE, "portal")])
def test_who_chose_nothing_hears_as_is_usual_for_the_group(
    ana: User, optional: Group, enqueue: Enqueue, default: How, state: str
) -> None:
    group = replace(optional, default=default)
    kinds._KINDS["test_greeting"] = replace(kinds._KINDS["test_greeting"], group=group)
    assert delivered(enqueue(ana), []) == (state, 0)
    preferences.choose(ana.pk, {optional.slug: How.MAIL})
    assert delivered(enqueue(ana, 2), []) == ("sent", 0)


def test_one_persons_choice_is_nobody_elses(
    ana: User, eva: User, optional: Group, enqueue: Enqueue, mailoutbox: list[object]
) -> None:
    preferences.choose(ana.pk, {optional.slug: How.PORTAL})
    assert delivered(enqueue(eva), mailoutbox) == ("sent", 1)


def test_what_is_owed_always_goes_by_mail(
    ana: User, enqueue: Enqueue, mailoutbox: list[object], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Without a group there is nothing to choose by, whatever rows there are."""
    Preference.objects.create(user=ana, group="test_greeting", how=How.PORTAL)
    Preference.objects.create(user=ana, group="", how=How.PORTAL)
    notice = enqueue(ana)
    with django_assert_num_queries(0):
        assert preferences.ways([notice]) == {notice.pk: How.MAIL}
    assert delivered(notice, mailoutbox) == ("sent", 1)


def test_what_is_in_no_mail_holds_nobody_up(ana: User, optional: Group, enqueue: Enqueue, mailoutbox: list[object]) -> None:
    preferences.choose(ana.pk, {optional.slug: How.PORTAL})
    for number in range(3):
        enqueue(ana, 10000001 + number)
    delivery.deliver_due(limit=10)
    assert list(Notice.objects.values_list("state", "read_at").distinct()) == [("portal", None)]
    assert not mailoutbox


def test_choosing_again_changes_one_row(ana: User) -> None:
    preferences.choose(ana.pk, {"a": How.PORTAL, "b": How.DIGEST})
    preferences.choose(ana.pk, {"a": How.MAIL})
    assert preferences.chosen_by(ana.pk) == {"a": How.MAIL, "b": How.DIGEST}
    assert Preference.objects.count() == 2


def test_a_token_names_its_person_and_its_group(ana: User, optional: Group, enqueue: Enqueue) -> None:
    """ABUSE 30: nobody makes one for another."""
    token = preferences.token(enqueue(ana))
    assert preferences.about(token) == (ana.pk, optional.slug)
    for forged in ("", "x", token[:-1], token + "x", signing.dumps([ana.pk, optional.slug])):
        with pytest.raises(signing.BadSignature):
            preferences.about(forged)


def test_what_is_owed_has_no_token(ana: User, enqueue: Enqueue) -> None:
    assert preferences.token(enqueue(ana)) == ""


def test_leaving_the_digest_leaves_what_comes_at_once(ana: User) -> None:
    preferences.choose(ana.pk, {"a": How.DIGEST, "b": How.MAIL, "c": How.PORTAL})
    for _ in range(2):
        preferences.unsubscribe(ana.pk, preferences.DIGEST)
        assert preferences.chosen_by(ana.pk) == {"a": How.PORTAL, "b": How.MAIL, "c": How.PORTAL}


def test_letters_offer_to_end_them(ana: User, optional: Group, enqueue: Enqueue, mailoutbox: list[object]) -> None:
    enqueue(ana)
    delivery.deliver_due()
    letter = mailoutbox[0]
    address = letter.extra_headers["List-Unsubscribe"]  # type: ignore[attr-defined]
    assert address.startswith("<http://127.0.0.1:8000/avisos/sair/")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"  # type: ignore[attr-defined]
    assert address[1:-1] in letter.body  # type: ignore[attr-defined]


def test_letters_of_what_is_owed_say_why(ana: User, enqueue: Enqueue, mailoutbox: list[object]) -> None:
    enqueue(ana)
    delivery.deliver_due()
    letter = mailoutbox[0]
    assert "List-Unsubscribe" not in letter.extra_headers  # type: ignore[attr-defined]
    assert "sempre chega por e-mail" in letter.body  # type: ignore[attr-defined]
