"""By keyboard alone: every page is gone through with Tab, and each stop can be seen, is named and is not covered."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.test_pages import FORM
from tests.e2e.typist import MOST_STOPS, SEEN

pytestmark = pytest.mark.e2e

WIDTHS = (1280, 320)
OF_ANA = """
    SELECT min(t.number) FROM tickets_ticket t JOIN accounts_user u ON u.id = t.requester_id WHERE u.email = 'ana@example.org'
"""
NEVER_UNNAMED = {"button", "link", "textbox", "combobox", "checkbox", "radio", "searchbox", "listbox", "tab", "spinbutton"}


def stops(page: Page, session: CDPSession) -> list[dict[str, Any]]:
    """Everything that Tab reaches from the top of the page to its end, with role and name."""
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0) }")
    found: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        seen = page.evaluate(SEEN)
        if seen is None or (found and seen["index"] == found[0]["index"]):
            return found
        if found and seen["index"] == found[-1]["index"]:
            continue  # a date's day, month and year are stops within one field
        focused = session.send("Runtime.evaluate", {"expression": "document.activeElement"})
        tree = session.send(
            "Accessibility.getPartialAXTree", {"objectId": focused["result"]["objectId"], "fetchRelatives": False}
        )
        node = tree["nodes"][0]
        seen |= {"role": node.get("role", {}).get("value", ""), "name": node.get("name", {}).get("value", "").strip()}
        found.append(seen)
    raise AssertionError(f"{page.url}: Tab does not come to an end")


def faults(page: Page) -> dict[str, list[str]]:
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    wrong: dict[str, list[str]] = defaultdict(list)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = stops(page, session)
        order = [stop["index"] for stop in found]
        where = f"{page.url.split('/', 3)[-1]} at {width}"
        assert len(found) > 3, where
        for stop in found:
            place = f"{where}: {stop['what']}"
            if not stop["inView"]:
                wrong["out of sight"].append(place)
            elif stop["covered"]:
                wrong["covered"].append(place)
            if not stop["ringed"]:
                wrong["no visible focus"].append(place)
            if stop["role"] in NEVER_UNNAMED and not stop["name"]:
                wrong["without a name"].append(place)
        if len(set(order)) != len(order):
            wrong["visited twice"].append(where)
    return wrong


def walk(page: Page, *addresses: str) -> None:
    wrong: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        page.goto(address)
        for fault, places in faults(page).items():
            wrong[fault] += places
    assert not wrong, "\n".join(f"{fault}: " + "\n    ".join(places[:8]) for fault, places in wrong.items())


def test_faults_are_seen(visits: Visits) -> None:
    page = visits.visitor()
    page.goto("/healthz")
    page.set_content(
        """<!doctype html><html lang="pt-BR"><title>x</title><main><h1>x</h1>
        <a href="#a">a</a><a href="#b">b</a><button></button><input aria-label="c"></main>"""
    )
    page.evaluate("() => { document.querySelector('input').style.outline = 'none' }")
    found = faults(page)
    assert set(found) == {"without a name", "no visible focus"}


def test_everybodys_pages(visits: Visits) -> None:
    walk(visits.visitor(), "/", "/conta/entrar/", "/abrir/pen-propen/executivo-federal/")


def test_pages_of_the_help_and_of_the_ombudsman(visits: Visits) -> None:
    walk(visits.visitor(), "/abrir/buscar/?q=barramento", "/ajuda/", "/ajuda/perguntas/?q=senha", "/manifestacoes/nova/elogio/")


def test_pages_of_the_requester(visits: Visits, portal: Portal) -> None:
    (waiting,) = portal.rows(f"{OF_ANA} AND t.status = 'waiting_requester'")[0]
    walk(visits.visitor("ana@example.org"), FORM, "/chamados/", f"/chamados/{waiting}/", "/avisos/preferencias/", "/avisos/")


def test_pages_of_the_desk(visits: Visits, portal: Portal) -> None:
    (working,) = portal.rows("SELECT min(id) FROM tickets_ticket WHERE level = 'N2' AND status = 'in_progress'")[0]
    walk(visits.visitor("bia@example.org"), "/admin/tickets/n2ticket/", f"/admin/tickets/n2ticket/{working}/change/")
