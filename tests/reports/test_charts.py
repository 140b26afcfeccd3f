"""What charts say in words, and that their script is on report pages alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from reports import charts
from reports.panel import since
from reports.periods import month
from tests import cast


def test_a_line_is_told_by_its_ends_and_its_top() -> None:
    rows = [(month(2026, 9), "–", "1"), (month(2026, 10), "1.204", "2"), (month(2026, 11), "93", "3")]
    told = charts.sentence(charts.LINES, "Abertos por mês", rows)
    assert "Começa com 1.204 em 10/2026 e termina com 93 em 11/2026; o maior é 1.204, em 10/2026." in told


def test_bars_are_told_by_the_greatest() -> None:
    assert "O maior é “Bom”, com 7." in charts.sentence(charts.BARS, "Notas", [("Ruim", 2), ("Bom", 7)])


def test_without_numbers_it_says_so() -> None:
    assert charts.sentence(charts.LINES, "No prazo", [("10/2026", "–")]).endswith("Não há números para mostrar.")


def test_of_nothing_none_is_the_greatest() -> None:
    assert charts.sentence(charts.BARS, "Idade", [("Até 1 dia", 0), ("Mais", "0")]).endswith("Todos os números são zero.")


@pytest.mark.parametrize(
    ("count", "most", "heat"), [(0, 0, 0), (0, 9, 0), (1, 100, 1), (25, 100, 1), (26, 100, 2), (100, 100, 4)]
)
def test_heat_has_four_steps(count: int, most: int, heat: int) -> None:
    assert charts.heat(count, most) == heat


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [(None, 1, ""), (1, None, ""), (2, 2, "Sem mudança"), (1, 2, "Subiu desde então"), (2, 1, "Caiu desde então")],
)
def test_which_way_a_figure_went_is_said_in_words(then: int | None, now: int | None, said: str) -> None:
    assert since(then, now) == said


@pytest.mark.django_db
def test_each_chart_stands_before_its_table_and_needs_no_script_to_be_read() -> None:
    c = cast.full_cast()
    client = Client()
    client.force_login(c.duda)
    text = client.get("/relatorios/evolucao/?periodo=2026-10").content.decode()
    places = re.findall(
        r'<div class="chart" data-chart="(?:lines|bars)" role="img" aria-label="[^"]+" hidden></div>\s*<div', text
    )
    assert len(places) == text.count("<caption>") == 5
    assert "charts.js" in text
    assert "charts.js" not in client.get("/").content.decode()
