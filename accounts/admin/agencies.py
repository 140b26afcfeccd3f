"""Public bodies: curators and administrators keep the list."""

from django.contrib import admin

from accounts import rights
from accounts.admin.granted import GrantedAdmin
from accounts.models import Agency


@admin.register(Agency)
class AgencyAdmin(GrantedAdmin[Agency]):
    view_roles = rights.READ_CATALOG
    edit_roles = rights.EDIT_CATALOG
    list_display = ("acronym", "name", "sphere", "state", "kind", "supervising_body", "active")
    list_display_links = ("acronym", "name")
    list_filter = ("sphere", "kind", "power", "legal_nature", "active", "state")
    list_select_related = ("sphere", "supervising_body")
    search_fields = ("name", "acronym", "slug")
    prepopulated_fields = {"slug": ("acronym",)}
