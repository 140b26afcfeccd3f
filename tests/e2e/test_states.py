"""Pages in states that one seldom meets, through axe, wide and narrow: every end of a ticket, refusals, nothing there."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.test_pages import Walk

pytestmark = pytest.mark.e2e

OTTO = "otto@example.org"
"""Has asked for nothing and is told nothing."""
EVERY_STATE = {
    "queued": {""},
    "in_progress": {""},
    "waiting_requester": {""},
    "waiting_external": {""},
    "in_validation": {""},
    "closed": {"resolved", "solved_by_requester", "duplicate", "out_of_scope", "cancelled", "no_interaction"},
    "final": {"resolved"},
}
COLLEAGUES = """
    SELECT t.subject, s.slug, p.slug, k.slug FROM tickets_ticket t
    JOIN accounts_user u ON u.id = t.requester_id JOIN catalog_offering o ON o.id = t.offering_id
    JOIN catalog_sphere s ON s.id = o.sphere_id JOIN catalog_product p ON p.id = o.product_id
    JOIN catalog_supporttype k ON k.id = o.support_type_id
    WHERE u.email = 'joel@example.org' AND t.status IN ('in_progress', 'queued') ORDER BY t.number LIMIT 1
"""
"""Of Ana's body and not hers: she sees a card of it."""


def test_a_ticket_in_every_state(visits: Visits, portal: Portal, made: dict[str, int]) -> None:
    sql = """
        SELECT t.status, t.closure, min(t.number) FROM tickets_ticket t JOIN accounts_user u ON u.id = t.requester_id
        WHERE u.email = %s GROUP BY 1, 2
    """
    hers = {(status, closure): number for status, closure, number in portal.rows(sql, "eva@example.org")}
    wanted = {(status, closure) for status, closures in EVERY_STATE.items() for closure in closures}
    assert wanted - set(hers) == {("closed", "no_interaction")}  # nobody hurries that one; Hugo has it
    walk = Walk(visits, "eva@example.org")
    walk.visit(*(f"/chamados/{hers[state]}/" for state in sorted(wanted & set(hers))))
    walk.visit(f"/chamados/{made['longo']}/", "/chamados/?aba=todos")
    walk.visit(f"/chamados/{made['arquivos']}/")
    expect(walk.page.get_by_role("main")).to_contain_text("Bloqueado: o antivírus encontrou um vírus neste arquivo.")
    expect(walk.page.get_by_role("main")).to_contain_text("Em verificação pelo antivírus.")
    walk.finish()

    ((lost,),) = portal.rows(
        "SELECT t.number FROM tickets_ticket t JOIN accounts_user u ON u.id = t.requester_id"
        " WHERE u.email = 'hugo@example.org' AND t.closure = 'no_interaction' LIMIT 1"
    )
    walk = Walk(visits)
    walk.page.goto(f"/conta/entrar/?next=/chamados/{lost}/")
    walk.page.get_by_label("E-mail").fill("hugo@example.org")
    walk.page.get_by_label("Senha (").fill("demo")
    walk.page.get_by_label("Senha (").press("Enter")
    walk.page.wait_for_url(f"/chamados/{lost}/")
    walk.examine()
    walk.finish()


def test_a_card_of_a_colleagues_ticket_and_the_wish_to_follow_it(visits: Visits, portal: Portal) -> None:
    ((subject, sphere, product, kind),) = portal.rows(COLLEAGUES)
    walk = Walk(visits, "ana@example.org")
    walk.page.goto(f"/abrir/pen-propen/{sphere}/{product}/{kind}/")
    walk.page.locator("[name=titulo]").fill(subject)
    follow = walk.page.get_by_role("button", name="Pedir para acompanhar").first
    expect(follow).to_be_visible()  # of itself, while one writes
    walk.examine()
    follow.click()
    expect(walk.page.get_by_role("main")).to_contain_text("Você já pediu para acompanhar.")
    walk.examine()
    walk.page.get_by_text("Descartar o rascunho").click()
    walk.page.get_by_role("button", name="Descartar de vez").click()
    walk.examine()
    walk.finish()


def test_refusals_and_nothing_there(visits: Visits) -> None:
    walk = Walk(visits, OTTO).visit("/chamados/", "/avisos/", "/chamados/?q=nada", "/conta/")
    walk.visit("/admin/catalog/product/", status=403)
    walk.page.goto("/conta/")
    form = walk.page.locator("main form[method=post]").first
    # As often as the limit on changes of one's account allows, and once more by hand.
    fields = form.evaluate("form => [form.action, new URLSearchParams(new FormData(form)).toString()]")
    walk.page.evaluate(
        """async ([action, body]) => {
            for (let n = 0; n < 30; n += 1) await fetch(action, {method: "POST", body: new URLSearchParams(body)});
        }""",
        fields,
    )
    form.locator("button[type=submit]").first.click()
    expect(walk.page.get_by_role("heading", level=1)).to_have_text("Muitas tentativas em pouco tempo")
    walk.examine()
    walk.page.goto("/healthz")
    walk.page.set_content(render_to_string("500.html"))
    expect(walk.page.get_by_role("heading", level=1)).to_have_text("O portal teve um problema")
    walk.examine()
    walk.finish()
