"""First priority: routing rule, else the form's impact, else the offering's (DESIGN §4)."""

import logging
from types import SimpleNamespace

import pytest

from catalog.models import Priority, RoutingRule
from tests.cast import opened
from tickets.lifecycle import Answered


def impact(value: str) -> list[Answered]:
    return [Answered("impacto", "Impacto no trabalho", "selecao", value)]


def rule(c: SimpleNamespace, slug: str = "parado", **fields: object) -> RoutingRule:
    defaults = {"conditions": {"produto": ["sei"]}, "outcome": RoutingRule.Outcome.ADVISE_FIRST, "priority": Priority.HIGH}
    return RoutingRule.objects.create(core_system=c.core, slug=slug, situation="…", analyst_text="…", **(defaults | fields))


@pytest.mark.parametrize(
    ("value", "priority"),
    [
        ("Sistema parado para todos", Priority.URGENT),
        ("Função essencial parada", Priority.HIGH),
        ("Há contorno possível", Priority.MEDIUM),
        ("Baixo impacto", Priority.LOW),
    ],
)
def test_impact_gives_the_priority(c: SimpleNamespace, value: str, priority: Priority) -> None:
    assert opened(c, answers=impact(value)).priority == priority


def test_without_impact_the_offering_gives_it(c: SimpleNamespace) -> None:
    c.offering.default_priority = Priority.LOW
    assert opened(c).priority == Priority.LOW


def test_a_rule_goes_before_the_impact(c: SimpleNamespace) -> None:
    rule(c)
    assert opened(c, answers=impact("Baixo impacto")).priority == Priority.HIGH


@pytest.mark.parametrize(
    "fields", [{"active": False}, {"conditions": {"produto": ["nup"]}}, {"priority": None}], ids=["inactive", "other", "silent"]
)
def test_a_rule_that_does_not_apply_says_nothing(c: SimpleNamespace, fields: dict[str, object]) -> None:
    rule(c, **fields)
    assert opened(c, answers=impact("Baixo impacto")).priority == Priority.LOW


def test_a_rule_sees_the_body_the_words_and_whom_they_speak_for(c: SimpleNamespace) -> None:
    rule(c, "orgao", conditions={"todas": [{"orgao": ["a"]}, {"texto_menciona": ["tela em branco"]}]}, priority=Priority.URGENT)
    rule(c, "cidadao", conditions={"representa_orgao": False}, priority=Priority.LOW)
    assert opened(c, body="Tela em BRANCO!").priority == Priority.URGENT
    assert opened(c, by=c.eva, body="Tela em branco").priority == Priority.LOW


def test_an_unreadable_rule_does_not_stop_a_request(c: SimpleNamespace, caplog: pytest.LogCaptureFixture) -> None:
    rule(c, conditions={"nada": 1}, position=0)
    rule(c, "boa", priority=Priority.LOW, position=1)
    with caplog.at_level(logging.ERROR):
        assert opened(c).priority == Priority.LOW
    assert "parado" in caplog.text
