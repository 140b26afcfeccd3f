"""Drafts: one a person and form, overwritten by nobody unawares, gone with what was sent."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

import worktime
from accounts.models import Membership
from catalog.offers import attachment_policy
from files import chunks, intake, sweep
from files.models import Piece, StoredFile, Upload
from files.permits import Permit
from tests.cast import another_product, form, fresh, full_cast, opened
from tests.files import samples
from tickets import drafts, lifecycle
from tickets.drafts import Place
from tickets.lifecycle import Request
from tickets.models import Draft
from tickets.states import Via


@pytest.fixture
def here(c: SimpleNamespace) -> Place:
    return Place(offering=c.offering)


def keep(user: Any, place: Place, words: str = "Tela branca", **given: Any) -> Draft:
    defaults: dict[str, Any] = {"form_id": form(), "file_places": [], "base": 0}
    return drafts.save(user, place, {"titulo": words}, **{**defaults, **given})


def rows() -> list[Any]:
    return list(Draft.objects.order_by("pk").values())


def test_what_was_typed_is_found_again(c: SimpleNamespace, here: Place) -> None:
    kept = drafts.save(c.ana, here, {"titulo": "Tela", "marca": True, "vazio": None}, form_id=form(), file_places=[], base=0)
    found = drafts.of(fresh(c.ana), here)
    assert found == kept
    assert (found.content, found.version) == ({"titulo": "Tela", "marca": True, "vazio": None}, 1)
    assert drafts.of(c.gil, here) is None


def test_each_form_has_its_own(c: SimpleNamespace, here: Place) -> None:
    ticket = opened(c)
    keep(c.ana, here, "oferta")
    keep(c.ana, Place(offering=another_product(c)), "outra oferta")
    keep(c.ana, Place(ticket=ticket, deed="responder"), "resposta")
    keep(c.ana, Place(ticket=ticket, deed="cancelar"), "motivo")
    keep(c.gil, here, "de Gil")
    assert Draft.objects.count() == 5
    assert {deed: d.content["titulo"] for deed, d in drafts.on_ticket(c.ana, ticket).items()} == {
        "responder": "resposta",
        "cancelar": "motivo",
    }
    assert drafts.on_ticket(c.gil, ticket) == {}
    found = drafts.of(c.ana, here)
    assert found is not None
    assert found.preview == "oferta"


def test_saving_again_overwrites_from_the_version_that_it_began_from(c: SimpleNamespace, here: Place) -> None:
    first = keep(c.ana, here, "um")
    second = keep(c.ana, here, "dois", form_id=first.form_id, base=1)
    assert (second.pk, second.version, second.preview) == (first.pk, 2, "dois")
    before = rows()
    with pytest.raises(drafts.Overtaken) as overtaken:
        keep(c.ana, here, "de outra aba", base=1)
    assert overtaken.value.kept == second
    assert rows() == before
    assert keep(c.ana, here, "de outra aba", base=None).version == 3


def words_of(user: Any, place: Place) -> list[str]:
    """What its form shows, then what was set aside."""
    found = drafts.of(fresh(user), place)
    return [] if found is None else [draft.preview for draft in (found, *found.others)]


def test_words_that_say_all_that_was_kept_overwrite_it_from_any_version(c: SimpleNamespace, here: Place) -> None:
    first = keep(c.ana, here, "Tela")
    assert keep(c.ana, here, "Tela branca", form_id=first.form_id, base=7).version == 2
    with pytest.raises(drafts.Overtaken):  # what waits on another form's files would be lost
        keep(c.ana, here, "Tela branca hoje", base=7)
    with pytest.raises(drafts.Overtaken):
        keep(c.ana, here, "Tela azul", form_id=first.form_id, base=7)
    assert words_of(c.ana, here) == ["Tela branca"]


def test_words_of_a_page_that_was_left_are_set_aside_where_others_were_saved(c: SimpleNamespace, here: Place) -> None:
    first, place = keep(c.ana, here, "No telefone"), form()
    file = waiting(c, place)
    with pytest.raises(drafts.Overtaken) as overtaken:
        keep(c.ana, here, "No computador", base=0, leaving=form(), form_id=place, file_places=[place])
    assert overtaken.value.kept == first
    assert words_of(c.ana, here) == ["No telefone", "No computador"]
    with worktime.shifted(drafts.KEPT_FOR - timedelta(minutes=5)):
        assert sweep.unsent() == 0
    drafts.sent(c.ana, first.form_id)  # that of the other form is still there
    assert words_of(c.ana, here) == ["No computador"]
    shown = drafts.of(c.ana, here)
    assert shown is not None
    drafts.discard(shown)
    assert not StoredFile.objects.filter(pk=file.pk).exists()


def test_words_that_were_set_aside_are_one_text_a_page_and_go_where_they_are_said(c: SimpleNamespace, here: Place) -> None:
    first, elsewhere = keep(c.ana, here, "Na outra aba"), form()
    for words in ("Aqui", "Aqui também", "Aqui"):
        with pytest.raises(drafts.Overtaken):
            keep(c.ana, here, words, leaving=form(), form_id=elsewhere)
    assert words_of(c.ana, here)[:2] == ["Na outra aba", "Aqui"]
    assert keep(c.ana, here, "Aqui também, e mais", base=None, form_id=elsewhere).pk == first.pk
    assert words_of(c.ana, here) == ["Aqui também, e mais"]
    with pytest.raises(drafts.Overtaken):  # left late, and says nothing that is not there
        keep(c.ana, here, "Aqui", leaving=form(), form_id=elsewhere)
    assert words_of(c.ana, here) == ["Aqui também, e mais"]


def test_a_page_goes_on_from_the_words_of_the_one_that_was_left(c: SimpleNamespace, here: Place) -> None:
    """Come back to while those were on their way, it does not know which version they became."""
    first, left, again = keep(c.ana, here, "um"), form(), form()
    keep(c.ana, here, "dois", form_id=first.form_id, base=1, leaving=left)
    assert keep(c.ana, here, "três", form_id=first.form_id, base=1, after=left, leaving=again).version == 3
    with pytest.raises(drafts.Overtaken):
        keep(c.ana, here, "quatro", form_id=first.form_id, base=1, after=left)
    assert keep(c.ana, here, "quatro", form_id=first.form_id, base=1, after=again).version == 4
    assert words_of(c.ana, here) == ["quatro"]


def test_what_was_set_aside_is_gone_on_with_and_what_was_shown_is_set_aside(c: SimpleNamespace, here: Place) -> None:
    first = keep(c.ana, here, "No telefone")
    with pytest.raises(drafts.Overtaken):
        keep(c.ana, here, "No computador", leaving=form())
    keep(c.gil, here, "De Gil")
    drafts.use(Draft.objects.get(set_aside=True))
    assert words_of(c.ana, here) == ["No computador", "No telefone"]
    with pytest.raises(drafts.Overtaken):  # a page that shows what was there before
        keep(c.ana, here, "No telefone, com mais", form_id=first.form_id, base=1)
    drafts.use(first)
    assert words_of(c.ana, here) == ["No telefone", "No computador"]
    assert words_of(c.gil, here) == ["De Gil"]


def test_what_is_set_aside_counts_as_a_draft(c: SimpleNamespace, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 2)
    first = keep(c.ana, here, "um")
    for words in ("dois", "três"):
        with pytest.raises(drafts.NotKept):
            keep(c.ana, here, words, leaving=form(), form_id=first.form_id)
    assert words_of(c.ana, here) == ["um", "dois"]


def test_files_that_another_text_of_the_form_shows_stay(c: SimpleNamespace, here: Place) -> None:
    place = form()
    first, file = keep(c.ana, here, "um", form_id=place, file_places=[place]), waiting(c, place)
    with pytest.raises(drafts.Overtaken):
        keep(c.ana, here, "dois", leaving=form(), form_id=place, file_places=[place])
    drafts.discard(first)
    assert StoredFile.objects.filter(pk=file.pk).exists()
    assert words_of(c.ana, here) == ["dois"]


def test_a_page_whose_draft_was_thrown_away_elsewhere_keeps_what_it_has(c: SimpleNamespace, here: Place) -> None:
    assert keep(c.ana, here, base=7).version == 1


def test_what_was_sent_is_kept_no_more(c: SimpleNamespace, here: Place) -> None:
    draft = keep(c.ana, here)
    request = Request(offering=c.offering, subject="Tela", body="Branca.")
    with transaction.atomic():
        lifecycle.open_ticket(request, by=c.ana, via=Via.PORTAL, request_id=draft.form_id)
        drafts.sent(c.ana, draft.form_id)
    assert not Draft.objects.exists()
    with pytest.raises(drafts.AlreadySent):
        keep(c.ana, here, form_id=draft.form_id)
    assert not Draft.objects.exists()


def test_sending_deletes_nobody_elses_and_no_other(c: SimpleNamespace, here: Place) -> None:
    mine, others = keep(c.ana, here), keep(c.gil, here)
    drafts.sent(c.ana, others.form_id)
    drafts.sent(c.ana, form())
    assert set(Draft.objects.all()) == {mine, others}


def test_a_draft_saved_while_its_form_was_sent_is_none(c: SimpleNamespace, here: Place) -> None:
    draft = keep(c.ana, here)
    lifecycle.open_ticket(
        Request(offering=c.offering, subject="Tela", body="Branca."), by=c.ana, via=Via.PORTAL, request_id=draft.form_id
    )
    assert drafts.of(c.ana, here) is None
    assert drafts.listed(c.ana) == []


def test_a_form_that_goes_on_elsewhere_takes_its_draft_along(c: SimpleNamespace, here: Place) -> None:
    draft = keep(c.ana, here)
    moved = keep(c.ana, Place(offering=another_product(c)), form_id=draft.form_id, base=1)
    assert list(Draft.objects.all()) == [moved]


@pytest.mark.parametrize("typed", ["a" * (drafts.LONGEST + 1), "é" * drafts.LONGEST])
def test_too_much_is_not_kept(c: SimpleNamespace, here: Place, typed: str) -> None:
    keep(c.ana, here)
    before = rows()
    with pytest.raises(drafts.NotKept, match="longo demais"):
        keep(c.ana, here, typed, base=1)
    assert rows() == before


def test_one_person_has_so_many_and_no_more(c: SimpleNamespace, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 2)
    ticket = opened(c)
    keep(c.ana, here)
    keep(c.ana, Place(ticket=ticket, deed="responder"))
    before = rows()
    with pytest.raises(drafts.NotKept, match="2 rascunhos"):
        keep(c.ana, Place(ticket=ticket, deed="cancelar"))
    assert rows() == before
    keep(c.ana, here, "mais", base=1)
    keep(c.gil, here)


def test_null_bytes_are_left_out(c: SimpleNamespace, here: Place) -> None:
    assert keep(c.ana, here, "a\0b").content == {"titulo": "ab"}


def test_the_list_has_what_can_be_gone_on_with(c: SimpleNamespace, here: Place, django_assert_num_queries: Any) -> None:
    ticket, other = opened(c), another_product(c)
    with worktime.shifted(timedelta(seconds=-30)):
        keep(c.ana, Place(offering=other), "retirada")
    keep(c.ana, Place(ticket=ticket, deed="responder"), "resposta")
    with worktime.shifted(timedelta(seconds=30)):
        keep(c.ana, here, "nova")
    ana = fresh(c.ana)
    assert len(ana.active_memberships) == 1
    assert ana.is_staff is False
    with django_assert_num_queries(2):
        assert [draft.preview for draft in drafts.listed(ana)] == ["nova", "resposta", "retirada"]
    other.active = False
    other.save()
    assert [draft.preview for draft in drafts.listed(ana)] == ["nova", "resposta"]
    Membership.objects.filter(user=c.ana).update(ended_at=worktime.now())  # she left the body: its tickets are not hers
    assert [draft.preview for draft in drafts.listed(fresh(c.ana))] == ["nova"]


def waiting(c: SimpleNamespace, place: UUID) -> StoredFile:
    upload = SimpleUploadedFile("erro.txt", samples.TEXT)
    return intake.accept(upload, policy=attachment_policy(c.offering), by=c.ana, form_id=place)


def test_its_files_wait_as_long_as_the_draft(c: SimpleNamespace, here: Place) -> None:
    place = form()
    file = waiting(c, place)
    keep(c.ana, here, file_places=[place])
    with worktime.shifted(drafts.KEPT_FOR - timedelta(minutes=5)):
        assert sweep.unsent() == 0
        assert drafts.sweep() == 0
    with worktime.shifted(drafts.KEPT_FOR + timedelta(minutes=5)):
        assert sweep.unsent() == 1
        assert drafts.sweep() == 1
    assert not StoredFile.objects.filter(pk=file.pk).exists()
    assert not Draft.objects.exists()


def test_thrown_away_it_takes_its_files_along_and_no_others(c: SimpleNamespace, here: Place) -> None:
    place, elsewhere = form(), form()
    waiting(c, place)
    other = waiting(c, elsewhere)
    for by, form_id in ((c.ana, place), (c.ana, elsewhere), (c.gil, place)):
        permit = Permit(intake.Policy(10**6, 3, frozenset({"txt"})), form_id)
        half = chunks.begin(permit, by=by, name="log.txt", size=100_000, mark="")
        chunks.receive(half.pk, by=by, offset=0, piece=b"x" * chunks.MIN_PIECE)
    drafts.discard(keep(c.ana, here, file_places=[place]))
    assert list(StoredFile.objects.all()) == [other]
    assert set(Upload.objects.values_list("uploaded_by", "form_id")) == {(c.ana.pk, elsewhere), (c.gil.pk, place)}
    assert set(sweep.stored_paths()) == {other.content.name, *Piece.objects.values_list("path", flat=True)}
    assert Piece.objects.count() == 2
    assert not Draft.objects.exists()


def test_the_database_holds_a_draft_to_one_form(c: SimpleNamespace, here: Place) -> None:
    keep(c.ana, here)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(user=c.ana, offering=c.offering, form_id=form(), saved_at=worktime.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(user=c.gil, form_id=form(), saved_at=worktime.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(user=c.gil, ticket=opened(c), form_id=form(), saved_at=worktime.now())


def test_nothing_that_was_typed_stands_in_its_name(c: SimpleNamespace, here: Place) -> None:
    assert "Tela" not in str(keep(c.ana, here)) + repr(keep(c.ana, here, base=1))


@pytest.mark.parametrize(("typed", "preview"), [("", ""), ("a\n b", "a b"), ("x" * 81, "x" * 80 + "…")])
def test_the_preview_is_one_short_line(c: SimpleNamespace, here: Place, typed: str, preview: str) -> None:
    assert keep(c.ana, here, typed).preview == preview


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_save_at_once_make_one_draft() -> None:
    c = full_cast()
    start = threading.Barrier(2)
    told: list[str] = []

    def press(words: str) -> None:
        start.wait()
        try:
            keep(fresh(c.ana), Place(offering=c.offering), words, form_id=uuid.uuid4())
            told.append("kept")
        except drafts.Overtaken:
            told.append("overtaken")
        connection.close()

    threads = [threading.Thread(target=press, args=[words]) for words in ("um", "dois")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["kept", "overtaken"]
    assert Draft.objects.get().version == 1
