"""What scripts said stays, who said it, and which ones somebody has to read again."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from catalog import script_reviews, script_versions, scripts
from catalog.models import CoreSystem, ScriptVersion, SupportScript

FILE = Path(__file__).resolve().parents[2] / "catalog" / "data" / "scripts.json"
DAY = date(2026, 11, 22)


@pytest.fixture
def cris(db: None) -> User:
    return User.objects.create_user("cris@example.org", name="Cris")


@pytest.fixture
def script(db: None) -> SupportScript:
    core = CoreSystem.objects.create(slug="pen", name="PEN", card_name="PEN", acronym="PEN", description="…")
    return SupportScript.objects.create(
        core_system=core, slug="dados", title="Pedir dados", situation="…", reply="Olá.", holds=True
    )


def test_an_edit_is_a_new_version_and_the_old_one_stays(script: SupportScript, cris: User) -> None:
    script_versions.record_loaded(script.core_system)
    script.refresh_from_db()
    assert (script.version, script.review_due) == (1, script_reviews.today() + timedelta(days=365))
    script.reply = "Olá, {{ solicitante }}."
    script_versions.save(script, by=cris, note="Com o nome.")
    first, second = script.versions.order_by("number")
    assert (first.author, first.content["reply"], first.note) == (None, "Olá.", "Carga do arquivo.")
    assert (second.author, second.content["reply"], second.note) == (cris, "Olá, {{ solicitante }}.", "Com o nome.")
    assert script_versions.changes(first.content, second.content) == [
        ("resposta modelo", "Olá.", "Olá, {{ solicitante }}."),
    ]
    script_versions.save(script, by=cris)
    assert script.versions.count() == 2  # no word changed
    script_versions.restore(script, first, by=cris)
    assert (script.version, script.reply) == (3, "Olá.")


def test_words_of_somebody_else_are_not_overwritten(script: SupportScript, cris: User) -> None:
    behind = SupportScript.objects.get(pk=script.pk)
    script.title = "Pedir tudo"
    script_versions.save(script, by=cris)
    behind.title = "Pedir nada"
    with pytest.raises(script_versions.Outdated):
        script_versions.save(behind, by=cris)
    script.refresh_from_db()
    assert (script.title, script.version, ScriptVersion.objects.count()) == ("Pedir tudo", 1, 1)


def test_the_database_refuses_to_change_a_version(script: SupportScript) -> None:
    script_versions.record_loaded(script.core_system)
    for change in (lambda: ScriptVersion.objects.update(note="x"), ScriptVersion.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"holds": True}, []),
        ({"holds": None}, ["falta confirmar se vale"]),
        ({"holds": False}, ["não vale mais"]),
        ({"holds": True, "valid_until": DAY, "review_due": DAY}, []),
        ({"holds": True, "valid_until": date(2026, 11, 21)}, ["validade terminou em 21/11/2026"]),
        ({"holds": True, "review_due": date(2026, 11, 21)}, ["revisão venceu em 21/11/2026"]),
    ],
)
def test_what_is_to_be_read_again_says_why_and_is_found(script: SupportScript, fields: dict[str, Any], said: list[str]) -> None:
    SupportScript.objects.filter(pk=script.pk).update(**fields)
    script.refresh_from_db()
    assert script_reviews.reasons(script, DAY) == said
    assert SupportScript.objects.filter(script_reviews.is_due(DAY)).exists() == bool(said)


def test_curators_see_versions_and_restore_them(catalog: None, signed_in: Callable[..., Client]) -> None:
    scripts.load(FILE)
    client = signed_in("curator")
    row = SupportScript.objects.get(slug="geral-pedir-informacoes")
    url = f"/admin/catalog/supportscript/{row.pk}/"
    data = {
        "title": "Pedir o que falta", "support_types": "reportar-erro", "situation": "Falta algo.", "level": "N2",
        "profile": "tecnico", "steps": "Veja.", "suggestion": "ask", "reply": "Olá.", "holds": "true", "active": "on",
        "base": "1", "change": "Mais curto.", "confirmed": "on", "valid_until": "31/12/2027",
    }  # fmt: skip
    assert "Não há campo “{{ senha }}”" in client.post(f"{url}change/", {**data, "reply": "{{ senha }}"}).content.decode()
    assert client.post(f"{url}change/", data).status_code == 302
    assert "enquanto você escrevia" in client.post(f"{url}change/", data).content.decode()
    assert "Mais curto." in client.get(f"{url}versoes/").content.decode()
    page = client.get(f"{url}versoes/2/").content.decode()
    assert "O que esta versão mudou" in page
    assert "Pedir informações que faltam no chamado" in page
    assert client.post(f"{url}versoes/1/restaurar/").status_code == 302
    row.refresh_from_db()
    assert (row.title, row.version) == ("Pedir informações que faltam no chamado", 3)
    listed = client.get("/admin/catalog/supportscript/?rever=sim").content.decode()
    assert "falta confirmar se vale" in listed
    assert "não vale mais" in listed
    assert scripts.load(FILE)[0].edited == [str(row)]
