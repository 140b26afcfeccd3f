"""The themes of what is treated, which the ombudsman and the curators keep."""

from django.contrib import admin

from accounts.admin import GrantedAdmin
from accounts.models import RoleGrant
from feedback.models import Theme

Role = RoleGrant.Role


@admin.register(Theme)
class ThemeAdmin(GrantedAdmin[Theme]):
    """Nothing is deleted: what was treated keeps its theme."""

    view_roles = (Role.MANAGER,)
    edit_roles = (Role.OMBUDSMAN, Role.CURATOR, Role.ADMIN)
    list_display = ("name", "position", "active")
    list_filter = ("active",)
    ordering = ("position", "name")
    fields = ("name", "position", "active")
