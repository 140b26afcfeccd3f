"""The home page and the pages of errors: what they promise comes from what curators keep."""

from datetime import UTC, datetime

import pytest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from catalog.models import Policy, WorkWindow
from helpdesk import views
from tests.cast import default_policy, office_hours

pytestmark = pytest.mark.django_db


def hours_box(page: str) -> str:
    return page.partition('<h2 id="hours">')[2].partition("</section>")[0]


def footer(page: str) -> str:
    return page.partition("<footer")[2]


def test_home_and_footer_follow_hours_and_policy(client: Client) -> None:
    office_hours()
    default_policy()
    page = client.get("/").content.decode()
    assert "De segunda a sexta, das 8h às 18h, exceto feriados" in hours_box(page)
    assert "em até 72 horas: depois disso" in hours_box(page)
    assert "Você tem 48 horas para reabrir" in hours_box(page)
    assert "A equipe responde de segunda a sexta, das 8h às 18h, exceto feriados" in footer(page)

    WorkWindow.objects.filter(weekday=4).update(closes=12 * 60)
    default_policy(wait_hours=40, reopen_hours=1, counting="business", in_force_from=datetime(2021, 1, 1, tzinfo=UTC))
    page = client.get("/").content.decode()
    for part in (hours_box(page), footer(page)):
        assert "e segunda a quinta, das 8h às 18h; sexta, das 8h às 12h, exceto feriados" in part
    assert "em até 40 horas úteis: depois disso" in hours_box(page)
    assert "Você tem 1 hora útil para reabrir" in hours_box(page)


def test_nothing_is_promised_that_nobody_keeps(client: Client) -> None:
    assert not Policy.objects.exists()
    page = client.get("/").content.decode()
    assert "Responda às perguntas" not in page
    assert "A equipe responde no horário de atendimento." in footer(page)


def test_the_page_of_a_failure_asks_the_database_nothing(
    rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    office_hours()
    with django_assert_num_queries(0):
        page = views.server_error(rf.get("/")).content.decode()
    assert "A equipe responde no horário de atendimento." in footer(page)
