"""Routing rules."""

from django.contrib import admin

from catalog.admin.base import CatalogAdmin
from catalog.forms import RoutingRuleForm
from catalog.models import RoutingRule


@admin.register(RoutingRule)
class RoutingRuleAdmin(CatalogAdmin[RoutingRule]):
    form = RoutingRuleForm
    core_system_path = "core_system"
    identity = ("core_system", "slug")
    list_display = ("situation", "slug", "outcome", "priority", "position", "active")
    list_filter = ("active", "outcome")
    search_fields = ("situation", "slug", "requester_text", "analyst_text")
    fields = (
        "core_system",
        "slug",
        "situation",
        "conditions",
        "outcome",
        "priority",
        "requester_text",
        "analyst_text",
        "source",
        "position",
        "active",
    )
