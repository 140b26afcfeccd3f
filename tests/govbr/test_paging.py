"""Lists whose pages nobody counts."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import Sphere
from govbr import paging
from tests.govbr.test_tags import render

pytestmark = pytest.mark.django_db


@pytest.fixture
def spheres() -> None:
    Sphere.objects.bulk_create(Sphere(slug=f"s{n}", name=f"Esfera {n}", position=n) for n in range(5))


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("1", (1, [0, 1], True)), ("2", (2, [2, 3], True)), ("3", (3, [4], False))]
    + [(asked, (1, [0, 1], True)) for asked in ("", "0", "-1", "²", "x", "99999", "4", "400")],
)
def test_each_page_and_whether_it_is_the_last(
    spheres: None, asked: str, shown: tuple[int, list[int], bool], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2 if asked in ("4", "400") else 1):
        page = paging.page_of(Sphere.objects.order_by("position"), asked, 2)
    assert (page.number, [row.position for row in page.rows], page.more) == shown


def test_the_ways_on_keep_the_filters(spheres: None) -> None:
    middle = paging.page_of(Sphere.objects.order_by("position"), "2", 2)
    html = render("{% pages page %}", "/avisos/?ver=novos&page=2", page=middle)
    assert 'rel="prev" href="?ver=novos&amp;page=1"' in html
    assert 'rel="next" href="?ver=novos&amp;page=3"' in html
    only = paging.page_of(Sphere.objects.order_by("position"), "1", 5)
    assert render("{% pages page %}", "/avisos/", page=only).strip() == ""
