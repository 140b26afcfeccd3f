"""Offerings and queues."""

from django.contrib import admin

from catalog.admin.base import CatalogAdmin
from catalog.models import Offering, Queue


@admin.register(Offering)
class OfferingAdmin(CatalogAdmin[Offering]):
    core_system_path = "product__core_system"
    identity = ("sphere", "product", "support_type")
    list_display = ("product", "support_type", "sphere", "first_level", "default_priority", "attachment_need", "active")
    list_filter = ("active", "sphere", "product", "support_type", "attachment_need")
    list_select_related = ("product", "support_type", "sphere")
    ordering = ("product__name", "support_type__position", "sphere__position")
    search_fields = ("product__name", "product__former_name", "support_type__name")
    fields = (
        "sphere",
        "product",
        "support_type",
        "first_level",
        "n2_queue",
        "n3_queue",
        "default_priority",
        "attachment_need",
        "active",
    )


@admin.register(Queue)
class QueueAdmin(CatalogAdmin[Queue]):
    core_system_path = "product__core_system"
    identity = ("slug", "product", "level")
    list_display = ("name", "product", "level", "successor", "active")
    list_filter = ("active", "level")
    list_select_related = ("product", "successor")
    search_fields = ("name", "slug", "product__name")
    fields = ("slug", "name", "product", "level", "successor", "active")
