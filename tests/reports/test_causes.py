"""The causes that the team notes, by product, and their trend."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

import worktime
from catalog.models import Cause
from reports import gathering, panel
from reports.access import scope_of
from reports.causes import MOST, Frequent, frequent
from reports.periods import month
from tests import cast
from tests.cast import fresh
from tests.reports.test_views import client_of, page
from tickets.states import Status

pytestmark = pytest.mark.django_db
NOVEMBER = panel.spans(month(2026, 11))


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    with worktime.shifted(cast.MONDAY - worktime.now()):
        for _ in range(2):
            cast.at_status(c, Status.CLOSED)
        cast.at_status(c, Status.QUEUED)
    with worktime.shifted(cast.MONDAY - timedelta(days=31) - worktime.now()):
        cast.at_status(c, Status.CLOSED)
    gathering.gather()
    return c


def test_causes_are_counted_by_product_with_their_trend(c: SimpleNamespace) -> None:
    scope = scope_of(fresh(c.duda))
    (product, found), *rest = frequent(scope.holds(), scope.causes(), NOVEMBER)
    assert (product, rest) == ("SEI", [])
    assert found == [Frequent(c.cause.pk, "Configuração do órgão", now=2, before=1, year_before=0)]
    assert found[0].trend == "Mais que no período anterior"


def test_what_is_rare_is_counted_together(c: SimpleNamespace) -> None:
    others = [Cause.objects.create(product=c.product, slug=f"c{n}", name=f"Causa {n:02}") for n in range(MOST + 1)]
    for cause in others:
        c.cause = cause
        with worktime.shifted(cast.MONDAY - worktime.now()):
            cast.at_status(c, Status.CLOSED)
    gathering.gather()
    scope = scope_of(fresh(c.duda))
    ((_, found),) = frequent(scope.holds(), scope.causes(), NOVEMBER)
    assert len(found) == MOST + 1
    assert (found[0].now, found[-1]) == (2, Frequent(None, "Outras", 2, 0, 0))


def test_the_page_leads_to_the_tickets_of_a_cause(c: SimpleNamespace) -> None:
    address = f"periodo=2026-11&causa={c.cause.pk}"
    assert f'href="/relatorios/chamados/resolvidos/?{address.replace("&", "&amp;")}"' in page(c.bia, path="causas/")
    assert page(c.bia, address, "chamados/resolvidos/").count('<th scope="row">') == 2


@pytest.mark.parametrize("name", ["ana", "gil", "dora"])
def test_causes_are_the_teams_words(c: SimpleNamespace, name: str) -> None:
    """A focal point reads figures, and not these; nor may he narrow by one."""
    assert client_of(getattr(c, name)).get("/relatorios/causas/").status_code == 403
    if name == "gil":
        assert "Causas" not in page(c.gil)
        assert client_of(c.gil).get(f"/relatorios/?periodo=2026-11&causa={c.cause.pk}").status_code == 422
