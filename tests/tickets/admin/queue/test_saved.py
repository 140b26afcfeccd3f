"""Views on the pages: kept from a list's filters, called otherwise, thrown away, and told beside the list."""

from types import SimpleNamespace

from django.http import HttpResponse

from accounts.models import User
from tests.cast import at_status, opened
from tests.tickets.admin.desk import INLINE, queue_url, signed_in
from tickets import saved_views
from tickets.admin.queue import offers
from tickets.models import SavedView
from tickets.states import Status

VIEWS = "/admin/tickets/n2ticket/visoes/"


def press(user: User, url: str = VIEWS, **fields: str) -> HttpResponse:
    return signed_in(user).post(url, fields)


def test_what_narrows_a_list_is_kept_under_a_name(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    page = signed_in(c.bia).get(queue_url("N2"), {"atendente": "meus", "produto": str(c.product.pk)}).content.decode()
    assert f'href="{VIEWS}?filtros=atendente%3Dmeus%26produto%3D{c.product.pk}"' in page
    asked = signed_in(c.bia).get(VIEWS, {"filtros": f"atendente=meus&produto={c.product.pk}"}).content.decode()
    assert "Atendente: <strong>Meus</strong>" in asked
    assert "Para quem" not in asked
    assert not INLINE.findall(asked)
    answer = press(c.bia, filtros=f"atendente=meus&produto={c.product.pk}", name="Meus do SEI")
    assert answer["Location"] == f"{queue_url('N2')}?atendente=meus&produto={c.product.pk}"
    view = SavedView.objects.get()
    assert (view.owner, view.queue, view.chosen) == (c.bia, None, {"atendente": "meus", "produto": str(c.product.pk)})
    shown = signed_in(c.bia).get(answer["Location"]).content.decode()
    assert f'aria-current="page" title="{view.name}"' in shown
    assert "Guardar esta visão" not in shown
    assert str(ticket.number) in shown


def test_only_the_filters_own_names_and_values_are_kept(c: SimpleNamespace) -> None:
    asked = "atendente=meus&assignee__password__startswith=x&prioridade=99&q=senha&p=2&o=1&produto=999999"
    press(c.bia, filtros=asked, name="Meus")
    assert SavedView.objects.get().chosen == {"atendente": "meus"}


def test_without_a_filter_nothing_is_kept(c: SimpleNamespace) -> None:
    for filtros in ("", "q=senha", "prioridade=99", "&".join(f"a{n}=1" for n in range(2000)), "\0"):
        answer = press(c.bia, filtros=filtros, name="Nada")
        assert answer["Location"] == queue_url("N2")
    assert not SavedView.objects.exists()


def test_a_lead_shares_and_who_works_the_queue_sees(c: SimpleNamespace) -> None:
    assert "Para quem" in signed_in(c.lia).get(VIEWS, {"filtros": "vez=comigo"}).content.decode()
    press(c.lia, filtros="vez=comigo", name="Comigo já", queue=str(c.n2.pk))
    view = SavedView.objects.get()
    assert view.queue == c.n2
    bia, lia = (signed_in(user).get(queue_url("N2")).content.decode() for user in (c.bia, c.lia))
    assert "Visões da equipe" in bia
    assert "Comigo já" in bia
    assert f"{VIEWS}{view.pk}/" in lia
    assert f"{VIEWS}{view.pk}/" not in bia
    assert "Comigo já" not in signed_in(c.duda).get(queue_url("N2")).content.decode()


def test_who_leads_no_queue_shares_with_none(c: SimpleNamespace) -> None:
    press(c.bia, filtros="vez=comigo", name="Comigo", queue=str(c.n2.pk))
    assert SavedView.objects.get().queue is None
    assert press(c.lia, filtros="vez=comigo", name="Comigo", queue=str(c.n3.pk)).status_code == 422
    assert SavedView.objects.count() == 1


def test_a_view_is_renamed_and_thrown_away(c: SimpleNamespace) -> None:
    view = saved_views.keep(c.bia, "N2", "Meus", {"atendente": "meus"})
    saved_views.keep(c.bia, "N2", "Outros", {"atendente": "ninguem"})
    assert press(c.bia, f"{VIEWS}{view.pk}/", name="Outros").status_code == 422
    assert press(c.bia, f"{VIEWS}{view.pk}/", name=" ").status_code == 422
    assert SavedView.objects.get(pk=view.pk).name == "Meus"
    assert press(c.bia, f"{VIEWS}{view.pk}/", name="Comigo").status_code == 302
    assert SavedView.objects.get(pk=view.pk).name == "Comigo"
    for other in (c.beto, c.lia, c.duda):
        assert press(other, f"{VIEWS}{view.pk}/apagar/").status_code == 404
    assert signed_in(c.bia).get(f"{VIEWS}{view.pk}/apagar/").status_code == 405
    assert SavedView.objects.count() == 2
    assert press(c.bia, f"{VIEWS}{view.pk}/apagar/").status_code == 302
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_what_a_filter_offers_no_more_is_left_out(c: SimpleNamespace) -> None:
    opened(c)
    SavedView.objects.create(
        level="N2",
        owner=c.bia,
        name="Antiga",
        chosen={"produto": "999999", "vez": "x", "nada": "1"},
        created_at=c.bia.date_joined,
    )
    page = signed_in(c.bia).get(f"{queue_url('N2')}contagens/?parte=1").content.decode()
    assert '<a href="?" title="Antiga"><span class="view-name">Antiga</span> <span class="view-count">1' in page


def test_the_list_reads_the_views_as_the_rules_say(c: SimpleNamespace) -> None:
    """``offers`` reads them by hand."""
    saved_views.keep(c.lia, "N2", "Da fila", {"vez": "comigo"}, c.n2)
    for user in (c.bia, c.lia, c.caio, c.duda):
        saved_views.keep(user, "N2", f"De {user.name}", {"atendente": "meus"})
    saved_views.keep(c.caio, "N3", "N3", {"atendente": "meus"})
    for user in (c.bia, c.beto, c.lia, c.caio, c.duda):
        for level in ("N2", "N3"):
            read = {(view.pk, view.changeable) for view in offers.read(user, level).views}
            changed = set(saved_views.changed_by(user, level))
            assert read == {(view.pk, view in changed) for view in saved_views.seen_by(user, level)}
