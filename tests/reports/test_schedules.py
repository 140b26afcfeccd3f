"""Reports by mail: when, to whom, once, of what each reads at that moment, and what they say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, RoleGrant, User
from catalog import hours
from catalog.models import Holiday
from feedback.models import SurveyAnswer
from notifications import delivery, kinds, preferences
from notifications.kinds import How
from notifications.letters import letter
from notifications.models import Notice
from reports import schedules
from reports.periods import Period, month
from reports.schedules import MONTHLY, WEEKLY
from tests import cast
from tests.cast import MONDAY, fresh, opened
from tests.reports.freezing import gathered
from tickets.states import Status

pytestmark = pytest.mark.django_db
NEXT_MONDAY = MONDAY + timedelta(days=7)
"""10h in Brasília; the first of December is the day after."""
THAT_WEEK = Period(date(2026, 11, 23), date(2026, 11, 29))


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    with time_machine.travel(MONDAY, tick=False):
        cast.at_status(c, Status.CLOSED)
        opened(c)
        opened(c, by=c.eva)
        cast.at_status(c, Status.CLOSED, "N3")
    return c


@pytest.fixture
def office(db: None) -> None:
    cast.office_hours()


def ask(*people: User, cadence: schedules.Cadence = WEEKLY, how: How = How.MAIL) -> None:
    for person in people:
        preferences.choose(person.pk, {cadence.group.slug: how})


def composed(at: datetime = NEXT_MONDAY) -> int:
    with time_machine.travel(at, tick=False):
        gathered()
        return schedules.compose(at)


def here(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour + 3, minute, tzinfo=UTC)


def text_of(person: User, at: datetime = NEXT_MONDAY) -> str:
    with time_machine.travel(at, tick=False):
        return str(letter(Notice.objects.select_related("recipient").get(recipient=person, kind__startswith="report")).body)


@pytest.mark.parametrize(
    ("day", "hour", "week"),
    [
        (date(2026, 11, 30), 7, None),
        (date(2026, 11, 30), 8, THAT_WEEK),
        (date(2026, 12, 4), 9, THAT_WEEK),
        (date(2026, 12, 6), 9, THAT_WEEK),
        (date(2026, 11, 2), 9, None),  # a holiday
        (date(2026, 11, 3), 9, Period(date(2026, 10, 26), date(2026, 11, 1))),
    ],
)
def test_a_week_is_told_of_from_its_first_working_morning_after(
    office: None, day: date, hour: int, week: Period | None
) -> None:
    assert schedules.due(WEEKLY, here(day, hour), hours.current().calendar) == week


@pytest.mark.parametrize(
    ("day", "hour", "told"),
    [
        (date(2026, 11, 1), 9, None),  # Sunday
        (date(2026, 11, 2), 9, None),  # a holiday
        (date(2026, 11, 3), 7, None),
        (date(2026, 11, 3), 8, month(2026, 10)),
        (date(2026, 11, 30), 8, month(2026, 10)),
        (date(2026, 12, 1), 8, month(2026, 11)),
    ],
)
def test_a_month_is_told_of_from_its_first_working_morning_after(
    office: None, day: date, hour: int, told: Period | None
) -> None:
    assert schedules.due(MONTHLY, here(day, hour), hours.current().calendar) == told


def test_holidays_that_curators_keep_count(office: None) -> None:
    Holiday.objects.create(date=date(2026, 11, 30), name="Ponto facultativo")
    assert schedules.due(WEEKLY, here(date(2026, 11, 30), 9), hours.current().calendar) is None


def test_nobody_gets_what_he_did_not_ask_for(c: SimpleNamespace) -> None:
    ask(c.bia, how=How.NONE)
    assert composed() == 0
    assert not Notice.objects.filter(kind__startswith="report").exists()


def test_who_asked_gets_one_a_period(c: SimpleNamespace) -> None:
    ask(c.duda, c.gil, c.bia)
    assert composed() == 3
    assert composed(NEXT_MONDAY + timedelta(days=1)) == 0
    assert composed(NEXT_MONDAY + timedelta(days=7)) == 3
    assert Notice.objects.filter(kind="report_weekly").count() == 6
    assert set(Notice.objects.filter(kind="report_weekly").values_list("line", flat=True)) == {Notice.Line.NEWS}


def test_a_worker_that_comes_second_adds_nothing(c: SimpleNamespace) -> None:
    """Both have looked before either wrote."""
    ask(c.duda)
    composed()
    notice = Notice.objects.get(kind="report_weekly")
    with time_machine.travel(NEXT_MONDAY, tick=False):
        schedules.outbox.enqueue_all([schedules._notice(WEEKLY, THAT_WEEK, c.duda.pk)])
    assert Notice.objects.get(kind="report_weekly") == notice


def test_people_are_served_piece_by_piece(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "PIECE", 2)
    ask(c.duda, c.gil, c.bia, c.caio, c.lia)
    assert composed() == 5


def test_who_reads_no_reports_any_more_gets_none(c: SimpleNamespace) -> None:
    ask(c.ana, c.duda, c.bia)
    RoleGrant.objects.filter(user=c.duda).update(ended_at=MONDAY)
    User.objects.filter(pk=c.bia.pk).update(is_active=False)
    assert composed() == 0


def test_each_reads_of_his_own(c: SimpleNamespace) -> None:
    ask(c.duda, c.gil, c.bia, c.caio)
    composed()
    said = {name: text_of(getattr(c, name)) for name in ("duda", "gil", "bia", "caio")}
    counts = {name: text.partition("- Abertos: ")[2].split(" ")[0] for name, text in said.items()}
    assert counts == {"duda": "4", "gil": "3", "bia": "3", "caio": "1"}
    assert "Números do seu órgão, comparados com os" in said["gil"]
    assert "Números das suas filas, comparados" in said["bia"]
    assert "Números dos estruturantes que você gerencia" in " ".join(said["duda"].split())


def test_what_one_reads_is_asked_when_it_leaves(c: SimpleNamespace) -> None:
    ask(c.gil)
    composed()
    Membership.objects.filter(user=c.gil).update(ended_at=NEXT_MONDAY)
    with time_machine.travel(NEXT_MONDAY, tick=False):
        mail.outbox.clear()
        delivery.deliver_due()
        assert not [message for message in mail.outbox if c.gil.email in message.to]
        assert Notice.objects.get(kind="report_weekly").state == Notice.State.STOPPED


def test_it_leads_to_the_panel_of_its_period(c: SimpleNamespace) -> None:
    ask(c.duda)
    composed()
    said = text_of(c.duda)
    assert "/relatorios/?periodo=livre&de=2026-11-23&ate=2026-11-29" in said
    client = Client()
    with time_machine.travel(NEXT_MONDAY, tick=False):
        client.force_login(c.duda)
        page = client.get("/relatorios/?periodo=livre&de=2026-11-23&ate=2026-11-29").content.decode()
    assert 'aria-label="4: ver os chamados"' in page


def test_a_month_leads_to_its_month(c: SimpleNamespace) -> None:
    ask(c.duda, cadence=MONTHLY)
    assert composed(here(date(2026, 12, 1), 8)) == 1
    said = text_of(c.duda, here(date(2026, 12, 1), 8))
    assert "/relatorios/?periodo=2026-11" in said
    assert "novembro de 2026" in said


def test_it_says_what_needs_care(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY - timedelta(days=40), tick=False):
        cast.at_status(c, Status.IN_PROGRESS)
        late = cast.at_status(c, Status.IN_PROGRESS)
    with time_machine.travel(MONDAY, tick=False):
        cast.lifecycle.resolve(late.pk, by=fresh(c.bia), via="desk", request_id=cast.form(), body="Feito.", cause=c.cause)
        for _ in range(5):
            opened(c)
    common = {"answered_on": MONDAY.date(), "product": c.product, "queue": c.n2, "closure": "resolved"}
    SurveyAnswer.objects.bulk_create(SurveyAnswer(**common, stars=stars) for stars in (1, 2, 3, 2, 1))
    ask(c.duda, c.gil)
    composed()
    said, focal = (" ".join(text_of(person).split()) for person in (c.duda, c.gil))
    assert "O que pede cuidado:" in said
    assert "Resolvidos fora do prazo: 1." in said
    assert "/relatorios/chamados/fora-do-prazo/?periodo=livre" in said
    assert "Há 6 chamados em aberto a mais do que no fim do período anterior." in said
    assert "O chamado mais antigo estava aberto havia 46 dias." in said
    assert "A nota média da pesquisa foi 1,8, em 5 respostas." in said
    assert "nota média" not in focal, "what the answers say is not for focal points"


def test_a_quiet_week_says_so(c: SimpleNamespace) -> None:
    ask(c.duda)
    composed(NEXT_MONDAY + timedelta(days=7))
    said = text_of(c.duda, NEXT_MONDAY + timedelta(days=7))
    assert "Nada pede cuidado" in " ".join(said.split())
    assert "- Abertos: 0 (antes: 4)" in said


def test_nothing_of_a_person_is_in_it(c: SimpleNamespace) -> None:
    ask(c.duda)
    composed()
    said = text_of(c.duda)
    for name in ("Ana", "Gil", "Eva", "Bia", "Caio", "Erro ao assinar", "@example.org", "1000000"):
        assert name not in said
    assert Notice.objects.get(kind="report_weekly").data == {"person": c.duda.pk, "first": "2026-11-23", "last": "2026-11-29"}


def test_one_press_ends_it(c: SimpleNamespace) -> None:
    ask(c.duda)
    composed()
    with time_machine.travel(NEXT_MONDAY, tick=False):
        message = letter(Notice.objects.select_related("recipient").get(kind="report_weekly"))
    address = str(message.extra_headers["List-Unsubscribe"]).strip("<>")
    assert message.extra_headers["List-Id"].startswith("Relatorios <relatorios.")
    assert Client().post(address.partition("8000")[2] or address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert preferences.chosen_by(c.duda.pk) == {"relatorio-semanal": How.PORTAL}


@pytest.mark.parametrize(("name", "offered"), [("duda", True), ("gil", True), ("bia", True), ("ana", False), ("dora", False)])
def test_who_reads_reports_chooses(c: SimpleNamespace, name: str, offered: bool) -> None:
    client, person = Client(), getattr(c, name)
    client.force_login(person)
    page = client.get("/avisos/preferencias/").content.decode()
    assert ("Relatório da semana" in page) == offered
    groups = kinds.groups_for(fresh(person))
    assert (WEEKLY.group in groups) == offered
    chosen = {group.slug: group.default.value for group in groups} | {"relatorio-semanal": "mail"}
    assert client.post("/avisos/preferencias/", chosen).status_code == 302
    assert (preferences.chosen_by(person.pk).get("relatorio-semanal") == How.MAIL) == offered


def test_writing_one_mail_costs_few_queries(c: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    ask(c.duda)
    composed()
    notice = Notice.objects.select_related("recipient").get(kind="report_weekly")
    with django_assert_max_num_queries(18):
        letter(notice)
