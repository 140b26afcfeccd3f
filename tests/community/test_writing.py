"""What managers do with announcements, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import worktime
from accounts.models import RoleGrant, User
from catalog.models import CoreSystem, ElectoralPeriod, Product
from community import writing
from community.models import Announcement, AnnouncementEvent
from community.scope import run_by
from community.writing import Refused
from tests.cast import agency, form, fresh, person
from tests.community.telling import draft, released, written

State, Action = Announcement.State, AnnouncementEvent.Action
TOMORROW = timedelta(days=1)


def everything() -> tuple[list[Any], int]:
    return list(Announcement.objects.order_by("pk").values()), AnnouncementEvent.objects.count()


def trail(announcement: Announcement) -> list[tuple[str, int | None, int]]:
    return list(announcement.events.values_list("action", "by", "version"))


@pytest.fixture
def bodys_manager(c: SimpleNamespace) -> User:
    """Manages body B and no core system."""
    user = person("Zeca")
    RoleGrant.objects.create(user=user, role="manager", agency=c.b)
    return user


def test_a_draft_keeps_what_was_written_by_whom(c: SimpleNamespace) -> None:
    made = written(c, products=[c.product], spheres=[c.sphere])
    assert (made.state, made.version, made.author, made.core_system) == (State.DRAFT, 1, c.duda, c.core)
    assert (list(made.products.all()), list(made.spheres.all()), list(made.agencies.all())) == ([c.product], [c.sphere], [])
    event = made.events.get()
    assert (event.action, event.by, event.content["body"]) == (Action.WRITE, c.duda, made.body)
    assert (event.content["products"], event.content["core_system"]) == ([c.product.pk], c.core.pk)


def test_a_change_is_a_version_more_and_the_earlier_words_stay(c: SimpleNamespace) -> None:
    made = written(c, products=[c.product])
    changed = writing.write(made.pk, draft(c, title="Outro"), by=c.duda, base=1, request_id=form())
    assert (changed.title, changed.version, changed.to_everybody, list(changed.products.all())) == ("Outro", 2, True, [])
    assert [event.content["title"] for event in made.events.all()] == ["Nova versão do SEI", "Outro"]


def test_a_form_sent_twice_does_its_work_once(c: SimpleNamespace) -> None:
    key = form()
    first, second = (writing.begin(draft(c), by=c.duda, request_id=key) for _ in range(2))
    assert first == second
    key = form()
    for _ in range(2):
        writing.release(first.pk, by=c.duda, version=1, request_id=key)
    assert trail(first) == [(Action.WRITE, c.duda.pk, 1), (Action.RELEASE, c.duda.pk, 1)]
    before = everything()
    with pytest.raises(Refused, match="já foi usado"):
        writing.cancel(first.pk, by=c.duda, request_id=key)
    assert everything() == before


def test_who_wrote_meanwhile_is_not_overwritten(c: SimpleNamespace) -> None:
    made = written(c)
    writing.write(made.pk, draft(c, title="Outro"), by=c.duda, base=1, request_id=form())
    before = everything()
    with pytest.raises(Refused, match="Outra pessoa salvou"):
        writing.write(made.pk, draft(c, title="Meu"), by=c.duda, base=1, request_id=form())
    with pytest.raises(Refused, match="mudou depois que você abriu"):
        writing.release(made.pk, by=c.duda, version=1, request_id=form())
    assert everything() == before


@pytest.mark.parametrize("who", ["ana", "gil", "bia", "lia", "dora"])
def test_only_managers_write(c: SimpleNamespace, who: str) -> None:
    made = written(c)
    before, by = everything(), getattr(c, who)
    for attempt in (
        lambda: written(c, by=by),
        lambda: writing.write(made.pk, draft(c), by=by, base=1, request_id=form()),
        lambda: writing.release(made.pk, by=by, version=1, request_id=form()),
        lambda: writing.stop(made.pk, by=by, request_id=form()),
    ):
        with pytest.raises(Refused):
            attempt()
    assert everything() == before


def test_a_manager_writes_within_his_scope_alone(c: SimpleNamespace, bodys_manager: User) -> None:
    other = CoreSystem.objects.create(slug="outro", name="Outro", card_name="Outro", acronym="O", description="…")
    elsewhere = Product.objects.create(core_system=other, slug="x", name="X", description="…", purpose="…")
    mine = written(c, by=bodys_manager, core_system=None, agency=c.b, agencies=[c.b])
    hers = written(c)
    before = everything()
    for by, fields in (
        (c.duda, {"core_system": other}),
        (c.duda, {"products": [elsewhere]}),
        (c.duda, {"core_system": None, "agency": c.b, "agencies": [c.b]}),
        (c.duda, {"core_system": None}),
        (bodys_manager, {}),
        (bodys_manager, {"core_system": None, "agency": c.b}),
        (bodys_manager, {"core_system": None, "agency": c.b, "agencies": [c.a, c.b]}),
        (bodys_manager, {"core_system": None, "agency": c.b, "agencies": [c.b], "products": [c.product]}),
    ):
        with pytest.raises(Refused):
            written(c, by=by, **fields)
    for by, theirs in ((c.duda, mine), (bodys_manager, hers)):
        assert theirs not in run_by(by)
        with pytest.raises(Refused):
            writing.release(theirs.pk, by=by, version=1, request_id=form())
    assert everything() == before


def test_an_ended_role_gives_nothing(c: SimpleNamespace) -> None:
    made = written(c)
    RoleGrant.objects.filter(user=c.duda).update(ended_at=worktime.now())
    with pytest.raises(Refused):
        writing.release(made.pk, by=fresh(c.duda), version=1, request_id=form())
    assert not run_by(fresh(c.duda)).exists()


def test_what_is_confirmed_goes_out_at_its_moment_to_so_many(c: SimpleNamespace) -> None:
    before = worktime.now()
    at_once = released(c)
    assert (at_once.state, at_once.reach) == (State.SCHEDULED, User.objects.count())
    assert at_once.release_at is not None
    assert before <= at_once.release_at <= worktime.now()
    later = worktime.now() + TOMORROW
    assert released(c, release_at=later).release_at == later
    passed = released(c, release_at=before - TOMORROW)
    assert passed.release_at is not None
    assert passed.release_at >= before


def test_what_makes_no_sense_does_not_go_out(c: SimpleNamespace) -> None:
    now = worktime.now()
    period = ElectoralPeriod.objects.create(starts=now + TOMORROW, ends=now + 3 * TOMORROW)
    made = {
        "não chega a ninguém": written(c, agencies=[agency("vazio", c.sphere)]),
        "sairia da página inicial": written(c, release_at=now + 20 * TOMORROW),
        "período eleitoral": written(c, release_at=now + 2 * TOMORROW),
        "antes de aparecer": written(c, shown_from=now + 4 * TOMORROW, shown_until=now + 4 * TOMORROW + TOMORROW / 24),
    }
    Announcement.objects.filter(pk=made["antes de aparecer"].pk).update(release_at=now + 5 * TOMORROW)
    before = everything()
    for sentence, announcement in made.items():
        with pytest.raises(Refused, match=sentence):
            writing.release(announcement.pk, by=c.duda, version=1, request_id=form())
    assert everything() == before
    period.delete()
    writing.release(made["período eleitoral"].pk, by=c.duda, version=1, request_id=form())


def test_what_has_not_gone_out_can_be_called_back(c: SimpleNamespace) -> None:
    made = released(c, release_at=worktime.now() + TOMORROW)
    assert writing.cancel(made.pk, by=c.duda, request_id=form()).state == State.DRAFT
    writing.write(made.pk, draft(c, title="Outro"), by=c.duda, base=1, request_id=form())
    assert trail(made)[-2:] == [(Action.CANCEL, c.duda.pk, 1), (Action.WRITE, c.duda.pk, 2)]


@pytest.mark.parametrize("state", [State.SCHEDULED, State.SENDING, State.SENT])
def test_what_has_gone_out_is_not_changed_only_stopped(c: SimpleNamespace, state: str) -> None:
    """A job that is late makes no difference."""
    made = released(c)
    Announcement.objects.filter(pk=made.pk).update(state=state)
    before = everything()
    for attempt in (
        lambda: writing.write(made.pk, draft(c, title="Outro"), by=c.duda, base=1, request_id=form()),
        lambda: writing.cancel(made.pk, by=c.duda, request_id=form()),
        lambda: writing.release(made.pk, by=c.duda, version=1, request_id=form()),
    ):
        with pytest.raises(Refused, match="não se faz mais"):
            attempt()
    assert everything() == before
    stopped = writing.stop(made.pk, by=c.duda, request_id=form())
    assert (stopped.state, stopped.stopping) == (State.STOPPED, True)
    with pytest.raises(Refused):
        writing.stop(made.pk, by=c.duda, request_id=form())


def test_a_correction_names_what_it_corrects(c: SimpleNamespace) -> None:
    wrong = released(c)
    right = written(c, corrects=wrong, title="Correção")
    assert (right.corrects, right.state) == (wrong, State.DRAFT)
    assert list(wrong.corrections.all()) == [right]


def test_what_happened_stays(c: SimpleNamespace) -> None:
    event = written(c).events.get()
    for change in (
        lambda: AnnouncementEvent.objects.filter(pk=event.pk).update(at=datetime(2020, 1, 1, tzinfo=UTC)),
        lambda: AnnouncementEvent.objects.filter(pk=event.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert AnnouncementEvent.objects.get() == event
