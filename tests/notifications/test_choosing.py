"""The pages of preferences, and the link that ends mail without signing in."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from notifications import kinds, preferences
from notifications.kinds import Group, How
from notifications.models import Preference
from tests.notifications.conftest import Enqueue

pytestmark = pytest.mark.django_db

PAGE = "/avisos/preferencias/"


@pytest.fixture
def as_ana(ana: User, client: Client) -> Client:
    client.force_login(ana)
    return client


def test_the_page_says_what_is_not_to_be_chosen(optional: Group, as_ana: Client) -> None:
    html = as_ana.get(PAGE).content.decode()
    assert "sempre chega por e-mail" in html
    assert "O resumo sai pela manhã, nos dias em que a equipe trabalha" in html
    assert "Saudações" in html
    assert html.count('type="radio"') == 3


def test_a_choice_is_kept_and_shown(ana: User, optional: Group, as_ana: Client) -> None:
    assert as_ana.post(PAGE, {optional.slug: "digest"})["Location"] == PAGE
    assert preferences.chosen_by(ana.pk) == {optional.slug: How.DIGEST}
    html = as_ana.get(PAGE).content.decode()
    assert 'value="digest"' in html.split("checked")[0].rsplit("<input", 1)[1]


@pytest.mark.parametrize("sent", [{}, {"saudacoes": "nunca"}, {"saudacoes": ""}, {"outro": "portal"}])
def test_a_senseless_choice_is_told_and_changes_nothing(optional: Group, as_ana: Client, sent: dict[str, str]) -> None:
    answer = as_ana.post(PAGE, sent or {"x": "1"})
    assert answer.status_code == 422
    assert "Escolha uma das opções." in answer.content.decode()
    assert not Preference.objects.exists()


def test_kinds_of_the_team_are_chosen_by_the_team(optional: Group, as_ana: Client) -> None:
    kinds.register("test_desk", context=dict, label="x", group=Group("mesa", "Mesa", "", for_team=True))
    assert "Mesa</" not in as_ana.get(PAGE).content.decode()
    as_ana.post(PAGE, {optional.slug: "portal", "mesa": "portal"})
    assert list(Preference.objects.values_list("group", flat=True)) == [optional.slug]


def test_what_must_be_asked_for_is_told_to_nobody_who_did_not_ask(as_ana: Client, ana: User, optional: Group) -> None:
    asked = Group("fila", "Fila", "", default=How.NONE)
    kinds.register("test_queue", context=dict, label="x", group=asked)
    html = as_ana.get(PAGE).content.decode()
    assert html.count('value="none"') == 1  # where it is the default, and nowhere else
    assert html.split('value="none"')[1].partition(">")[0].endswith("checked")
    as_ana.post(PAGE, {optional.slug: "mail", "fila": "none"})
    assert not preferences.asked_for(asked).exists()
    as_ana.post(PAGE, {optional.slug: "mail", "fila": "digest"})
    assert [row.user for row in preferences.asked_for(asked)] == [ana]
    assert as_ana.post(PAGE, {optional.slug: "none", "fila": "mail"}).status_code == 422
    assert preferences.chosen_by(ana.pk) == {optional.slug: How.MAIL, "fila": How.DIGEST}


def test_looking_ends_nothing_and_one_press_does(ana: User, optional: Group, enqueue: Enqueue) -> None:
    """RFC 8058: the press comes from a mail program, without cookies; ABUSE 44: links are opened by machines."""
    address = f"/avisos/sair/{preferences.token(enqueue(ana))}/"
    machine = Client(enforce_csrf_checks=True)
    looked = machine.get(address)
    assert "Parar e-mails sobre “Saudações”?" in looked.content.decode()
    assert looked["Cache-Control"] == "private, no-store"
    assert not Preference.objects.exists()
    for _ in range(2):
        assert machine.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert preferences.chosen_by(ana.pk) == {optional.slug: How.PORTAL}


def test_a_forged_link_leads_nowhere(ana: User, optional: Group, enqueue: Enqueue, client: Client) -> None:
    token = preferences.token(enqueue(ana))
    assert client.post(f"/avisos/sair/{token}x/").status_code == 404
    assert client.post("/avisos/sair/x/").status_code == 404
    assert not Preference.objects.exists()
