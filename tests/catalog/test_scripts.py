"""The support scripts: loaded from their file, kept by curators, found for a case."""

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from catalog import scripts
from catalog.json_file import BadFile
from catalog.models import CoreSystem, Offering, Product, SupportScript

FILE = Path(__file__).resolve().parents[2] / "catalog" / "data" / "scripts.json"
CONTENT: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
URL = "/admin/catalog/supportscript/"

Content = dict[str, Any]
Write = Callable[[Content], Path]


@pytest.fixture
def content() -> Content:
    return copy.deepcopy(CONTENT)


@pytest.fixture
def loaded(catalog: None) -> None:
    scripts.load(FILE)


def rows() -> list[dict[str, Any]]:
    return list(SupportScript.objects.order_by("pk").values())


@pytest.mark.usefixtures("loaded")
def test_the_file_fills_the_table_once() -> None:
    before = rows()
    assert len(before) == 91
    assert [(count.in_file, count.changed, count.edited) for count in scripts.load(FILE)] == [(91, 0, [])]
    assert rows() == before
    for row in SupportScript.objects.all():
        row.full_clean()


@pytest.mark.usefixtures("loaded")
def test_a_script_says_when_it_was_written_and_whether_it_holds() -> None:
    ask = SupportScript.objects.get(slug="geral-pedir-informacoes")
    assert (ask.product, ask.level, ask.suggestion, ask.written_on, ask.holds) == (None, "N2", "ask", date(2023, 5, 29), True)
    assert SupportScript.objects.filter(holds=False).count() == 7
    assert SupportScript.objects.filter(holds=None).count() == 30


@pytest.mark.usefixtures("loaded")
def test_an_edited_script_is_left_alone_and_one_that_vanished_switched_off(
    content: Content, written: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    SupportScript.objects.filter(slug="geral-pedir-informacoes").update(title="Pedir o que falta")
    content["roteiros"] = content["roteiros"][:-1]
    call_command("load_scripts", str(written(content)))
    out = capsys.readouterr().out
    assert "roteiros: Pedir o que falta" in out
    assert "desativação 1" in out
    assert SupportScript.objects.count() == 91
    counts = scripts.load(FILE, overwrite=True)
    assert (counts[0].updated, counts[0].reactivated) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"nivel": "N1"}, "roteiro nº 1 “geral-pedir-informacoes”: “nivel” não aceita “N1”"),
        ({"acao_sugerida": "orar"}, "“acao_sugerida” não aceita “orar”"),
        ({"valido": "sim"}, "“valido” deveria ser true, false ou null."),
        ({"versao_data": "29/05/2023"}, "“versao_data” deveria ser uma data"),
        ({"passos": []}, "passos: "),
        ({"referencias": ["javascript:alert(1)"]}, "não é um endereço da internet"),
        ({"titulo": "x" * 121}, "título: "),
        ({"slug": "gestao-documental-adesao"}, "roteiro nº 2 “gestao-documental-adesao”: o slug está repetido."),
        ({"palavras": []}, "“palavras” não é conhecido aqui."),
    ],
)
def test_a_bad_entry_is_named(changes: dict[str, Any], problem: str, content: Content, written: Write) -> None:
    content["roteiros"][0] |= changes
    with pytest.raises(BadFile) as refused:
        scripts.read(written(content))
    assert any(problem in said for said in refused.value.problems), refused.value.problems


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("changes", [{"produto": "word"}, {"tipos": ["elogiar"]}])
def test_what_the_catalog_does_not_have_changes_nothing(changes: dict[str, Any], content: Content, written: Write) -> None:
    content["roteiros"][0] |= changes
    before = rows()
    with pytest.raises(CommandError, match="não existe no catálogo"):
        call_command("load_scripts", str(written(content)), "--overwrite")
    assert rows() == before


def fitting(product: str, kind: str) -> list[tuple[str, list[str]]]:
    offering = Offering.objects.select_related("product", "support_type").filter(
        product__slug=product, support_type__slug=kind
    )[0]
    return [(label, [row.slug for row in found]) for label, found in scripts.fitting(offering)]


@pytest.mark.usefixtures("loaded")
def test_what_fits_stands_nearest_first_and_is_never_too_much(django_assert_num_queries: Any) -> None:
    groups = fitting("modulo-wssei", "sugerir-melhoria")
    assert [label for label, _ in groups] == ["Outros do produto", "De todo produto"]
    groups = fitting("sei", "reportar-erro")
    assert [label for label, _ in groups] == ["Reportar um erro", "Outros do produto", "De todo produto"]
    offered = {slug for _, found in groups for slug in found}
    assert not offered & set(SupportScript.objects.filter(holds=False).values_list("slug", flat=True))
    assert offered <= set(SupportScript.objects.filter(product__slug="sei").values_list("slug", flat=True)) | {
        "geral-pedir-informacoes"
    }
    core = CoreSystem.objects.get()
    SupportScript.objects.bulk_create(
        SupportScript(core_system=core, product=Product.objects.get(slug="sei"), slug=f"s-{n}", title=f"S {n}")
        for n in range(50)
    )
    assert sum(len(found) for _, found in fitting("sei", "reportar-erro")) == 40
    offering = Offering.objects.select_related("product", "support_type")[0]
    with django_assert_num_queries(1):
        scripts.fitting(offering)


def test_curators_search_and_edit_them(signed_in: Callable[..., Client]) -> None:
    client = signed_in("curator")
    scripts.load(FILE)
    page = client.get(f"{URL}?q=certificado").content.decode()
    assert "Certificado expirado no módulo do Protocolo Integrado" in page
    assert "Aplicativo SEI desabilitado" not in page
    row = SupportScript.objects.get(slug="geral-pedir-informacoes")
    values = {
        "title": "Pedir o que falta",
        "product": "",
        "support_types": "reportar-erro\nregistrar-duvida",
        "situation": "Falta algo.",
        "level": "N2",
        "profile": "tecnico",
        "steps": "Veja.\nPeça.",
        "suggestion": "ask",
        "reply": "Olá.",
        "holds": "true",
        "written_on": "22/11/2026",
        "active": "on",
    }
    wrong = client.post(f"{URL}{row.pk}/change/", {**values, "support_types": "elogiar"})
    assert "Não há tipo de suporte “elogiar” neste estruturante." in wrong.content.decode()
    row.refresh_from_db()
    assert row.title == "Pedir informações que faltam no chamado"
    assert client.post(f"{URL}{row.pk}/change/", values).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.support_types, row.steps) == (
        "Pedir o que falta",
        ["reportar-erro", "registrar-duvida"],
        ["Veja.", "Peça."],
    )
