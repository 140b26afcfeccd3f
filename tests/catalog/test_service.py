"""What working hours, holidays and policies refuse, whoever writes them."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, models, transaction

from catalog.models import CoreSystem, Holiday, Policy, PolicyTarget, Product, WorkWindow
from tests.cast import default_policy, office_hours, small_catalog

pytestmark = pytest.mark.django_db

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def refused_everywhere(row: models.Model) -> dict[str, list[str]]:
    """The sentences for a curator; the database itself refuses too, and nothing is kept."""
    before = type(row)._default_manager.count()
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    with pytest.raises(Error), transaction.atomic():
        row.save()
    assert type(row)._default_manager.count() == before
    return error.value.message_dict


@pytest.mark.parametrize(("opens", "closes"), [(0, 481), (479, 1081), (480, 1080), (600, 660), (1079, 1440)])
def test_windows_of_a_day_do_not_overlap(opens: int, closes: int) -> None:
    office_hours()
    row = WorkWindow(weekday=2, opens=opens, closes=closes)
    assert refused_everywhere(row) == {"opens": ["Este horário se sobrepõe a outro do mesmo dia."]}


@pytest.mark.parametrize(
    "window",
    [
        {"weekday": 0, "opens": 0, "closes": 480},
        {"weekday": 0, "opens": 1080, "closes": 1440},
        {"weekday": 5, "opens": 480, "closes": 1080},
        {"weekday": 0, "opens": 600, "closes": 660, "active": False},
    ],
)
def test_windows_may_touch_and_rest(window: dict[str, Any]) -> None:
    office_hours()
    row = WorkWindow(**window)
    row.full_clean()
    row.save()


def test_a_window_of_midnight_touches_the_next_day() -> None:
    for weekday in range(7):
        row = WorkWindow(weekday=weekday, opens=0, closes=1440)
        row.full_clean()
        row.save()


@pytest.mark.parametrize(
    ("opens", "closes", "reason"),
    [
        (480, 480, "O fim vem depois do começo."),
        (480, 470, "O fim vem depois do começo."),
        (480, 1441, "O fim é no máximo 24:00."),
    ],
)
def test_a_window_lies_within_its_day(opens: int, closes: int, reason: str) -> None:
    assert refused_everywhere(WorkWindow(weekday=2, opens=opens, closes=closes)) == {"closes": [reason]}


def test_a_partial_holiday_begins_before_it_ends() -> None:
    row = Holiday(date=date(2026, 6, 24), name="Jogo", works_from=time(14), works_until=time(14))
    assert refused_everywhere(row) == {"works_until": ["O começo do expediente vem antes do fim."]}


def test_a_date_stands_once() -> None:
    Holiday.objects.create(date=date(2026, 6, 24), name="Jogo")
    assert refused_everywhere(Holiday(date=date(2026, 6, 24), name="Outro")) == {"date": ["Esta data já está na lista."]}


@pytest.mark.parametrize(
    "fields",
    [
        {"remind_before_hours": 11},
        {"wait_hours": 24, "remind_before_hours": 24},
        {"wait_hours": 12, "remind_before_hours": 13},
    ],
)
def test_a_policy_reminds_in_time(fields: dict[str, int]) -> None:
    said = refused_everywhere(Policy(in_force_from=BEGAN, **fields))
    sentence = "O lembrete sai ao menos 12 horas antes do encerramento, e depois do começo da espera."
    assert said == {"remind_before_hours": [sentence]}


def test_a_policy_leaves_time_to_reopen() -> None:
    said = refused_everywhere(Policy(in_force_from=BEGAN, reopen_hours=0))
    assert said == {"reopen_hours": ["Deixe ao menos 1 hora para reabrir."]}


def test_one_policy_begins_at_a_moment() -> None:
    default_policy(in_force_from=BEGAN)
    said = refused_everywhere(Policy(in_force_from=BEGAN))
    assert said == {"in_force_from": ["Já há uma política para este âmbito que vale a partir deste momento."]}


def test_a_products_policy_names_its_core_system() -> None:
    c = small_catalog()
    said = refused_everywhere(Policy(in_force_from=BEGAN, product=c.product))
    assert said == {"core_system": ["Informe também o estruturante do produto."]}
    other = CoreSystem.objects.create(
        slug="scdp", name="SCDP", card_name="SCDP", acronym="SCDP", description="x", file_extensions=["pdf"]
    )
    foreign = Product.objects.create(core_system=other, slug="diarias", name="Diárias", description="x", purpose="x")
    with pytest.raises(ValidationError) as error:
        Policy(in_force_from=BEGAN, core_system=c.core, product=foreign).full_clean()
    assert error.value.message_dict == {"product": ["Escolha um produto do mesmo estruturante."]}


def test_the_target_of_n3_is_not_shorter_than_that_of_n2() -> None:
    policy = Policy.objects.create(in_force_from=BEGAN)
    target = PolicyTarget(policy=policy, priority=1, first_response_hours=2, n2_hours=8, n3_hours=7)
    assert refused_everywhere(target) == {"n3_hours": ["A meta do N3 não pode ser menor que a do N2."]}
