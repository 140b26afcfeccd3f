"""The verbs: each does its work once, refuses what is not possible, and leaves a turn and its notices."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from feedback import manifestations
from feedback.manifestations import Refused
from feedback.models import Manifestation, ManifestationTurn
from notifications.models import Notice
from tests.cast import MONDAY, form
from tests.feedback.writing import COMPLAINT, PRAISE, again, answered, written

Status, Turn = Manifestation.Status, ManifestationTurn.Action


def told(kind: str) -> list[str]:
    return list(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True).order_by("recipient__name"))


def turns(made: Manifestation) -> list[str]:
    return list(made.turns.values_list("action", flat=True))


def travel(days: float) -> time_machine.travel:
    return time_machine.travel(MONDAY + timedelta(days=days), tick=False)


def nothing_done(made: Manifestation, do: Callable[[], object]) -> str:
    """The sentence with which it is refused; the row, the trail and the notices stay as they are."""
    before = (vars(again(made)) | {"_state": None}, turns(made), Notice.objects.count())
    with pytest.raises(Refused) as refusal:
        do()
    assert (vars(again(made)) | {"_state": None}, turns(made), Notice.objects.count()) == before
    return refusal.value.sentence


def test_it_is_received_at_once_with_number_and_deadline(c: SimpleNamespace) -> None:
    with travel(0):
        made = written(c, product=c.product)
    assert (made.status, made.due_on, made.code_hash) == (Status.RECEIVED, date(2026, 12, 23), "")
    assert made.number >= 100_001
    assert turns(made) == [Turn.REGISTER]
    assert (told("manifestation_received"), told("manifestation_news")) == (["Ana"], ["Otto"])


def test_without_a_name_nothing_leads_to_anybody(c: SimpleNamespace) -> None:
    receipt = manifestations.register(by=None, kind=COMPLAINT, body="Não gostei.", request_id=form())
    made = receipt.manifestation
    assert made.author is None
    assert receipt.code not in str(vars(again(made)))
    assert manifestations.find(made.number, receipt.code.lower()) == made
    assert manifestations.find(made.number, "ABCD") is None
    assert manifestations.find(made.number + 1, receipt.code) is None
    assert (told("manifestation_received"), told("manifestation_news")) == ([], ["Otto"])


def test_what_has_a_name_is_opened_by_no_code(c: SimpleNamespace) -> None:
    made = written(c)
    assert manifestations.find(made.number, "") is None


def test_a_form_sent_twice_is_one_manifestation_with_one_code(c: SimpleNamespace) -> None:
    sent: dict[str, Any] = {"by": None, "kind": COMPLAINT, "body": "Uma vez.", "request_id": form()}
    assert manifestations.register(**sent) == manifestations.register(**sent)
    with pytest.raises(Refused):
        manifestations.register(**{**sent, "body": "Outra coisa."})
    assert Manifestation.objects.count() == ManifestationTurn.objects.count() == 1


def test_one_person_cannot_flood_the_office(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifestations, "REGISTERED", 2)
    key = form()
    written(c, request_id=key)
    written(c)
    with pytest.raises(Refused):
        written(c)
    written(c, request_id=key)  # a repeat is no further one
    written(c, by=c.eva)
    assert Manifestation.objects.count() == 3


def test_the_answer_reaches_the_author_and_keeps_the_deadline(c: SimpleNamespace) -> None:
    with travel(0):
        made = written(c)
    with travel(3):
        made = answered(c, made)
    assert (made.status, made.answered_at) == (Status.ANSWERED, MONDAY + timedelta(days=3))
    assert told("manifestation_answered") == ["Ana"]
    with travel(4):
        assert answered(c, made).answered_at == MONDAY + timedelta(days=3)
    assert turns(made) == [Turn.REGISTER, Turn.ANSWER, Turn.ANSWER]


def test_a_press_twice_answers_once(c: SimpleNamespace) -> None:
    made, key = written(c), form()
    for _ in range(2):
        manifestations.answer(made.pk, by=c.otto, words="Sim.", request_id=key)
    assert turns(made) == [Turn.REGISTER, Turn.ANSWER]
    other = written(c)
    assert nothing_done(other, lambda: manifestations.answer(other.pk, by=c.otto, words="Sim.", request_id=key))


def test_the_deadline_is_extended_once_and_in_time(c: SimpleNamespace) -> None:
    with travel(0):
        made = written(c)
    extend = lambda: manifestations.extend(made.pk, by=c.otto, reason="Consulta à área.", request_id=form())  # noqa: E731  # short
    with travel(30):
        extend()
        assert (again(made).due_on, again(made).extended) == (date(2027, 1, 22), True)
        assert "uma vez" in nothing_done(made, extend)
    assert told("manifestation_extended") == ["Ana"]


def test_a_deadline_gone_by_is_not_extended(c: SimpleNamespace) -> None:
    with travel(0):
        made = written(c)
    with travel(31):
        assert "já terminou" in nothing_done(
            made, lambda: manifestations.extend(made.pk, by=c.otto, reason="Tarde.", request_id=form())
        )


def test_an_area_has_a_deadline_of_its_own_extended_once(c: SimpleNamespace) -> None:
    with travel(0):
        made = written(c)
        manifestations.forward(made.pk, by=c.otto, area="Suporte", question="O que houve?", request_id=form())
    assert (again(made).status, again(made).area_due_on) == (Status.FORWARDED, date(2026, 12, 14))
    extend = lambda: manifestations.extend_area(made.pk, by=c.otto, reason="Férias.", request_id=form())  # noqa: E731  # short
    with travel(21):
        extend()
        assert again(made).area_due_on == date(2027, 1, 4)
        assert "uma vez" in nothing_done(made, extend)
    with travel(25):
        manifestations.area_replied(made.pk, by=c.otto, words="Faltou gente.", request_id=form())
    assert (again(made).status, again(made).area_due_on) == (Status.RECEIVED, None)
    assert "Nenhuma área" in nothing_done(made, extend)
    assert told("manifestation_received") == ["Ana"]  # the author gets no mail of what goes on inside
    assert again(made).due_on == date(2026, 12, 23)


def test_what_is_with_an_area_can_be_answered_and_not_forwarded_any_more(c: SimpleNamespace) -> None:
    made = written(c)
    manifestations.forward(made.pk, by=c.otto, area="Suporte", question="?", request_id=form())
    answered(c, made)
    sentence = nothing_done(
        made, lambda: manifestations.forward(made.pk, by=c.otto, area="Outra", question="?", request_id=form())
    )
    assert "ainda não foi respondido" in sentence


def test_only_what_was_answered_is_closed_and_then_nothing_is_added(c: SimpleNamespace) -> None:
    made = written(c)
    close = lambda: manifestations.close(made.pk, by=c.otto, request_id=form())  # noqa: E731  # short
    assert "Responda antes" in nothing_done(made, close)
    answered(c, made)
    close()
    assert again(made).status == Status.CLOSED
    for late in (
        close,
        lambda: manifestations.add_words(made.pk, words="Mais.", request_id=form()),
        lambda: manifestations.answer(made.pk, by=c.otto, words="Mais.", request_id=form()),
    ):
        assert "já foi concluída" in nothing_done(made, late)


def test_the_author_adds_words_and_the_office_hears_of_them(c: SimpleNamespace) -> None:
    made = answered(c, written(c))
    manifestations.add_words(made.pk, words="Faltou dizer.", request_id=form())
    assert again(made).has_news
    assert list(Manifestation.objects.waiting()) == [made]
    assert told("manifestation_news") == ["Otto", "Otto"]
    answered(c, made)
    assert not again(made).has_news
    assert not Manifestation.objects.waiting().exists()


def test_words_are_added_twenty_times_an_hour_at_most(c: SimpleNamespace) -> None:
    made = written(c)
    add = lambda: manifestations.add_words(made.pk, words="Mais.", request_id=form())  # noqa: E731  # short
    with travel(0):
        for _ in range(20):
            add()
        assert "espere uma hora" in nothing_done(made, add)
    with travel(0.05):
        add()


@pytest.mark.parametrize("who", ["bia", "duda", "ana", "dora"])
def test_who_is_no_ombudsman_does_nothing(c: SimpleNamespace, who: str) -> None:
    made = written(c)
    assert nothing_done(made, lambda: manifestations.answer(made.pk, by=getattr(c, who), words="Oi", request_id=form()))


def test_nobody_works_his_own(c: SimpleNamespace) -> None:
    made = written(c, by=c.otto)
    assert nothing_done(made, lambda: answered(c, made))
    assert told("manifestation_news") == []


def test_praise_is_published_with_consent_alone_and_leaves_with_it(c: SimpleNamespace) -> None:
    made = written(c, kind=PRAISE, body="Muito bom, obrigada à Bia.")
    publish = lambda: manifestations.publish(made.pk, by=c.otto, text="Muito bom.", request_id=form())  # noqa: E731  # short
    assert "não autorizou" in nothing_done(made, publish)
    manifestations.consent(made.pk, may_publish=True, show_name=True, request_id=form())
    assert not Manifestation.objects.published().exists()
    publish()
    assert list(Manifestation.objects.published()) == [made]
    assert (again(made).published_text, again(made).show_name) == ("Muito bom.", True)
    manifestations.consent(made.pk, may_publish=False, show_name=True, request_id=form())
    assert not Manifestation.objects.published().exists()
    assert (again(made).published_text, again(made).show_name) == ("", False)
    assert turns(made)[1:] == [Turn.CONSENT, Turn.PUBLISH, Turn.WITHDRAW_CONSENT]


def test_the_ombudsman_takes_praise_off_the_page(c: SimpleNamespace) -> None:
    made = written(c, kind=PRAISE, may_publish=True)
    unpublish = lambda: manifestations.unpublish(made.pk, by=c.otto, request_id=form())  # noqa: E731  # short
    assert nothing_done(made, unpublish)
    manifestations.publish(made.pk, by=c.otto, text="Bom.", request_id=form())
    unpublish()
    assert not Manifestation.objects.published().exists()
    assert again(made).may_publish


def test_consent_is_of_praise_and_a_name_of_who_gave_one(c: SimpleNamespace) -> None:
    complaint = written(c, may_publish=True, show_name=True)
    assert (complaint.may_publish, complaint.show_name) == (False, False)
    nameless = written(c, by=None, kind=PRAISE, may_publish=True, show_name=True)
    assert (nameless.may_publish, nameless.show_name) == (True, False)
    assert nothing_done(
        complaint, lambda: manifestations.consent(complaint.pk, may_publish=True, show_name=False, request_id=form())
    )


def test_the_trail_never_goes_backwards(c: SimpleNamespace) -> None:
    with travel(0):
        made = written(c)
    with travel(-1):  # another server's clock is behind
        answered(c, made)
    assert list(made.turns.values_list("action", "at")) == [(Turn.REGISTER, MONDAY), (Turn.ANSWER, MONDAY)]
