"""The template tags of the design system."""

from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from govbr.icons import ICONS, UNKNOWN


def render(source: str, path: str = "/", **values: Any) -> str:
    request = RequestFactory().get(path)
    return Template("{% load govbr %}" + source).render(Context({"request": request, **values}))


def test_icon_is_decoration_of_the_sprite() -> None:
    html = render('{% icon "bell" %}')
    assert 'href="/static/icons.svg#bell"' in html
    assert 'aria-hidden="true"' in html


def test_unknown_icon_of_the_catalog_shows_a_question_mark() -> None:
    html = render("{% icon name %}", name='"><script>')
    assert f'icons.svg#{UNKNOWN}"' in html
    assert "<script>" not in html
    assert UNKNOWN in ICONS


def test_tag_says_its_state_in_words() -> None:
    html = render('{% tag text "warning" "clock" %}', text="Aguardando <você>")
    assert "br-tag is-warning" in html
    assert "icons.svg#clock" in html
    assert "Aguardando &lt;você&gt;" in html


@pytest.mark.parametrize(
    ("kind", "word"), [("info", "Informação"), ("success", "Sucesso"), ("warning", "Atenção"), ("danger", "Erro")]
)
def test_message_says_its_kind_in_a_word(kind: str, word: str) -> None:
    html = render("{% message kind %}<b>{{ text }}</b>{% endmessage %}", kind=kind, text="<i>")
    assert f"{word}: " in html
    assert "<b>&lt;i&gt;</b>" in html
    assert "role=" not in html


@pytest.mark.parametrize(
    ("level", "role", "kind"),
    [
        *(("error", "alert", "danger"), ("warning", "alert", "warning")),
        *(
            ("success", "status", "success"),
            ("info", "status", "info"),
            ("debug", "status", "info"),
            ("other", "status", "info"),
        ),
    ],
)
def test_flash_is_announced_by_its_level(level: str, role: str, kind: str) -> None:
    html = render("{% flash text level %}", text="<x>", level=level)
    assert f'class="br-message {kind}" role="{role}"' in html
    assert "&lt;x&gt;" in html


def test_breadcrumb_ends_with_the_page_itself() -> None:
    html = render('{% breadcrumb "Meus chamados" "/chamados/" "Chamado 10000001" %}')
    assert html.index('href="/"') < html.index('<a href="/chamados/">Meus chamados</a>')
    assert '<span aria-current="page">Chamado 10000001</span>' in html


@pytest.mark.parametrize(
    ("path", "current"),
    [("/chamados/", ' aria-current="page"'), ("/chamados/10000001/", ' aria-current="true"'), ("/", ""), ("/abrir/", "")],
)
def test_menu_marks_where_one_is(path: str, current: str) -> None:
    html = render('{% nav_link "/chamados/" "Meus chamados" "ticket" %}', path)
    assert f'<a href="/chamados/"{current}>' in html


def test_the_start_is_current_only_on_itself() -> None:
    assert "aria-current" not in render('{% nav_link "/" "Início" "house" %}', "/abrir/")


def test_steps_tell_the_present_one() -> None:
    html = render('{% steps 2 "Esfera|Produto|Detalhes" %}')
    assert 'aria-label="Passo 2 de 3"' in html
    assert html.count('aria-current="step"') == 1
    assert html.index("Esfera") < html.index("(feito)") < html.index('aria-current="step"') < html.index("Produto")


def test_pagination_keeps_the_filters() -> None:
    page = Paginator(range(100), 10).page(3)
    html = render("{% pagination page %}", "/chamados/?estado=abertos&page=3", page=page)
    assert 'href="?estado=abertos&amp;page=4" rel="next"' in html
    assert 'href="?estado=abertos&amp;page=2" rel="prev"' in html
    assert 'href="?estado=abertos&amp;page=3" aria-current="page"' in html


def test_one_page_needs_no_pagination() -> None:
    assert render("{% pagination page %}", page=Paginator([1], 10).page(1)).strip() == ""


def test_table_scrolls_by_itself_and_has_a_name() -> None:
    html = render('{% table "Chamados" %}<tbody></tbody>{% endtable %}')
    assert 'role="region" aria-label="Chamados" tabindex="0"' in html
    assert "<caption>Chamados</caption>" in html
    assert "<tbody></tbody>" in html
