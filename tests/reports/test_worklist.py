"""The pages on which opinions are treated."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import worktime
from feedback.deadlines import day_of
from feedback.models import Theme, Treatment, TreatmentNote
from tests import cast
from tests.cast import form
from tests.feedback.treating import of, rated, treated
from tests.feedback.writing import answered, with_otto, written
from tests.reports.test_views import client_of

pytestmark = pytest.mark.django_db
LIST = "/relatorios/tratamento/"


@pytest.fixture
def c() -> SimpleNamespace:
    return with_otto(cast.full_cast())


def shown(c: SimpleNamespace, query: str = "", who: str = "otto") -> str:
    response = client_of(getattr(c, who)).get(f"{LIST}{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def listed(text: str) -> str:
    return text[text.index('id="lista"') :]


def given(**fields: Any) -> dict[str, Any]:
    return {"form_id": str(form()), "state": "looking", "theme": "", "words": "Falei com a equipe.", "seen": "0", **fields}


def test_it_shows_what_the_desk_shows_of_a_rating_and_no_day(c: SimpleNamespace) -> None:
    treatment = rated(c, 2, reasons=["demora"], comment="Esperei demais.")
    day = day_of(worktime.now())
    for text in (shown(c), shown(c, f"{treatment.pk}/")):
        for told in ("Demorou muito", "Esperei demais.", f"{day:%m/%Y}", c.product.name):
            assert told in text
        assert f"{day:%d/%m/%Y}" not in text
        assert c.n2.name not in text


def test_a_month_that_is_not_over_is_not_set_against_a_whole_one(c: SimpleNamespace) -> None:
    last_month = day_of(worktime.now()).replace(day=1) - timedelta(days=1)
    rated(c, answered_on=last_month)
    assert "Período em curso" in shown(c)
    over = shown(c, f"?periodo={last_month:%Y-%m}")
    assert "Período em curso" not in over
    assert "1 a mais" in over


def test_deadlines_are_said_in_words_and_shape(c: SimpleNamespace) -> None:
    soon, late, far = written(c), written(c), written(c)
    today = day_of(worktime.now())
    for made, days in ((soon, 2), (late, -1), (far, 20)):
        Treatment.objects.filter(manifestation=made).update(due_on=today + timedelta(days=days))
    text = listed(shown(c))
    assert text.index(str(late)) < text.index(str(soon)) < text.index(str(far))
    assert "Atrasada há 1 dia" in text
    assert "Em 2 dias" in text
    assert f"{today + timedelta(days=20):%d/%m/%Y}, em 20 dias" in text
    assert '<td class="number">1 <span class="br-tag is-danger">' in shown(c)


def test_filters_narrow_it_and_stay_in_the_address(c: SimpleNamespace) -> None:
    theme = Theme.objects.create(name="Prazos")
    low, made = rated(c, comment="Lento."), written(c, body="Reclamo disto.")
    treated(low, c.otto, "looking", theme=theme)
    settled = answered(c, written(c, body="Já vista.", kind="elogio"))
    treated(of(settled), c.otto)
    month = f"{day_of(worktime.now()):%Y-%m}"
    for query, here, away in (
        ("", ["Lento.", "Reclamo disto."], ["Já vista."]),
        ("?situacao=sem-resposta", ["Reclamo disto."], ["Lento.", "Já vista."]),
        ("?situacao=em-analise", ["Lento."], ["Reclamo disto."]),
        ("?situacao=tratados", ["Já vista."], ["Lento."]),
        ("?situacao=todas&tipo=elogio", ["Já vista."], ["Lento.", "Reclamo disto."]),
        (f"?tema={theme.pk}", ["Lento."], ["Reclamo disto."]),
        ("?tema=nenhum", ["Reclamo disto."], ["Lento."]),
        ("?produto=sei", ["Lento."], ["Reclamo disto."]),
        ("?produto=nenhum", ["Reclamo disto."], ["Lento."]),
        (f"?periodo={month}", ["Lento.", "Reclamo disto."], ["Já vista."]),
        ("?periodo=2025", [], ["Lento.", "Reclamo disto."]),
    ):
        text = listed(shown(c, query))
        assert [words in text for words in (*here, *away)] == [True] * len(here) + [False] * len(away), query
    assert "<strong>Filtros:</strong> Situação: Em análise · Tipo: Reclamação." in shown(
        c, "?tipo=reclamacao&situacao=em-analise"
    )
    assert f'href="{LIST}{low.pk}/?situacao=em-analise"' in shown(c, "?situacao=em-analise")
    assert f'href="{LIST}?situacao=em-analise#lista"' in shown(c, f"{low.pk}/?situacao=em-analise")
    assert str(made) in shown(c, f"{of(made).pk}/")
    narrow = shown(c, f"?tipo=reclamacao&tema={theme.pk}&periodo=2025&page=2")
    for slug in ("novos", "em-analise", "sem-resposta"):  # what stands now leads to its rows, whatever the month and the theme
        assert f'<a href="?tipo=reclamacao&amp;situacao={slug}#lista">' in narrow


def test_a_filter_that_no_list_offers_narrows_nothing(c: SimpleNamespace) -> None:
    rated(c, comment="Lento.")
    response = client_of(c.otto).get(f"{LIST}?tema=99999999&situacao=x&periodo=livre&produto=%00")
    assert response.status_code == 422
    assert "Lento." in response.content.decode()
    assert response.content.decode().count("Escolha uma opção da lista.") == 3


def test_a_note_is_kept_and_leads_back_with_the_filters(c: SimpleNamespace) -> None:
    treatment, theme = rated(c), Theme.objects.create(name="Prazos")
    answer = client_of(c.duda).post(f"{LIST}{treatment.pk}/?tipo=avaliacao", given(state="done", theme=theme.pk))
    assert answer.headers["Location"] == f"{LIST}{treatment.pk}/?tipo=avaliacao"
    assert treatment.notes.get().by == c.duda
    text = shown(c, f"{treatment.pk}/")
    for told in ("Falei com a equipe.", c.duda.display_name, "Prazos", "Tratado"):
        assert told in text
    assert "Falei com a equipe." in shown(c)  # among what was done of late


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"state": "x"}, 422, "Escolha uma situação da lista."),
        ({"theme": "99999999"}, 422, "Escolha um tema da lista."),
        ({"state": "done", "words": ""}, 409, "Escreva o que foi feito"),
        ({"words": "Foi o 10000001."}, 409, "Tire o número do chamado"),
        ({"seen": "3"}, 409, "Outra pessoa anotou algo"),
        ({"words": "x" * 2001}, 422, "2000"),
    ],
)
def test_what_makes_no_sense_is_said_and_kept(c: SimpleNamespace, fields: dict[str, str], status: int, sentence: str) -> None:
    treatment, sent = rated(c), given(**fields)
    response = client_of(c.otto).post(f"{LIST}{treatment.pk}/", sent)
    assert response.status_code == status
    assert sentence in response.content.decode()
    assert sent["words"] in response.content.decode()
    assert not TreatmentNote.objects.exists()


def test_a_theme_out_of_use_is_offered_only_where_it_is_set(c: SimpleNamespace) -> None:
    old = Theme.objects.create(name="Antigo", active=False)
    one, other = rated(c), rated(c)
    Treatment.objects.filter(pk=one.pk).update(theme=old)
    option = f'<option value="{old.pk}"'
    assert option in shown(c, f"{one.pk}/")
    assert option not in shown(c, f"{other.pk}/")


def test_a_manager_reads_no_author(c: SimpleNamespace) -> None:
    made = written(c, body="Reclamo disto.")
    text = shown(c, f"{of(made).pk}/", "duda") + shown(c, who="duda")
    assert "Reclamo disto." in text
    assert c.ana.display_name not in text


def test_ones_own_manifestation_is_not_there(c: SimpleNamespace) -> None:
    own = of(written(c, by=c.duda, body="Minha queixa."))
    assert "Minha queixa." not in shown(c, "?situacao=todas", "duda")
    assert client_of(c.duda).get(f"{LIST}{own.pk}/").status_code == 404
    assert client_of(c.duda).post(f"{LIST}{own.pk}/", given()).status_code == 404
    assert not TreatmentNote.objects.exists()


def test_one_entry_from_the_reports_and_the_ombudsmans_desk(c: SimpleNamespace) -> None:
    made = written(c)
    link = f'href="{LIST}"'
    for who, pages in (
        ("otto", ["/relatorios/satisfacao/", "/admin/feedback/manifestation/", "/admin/feedback/surveyanswer/"]),
        ("duda", ["/relatorios/", "/relatorios/satisfacao/"]),
    ):
        client = client_of(getattr(c, who))
        assert all(link in client.get(page).content.decode() for page in pages)
    desk = client_of(c.otto).get(f"/admin/feedback/manifestation/{made.pk}/change/").content.decode()
    assert f'href="{LIST}{of(made).pk}/"' in desk
    assert link not in client_of(c.lia).get("/relatorios/satisfacao/").content.decode()


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_for_one_and_four(c: SimpleNamespace, count: int) -> None:
    theme = Theme.objects.create(name="Prazos")
    for _ in range(count):
        treated(rated(c), c.duda, theme=theme)
        treated(rated(c), c.duda, "looking", theme=theme)
        written(c, product=c.product, by=None)
    otto = client_of(c.otto)
    with CaptureQueriesContext(connection) as asked:
        otto.get(LIST)
    assert len(asked) == 10
