"""Electoral periods: by themselves they take publicity off every page, from one moment to another."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

import worktime
from catalog import electoral
from catalog.models import ElectoralPeriod, Sphere

STARTS = datetime(2030, 7, 6, 3, 0, tzinfo=UTC)
ENDS = datetime(2030, 10, 28, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SIGN = '<span class="brand-sign">gov.br</span>'
PLAIN = '<span class="brand-sign plain">gov.br</span>'


def test_periods_that_adjoin_are_one(db: None) -> None:
    """A second round begins where the first ends."""
    later = ENDS + timedelta(days=10)
    for starts, ends in ((ENDS, later), (STARTS, ENDS), (STARTS, STARTS + SECOND), (later + SECOND, later + 2 * SECOND)):
        ElectoralPeriod.objects.create(starts=starts, ends=ends)
    ElectoralPeriod.objects.create(starts=STARTS - 9 * SECOND, ends=STARTS, active=False)
    one, two = electoral.Period(STARTS, later), electoral.Period(later + SECOND, later + 2 * SECOND)
    for at, around, following in (
        (STARTS - SECOND, None, one),
        (STARTS, one, two),
        (later - SECOND, one, two),
        (later, None, two),
        (two.ends, None, None),
    ):
        assert (electoral.around(at), electoral.next_after(at)) == (around, following)


def read_at(moment: datetime, address: str = "/") -> str:
    with worktime.shifted(moment - worktime.now()):
        return str(Client().get(address).content.decode())


@pytest.fixture
def period(catalog: None) -> ElectoralPeriod:
    return ElectoralPeriod.objects.create(starts=STARTS, ends=ENDS)


@pytest.mark.parametrize(
    ("moment", "in_force"),
    [(STARTS - SECOND, False), (STARTS, True), (ENDS - SECOND, True), (ENDS, False)],
)
def test_it_holds_from_its_first_moment_to_its_last(period: ElectoralPeriod, moment: datetime, in_force: bool) -> None:
    assert electoral.in_force(moment) == in_force


@pytest.mark.parametrize("address", ["/", "/abrir/", "/ajuda/", "/conta/entrar/", "/abrir/pen-propen/executivo-federal/"])
def test_every_page_changes_by_itself_on_both_sides(period: ElectoralPeriod, address: str) -> None:
    for moment, on in ((STARTS - timedelta(minutes=1), False), (STARTS + SECOND, True), (ENDS + SECOND, False)):
        html = read_at(moment, address)
        assert (PLAIN in html) == on
        assert (SIGN in html) != on
        assert ("favicon-plain.svg" in html) == on
        assert ("favicon.ico" in html) != on
        assert ("Período eleitoral:" in html) == on


def test_praise_is_not_shown(period: ElectoralPeriod) -> None:
    address = "/manifestacoes/elogios/"
    assert "Por lei, o portal não mostra elogios neste período." in read_at(STARTS, address)
    assert "Por lei" not in read_at(STARTS - SECOND * 60, address)


def test_one_of_a_sphere_holds_on_its_pages_alone(period: ElectoralPeriod) -> None:
    period.sphere = Sphere.objects.get(slug="executivo-municipal")
    period.save()
    assert PLAIN in read_at(STARTS, "/abrir/pen-propen/executivo-municipal/")
    assert SIGN in read_at(STARTS, "/abrir/pen-propen/executivo-federal/")
    assert SIGN in read_at(STARTS)
    assert electoral.in_force(STARTS, "executivo-municipal")
    assert not electoral.in_force(STARTS)


def test_one_that_is_switched_off_changes_nothing(period: ElectoralPeriod) -> None:
    ElectoralPeriod.objects.update(active=False)
    assert not electoral.in_force(STARTS)
    assert SIGN in read_at(STARTS)


def test_it_costs_no_query_of_its_own(period: ElectoralPeriod, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # the pages listed, and hours with period
        Client().get("/ajuda/")


def test_a_page_that_asks_the_database_nothing_shows_no_publicity() -> None:
    html = Client().get("/nao/existe/").content.decode()
    assert PLAIN in html
    assert "favicon-plain.svg" in html


@pytest.mark.django_db
def test_it_ends_after_it_starts() -> None:
    with pytest.raises(ValidationError, match="O fim vem depois do começo"):
        ElectoralPeriod(starts=ENDS, ends=STARTS).full_clean()
