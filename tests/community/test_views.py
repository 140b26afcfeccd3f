"""Announcements in the portal: home page, list, their pages."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from catalog.models import ElectoralPeriod
from community import writing
from community.models import Dismissal
from tests.cast import form
from tests.community.telling import released, written
from tests.tickets.admin.desk import INLINE

DAY = timedelta(days=1)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def ana(c: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(c.ana)
    return client


def test_the_home_page_tells_each_what_concerns_him(c: SimpleNamespace, ana: Client, client: Client) -> None:
    released(c, title="Para todos", body="A **primeira** linha.\n\nA segunda.")
    released(c, title="Só para A", agencies=[c.a])
    hers, everybodys = text(ana.get("/")), text(client.get("/"))
    assert ("Só para A" in hers, "Só para A" in everybodys) == (True, False)
    for home in (hers, everybodys):
        assert "Para todos" in home
        assert '<p class="words">A primeira linha.</p>' in home
        assert "A segunda" not in home
    assert ("dispensar/" in hers, "dispensar/" in everybodys) == (True, False)


def test_without_announcements_there_is_no_headline(c: SimpleNamespace, ana: Client) -> None:
    assert 'id="announcements"' not in text(ana.get("/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_costs_one_query_more(c: SimpleNamespace, ana: Client, rows: int) -> None:
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as context:
            ana.get("/")
        counts.append([query["sql"] for query in context if '"community_announcement"' in query["sql"]])
        for _ in range(rows):
            released(c, products=[c.product], spheres=[c.sphere])
    assert [len(queries) for queries in counts] == [1, 1]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(c: SimpleNamespace, ana: Client, rows: int) -> None:
    for _ in range(rows):
        released(c, spheres=[c.sphere])
    with CaptureQueriesContext(connection) as context:
        assert text(ana.get("/comunicados/")).count("<h2><a") == rows
    assert len([query for query in context if '"community_' in query["sql"]]) == 1
    assert len(context) <= 5


def test_who_dismisses_one_finds_it_in_the_list(c: SimpleNamespace, ana: Client) -> None:
    announcement = released(c)
    for _ in range(2):
        response = ana.post(f"/comunicados/{announcement.pk}/dispensar/", follow=True)
        assert "Ele continua na lista de comunicados." in text(response)
    assert Dismissal.objects.count() == 1
    assert announcement.title not in text(ana.get("/"))
    assert announcement.title in text(ana.get("/comunicados/"))


def test_nobody_dismisses_what_does_not_concern_him(c: SimpleNamespace, ana: Client, client: Client) -> None:
    of_b = released(c, agencies=[c.b])
    assert ana.post(f"/comunicados/{of_b.pk}/dispensar/").status_code == 404
    assert client.post(f"/comunicados/{of_b.pk}/dispensar/").status_code == 302
    assert not Dismissal.objects.exists()


def test_a_page_says_it_in_whose_name_and_when(c: SimpleNamespace, client: Client) -> None:
    announcement = released(c, body="## Quando\n\nNa **segunda**.\nE <script>x()</script> https://example.org/a")
    page = client.get(announcement.get_absolute_url())
    assert "<h2>Quando</h2>" in text(page)
    assert "Na <strong>segunda</strong>.<br>" in text(page)
    assert 'href="https://example.org/a"' in text(page)
    assert c.core.name in text(page)
    assert not INLINE.search(page.content.decode().partition("<main")[2])


def test_an_old_name_leads_to_the_page(c: SimpleNamespace, client: Client) -> None:
    announcement = released(c)
    response = client.get(f"/comunicados/{announcement.pk}/outro-nome/")
    assert (response.status_code, response["Location"]) == (301, announcement.get_absolute_url())


def test_what_does_not_concern_somebody_does_not_exist_for_him(c: SimpleNamespace, ana: Client, client: Client) -> None:
    for hidden in (released(c, agencies=[c.b]), written(c), released(c, release_at=worktime.now() + DAY)):
        for visitor in (ana, client):
            for slug in (hidden.slug, "outro-nome"):
                assert visitor.get(f"/comunicados/{hidden.pk}/{slug}/").status_code == 404


def test_a_page_says_that_it_was_corrected_or_holds_no_more(c: SimpleNamespace, client: Client) -> None:
    wrong = released(c)
    right = released(c, corrects=wrong, title="Data certa")
    assert "Há uma correção deste comunicado" in text(client.get(wrong.get_absolute_url()))
    assert "corrige o anterior" in text(client.get(right.get_absolute_url()))
    writing.stop(wrong.pk, by=c.duda, request_id=form())
    page = client.get(wrong.get_absolute_url())
    assert "Este comunicado não vale mais" in text(page)
    assert wrong.body.partition("**")[0] in text(page)
    assert wrong.title not in text(client.get("/comunicados/"))


def test_a_correction_names_what_it_corrects_to_who_may_read_it(c: SimpleNamespace, ana: Client, client: Client) -> None:
    wrong = released(c, agencies=[c.a], title="Só para o órgão A")
    right = released(c, corrects=wrong, title="Data certa")
    assert wrong.title in text(ana.get(right.get_absolute_url()))
    assert wrong.title not in text(client.get(right.get_absolute_url()))


def test_in_an_electoral_period_there_is_no_news(c: SimpleNamespace, ana: Client, client: Client) -> None:
    announcement = released(c)
    ElectoralPeriod.objects.create(starts=worktime.now() - DAY, ends=worktime.now() + DAY)
    for visitor in (ana, client):
        for address in ("/", "/comunicados/", announcement.get_absolute_url()):
            page = text(visitor.get(address))
            assert announcement.title not in page
            assert "versão" not in page
        assert "Por lei, o portal não mostra notícias" in page


def test_who_has_the_list_already_is_told_that_it_is_the_same(c: SimpleNamespace, ana: Client, client: Client) -> None:
    announcement = released(c)
    for address in ("/comunicados/", announcement.get_absolute_url()):
        first = client.get(address)
        assert first["Cache-Control"] == "public, no-cache"
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert ana.get(address)["Cache-Control"] == "private, no-store"
