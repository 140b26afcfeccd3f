"""What the desk reads of the surveys' answers."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from feedback.models import SurveyAnswer

LIST = "/admin/feedback/surveyanswer/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def answer(c: SimpleNamespace, stars: int = 4, **fields: Any) -> SurveyAnswer:
    given = {"answered_on": date(2026, 11, 20), "product": c.product, "queue": c.n2, "closure": "resolved", **fields}
    return SurveyAnswer.objects.create(stars=stars, **given)


def test_it_shows_months_and_opinions_and_no_day(c: SimpleNamespace) -> None:
    answer(c, 5, reasons=["rapidez"], comment="Muito bom.")
    shown = text(signed_in(c.otto).get(LIST))
    for told in ("11/2026", "5 · Excelente", "Foi rápido", "Muito bom.", "Nota média por mês"):
        assert told in shown
    assert "20/11/2026" not in shown
    assert "/change/" not in shown


def test_filters_narrow_it(c: SimpleNamespace) -> None:
    answer(c, 5, comment="alta")
    answer(c, 1, comment="baixa")
    otto = signed_in(c.otto)
    for value, shown, hidden in (("altas", ">alta<", ">baixa<"), ("baixas", ">baixa<", ">alta<")):
        page = text(otto.get(f"{LIST}?nota={value}"))
        assert (shown in page, hidden in page) == (True, False)
    assert ">alta<" in text(otto.get(f"{LIST}?nota=comentadas"))


@pytest.mark.parametrize(("who", "status"), [("otto", 200), ("duda", 200), ("bia", 404), ("lia", 404), ("dora", 404)])
def test_who_reads_it(c: SimpleNamespace, who: str, status: int) -> None:
    assert signed_in(getattr(c, who)).get(LIST).status_code == status


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(c: SimpleNamespace, rows: int) -> None:
    for _ in range(rows):
        answer(c)
    otto = signed_in(c.otto)
    with CaptureQueriesContext(connection) as asked:
        otto.get(LIST)
    assert len(asked) == 5
