"""Attacks by what people write and by what stands in an address: classes 1, 6 to 10, 37, 45 and 54."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, RoleGrant
from files.intake import clean_name
from govbr import markdown
from knowledge import placeholders
from notifications.letters import letter
from notifications.models import Notice
from tests.abuse.markup import dangers
from tests.cast import form, opened, person
from tests.tickets.admin.desk import bench_url, queue_url, signed_in
from tests.tickets.asking import ERROR_FORM, short_form, written
from tickets import lifecycle, secrets
from tickets.lifecycle import AgencyChoice
from tickets.models import Ticket
from tickets.states import Via

SCRIPTS = {
    "01_javascript_link": "javascript:alert(1) <a href='javascript:alert(1)'>x</a>",  # RTIR CVE-2026-105456
    "01_script": "<script>alert(1)</script><svg/onload=alert(1)><body onload=alert(1)>",  # RT CVE-2003-0273
    "06_decoded_again": "&lt;img src=x onerror=alert(1)&gt; &#60;script&#62;alert(1)&#60;/script&#62;",  # CVE-2026-118046
    "07_markdown_link": "[x](javascript:alert(1)) [y](JaVa\tScript:alert(1)) ![z](data:text/html,<script>)",  # CVE-2021-3994
    "07_hidden_link": "<javascript:alert(1)> [a]: javascript:alert(1)\n\n[a] [b](data:text/html;base64,PHNjcmlwdD4=)",
    "07_nested_brackets": "[[x](javascript:alert(1))](data:text/html,y) [![z](javascript:alert(1))](//evil.example)",
    "07_link_with_handler": 'https://evil.example/"onmouseover="alert(1) http://a.b/<script>',
    "08_nested": "<<script>script>alert(1)<</script>/script> <scr<script>ipt>alert(1)</scr</script>ipt>",  # GHSA-jpq8-j69f-mj98
    "45_tracking_pixel": '<img src="https://evil.example/p.png?ticket=1"> https://evil.example/p.png',  # GHSA-qjr9-6v9q-3r72
    "54_iframe": '<iframe src="https://www.youtube.com@evil.example/"></iframe><object data=//evil.example>',  # osTicket
    "01_template": "{{ request.user.password }} {% include 'admin/base.html' %} {0.__class__}",
}


def every_page_of(c: SimpleNamespace, ticket: Ticket) -> dict[str, str]:
    """The pages and the mails on which somebody's words and names are shown."""
    RoleGrant.objects.create(user=c.celia, role="admin")
    asked = {
        c.ana: [
            "/",
            "/chamados/",
            f"/chamados/{ticket.number}/",
            f"/chamados/{ticket.number}/recebido/",
            "/conta/",
            "/avisos/",
        ],
        c.gil: ["/chamados/?aba=orgao", f"/chamados/{ticket.number}/", "/conta/orgao/"],
        c.bia: [queue_url("N2"), bench_url(ticket), f"/chamados/{ticket.number}/"],
        c.celia: [
            "/admin/",
            *(reverse(f"admin:{n}_changelist") for n in ("accounts_user", "accounts_membership", "notifications_notice")),
        ],
    }
    pages = {}
    for reader, addresses in asked.items():
        client = signed_in(reader)
        pages |= {f"{reader} {url}": client.get(url).content.decode() for url in addresses}
    for notice in Notice.objects.select_related("recipient"):
        [(page, _)] = letter(notice, None).alternatives
        pages[f"mail {notice.kind}"] = str(page).replace("<style>", "")  # the layout's own, which mail programs need
    return pages


@pytest.mark.parametrize("words", SCRIPTS.values(), ids=SCRIPTS)
def test_words_and_names_run_and_load_nothing(c: SimpleNamespace, words: str) -> None:
    """Classes 1, 6, 7, 8, 45 and 54: each script is named with the attack that it is known by."""
    for user in (c.ana, c.gil):
        user.name = user.social_name = words[:150]
        user.save()
    c.a.acronym = words[:30]
    c.a.save()
    ticket = opened(c, subject=words[:120], body=words)
    lifecycle.take(ticket.pk, by=c.bia, via=Via.DESK, request_id=form())
    lifecycle.ask(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body=words)
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body=words)
    LogEntry.objects.log_actions(c.celia.pk, Membership.objects.filter(user=c.ana), 2, words)
    pages = every_page_of(c, ticket)
    assert {name: found for name, page in pages.items() if (found := dangers(page))} == {}
    assert c.ana.password not in "".join(pages.values())


def test_06_a_body_outside_the_list_is_text(c: SimpleNamespace) -> None:
    """GFI HelpDesk CVE-2026-23758: free text of a person's data in the staff's pages."""
    evil = '"><script>alert(1)</script>'
    choice = AgencyChoice(unlisted_name=evil, unlisted_state="DF", unlisted_sphere=c.sphere)
    ticket = opened(c, by=person("Mal"), agency=choice)
    for url in (queue_url("N2"), bench_url(ticket), f"/chamados/{ticket.number}/"):
        page = signed_in(c.bia).get(url).content.decode()
        assert "&lt;script&gt;" in page
        assert dangers(page) == []


EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
REFLECTING = [
    "/chamados/?aba={}&pagina={}",
    "/chamados/ir/?numero={}",
    "/avisos/?page={}",
    "/conta/orgao/?page={}",
    "/conta/senha/nova/1-{}/",
    "/conta/confirmar-email/{}/",
    "/{}",
    "/admin/{}/",
    "/admin/tickets/n2ticket/?q={}",
    "/admin/tickets/n2ticket/?situacao={}&atendente={}&produto={}&p={}&o={}",
    "/admin/tickets/n2ticket/?{}={}",
    "/admin/accounts/user/?q={}&is_active__exact={}",
    "/admin/catalog/product/?q={}&p={}",
    "/admin/catalog/product/add/?_changelist_filters={}&name={}&_popup=1&_to_field=id",
]


@pytest.mark.parametrize("address", REFLECTING)
@pytest.mark.parametrize("who", ["gil", "bia", "celia"])
def test_09_reflected_by_parameters(c: SimpleNamespace, address: str, who: str) -> None:
    """osTicket CVE-2018-7196 and CVE-2023-1315, Znuny CVE-2025-52204: sort, period and keyword came back as markup."""
    RoleGrant.objects.create(user=c.celia, role="admin")
    response = signed_in(getattr(c, who)).get(address.replace("{}", EVIL))
    assert response.status_code < 500
    assert dangers(response.content.decode()) == []
    assert EVIL not in response.content.decode()


@pytest.mark.parametrize("next_page", [EVIL, "javascript:alert(1)"])
def test_09_reflected_by_the_page_to_return_to(db: None, next_page: str) -> None:
    page = Client().get("/conta/entrar/", {"next": next_page}).content.decode()
    assert dangers(page) == []


@pytest.mark.parametrize("referer", [EVIL, "javascript:alert(1)", "https://evil.example/" + "a" * 8000])
def test_10_by_referer(c: SimpleNamespace, referer: str) -> None:
    """Roundup PYSEC-2024-64: the address of the page before was shown, and a long one stopped the server."""
    strict = Client(enforce_csrf_checks=True, headers={"referer": referer})
    strict.force_login(c.ana)
    for response in (strict.get("/nada/"), strict.post("/avisos/lidos/"), strict.get("/chamados/")):
        assert response.status_code in (200, 403, 404)
        assert "evil" not in response.content.decode()
        assert dangers(response.content.decode()) == []


SLOW = {
    "links": "http://" * 2_800,
    "dots": "www." + "." * 19_000,
    "brackets": "http://a.b/" + "(" * 9_000 + ")" * 9_000,
    "entities": "&;" * 9_900,
    "marks": "[" * 9_000 + "](" * 5_000,
    "mails": "a@" * 9_900,
    "spaces": " \n" * 9_000 + "a",
    "folding": "\u0390\ufb03" * 9_900,
}


@pytest.mark.parametrize("words", SLOW.values(), ids=SLOW)
def test_37_crafted_text_costs_no_more_than_any_other(c: SimpleNamespace, words: str) -> None:
    """OTRS CVE-2021-21439: an address in a text, made for the search of addresses, held a processor for minutes."""
    begun = time.process_time()
    ticket = opened(c, body=words[:20_000], subject=words.strip()[:120] or "x")
    assert signed_in(c.ana).get(f"/chamados/{ticket.number}/").status_code == 200
    assert signed_in(c.bia).get(bench_url(ticket)).status_code == 200
    clean_name(words + ".txt")
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("words", SLOW.values(), ids=SLOW)
def test_37_crafted_answers_are_judged_at_once(c: SimpleNamespace, words: str) -> None:
    """RT CVE-2014-1474: a crafted list of addresses; every field of a form takes text of any length first."""
    short_form(c)
    data = written(c, **dict.fromkeys(("titulo", "descricao", "data_hora_ocorrencia", "chamado_relacionado"), words))
    begun = time.process_time()
    assert signed_in(c.ana).post(ERROR_FORM, data).status_code == 422
    account = {"name": words, "phone": words, "cpf": words}
    assert signed_in(c.ana).post("/conta/", account).status_code == 422
    assert time.process_time() - begun < 3
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("words", ["a|" * 1_000 + "\n" + "-|" * 1_000 + "\n" + "x\n" * 8_000, "> a|\n> -|\n" * 1_600])
def test_37_a_crafted_table_is_as_short_as_its_text(words: str) -> None:
    """OTRS CVE-2021-21439: a wide head over short rows, whose empty cells the parser fills up, in words of the team."""
    begun = time.process_time()
    assert len(markdown.html(words[:20_000], as_typed=True)) < 10 * len(words)
    markdown.readable(words[:20_000])
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("words", ["{{" + " " * 20_000, "{{ a " * 6_000, "{{" * 15_000, "{" * 30_000])
def test_37_crafted_placeholders_are_looked_for_at_once(words: str) -> None:
    """OTRS CVE-2021-21439: braces that never close made the page of an article, which everybody reads, take hours."""
    begun = time.process_time()
    assert (placeholders.named(words), placeholders.unknown(words)) == (set(), [])
    assert placeholders.filled(words, {}) == words
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("words", ["senha:", "senha ", "curl -u a", "curl ", "eyJaaaaaaaaaa.", "bearer ", "a://a:", "((("])
def test_37_crafted_secrets_are_looked_for_at_once(words: str) -> None:
    """The same of passwords, which are looked for in all that is sent."""
    begun = time.process_time()
    secrets.find((words * 30_000)[:30_000])
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "bad",
    [
        "<script>x</script>",
        "<script src='//evil.example/x.js'></script>",
        "<a href=' java\tscript:x'>",
        "<img src=https://evil.example/p.png>",
        "<p onclick=x>",
        "<p style=x>",
        "<iframe>",
    ],
)
def test_the_search_for_dangers_finds_them(bad: str) -> None:
    assert dangers(f'<p><a href="https://ok.example/">ok</a>{bad}')
