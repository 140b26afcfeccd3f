"""The desk's admin site."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class Desk(AdminSite):
    site_header = "Central de Atendimento"
    site_title = "Central de Atendimento"
    index_title = "Mesa de trabalho"


class DeskConfig(AdminConfig):
    default_site = "helpdesk.admin_site.Desk"
