"""Components of the design system as template tags. They take words and kinds, and know nothing of tickets."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypedDict

from django import forms, template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

import worktime
from govbr.icons import ICONS, UNKNOWN
from govbr.paging import Page as CountFree

register = template.Library()

KINDS = {
    "info": ("circle-info", "Informação"),
    "success": ("circle-check", "Sucesso"),
    "warning": ("triangle-exclamation", "Atenção"),
    "danger": ("circle-exclamation", "Erro"),
}
"""Kind of a message → its icon and its word, so that colour is never the only sign."""

LEVELS = {"debug": "info", "error": "danger"}
"""Levels of Django's messages that the design system calls otherwise."""


@register.simple_tag
@lru_cache(maxsize=500)  # a page holds dozens, and only a new build changes them
def icon(name: str, css_class: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the text beside it says the same.

    A name that `icons.json` lacks, which the catalog may hold, shows a question mark.
    """
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css_class,
        static("icons.svg"),
        name if name in ICONS else UNKNOWN,
    )


@register.simple_tag
def tag(text: str, kind: str = "", sign: str = "") -> SafeString:
    """A small label, with an icon. ``kind``: info, success, warning, danger or nothing; the text carries the meaning."""
    css_class = f"br-tag is-{kind}" if kind else "br-tag"
    return format_html('<span class="{}">{}{}</span>', css_class, icon(sign) if sign else "", text)


@register.simple_block_tag
def message(content: str, kind: str = "info", title: str = "", role: str = "") -> SafeString:
    """A box with icon and word. ``role="alert"`` only for what comes up in answer to the reader."""
    return _message(content, kind, title, role)


@register.simple_tag
def flash(text: str, level: str) -> SafeString:
    """One of Django's messages: announced at once if something went wrong, else politely."""
    kind = LEVELS.get(level, level if level in KINDS else "info")
    return _message(text, kind, "", "alert" if kind in ("danger", "warning") else "status")


def _message(content: str, kind: str, title: str, role: str) -> SafeString:
    icon_name, word = KINDS[kind]
    values = {"content": content, "kind": kind, "icon": icon_name, "word": word, "title": title, "role": role}
    return render_to_string("govbr/message.html", values)


@register.simple_block_tag
def table(content: str, caption: str) -> SafeString:
    """Wraps ``<thead>`` and ``<tbody>`` in a captioned table that scrolls by itself on a narrow screen."""
    return render_to_string("govbr/table.html", {"content": content, "caption": caption})


class Crumb(TypedDict):
    label: str
    url: str


@register.inclusion_tag("govbr/breadcrumb.html")
def breadcrumb(*trail: str) -> dict[str, list[Crumb]]:
    """``{% breadcrumb "Meus chamados" url "Chamado 10000001" %}``: labels and addresses by turns, the page itself last."""
    pairs = [*trail, ""] if len(trail) % 2 else list(trail)
    return {"crumbs": [Crumb(label=label, url=url) for label, url in zip(pairs[::2], pairs[1::2], strict=True)]}


@register.simple_tag(takes_context=True)
def nav_link(context: RequestContext, url: str, label: str, sign: str) -> SafeString:
    """An entry of the menu with its icon, marked as the current one on its page and on those below it."""
    path = getattr(context.get("request"), "path", "")
    current = "page" if path == url else "true" if url != "/" and path.startswith(url) else ""
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<li><a href="{}"{}>{} {}</a></li>', url, mark, icon(sign), label)


@register.inclusion_tag("govbr/steps.html")
def steps(current: int, labels: str) -> dict[str, object]:
    """Where one is on a way of several pages. ``labels`` is parted by ``|``; ``current`` counts from 1."""
    names = labels.split("|")
    return {"steps": list(enumerate(names, start=1)), "current": current, "total": len(names)}


@register.inclusion_tag("govbr/pagination.html", takes_context=True)
def pagination(context: RequestContext, page: Page[object], name: str = "page") -> dict[str, object]:
    """Links to the pages of a list; the other parameters of the address stay."""
    pages: Sequence[int | str] = list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
    request = context["request"]

    def address(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "links": [(number, address(number) if isinstance(number, int) else "") for number in pages],
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("govbr/pages.html", takes_context=True)
def pages(context: RequestContext, page: CountFree[object], name: str = "page") -> dict[str, object]:
    """The ways on and back of a list that nobody counts (``govbr.paging``); the other parameters of the address stay."""

    def address(number: int) -> str:
        query = context["request"].GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "previous": address(page.number - 1) if page.number > 1 else "",
        "next": address(page.number + 1) if page.more else "",
    }


@register.inclusion_tag("govbr/errors.html")
def form_errors(form: BaseForm) -> dict[str, BaseForm]:
    """The summary above a form: each problem, with a link to its field."""
    return {"form": form}


@register.filter
def moment(at: datetime | None) -> str:
    """``22/11/2026, 4h41``, in Brasília: the one way in which pages and letters write a moment."""
    return worktime.moment_said(at) if at else ""


@register.filter
def first_id(field: BoundField) -> str:
    """The id of the control that a link to the field should reach."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's control, tied to its help, its limit and its error for screen readers.

    A form field may carry ``suggestions`` (a list of texts): they are offered while typing, and anything else
    may be typed too.
    """
    attrs: dict[str, str | bool] = {"aria-describedby": described_by(field)} if described_by(field) else {}
    if not field.errors and field.field.required and isinstance(field.field.widget, (forms.CheckboxInput, forms.Select)):
        attrs["aria-invalid"] = "false"  # browsers call these wrong while they are empty, before anybody was asked
    suggestions = getattr(field.field, "suggestions", ())
    if suggestions:
        attrs["list"] = f"{field.auto_id}_suggestions"
    return field.as_widget(attrs=attrs)


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of the help and of the error, as far as the field has them."""
    has_help = bool(field.help_text) or bool(length_limit(field))
    ids = [f"{field.auto_id}_helptext"] * has_help + [f"{field.auto_id}_error"] * bool(field.errors)
    return " ".join(ids)


@register.filter
def need(field: BoundField) -> str:
    """Whether an answer is required, in words; a form field may carry a ``need`` of its own.

    Empty where there is an answer from the start and no way to take it back: nobody can leave it out.
    """
    said: str | None = getattr(field.field, "need", None)
    if said is not None:
        return said
    if type(field.field.widget) is forms.RadioSelect and field.field.required and field.initial:
        return ""
    return "obrigatório" if field.field.required else "opcional"


@register.filter
def length_limit(field: BoundField) -> int | None:
    """The most characters that a text of several lines may have, if there is a limit."""
    limit: int | None = getattr(field.field, "max_length", None)
    return limit if isinstance(field.field.widget, forms.Textarea) else None


DRESSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "br-checkbox"),
    (forms.RadioSelect, "options"),  # the boxes of CheckboxSelectMultiple too, which descends from it
    (forms.FileInput, "br-upload"),
    (forms.Select, "br-select"),
    (forms.Textarea, "br-textarea"),
)


@register.filter
def dress(field: BoundField) -> str:
    """The design system's class for the control, or ``options`` for a group of radios or boxes."""
    return next((name for widget, name in DRESSES if isinstance(field.field.widget, widget)), "br-input")
