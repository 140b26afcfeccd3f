"""What libraries put into the admin and nobody here should find there.

E-mail addresses change through allauth's own pages, with a confirmation; Django's groups give
no rights here.
"""

import allauth.account.admin
import django.contrib.auth.admin  # noqa: F401  # both register their models when first imported
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group

assert allauth.account.admin  # noqa: S101
for model in (EmailAddress, Group):
    admin.site.unregister(model)
