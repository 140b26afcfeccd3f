"""What no template may hold: the content security policy would refuse it, or it would open a hole."""

import re
from pathlib import Path

import pytest
from django.template import engines

from govbr.icons import ICONS

ROOT = Path(__file__).resolve().parent.parent / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))

FORBIDDEN = {
    "an inline style": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an event handler": r"<[^>]*\son[a-z]+\s*=",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "a javascript: address": r"javascript:",
    "text marked safe": r"\|\s*safe\b",
    "escaping turned off": r"autoescape\s+off",
    "an asset of another host": r"<(?:script|link|img|iframe|source|use)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//",
}


@pytest.mark.parametrize(
    ("what", "example"),
    [
        ("an inline style", '<p style="x">'),
        ("a style element", "<style>"),
        ("an event handler", '<button class="a" onclick="x()">'),
        ("an inline script", '<script type="module">'),
        ("a javascript: address", '<a href="javascript:x()">'),
        ("text marked safe", "{{ text|safe }}"),
        ("escaping turned off", "{% autoescape off %}"),
        ("an asset of another host", '<link rel="stylesheet" href="https://example.org/a.css">'),
    ],
)
def test_the_patterns_find_what_they_name(what: str, example: str) -> None:
    assert re.search(FORBIDDEN[what], example)


@pytest.mark.parametrize(
    "harmless",
    ['<script src="/static/portal.js"></script>', '<a href="https://example.org/">fora</a>', "<p>{{ once }} = {{ style }}</p>"],
)
def test_the_patterns_leave_the_rest_alone(harmless: str) -> None:
    assert not [what for what, pattern in FORBIDDEN.items() if re.search(pattern, harmless)]


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_holds_nothing_forbidden(name: str) -> None:
    text = re.sub(r"{#.*?#}", "", (ROOT / name).read_text(encoding="utf-8"))
    found = {what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)}
    if name.startswith("notifications/"):
        found.discard("a style element")  # a letter is no page of ours: mail readers take their styles from there alone
    assert found == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name: str) -> None:
    assert engines["django"].get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_icons_named_in_a_template_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"{% icon [\"']([\w-]+)[\"']", text)) | set(re.findall(r"\bicon=[\"']([\w-]+)[\"']", text))
    assert named <= ICONS


def test_icons_of_the_catalog_exist() -> None:
    catalog = (ROOT.parent / "catalog" / "data" / "catalog.json").read_text(encoding="utf-8")
    named = set(re.findall(r'"icone?": "([\w-]+)"', catalog))
    assert named
    assert named <= ICONS


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_form_is_included_without_its_token(name: str) -> None:
    """``{% include … only %}`` leaves out the token that ``{% csrf_token %}`` needs: what is sent would be refused."""
    included = re.findall(r"{% include \"([^\"]+)\"[^%]* only %}", (ROOT / name).read_text(encoding="utf-8"))
    assert [part for part in included if "{% csrf_token %}" in (ROOT / part).read_text(encoding="utf-8")] == []
