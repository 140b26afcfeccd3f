"""Surveys and manifestations in real browsers: every page through axe, and the whole way without scripts and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.test_pages import Walk

pytestmark = pytest.mark.e2e

OPEN_SURVEY = """
    SELECT s.token, t.number FROM feedback_survey s
    JOIN tickets_ticketevent e ON e.id = s.closing_id JOIN tickets_ticket t ON t.id = e.ticket_id
    JOIN accounts_user u ON u.id = t.requester_id
    WHERE u.email = 'ana@example.org' AND NOT s.answered AND t.closed_at = e.at AND s.expires_at > now()
    ORDER BY s.id DESC LIMIT 1
"""


def test_pages_of_the_survey_and_of_manifestations(visits: Visits, portal: Portal) -> None:
    ((token, _),) = portal.rows(OPEN_SURVEY)
    walk = Walk(visits).visit(f"/avaliar/{token}/?stars=2", "/manifestacoes/", "/manifestacoes/acompanhar/")
    walk.visit("/manifestacoes/elogios/", "/manifestacoes/nova/elogio/")
    walk.page.get_by_role("button", name="Enviar à ouvidoria").click()
    walk.examine()
    walk.finish()


def test_pages_of_the_ombudsman(visits: Visits, portal: Portal) -> None:
    ((pk, treatment),) = portal.rows("""
        SELECT m.id, t.id FROM feedback_manifestation m JOIN feedback_treatment t ON t.manifestation_id = m.id
        WHERE m.status = 'forwarded' LIMIT 1
    """)
    walk = Walk(visits, "otto@example.org").visit("/admin/feedback/manifestation/", "/admin/feedback/surveyanswer/")
    walk.visit(f"/admin/feedback/manifestation/{pk}/change/")
    walk.visit("/relatorios/tratamento/", f"/relatorios/tratamento/{treatment}/?situacao=todas")
    walk.finish()


def test_stars_by_keyboard_show_the_reasons_that_fit(visits: Visits, portal: Portal) -> None:
    ((token, _),) = portal.rows(OPEN_SURVEY)
    page = visits.visitor()
    page.goto(f"/avaliar/{token}/")
    bad, good = page.get_by_role("group", name="O que não foi bem?"), page.get_by_role("group", name="O que foi bem?")
    expect(bad).to_be_hidden()
    expect(good).to_be_hidden()
    page.get_by_role("radio", name="Péssima").focus()
    page.keyboard.press("Space")
    expect(bad).to_be_visible()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Excelente")).to_be_checked()
    expect(bad).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(good.get_by_role("checkbox", name="Foi rápido")).to_be_checked()


def test_without_scripts_a_complaint_without_a_name_is_sent_and_found_again(visits: Visits) -> None:
    page = visits.visitor(scripts=False, width=320)
    page.goto("/manifestacoes/")
    page.get_by_role("link", name="Reclamar").click()
    page.get_by_label("O que você quer dizer à ouvidoria?").fill("A resposta demorou.")
    page.get_by_role("button", name="Enviar à ouvidoria").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recebemos a sua manifestação")
    number, code = page.locator(".receipt dd").nth(0).inner_text(), page.locator(".receipt .code").inner_text()
    assert re.fullmatch("[A-Z2-7]{4}(-[A-Z2-7]{4}){6}", code)
    later = visits.visitor(scripts=False)
    later.goto("/manifestacoes/acompanhar/")
    later.get_by_label("Número da manifestação").fill(number)
    later.get_by_label("Código de acesso").fill(code.lower())
    later.get_by_role("button", name="Acompanhar", exact=True).click()
    expect(later.locator("main")).to_contain_text("A resposta demorou.")
    later.get_by_role("button", name="Sair do acompanhamento").click()
    assert later.goto(f"/manifestacoes/{number}/").status == 404  # type: ignore[union-attr]  # an address always answers
