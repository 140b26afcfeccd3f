"""Views that people keep: whose they are, who sees them, who changes them."""

from types import SimpleNamespace

import pytest

from accounts.models import RoleGrant
from tests.cast import fresh, person
from tickets import saved_views
from tickets.models import SavedView
from tickets.saved_views import Unkept

MINE = {"atendente": "meus"}


def test_ones_own_is_nobody_elses(c: SimpleNamespace) -> None:
    view = saved_views.keep(c.bia, "N2", "Meus", MINE)
    assert list(saved_views.seen_by(c.bia, "N2")) == list(saved_views.changed_by(c.bia, "N2")) == [view]
    for other, level in ((c.beto, "N2"), (c.lia, "N2"), (c.duda, "N2"), (c.bia, "N3")):
        assert not saved_views.seen_by(other, level).exists()


def test_who_leads_a_queue_shares_with_it(c: SimpleNamespace) -> None:
    view = saved_views.keep(c.lia, "N2", "Urgentes", {"prioridade": "1"}, c.n2)
    for member in (c.bia, c.beto, c.lia):
        assert list(saved_views.seen_by(member, "N2")) == [view]
    assert not saved_views.seen_by(c.caio, "N3").exists()
    assert not saved_views.changed_by(c.bia, "N2").exists()
    assert list(saved_views.changed_by(c.lia, "N2")) == [view]


def test_a_new_lead_changes_what_the_one_before_shared(c: SimpleNamespace) -> None:
    view = saved_views.keep(c.lia, "N2", "Urgentes", {"prioridade": "1"}, c.n2)
    RoleGrant.objects.filter(user=c.lia).delete()
    new = person("Rui")
    RoleGrant.objects.create(user=new, role="lead", queue=c.n2)
    assert list(saved_views.changed_by(fresh(new), "N2")) == [view]
    assert not saved_views.changed_by(fresh(c.lia), "N2").exists()


@pytest.mark.parametrize("who", ["bia", "duda", "caio"])
def test_nobody_else_shares(c: SimpleNamespace, who: str) -> None:
    with pytest.raises(Unkept, match="lidera"):
        saved_views.keep(getattr(c, who), "N2", "Urgentes", {"prioridade": "1"}, c.n2)
    assert not SavedView.objects.exists()


def test_a_lead_shares_at_the_level_of_the_queue(c: SimpleNamespace) -> None:
    with pytest.raises(Unkept):
        saved_views.keep(c.lia, "N3", "Urgentes", {"prioridade": "1"}, c.n2)
    assert not SavedView.objects.exists()


def test_a_name_stands_once(c: SimpleNamespace) -> None:
    first = saved_views.keep(c.bia, "N2", "Meus", MINE)
    second = saved_views.keep(c.bia, "N2", "Outros", MINE)
    saved_views.keep(c.beto, "N2", "Meus", MINE)
    with pytest.raises(Unkept, match="Já existe"):
        saved_views.keep(c.bia, "N2", "Meus", {})
    with pytest.raises(Unkept, match="Já existe"):
        saved_views.rename(second, "Meus")
    assert set(SavedView.objects.filter(owner=c.bia).values_list("pk", "name")) == {(first.pk, "Meus"), (second.pk, "Outros")}


def test_nobody_keeps_without_end(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST", 2)
    for name in ("Uma", "Duas"):
        saved_views.keep(c.lia, "N2", name, MINE)
    with pytest.raises(Unkept, match="Apague"):
        saved_views.keep(c.lia, "N2", "Três", MINE)
    saved_views.keep(c.lia, "N2", "Três", MINE, c.n2)
    assert SavedView.objects.count() == 3
