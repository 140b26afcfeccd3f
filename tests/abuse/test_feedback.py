"""Attacks on what people say of the service: classes 21, 29 and 30, and on who writes without a name."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

import worktime
from feedback.models import Manifestation, SurveyAnswer
from tests.cast import form
from tests.feedback.writing import with_otto, written
from tests.tickets.admin.desk import signed_in

MANIFESTATIONS = "/admin/feedback/manifestation/"
ANSWERS = "/admin/feedback/surveyanswer/"


@pytest.fixture(autouse=True)
def fresh_counts(db: None) -> None:
    cache.clear()


@pytest.mark.parametrize(
    "asked", ["author", "author__exact", "author__gte", "author__isnull", "author_id", "show_name", "code_hash"]
)
def test_21_no_author_is_guessed_through_the_address(c: SimpleNamespace, asked: str) -> None:
    """django-helpdesk GHSA-mxcg-7m22-x9pj: a manager asked the list for a person's manifestations, whose authors it hides."""
    with_otto(c)
    made = written(c)
    manager = signed_in(c.duda)
    assert str(made.number) in manager.get(MANIFESTATIONS).content.decode()
    response = manager.get(MANIFESTATIONS, {asked: str(c.ana.pk)})
    assert response.status_code == 400
    assert str(made.number) not in response.content.decode()
    assert manager.get(MANIFESTATIONS, {"situacao": "todas"}).status_code == 200


@pytest.mark.parametrize("asked", ["answered_on", "answered_on__gte", "answered_on__day", "comment__startswith", "queue"])
def test_21_no_day_of_an_answer_is_guessed_through_the_address(c: SimpleNamespace, asked: str) -> None:
    """The same: the list says the month alone, for product and day together give somebody away."""
    SurveyAnswer.objects.create(
        answered_on=worktime.now().date(), product=c.product, queue=c.n2, closure="resolved", stars=1, comment="Demorou."
    )
    manager = signed_in(c.duda)
    assert "Demorou." in manager.get(ANSWERS, {"nota": "baixas"}).content.decode()
    response = manager.get(ANSWERS, {asked: "1"})
    assert response.status_code == 400
    assert "Demorou." not in response.content.decode()


def test_without_a_name_nothing_on_our_side_leads_to_who_wrote(c: SimpleNamespace) -> None:
    """Whoever reads the table of sessions found there, beside the person, what he had written without his name."""
    client = signed_in(c.ana)
    sent = client.post("/manifestacoes/nova/reclamacao/", {"form_id": form(), "body": "Esperei.", "anonymous": "on"})
    made = Manifestation.objects.get()
    assert (sent.status_code, made.author) == (201, None)
    assert client.get(f"/manifestacoes/{made.number}/").status_code == 200
    for kept in Session.objects.all():
        facts = kept.get_decoded()
        assert {name for name in facts if not name.startswith("_auth_user")} <= {"seen"}


def test_29_a_forged_key_opens_no_manifestation(c: SimpleNamespace) -> None:
    """osTicket 85a76f4: whoever could set what the server trusts was somebody else. Ours is signed, and for these pages."""
    client = Client()
    client.post("/manifestacoes/nova/reclamacao/", {"form_id": form(), "body": "Esperei."})
    made = Manifestation.objects.get()
    key = client.cookies["manifestacoes"]
    assert (key["path"], key["httponly"], key["samesite"]) == ("/manifestacoes/", True, "Lax")
    for forged in (f'{{"{made.pk}":9999999999}}', f'{{"{made.pk}":9999999999}}:x:y', key.value.swapcase(), ""):
        stranger = Client()
        stranger.cookies["manifestacoes"] = forged
        assert stranger.get(f"/manifestacoes/{made.number}/").status_code == 404


def test_29_whoever_goes_back_finds_no_form_to_send_again(c: SimpleNamespace) -> None:
    """On a shared computer the form, kept by the browser and sent again, would show the code to who comes next."""
    for client in (Client(), signed_in(c.ana)):
        assert client.get("/manifestacoes/nova/reclamacao/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("token", ["%00", "a%00b", "'", "a" * 3000, "..%2F"])
def test_30_a_key_of_ones_own_making_opens_no_survey(c: SimpleNamespace, token: str) -> None:
    """FreeScout CVE-2026-27637: keys that one could reckon. Nonsense in the place of one is a page that does not exist."""
    for send in (Client().get, Client().post):
        assert send(f"/avaliar/{token}/").status_code == 404
