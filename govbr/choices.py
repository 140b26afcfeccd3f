"""Lists of choices as form controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from django.forms.renderers import BaseRenderer

SELECTED: Final = mark_safe(" selected")  # a constant


class LongSelect(forms.Select):
    """A list of hundreds of choices, without groups. Drawn without templates: of several these took half a page's time."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = set(self.format_value(value))
        options = (
            (key, SELECTED if str(key) in chosen else "", label)
            for key, label in self.choices  # pairs: there are no groups
        )
        drawn = format_html_join("", '<option value="{}"{}>{}</option>', options)
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name})), drawn
        )
