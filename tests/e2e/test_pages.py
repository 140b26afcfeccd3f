"""Every page of the slice through axe, wide and narrow, and the home page on the scales."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 320)
HOME_BYTES = 150_000
# Of the page, and of the rows of a queue, which must not scroll within it either.
OVERFLOW = """() => Math.max(...[document.scrollingElement, ...document.querySelectorAll(".app-tickets .results")]
    .map(box => box.scrollWidth - box.clientWidth))"""
FORM = "/abrir/pen-propen/executivo-federal/sei/reportar-erro/"


def problems(page: Page) -> Iterator[tuple[str, str]]:
    """What axe finds on the page as it stands, and where; at each width. Also whether it needs scrolling sideways."""
    where = "/" + page.url.split("/", 3)[-1]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        # Without preloading style sheets, which the content policy forbids axe and only one rule, off by default, reads.
        found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], preload: false})")
        for violation in found["violations"]:
            targets = [node["target"] for node in violation["nodes"]][:3]
            yield f"{violation['id']} {json.dumps(targets, ensure_ascii=False)}", f"{where} at {width}"
        overflow = page.evaluate(OVERFLOW)
        if overflow > 0:
            yield "too wide for its window", f"{where} at {width} by {overflow} px"


class Walk:
    """One person's walk over pages, each of which is examined."""

    def __init__(self, visits: Visits, email: str = "") -> None:
        self.page = visits.visitor(email)
        # Through the debugger, not as a script of the page: the content policy stays as it is.
        self.page.context.add_init_script(path=str(AXE))
        self.found: defaultdict[str, list[str]] = defaultdict(list)

    def visit(self, *addresses: str, status: int = 200) -> Walk:
        for address in addresses:
            response = self.page.goto(address)
            assert response is not None
            if response.status != status:
                self.found[f"answers {response.status}"].append(address)
            self.examine()
        return self

    def examine(self) -> None:
        self.page.wait_for_load_state()  # after a press the next page may be there in part
        for problem, where in problems(self.page):
            self.found[problem].append(where)
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    def finish(self) -> None:
        """Nothing was found on the way."""
        assert not self.found, "\n".join(f"{problem}: {' · '.join(places)}" for problem, places in self.found.items())

    def links(self, selector: str) -> list[str]:
        """The addresses in a part of the present page, each once."""
        found = [link.get_attribute("href") or "" for link in self.page.locator(f"{selector} a[href]").all()]
        return list(dict.fromkeys(address for address in found if address.startswith("/")))


def one_of_each(portal: Portal, email: str) -> list[int]:
    """The numbers of one ticket of this person's in each state."""
    sql = """
        SELECT min(t.number) FROM tickets_ticket t JOIN accounts_user u ON u.id = t.requester_id
        WHERE u.email = %s GROUP BY t.status, t.closure ORDER BY 1
    """
    return [number for (number,) in portal.rows(sql, email)]


def test_the_examination_sees_faults(visits: Visits) -> None:
    walk = Walk(visits)
    walk.page.goto("/healthz")
    walk.page.set_content(
        '<!doctype html><html lang="pt-BR"><title>x</title><main><h1>x</h1><input><p class="wide">x</p></main></html>'
    )
    walk.page.evaluate("() => { document.querySelector('.wide').style.width = '2000px' }")
    walk.examine()
    assert any(problem.startswith("label ") for problem in walk.found)
    assert len(walk.found["too wide for its window"]) == len(WIDTHS)


def test_pages_for_everybody(visits: Visits) -> None:
    walk = Walk(visits).visit(
        "/",
        "/conta/entrar/",
        "/conta/criar/",
        "/conta/senha/recuperar/",
        "/abrir/",
        "/abrir/pen-propen/",
        "/abrir/pen-propen/executivo-federal/",
        "/abrir/pen-propen/executivo-federal/sei/",
        "/comunicados/",
    )
    walk.visit(*walk.links(".announcement-list")[:1])
    walk.visit("/nao-existe/", "/abrir/pen-propen/executivo-federal/nada/", status=404)
    walk.page.goto("/conta/entrar/")
    walk.page.locator("form[action='/conta/entrar/'] button[type=submit]").first.click()
    walk.examine()
    walk.page.goto("/conta/entrar/")
    walk.page.context.clear_cookies()
    walk.page.locator("li", has=walk.page.locator("input[value='ana@example.org']")).get_by_role("button").click()
    walk.examine()  # the page for a form whose token is gone
    walk.finish()


def test_pages_of_the_requester(visits: Visits, portal: Portal) -> None:
    walk = Walk(visits, "ana@example.org").visit(
        "/", FORM, "/avisos/", "/conta/", "/conta/email/", "/conta/senha/", "/conta/sair/"
    )
    walk.page.goto(FORM)
    walk.page.get_by_role("button", name="Abrir chamado").click()
    walk.examine()
    shown = one_of_each(portal, "ana@example.org")
    assert len(shown) >= 5
    walk.visit("/chamados/", *(f"/chamados/{number}/" for number in shown), f"/chamados/{shown[0]}/recebido/")
    walk.visit(*(f"/chamados/?aba={tab}" for tab in ("esperando", "andamento", "encerrados")))
    walk.visit("/chamados/ir/?numero=99999999", status=404)
    walk.visit("/chamados/acompanhar/")
    walk.page.goto(FORM)
    walk.page.locator("#id_descricao").fill("O que escrevi antes de a sessão terminar.")
    walk.page.context.clear_cookies(name="portal_sessao")
    walk.page.get_by_role("button", name="Abrir chamado").click()
    assert "Sua sessão terminou" in walk.page.title()
    walk.examine()
    walk.finish()


def test_pages_of_the_focal_point(visits: Visits) -> None:
    walk = Walk(visits, "gil@example.org").visit("/", "/chamados/?aba=orgao", "/chamados/acompanhar/", "/conta/orgao/")
    walk.finish()


@pytest.mark.parametrize(
    ("email", "queue", "level"), [("bia@example.org", "n2ticket", "N2"), ("caio@example.org", "n3ticket", "N3")]
)
def test_pages_of_the_desk(visits: Visits, portal: Portal, email: str, queue: str, level: str) -> None:
    rows = portal.rows("SELECT min(id) FROM tickets_ticket WHERE level = %s GROUP BY status, assignee_id IS NULL", level)
    walk = Walk(visits, email).visit("/admin/", f"/admin/tickets/{queue}/", f"/admin/tickets/{queue}/?q=nada-disso")
    walk.visit(f"/admin/tickets/{queue}/{rows[0][0]}/history/")  # is a part of the workbench
    walk.visit(*(f"/admin/tickets/{queue}/{pk}/change/" for (pk,) in rows[1:]))
    walk.visit(*(f"/admin/tickets/{queue}/{pk}/prazos/" for (pk,) in rows[:2]))
    held = "SELECT t.id FROM tickets_ticket t JOIN accounts_user u ON u.id = t.assignee_id WHERE u.email = %s AND t.status = %s"
    (working,) = portal.rows(f"{held} LIMIT 1", email, "in_progress")[0]
    walk.visit(f"/admin/tickets/{queue}/{working}/change/?acao=resolve")
    walk.page.locator("#acao-resolve button[type=submit]").click()
    walk.examine()
    if level == "N2":  # the same at both
        walk.visit("/admin/accounts/absence/", "/admin/accounts/absence/add/")
    walk.finish()


def test_pages_of_leads_and_on_behalf(visits: Visits) -> None:
    walk = Walk(visits, "lia@example.org")
    walk.visit(*(f"/admin/tickets/n2ticket/{page}/" for page in ("carga", "painel", "pessoas", "novo")))
    walk.page.get_by_label("E-mail ou CPF da pessoa").fill("ana@example.org")
    walk.page.get_by_role("button", name="Procurar").click()
    walk.examine()
    walk.page.locator(".behalf-product a").first.click()
    walk.page.get_by_role("button", name="Abrir em nome de").click()
    walk.examine()  # with everything that is missing
    walk.finish()


def test_pages_of_several_tickets(visits: Visits, portal: Portal) -> None:
    walk = Walk(visits, "lia@example.org")
    for action, label in (("take", "Assumir"), ("transfer", "Transferir de fila")):
        walk.page.goto("/admin/tickets/n2ticket/")
        for box in walk.page.locator("input[name=chosen]").all()[:2]:
            box.check()
        walk.page.locator("#bulk-action").select_option(action)
        walk.page.get_by_role("button", name="Continuar").click()
        walk.examine()
        walk.page.get_by_role("button", name=label).click()
        walk.examine()  # what became of each; the form without what it needs
    (incident,) = portal.rows("SELECT min(id) FROM tickets_incident")[0]
    walk.visit("/admin/tickets/incident/", "/admin/tickets/incident/add/", f"/admin/tickets/incident/{incident}/change/")
    walk.page.get_by_text("Responder e encerrar todos").click()
    walk.page.get_by_role("button", name="Encerrar 3 chamados").click()
    walk.examine()
    walk.finish()


def test_pages_of_the_dpo_and_of_failed_jobs(visits: Visits, portal: Portal) -> None:
    (number,) = portal.rows("SELECT min(number) FROM tickets_ticket")[0]
    pages = "/admin/tickets/personaldataticket/"
    walk = Walk(visits, "dora@example.org").visit(pages, f"{pages}?q={number}").visit(f"{pages}?q=99999999", status=422)
    walk.finish()
    Walk(visits, "duda@example.org").visit("/admin/tickets/sweepfailure/").finish()


def test_pages_of_announcements_at_the_desk(visits: Visits, portal: Portal) -> None:
    pages = "/admin/community/announcement/"
    found = portal.rows("SELECT min(id) FROM community_announcement GROUP BY state, by_mail")
    walk = Walk(visits, "duda@example.org").visit(pages, f"{pages}add/", *(f"{pages}{pk}/change/" for (pk,) in found))
    walk.page.goto(f"{pages}add/?corrige={min(found)[0]}")
    walk.page.get_by_label("Título").fill("")
    walk.page.get_by_role("button", name="Salvar e conferir").click()
    walk.page.locator(".has-error").first.wait_for()
    walk.examine()
    walk.page.get_by_label("Título").fill("Uma correção")
    walk.page.get_by_role("button", name="Salvar e conferir").click()
    walk.page.wait_for_url("**/enviar/")
    walk.examine()
    walk.finish()


def test_the_card_of_another_queue(visits: Visits, portal: Portal) -> None:
    (number,) = portal.rows("SELECT min(number) FROM tickets_ticket WHERE level = 'N2'")[0]
    Walk(visits, "caio@example.org").visit(f"/admin/tickets/n3ticket/ficha/{number}/").finish()


@pytest.mark.parametrize(
    ("email", "apps"), [("cris@example.org", {"catalog", "knowledge"}), ("admin@example.org", {"accounts", "notifications"})]
)
def test_lists_and_forms_of_the_admin(visits: Visits, email: str, apps: set[str]) -> None:
    walk = Walk(visits, email).visit("/admin/")
    lists = [address for address in walk.links("#content") if address.count("/") == 4 and address.split("/")[2] in apps]
    assert lists
    for address in lists:
        walk.visit(address)
        walk.visit(*walk.links("#result_list tbody")[:1])
    walk.finish()


@pytest.mark.parametrize("email", ["", "ana@example.org"])
def test_the_first_visit_of_the_home_page_is_light(visits: Visits, email: str) -> None:
    """Bytes over the wire, headers included, of everything the page asks for. Other hosts fail in ``visits``."""
    page = visits.visitor(email)
    page.goto("about:blank")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto("/", wait_until="networkidle")
    assert len(sizes) >= 3
    assert sum(sizes) <= HOME_BYTES
