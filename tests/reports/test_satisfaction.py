"""What surveys and articles tell in a report, and to whom."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

import worktime
from accounts.models import RoleGrant
from catalog.models import Product, Queue
from feedback.models import Survey, SurveyAnswer
from knowledge.models import Article, ArticleOpinion
from knowledge.opinions import most_saving, tickets_saved
from reports.access import opinions_of, scope_of
from reports.periods import month
from reports.satisfaction import LEAST, Rate, rate, told
from tests import cast
from tests.cast import fresh
from tests.reports.test_views import client_of, page
from tickets.models import TicketEvent
from tickets.states import Status

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    c.otto = cast.person("Otto")
    RoleGrant.objects.create(user=c.otto, role="ombudsman")
    return c


def answer(c: SimpleNamespace, stars: int, closure: str = "resolved", queue: Queue | None = None, **fields: object) -> None:
    queue = queue or c.n2
    facts = {"answered_on": DAY, "product": queue.product, "queue": queue, "closure": closure, "stars": stars}
    SurveyAnswer.objects.create(**{**facts, **fields})


def test_answers_are_told_by_rating_and_reason(c: SimpleNamespace) -> None:
    for stars, reasons in ((5, ["rapidez", "resolveu"]), (5, ["resolveu"]), (4, []), (2, ["demora"]), (1, ["demora"])):
        answer(c, stars, reasons=reasons)
    answer(c, 1, "no_interaction", reasons=["demora"])
    answer(c, 1, answered_on=DAY - timedelta(days=30))
    found = told(SurveyAnswer.objects.all(), month(2026, 11))
    assert (found.count, found.average) == (5, 3.4)
    assert found.stars == [("Excelente", 2), ("Boa", 1), ("Mais ou menos", 0), ("Ruim", 1), ("Péssima", 1)]
    assert found.reasons == [("Demorou muito", 2), ("O problema foi resolvido", 2), ("Foi rápido", 1)]
    assert (found.silent_count, found.silent_average) == (1, None)


def test_few_answers_are_told_to_nobody(c: SimpleNamespace) -> None:
    for _ in range(LEAST - 1):
        answer(c, 1, reasons=["demora"])
    found = told(SurveyAnswer.objects.all(), month(2026, 11))
    assert (found.count, found.average, found.stars, found.reasons) == (LEAST - 1, None, None, None)
    assert "Demorou muito" not in page(c.duda, path="satisfacao/")


def test_the_rate_is_of_the_periods_closings(c: SimpleNamespace) -> None:
    with worktime.shifted(cast.MONDAY - worktime.now()):
        for status in (Status.CLOSED, Status.CLOSED):
            cast.at_status(c, status)
    for n, closing in enumerate(TicketEvent.objects.filter(action="resolve")):
        Survey.objects.create(closing=closing, expires_at=closing.at + timedelta(days=30), answered=n == 0)
    assert rate(Survey.objects.all(), month(2026, 11)) == Rate(asked=2, answered=1)
    assert rate(Survey.objects.all(), month(2026, 12)).share is None


def test_each_reads_about_what_he_answers_for(c: SimpleNamespace) -> None:
    elsewhere = cast.another_product(c)
    for queue, count in ((c.n2, 1), (c.n3, 2), (elsewhere.n3_queue, 4)):
        for _ in range(count):
            answer(c, 5, queue=queue)
    counts = {}
    for name in ("duda", "otto", "bia", "beto", "caio", "lia"):
        user = fresh(getattr(c, name))
        opinions = opinions_of(user, scope_of(user))
        counts[name] = opinions.answers.count() if opinions else None
    assert counts == {"duda": 7, "otto": 7, "bia": 1, "beto": 1, "caio": 6, "lia": 1}
    assert opinions_of(fresh(c.gil), scope_of(fresh(c.gil))) is None


def test_filters_that_an_answer_knows_narrow_it(c: SimpleNamespace) -> None:
    for _ in range(LEAST):
        answer(c, 5)
        answer(c, 1, queue=c.n3)
    assert '<td class="number">3,0</td>' in page(c.duda, path="satisfacao/")
    assert '<td class="number">1,0</td>' in page(c.duda, "periodo=2026-11&nivel=N3", "satisfacao/")
    assert '<td class="number">5,0</td>' in page(c.duda, "periodo=2026-11&fila=pen-sei-n2&orgao=a", "satisfacao/")


def test_the_ombudsman_reads_opinions_and_no_tickets(c: SimpleNamespace) -> None:
    client = client_of(c.otto)
    assert client.get("/relatorios/").headers["Location"] == "/relatorios/satisfacao/"
    assert client.get("/relatorios/satisfacao/").status_code == 200
    for path in ("chamados/abertos/", "causas/", "previsao/"):
        assert client.get(f"/relatorios/{path}").status_code == 403
    assert '<a href="/relatorios/"' in client.get("/ajuda/").content.decode()


@pytest.mark.parametrize("name", ["ana", "gil", "dora"])
def test_who_answers_for_nothing_is_refused(c: SimpleNamespace, name: str) -> None:
    assert client_of(getattr(c, name)).get("/relatorios/satisfacao/").status_code == 403


def test_articles_that_saved_tickets(c: SimpleNamespace) -> None:
    other = Product.objects.create(core_system=c.core, slug="outro", name="Outro", description="…", purpose="…")
    one, two = (
        Article.objects.create(core_system=c.core, product=product, slug=product.slug, title=product.name, body="…")
        for product in (c.product, other)
    )
    for article, visitor, helped in ((one, "a", True), (two, "a", True), (one, "b", True), (one, "c", False)):
        ArticleOpinion.objects.create(article=article, visitor=visitor, helped=helped, while_opening=True, at=cast.MONDAY)
    assert tickets_saved(DAY, DAY) == 2
    assert tickets_saved(DAY, DAY, Article.objects.filter(product=other)) == 1
    most = most_saving(DAY, DAY, Article.objects.all())
    assert list(most.values_list("pk", "saved")) == [(one.pk, 2), (two.pk, 1)]
    text = page(c.duda, path="satisfacao/")
    assert "Chamados poupados por artigos" in text
    assert text.index(one.get_absolute_url()) < text.index(two.get_absolute_url())
    assert two.get_absolute_url() not in page(c.bia, path="satisfacao/")
