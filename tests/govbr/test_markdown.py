"""Markdown that people write, as HTML that can do no harm."""

import html
import re
from html.parser import HTMLParser
from time import process_time

import pytest

from govbr import markdown


class Reader(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def test_what_writers_need_is_there() -> None:
    html = markdown.html("# Um\n\nTexto **forte** e [link](/abrir/).\n\n1. a\n2. b\n\n| x | y |\n|---|---|\n| 1 | 2 |")
    assert "<h2>Um</h2>" in html
    assert "<strong>forte</strong>" in html
    assert '<a href="/abrir/" rel="noopener noreferrer">link</a>' in html
    assert "<li>b</li>" in html
    assert "<td>2</td>" in html


@pytest.mark.parametrize(
    ("source", "tag"), [("# a", "h5"), ("## a", "h5"), ("###### a", "h5"), ("# x\n## a", "h6"), ("# x\n### a", "h6")]
)
def test_headings_stand_below_those_of_the_page(source: str, tag: str) -> None:
    assert markdown.html(source, highest=5).strip().endswith(f"<{tag}>a</{tag}>")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://example.org/a.png)",
        "<a href='https://example.org' onclick='x()'>a</a>",
        "<iframe src=//example.org></iframe>",
        '[a](https://example.org "x\\" onmouseover=alert(1)")',
        "<svg><style><!--</style><img src=x onerror=alert(1)>",
        "<style>@import 'x'</style>",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "[[a](javascript:alert(1))](data:text/html,x)",
        "https://example.org/<script>alert(1)</script>",
    ],
)
def test_nothing_runs_or_loads(source: str) -> None:
    for as_typed in (False, True):
        reader = Reader()
        reader.feed(markdown.html(source, as_typed=as_typed))
        assert set(reader.tags) <= {"p", "a"}
        assert {name for name, _ in reader.attributes} <= {"href", "title", "rel"}
        assert all(value.startswith("https://example.org") for name, value in reader.attributes if name == "href")


def test_what_is_typed_in_a_hurry_keeps_its_lines_and_its_addresses_lead() -> None:
    html = markdown.html(
        "Veja (https://a.example/x_y?p=1&q=2).\nOu `https://b.example`, [lá](https://c.example).", as_typed=True
    )
    assert html == (
        '<p>Veja (<a href="https://a.example/x_y?p=1&amp;q=2" rel="noopener noreferrer">https://a.example/x_y?p=1&amp;q=2</a>).'
        '<br>\nOu <code>https://b.example</code>, <a href="https://c.example" rel="noopener noreferrer">lá</a>.</p>\n'
    )


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("**https://a.example/b**", "https://a.example/b"),
        ("<https://a.example/b>", "https://a.example/b"),
        ("[https://a.example](https://b.example)", "https://b.example"),
    ],
)
def test_an_address_ends_where_it_ends(typed: str, address: str) -> None:
    reader = Reader()
    reader.feed(markdown.html(typed, as_typed=True))
    assert [value for name, value in reader.attributes if name == "href"] == [address]


def test_a_mail_without_form_can_be_read() -> None:
    source = "Olá, **Ana**,\n\nfaça assim:\nagora\n\n- um\n- dois\n  1. três\n\n> cita\n\nVeja [o guia](https://a.example) e https://b.example."
    assert markdown.readable(source) == (
        "Olá, Ana,\n\nfaça assim:\nagora\n\n- um\n- dois\n  1. três\n\ncita\n\n"
        "Veja o guia (https://a.example) e https://b.example."
    )


@pytest.mark.parametrize(
    ("shown", "stands"),
    [
        ("senha é abc123", "senha **é** `abc123"),
        ("abc123\noutra coisa", "abc123`\n- outra *coisa"),
        ("guia", "guia"),
        ("nada disso", ""),
        ("*" * 300 + "ÿÿÿ", ""),
        ("- " * 240 + "ÿÿÿ", ""),
        (" ", ""),
    ],
)
def test_what_is_copied_from_the_page_is_found_in_the_source(shown: str, stands: str) -> None:
    source = "A senha **é** `abc123`\n- outra *coisa*\n\n[guia](https://a.example)" + "- " * 5_000 + "*" * 5_000
    assert markdown.passage_in(source, shown) == stands


@pytest.mark.parametrize("source", ["", "\0", "[" * 5_000, "> " * 3_000, "*" * 20_000, "`" * 9_999, "|" * 5_000])
def test_whatever_is_written_raises_nothing(source: str) -> None:
    assert isinstance(markdown.html(source), str)
    assert isinstance(markdown.html(source, as_typed=True), str)
    assert isinstance(markdown.plain(source), str)
    assert isinstance(markdown.readable(source), str)


@pytest.mark.parametrize("sign", ["[", "![", "[[]", "[a][", "[\n", "[x\\]", "*", "`a``", "> ", "[a](<"])
def test_the_longest_text_of_one_sign_is_soon_read(sign: str) -> None:
    """Seconds of the processor, far above what a slow machine takes; without the bound brackets take several more."""
    begun = process_time()
    for as_typed in (False, True):
        markdown.html((sign * 30_000)[:30_000], as_typed=as_typed)
    assert process_time() - begun < 1.5


def test_links_are_links_up_to_more_than_anybody_writes() -> None:
    link = "[a](/abrir/) "
    assert markdown.html(link * markdown.MOST_BRACKETS).count("<a ") == markdown.MOST_BRACKETS
    assert "<a " not in markdown.html(link * (markdown.MOST_BRACKETS + 1))


def test_a_table_is_one_up_to_more_than_anybody_writes() -> None:
    def table(rows: int) -> str:
        return "| a | b | c |\r\n|---|---|---|\r\n" + "| 1 | 2 | 3 |\r\n" * rows

    assert markdown.html(f"{table(100)}\r\n" * 5).count("<table>") == 5
    assert "<table>" not in markdown.html(table(markdown.MOST_CELLS))


def test_plain_text_has_no_signs() -> None:
    assert markdown.plain("# Um\n\nTexto **forte** e\n[link](/x/).\n\n- `a`\n- b\n\n```\ncódigo\n```") == (
        "Um\nTexto forte e link.\na\nb\ncódigo"
    )


@pytest.mark.parametrize(
    "name", ["https://evil.example/x", "Ana http://evil.example", "(https://a.example)", "[x](https://a.example)"]
)
def test_what_is_filled_in_as_it_is_leads_nowhere(name: str) -> None:
    said = f"Olá, {markdown.escaped(name)}. Veja https://gov.example/a?b=1&c=d\\:e e https://gov.example/f&amp;g."
    shown = markdown.html(said, as_typed=True)
    assert shown.count("<a ") == 2
    assert 'href="https://gov.example/a?b=1&amp;c=d:e"' in shown
    assert 'href="https://gov.example/f&amp;g"' in shown
    assert html.unescape(re.sub("<[^>]+>", "", shown)).startswith(f"Olá, {name}. Veja https://gov.example/a")
    assert "\0" not in shown
    assert markdown.readable(said).startswith(f"Olá, {name}. Veja")
