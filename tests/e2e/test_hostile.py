"""What a hostile requester writes, shown to the team in a real browser under the content policy: it does nothing.

The markup of every page is read for such things in ``tests/abuse``; here a browser is asked whether it did anything.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.test_pages import FORM

pytestmark = pytest.mark.e2e

EVA = "eva@example.org"
RUN = "window.ran=1"
SUBJECT = f"<img src=x onerror={RUN}> \"'><svg/onload={RUN}> &lt;script&gt;"
NAME = f"Eva <svg/onload={RUN}> {{{{ 7*7 }}}}"
WORDS = "\n\n".join(
    (
        f"<script>{RUN}</script><svg onload={RUN}><details open ontoggle={RUN}>x</details><body onload={RUN}>",
        f"[aqui](javascript:{RUN}) [ali](JaVa\tScript:{RUN}) <a href='javascript:{RUN}'>x</a>",
        f"![z](data:text/html,<script>{RUN}</script>)",
        f"&lt;img src=x onerror={RUN}&gt; &#60;script&#62;{RUN}&#60;/script&#62; <<script>script>{RUN}<</script>/script>",
        '<iframe srcdoc="<script>parent.ran=1</script>"></iframe><object data=//evil.example></object>',
        "<img src='https://evil.example/p.png?ticket=1'> https://evil.example/p.png",
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        '<form action="//evil.example"><button id="conteudo" name="action">x</button></form><base href="//evil.example/">',
        f'<input autofocus onfocus={RUN}> <style>@import "//evil.example/a.css"</style> {{{{ request.user.password }}}}',
    )
)
FILE = f"<img src=x onerror={RUN}>.txt"
LEADS_AWAY = """() => [...document.querySelectorAll("a[href], form[action], [formaction]")]
    .map(found => [found.href, found.action, found.formAction].filter(address => typeof address === "string" && address))
    .flat().filter(address => !/^(https?|mailto|tel):/.test(address))"""
"""Addresses that would run something, as the browser itself reads them."""


@pytest.fixture
def eva(visits: Visits) -> Iterator[Page]:
    """Eva under a hostile name, which other tests do not meet."""
    page = visits.visitor(EVA, scripts=False)
    _call(page, NAME)
    yield page
    _call(page, "")


def _call(page: Page, social_name: str) -> None:
    page.goto("/conta/")
    page.locator("[name=social_name]").fill(social_name)
    page.locator("form", has=page.locator("[name=social_name]")).locator("button[type=submit]").first.click()


def _open(page: Page) -> str:
    page.goto(FORM)
    page.locator("[name=titulo]").fill(SUBJECT[:120])
    page.locator("[name=descricao]").fill(WORDS)
    page.locator("[name=orgao]").select_option("nenhum")
    page.locator("[name=ambiente]").select_option("Produção")
    page.locator("[name=passos_reproducao]").fill(WORDS[:2000])
    page.locator("[name=evidencias]").set_input_files({"name": FILE, "mimeType": "text/plain", "buffer": b"09:12 ERROR\n"})
    page.locator("label[for=id_ciencia_privacidade]").click()
    page.get_by_role("button", name="Abrir chamado").click()
    if page.get_by_role("heading", name="Antes de enviar, veja").count():
        page.get_by_role("button", name="Enviar mesmo assim").click()
    page.wait_for_url("**/recebido/")
    return page.locator(".big-number").inner_text().split()[0]


def test_hostile_words_names_and_files_do_nothing_to_the_team(visits: Visits, portal: Portal, eva: Page) -> None:
    """ABUSE 1, 4, 6, 7 and 8. That no page broke the policy, asked another host or failed, ``visits`` says in the end."""
    number = _open(eva)
    ((pk,),) = portal.rows("SELECT id FROM tickets_ticket WHERE number = %s", number)
    bench = f"/admin/tickets/n2ticket/{pk}/change/"
    bia, lia, dora = (visits.visitor(f"{name}@example.org") for name in ("bia", "lia", "dora"))
    bia.goto(bench)
    bia.locator("#acao-take button[type=submit]").click()
    for page, *addresses in (
        (
            bia,
            bench,
            f"/admin/tickets/n2ticket/?q={number}",
            "/admin/tickets/n2ticket/?q=onerror",
            f"{bench}?acao=resolve",
            f"/chamados/{number}/",
        ),
        (lia, bench, f"/admin/tickets/n2ticket/?q={number}"),
        (dora, f"/admin/tickets/personaldataticket/?q={number}"),
    ):
        for address in addresses:
            page.goto(address)
            expect(page.get_by_role("main")).to_contain_text("img src=x onerror")
            assert page.evaluate("() => window.ran") is None, address
            assert page.evaluate(LEADS_AWAY) == [], address
            assert page.evaluate("() => document.baseURI.startsWith(location.origin)"), address
            assert page.evaluate("() => document.querySelectorAll('iframe, object, base, meta[http-equiv]').length") == 0, (
                address
            )
    # The name that somebody gave his file is cleaned before it is kept; what stands there is words.
    bia.goto(bench)
    expect(bia.get_by_role("main")).to_contain_text("window.ran=1")
    with bia.expect_download() as download:
        bia.locator("a[href^='/anexos/']").first.click()
    assert download.value.path().read_bytes() == b"09:12 ERROR\n"
