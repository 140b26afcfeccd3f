"""Rows that were copied are those that would have been inserted."""

from __future__ import annotations

import pytest

from accounts.models import User
from catalog.models import Sphere
from helpdesk.volume_copy import copy, number
from notifications.models import Notice


@pytest.mark.parametrize("name", ["Simples", "com\ttabulação", "com\\barra \\N \\.", "duas\nlinhas\r\n", "“ação”", ""])
def test_texts_arrive_as_they_were(db: None, name: str) -> None:
    copy([Sphere(slug="a", name=name), Sphere(slug="b", name="Outra")])
    assert dict(Sphere.objects.values_list("slug", "name")) == {"a": name, "b": "Outra"}


def test_what_is_no_text_arrives_as_it_was(db: None) -> None:
    person = User.objects.create_user("ana@example.org", name="Ana")
    notice = Notice(kind="x", recipient=person, data={"ticket": 1, "words": 'aspas " e \\ barra'}, dedupe_key="x")
    copy([notice])
    found = Notice.objects.get()
    for field in Notice._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(notice, field.attname)


def test_an_id_given_before_is_kept_and_not_given_again(db: None) -> None:
    rows = [Sphere(slug=slug, name=slug) for slug in ("a", "b")]
    number(rows)
    copy(rows)
    assert list(Sphere.objects.order_by("slug").values_list("pk", flat=True)) == [row.pk for row in rows]
    assert Sphere.objects.create(slug="c", name="c").pk not in {row.pk for row in rows}


def test_nothing_to_write_is_no_error(db: None) -> None:
    number([])
    copy([])
    assert not Sphere.objects.exists()
