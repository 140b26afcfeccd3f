"""What libraries put into the admin and nobody here should find there.

E-mail addresses change through allauth's own pages, with a confirmation; Django's groups give
no rights here.
"""

import allauth.account.admin  # noqa: F401  # registers its models when first imported
import django.contrib.auth.admin  # noqa: F401  # the same; only what is registered can be taken away
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group

for model in (EmailAddress, Group):
    admin.site.unregister(model)
