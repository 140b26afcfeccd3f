"""Administrators see what the antivirus holds, and never the file."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import RoleGrant, User
from files import intake
from files.models import Scan, StoredFile
from tests.files.conftest import POLICY

pytestmark = pytest.mark.django_db
LIST = "/admin/files/retainedfile/"


@pytest.fixture
def admin(client: Client) -> Client:
    person = User.objects.create_user("admin@example.org", name="Administração")
    RoleGrant.objects.create(user=person, role=RoleGrant.Role.ADMIN)
    client.force_login(person)
    return client


def file(by: User, state: Scan, name: str) -> StoredFile:
    found = intake.accept(SimpleUploadedFile(name, b"a"), policy=POLICY, by=by, form_id=uuid4())
    StoredFile.objects.filter(pk=found.pk).update(scan=state, scan_said="Eicar", scan_tries=4)
    return found


def test_what_is_held_or_infected_is_listed_without_its_name(admin: Client, ana: User) -> None:
    held, infected, clean = (file(ana, state, "laudo-da-ana.txt") for state in (Scan.HELD, Scan.INFECTED, Scan.CLEAN))
    html = admin.get(LIST).content.decode()
    assert str(held.pk) in html
    assert str(infected.pk) in html
    assert str(clean.pk) not in html
    assert "laudo-da-ana" not in html + admin.get(f"{LIST}{held.pk}/change/").content.decode()


def test_a_file_is_shown_to_the_antivirus_again(admin: Client, ana: User) -> None:
    held, clean = file(ana, Scan.HELD, "a.txt"), file(ana, Scan.CLEAN, "b.txt")
    answer = admin.post(LIST, {"action": "try_again", "_selected_action": [held.pk, clean.pk]}, follow=True)
    assert "Arquivos que serão verificados de novo: 1." in answer.content.decode()
    again = StoredFile.objects.get(pk=held.pk)
    assert (again.scan, again.scan_tries, again.scan_said) == (Scan.HELD, 0, "")
    assert again.scan_due_at is not None
    assert StoredFile.objects.get(pk=clean.pk).scan == Scan.CLEAN
