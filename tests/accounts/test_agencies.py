"""The list of public bodies, and the commands that need no page."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from accounts import agencies
from accounts.models import Agency, User

ENTRY = {
    "slug": "x",
    "name": "Órgão X",
    "acronym": "X",
    "sphere": "outros-poderes",
    "state": "SP",
    "power": "judiciario",
    "legal_nature": "administracao-direta",
    "kind": "comum",
}


def test_the_starter_list_holds_what_the_routing_rules_name(catalog: SimpleNamespace) -> None:
    loaded = agencies.load()
    assert loaded.added == Agency.objects.count()
    assert set(Agency.objects.values_list("sphere__slug", flat=True)) == {
        "executivo-federal",
        "executivo-estadual",
        "executivo-municipal",
        "outros-poderes",
    }
    councils = set(Agency.objects.filter(kind="conselho").values_list("slug", flat=True))
    assert councils == {"cnmp", "csjt"}
    assert set(Agency.objects.filter(kind="trt").values_list("slug", flat=True)) == {f"trt{n}" for n in range(1, 25)}
    assert Agency.objects.filter(kind="mp", supervising_body__slug="cnmp").count() == 26 + 4
    assert set(Agency.objects.values_list("legal_nature", flat=True)) >= {"autarquia", "fundacao", "administracao-direta"}


def test_loading_again_adds_what_is_missing_and_keeps_edits(catalog: SimpleNamespace) -> None:
    first = agencies.load()
    Agency.objects.filter(slug="cnmp").update(name="Nome corrigido", active=False)
    Agency.objects.filter(slug="trt24").delete()
    assert agencies.load() == agencies.Loaded(added=1, present=first.added - 1)
    council = Agency.objects.get(slug="cnmp")
    assert (council.name, council.active) == ("Nome corrigido", False)


@pytest.mark.parametrize(
    "change",
    [
        {"sphere": "lunar"},
        {"state": "XX"},
        {"kind": "clube"},
        {"power": ""},
        {"supervising_body": "depois"},
        {"unknown": "field"},
        {"slug": "com espaço"},
    ],
)
def test_a_bad_entry_is_named_and_nothing_is_kept(catalog: SimpleNamespace, tmp_path: Path, change: dict[str, str]) -> None:
    bad = {**ENTRY, "slug": "ruim", **change}
    file = tmp_path / "orgaos.json"
    file.write_text(json.dumps([ENTRY, bad]))
    with pytest.raises(CommandError, match=bad["slug"]):
        call_command("load_agencies", file)
    assert not Agency.objects.exists()


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[{}]"])
def test_a_file_that_is_no_list_of_bodies_is_refused(catalog: SimpleNamespace, tmp_path: Path, text: str) -> None:
    file = tmp_path / "orgaos.json"
    file.write_text(text)
    with pytest.raises(agencies.BadAgencyList, match=r"orgaos\.json"):
        agencies.load(file)
    with pytest.raises(agencies.BadAgencyList):
        agencies.load(tmp_path / "nada.json")


def test_the_first_administrator_is_made_by_command(person: Callable[..., User]) -> None:
    person("ana@example.org")
    for _ in range(2):
        call_command("make_administrator", "ANA@example.org", verbosity=0)
    ana = User.objects.get()
    assert [grant.role for grant in ana.active_grants] == ["admin"]
    with pytest.raises(CommandError, match="Nenhuma conta ativa"):
        call_command("make_administrator", "zeca@example.org")
