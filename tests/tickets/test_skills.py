"""Who knows what comes first where tickets are assigned, and the lead keeps it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

import worktime
from accounts import absences
from catalog.models import SupportType
from tests.cast import at_status, fresh, opened
from tests.tickets.admin.desk import page_of
from tickets import skills
from tickets.lifecycle import IllegalMove, Incomplete
from tickets.models import Skill
from tickets.states import Status


def test_who_knows_the_kind_and_is_present_comes_first_with_his_load(c: SimpleNamespace) -> None:
    at_status(c, Status.IN_PROGRESS)
    ticket = opened(c)
    skills.keep(fresh(c.lia), c.n2, [c.kind], by=fresh(c.lia))
    told = [skills.told(person) for person in skills.fit_for([ticket], worktime.now())]
    assert told == ["Lia · conhece este tipo · 0 em aberto", "Beto · 0 em aberto", "Bia · 1 em aberto"]
    now = worktime.now()
    absences.declare(c.lia, starts_at=now, ends_at=now + timedelta(days=1), substitute=None, by=c.lia)
    assert [person.name for person in skills.fit_for([ticket], worktime.now())] == ["Beto", "Bia"]


def test_another_kind_or_queue_counts_for_nothing(c: SimpleNamespace) -> None:
    other = SupportType.objects.create(
        core_system=c.core, slug="duvida", name="Dúvida", description="…", request_class="duvida"
    )
    Skill.objects.create(user=c.bia, queue=c.n2, support_type=other)
    Skill.objects.create(user=c.beto, queue=c.n3, support_type=c.kind)
    assert not any(person.knows for person in skills.fit_for([opened(c)], worktime.now()))


def test_the_workbench_says_it_to_who_assigns(c: SimpleNamespace) -> None:
    skills.keep(fresh(c.beto), c.n2, [c.kind], by=fresh(c.lia))
    page = page_of(fresh(c.lia), opened(c), "assign")
    assert page.index("Beto · conhece este tipo · 0 em aberto") < page.index("Bia · 0 em aberto")


def test_what_is_kept_replaces_what_was(c: SimpleNamespace) -> None:
    for kinds in ([c.kind], [c.kind], []):
        skills.keep(fresh(c.bia), c.n2, kinds, by=fresh(c.lia))
        assert [skill.support_type for skill in Skill.objects.all()] == kinds


@pytest.mark.parametrize(
    ("who", "whose", "refusal"), [("bia", "beto", IllegalMove), ("duda", "bia", IllegalMove), ("lia", "caio", Incomplete)]
)
def test_only_the_lead_keeps_it_for_who_works_the_queue(
    c: SimpleNamespace, who: str, whose: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        skills.keep(fresh(getattr(c, whose)), c.n2, [c.kind], by=fresh(getattr(c, who)))
    assert not Skill.objects.exists()
