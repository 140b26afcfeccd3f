"""What every page knows of somebody's notices."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

import worktime
from accounts.models import User
from notifications.context import unread
from notifications.models import Notice
from tests.notifications.conftest import Enqueue


@pytest.mark.django_db
def test_the_bell_counts_own_unread_notices(ana: User, eva: User, enqueue: Enqueue) -> None:
    enqueue(ana, 1)
    enqueue(ana, 2)
    enqueue(eva, 1)
    Notice.objects.filter(data__number=2).update(read_at=worktime.now())
    request = HttpRequest()
    request.user = ana
    assert unread(request)["unread_notices"] == 1


def test_nobody_has_no_notices() -> None:
    request = HttpRequest()
    assert unread(request) == {"unread_notices": 0, "mail_fails": False}
    request.user = AnonymousUser()
    assert unread(request) == {"unread_notices": 0, "mail_fails": False}
