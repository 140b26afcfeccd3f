from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model

from catalog import catalog_file, loading, syncing
from catalog.json_file import BadFile
from catalog.models import Cause, CoreSystem, FormField, Offering, Product, Queue, RoutingRule, Sphere, SupportType
from tests.catalog.conftest import FILE

Content = dict[str, Any]
Write = Callable[[Content], Path]

MODELS: tuple[type[Model], ...] = (CoreSystem, Sphere, Product, SupportType, Queue, Offering, FormField, RoutingRule, Cause)


def tables() -> dict[str, list[dict[str, Any]]]:
    """Every row of the catalog with every column."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS}


@pytest.mark.django_db
def test_an_empty_database_gets_every_row() -> None:
    counts = loading.load(FILE)
    assert [(count.label, count.in_file, count.created) for count in counts] == [
        ("estruturantes", 1, 1),
        ("esferas", 4, 4),
        ("produtos", 15, 15),
        ("tipos de suporte", 11, 11),
        ("filas", 30, 30),
        ("ofertas", 215, 215),
        ("campos", 216, 216),
        ("regras de roteamento", 15, 15),
        ("causas", 164, 164),
    ]
    assert not any(count.edited for count in counts)


@pytest.mark.usefixtures("catalog")
def test_the_same_file_again_changes_nothing_and_costs_few_queries(django_assert_num_queries: Any) -> None:
    before = tables()
    # A savepoint and its release, the lock, and one query a table.
    with django_assert_num_queries(12):
        counts = loading.load(FILE)
    assert [count.changed for count in counts] == [0] * 9
    assert not any(count.edited for count in counts)
    assert tables() == before


@pytest.mark.usefixtures("catalog")
def test_each_product_has_a_queue_at_each_level() -> None:
    for product in Product.objects.all():
        assert sorted(product.queues.values_list("slug", "level")) == [
            (f"pen-propen-{product.slug}-n2", "N2"),
            (f"pen-propen-{product.slug}-n3", "N3"),
        ]


@pytest.mark.usefixtures("catalog")
def test_a_change_in_the_file_reaches_the_row(content: Content, written: Write) -> None:
    content["produtos"][0]["nome"] = "Outro nome"
    counts = loading.load(written(content))
    assert [count.updated for count in counts] == [0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert Product.objects.get(slug="api-protocolo-integrado").name == "Outro nome"


@pytest.mark.usefixtures("catalog")
def test_an_edited_row_is_left_alone_and_reported(content: Content, written: Write) -> None:
    Product.objects.filter(slug="nup").update(description="Escrita por quem cuida do catálogo.")
    next(p for p in content["produtos"] if p["slug"] == "nup")["descricao"] = "Nova no arquivo."
    before = tables()
    counts = loading.load(written(content))
    assert [count.edited for count in counts] == [[], [], ["NUP"], [], [], [], [], [], []]
    assert tables() == before


@pytest.mark.usefixtures("catalog")
def test_an_edited_row_is_reported_at_each_load_until_overwritten(content: Content) -> None:
    Product.objects.filter(slug="nup").update(description="Escrita por quem cuida do catálogo.")
    for _ in range(2):
        assert loading.load(FILE)[2].edited == ["NUP"]
    counts = loading.load(FILE, overwrite=True)
    assert (counts[2].updated, counts[2].edited) == (1, [])
    [product] = [p for p in content["produtos"] if p["slug"] == "nup"]
    assert Product.objects.get(slug="nup").description == product["descricao"]
    assert loading.load(FILE)[2].edited == []


@pytest.mark.usefixtures("catalog")
def test_an_edit_that_the_file_caught_up_with_is_no_edit(content: Content, written: Write) -> None:
    Product.objects.filter(slug="nup").update(name="NUP 17")
    next(p for p in content["produtos"] if p["slug"] == "nup")["nome"] = "NUP 17"
    assert loading.load(written(content))[2].edited == []
    assert loading.load(FILE)[2].updated == 1


@pytest.mark.usefixtures("catalog")
def test_what_a_curator_switched_off_stays_off() -> None:
    RoutingRule.objects.filter(slug="duplicado").update(active=False)
    counts = loading.load(FILE)
    assert len(counts[7].edited) == 1
    assert not RoutingRule.objects.get(slug="duplicado").active


@pytest.mark.usefixtures("catalog")
def test_what_vanished_is_deactivated_and_comes_back(content: Content, written: Write) -> None:
    content["produtos"] = [p for p in content["produtos"] if p["slug"] != "nup"]
    content["ofertas"] = [o for o in content["ofertas"] if o["produto"] != "nup"]
    content["campos_por_oferta"] = [c for c in content["campos_por_oferta"] if c["produto"] != "nup"]
    content["regras_roteamento"] = [r for r in content["regras_roteamento"] if not r["id"].startswith("nup")]
    content["causas"] = [c for c in content["causas"] if c["produto"] != "nup"]
    rows = {name: len(found) for name, found in tables().items()}
    counts = loading.load(written(content))
    assert [count.deactivated for count in counts] == [0, 0, 1, 0, 0, 7, 2, 2, 10]
    assert {name: len(found) for name, found in tables().items()} == rows
    assert not Product.objects.get(slug="nup").active
    assert Queue.objects.get(slug="pen-propen-nup-n2").active
    assert [count.changed for count in loading.load(written(content))] == [0] * 9

    counts = loading.load(FILE)
    assert [count.reactivated for count in counts] == [0, 0, 1, 0, 0, 7, 2, 2, 10]
    assert Product.objects.get(slug="nup").active


@pytest.mark.usefixtures("catalog")
def test_an_edited_row_that_vanished_is_left_alone_too(content: Content, written: Write) -> None:
    RoutingRule.objects.filter(slug="duplicado").update(analyst_text="Da casa.")
    content["regras_roteamento"] = [r for r in content["regras_roteamento"] if r["id"] != "duplicado"]
    counts = loading.load(written(content))
    assert (counts[7].deactivated, len(counts[7].edited)) == (0, 1)
    assert RoutingRule.objects.get(slug="duplicado").active


@pytest.mark.usefixtures("catalog")
def test_rows_that_no_file_had_are_left_alone() -> None:
    core = CoreSystem.objects.get()
    Product.objects.create(core_system=core, slug="nipe", name="NIPE", description="x", purpose="x")
    loading.load(FILE, overwrite=True)
    assert Product.objects.get(slug="nipe").active


@pytest.mark.usefixtures("catalog")
def test_another_core_system_is_left_alone(content: Content, written: Write) -> None:
    content["estruturante"] |= {"slug": "scdp", "nome_no_cartao": "SCDP", "nome": "SCDP", "sigla": "SCDP"}
    content["esferas"] = [s for s in content["esferas"] if s["slug"] == "executivo-federal"]
    content["produtos"] = [p | {"esferas": ["executivo-federal"]} for p in content["produtos"]]
    content["ofertas"] = [o for o in content["ofertas"] if o["esfera"] == "executivo-federal"]
    counts = loading.load(written(content))
    assert [count.deactivated for count in counts] == [0] * 9
    assert Offering.objects.filter(product__core_system__slug="pen-propen", active=True).count() == 215
    assert Queue.objects.filter(slug="scdp-sei-n3").exists()


@pytest.mark.usefixtures("catalog")
def test_the_command_says_what_was_done_and_what_was_kept(capsys: pytest.CaptureFixture[str]) -> None:
    Product.objects.filter(slug="nup").update(name="NUP editado")
    call_command("load_catalog", str(FILE))
    said = capsys.readouterr().out
    assert "Produtos: 15 no arquivo; nada mudou." in said
    assert "Editados desde a última carga e mantidos" in said
    assert "produtos: NUP editado" in said


Spoil = Callable[[Content], None]


def spoil(path: str, value: Any) -> Spoil:
    """Sets the value at a path such as ``produtos.0.slug``."""

    def change(content: Content) -> None:
        *way, last = path.split(".")
        place: Any = content
        for step in way:
            place = place[int(step) if step.isdigit() else step]
        place[int(last) if last.isdigit() else last] = value

    return change


def again(part: str) -> Spoil:
    return lambda content: content[part].append(content[part][0])


BAD_FILES: list[tuple[Spoil, str, str]] = [
    (lambda c: c.pop("produtos"), "arquivo", "falta “produtos”"),
    (spoil("produto", []), "arquivo", "“produto” não é conhecido aqui"),
    (spoil("produtos.0.esferas.0", "distrital"), "produto nº 1 “api-protocolo-integrado”", "a esfera “distrital” não existe"),
    (spoil("produtos.0.tipos.0", "elogiar"), "produto nº 1 “api-protocolo-integrado”", "o tipo “elogiar” não existe"),
    (spoil("produtos.0.slug", "Á B"), "produto nº 1", "só aceita letras minúsculas"),
    (spoil("produtos.0.nome", "n" * 81), "api-protocolo-integrado", "nome: Certifique-se"),
    (spoil("produtos.0.nome", 3), "api-protocolo-integrado", "“nome” deveria ser um texto"),
    (spoil("produtos.0.nome", None), "api-protocolo-integrado", "“nome” deveria ser um texto"),
    (spoil("produtos.0.nome", "a\x00"), "api-protocolo-integrado", "não se pode guardar"),
    (spoil("produtos.0.nmoe", "x"), "api-protocolo-integrado", "“nmoe” não é conhecido aqui"),
    (spoil("produtos.0.icone", "<svg>"), "api-protocolo-integrado", "nome de um ícone"),
    (spoil("produtos.0.saiba_mais.0", "javascript:alert(1)"), "api-protocolo-integrado", "não é um endereço da internet"),
    (spoil("produtos.0", "sei"), "produto nº 1", "deveria ser um objeto"),
    (again("produtos"), "produto nº 16 “api-protocolo-integrado”", "o slug está repetido"),
    (again("esferas"), "esfera nº 5 “executivo-federal”", "o slug está repetido"),
    (again("tipos"), "tipo nº 12 “reportar-erro”", "o slug está repetido"),
    (again("ofertas"), "oferta nº 216 “executivo-federal · api-protocolo-integrado", "a oferta está repetida"),
    (again("regras_roteamento"), "regra nº 16 “sei-anterior-4”", "o id está repetido"),
    (again("campos_por_oferta"), "campos_por_oferta nº 19 “modulo-tramita-govbr · reportar-erro”", "já apareceu"),
    (spoil("tipos.0.classe", "reclamacao"), "tipo nº 1 “reportar-erro”", "“classe” não aceita “reclamacao”"),
    (spoil("tipos.0.campos.1.nome", "titulo"), "tipo nº 1 “reportar-erro” campo nº 2 “titulo”", "está repetido"),
    (spoil("tipos.0.campos.0.nome", "assunto"), "tipo nº 1 “reportar-erro”", "falta o campo “titulo”"),
    (spoil("tipos.0.campos.2.tipo", "texto"), "campo nº 3 “orgao”", "é sempre “Órgão”"),
    (spoil("tipos.0.campos.0.obrigatorio", False), "campo nº 1 “titulo”", "é sempre obrigatório"),
    (spoil("tipos.0.campos.3.tipo", "mapa"), "campo nº 4 “setor”", "“tipo” não aceita “mapa”"),
    (spoil("tipos.0.campos.3.tipo", "selecao"), "campo nº 4 “setor”", "Uma lista precisa de opções"),
    (spoil("tipos.0.campos.3.opcoes", ["a"]), "campo nº 4 “setor”", "Só um campo do tipo lista tem opções"),
    (spoil("tipos.0.campos.6.opcoes", ["a", "a"]), "campo nº 7 “perfil_demandante”", "“a” aparece mais de uma vez"),
    (spoil("tipos.0.campos.6.opcoes", ["a", " "]), "campo nº 7 “perfil_demandante”", "textos não vazios"),
    (spoil("tipos.0.campos.3.obrigatorio", "sim"), "campo nº 4 “setor”", "deveria ser true ou false"),
    (spoil("tipos.0.campos.3.max_caracteres", 9_999_999), "campo nº 4 “setor”", "vai de 1 a 500"),
    (spoil("tipos.0.campos.3.max_caracteres", True), "campo nº 4 “setor”", "deveria ser um número inteiro"),
    (spoil("ofertas.0.tipo", "solicitar-credenciais"), "oferta nº 1", "o produto não lista esta esfera com este tipo"),
    (lambda c: c["ofertas"].pop(0), "oferta “executivo-federal · api-protocolo-integrado · solicitar-acesso”", "falta em"),
    (lambda c: c["campos_por_oferta"][9]["campos"].pop(), "modulo-estatistico · solicitar-credenciais", "arquivo obrigatório"),
    (spoil("parametros.anexos.max_mb", 4000), "estruturante", "tamanho máximo do arquivo (MB)"),
    (spoil("parametros.anexos.extensoes", [".pdf"]), "estruturante", "não é uma extensão"),
    (spoil("regras_roteamento.0.resultado", "ignorar"), "regra nº 1 “sei-anterior-4”", "“resultado” não aceita “ignorar”"),
    (spoil("regras_roteamento.0.prioridade", "Máxima"), "regra nº 1 “sei-anterior-4”", "“prioridade” não aceita “Máxima”"),
    (spoil("regras_roteamento.0.fonte", "o guia"), "regra nº 1 “sei-anterior-4”", "fonte: "),
    (spoil("regras_roteamento.0.condicoes", {}), "regra nº 1 “sei-anterior-4”", "uma só chave"),
    (spoil("regras_roteamento.0.condicoes", {"produto": ["word"]}), "sei-anterior-4", "o produto “word” não existe"),
    (spoil("regras_roteamento.0.condicoes", {"clima": ["sol"]}), "sei-anterior-4", "condição desconhecida “clima”"),
]


@pytest.mark.parametrize(("change", "entry", "reason"), BAD_FILES, ids=[f"{entry}: {reason}" for _, entry, reason in BAD_FILES])
def test_a_bad_file_names_the_entry_and_the_reason_without_touching_the_database(
    change: Spoil, entry: str, reason: str, content: Content, written: Write
) -> None:
    change(content)
    with pytest.raises(BadFile) as refused:
        catalog_file.read(written(content))
    assert any(entry in problem and reason in problem for problem in refused.value.problems), refused.value.problems


def test_a_mistake_is_said_in_one_line(content: Content, written: Write) -> None:
    content["regras_roteamento"][0]["resultado"] = "ignorar"
    content["tipos"][0]["campos"][3]["rotulo"] = ""
    with pytest.raises(BadFile) as refused:
        catalog_file.read(written(content))
    assert refused.value.problems == [
        "tipo nº 1 “reportar-erro” campo nº 4 “setor”: “rotulo” está vazio.",
        "regra nº 1 “sei-anterior-4”: “resultado” não aceita “ignorar”. "
        "Use um destes: avisar, orientar-e-encerrar, orientar-antes, encaminhar-n3, exigir-evidencia.",
    ]


def test_a_column_added_later_makes_no_row_look_edited() -> None:
    values = {"slug": "nup", "name": "NUP", "active": True}
    assert syncing.digest(Product, values) == syncing.digest(Product, values | {"icon": "", "links": []})
    assert syncing.digest(Product, values) != syncing.digest(Product, values | {"icon": "hashtag"})
    assert syncing.digest(Product, values) != syncing.digest(Product, values | {"active": False})


@pytest.mark.usefixtures("catalog")
def test_a_bad_file_changes_nothing(content: Content, written: Write) -> None:
    before = tables()
    content["estruturante"]["descricao"] = "Mudaria se o arquivo fosse aceito."
    content["regras_roteamento"][14]["resultado"] = "ignorar"
    with pytest.raises(BadFile):
        loading.load(written(content), overwrite=True)
    assert tables() == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "JSON inválido na linha 1, coluna 1"),
        (b'{\n "esferas": [,]\n}', "JSON inválido na linha 2, coluna 14"),
        (b'{"esferas": [], "esferas": []}', "repete a chave “esferas”"),
        (b'{"esferas": NaN}', "“NaN” não é um valor aceito"),
        (b"\xff{}", "não está em UTF-8"),
        (b"[" * 100_000, "níveis demais"),
        (b" " * 2_000_001, "passa de 2 MB"),
        (b"[]", "deveria ser um objeto"),
    ],
)
def test_a_file_that_is_no_catalog_is_refused_in_one_line(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "catalog.json"
    path.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        catalog_file.read(path)
    assert reason in refused.value.problems[0]


@pytest.mark.django_db
def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Não foi possível ler"):
        call_command("load_catalog", str(tmp_path / "none.json"))


@pytest.mark.django_db
def test_the_command_says_that_nothing_changed(content: Content, written: Write) -> None:
    content["produtos"][0]["tipos"].append("elogiar")
    with pytest.raises(CommandError, match="Nada mudou") as refused:
        call_command("load_catalog", str(written(content)))
    assert "api-protocolo-integrado" in str(refused.value)
    assert not CoreSystem.objects.exists()


def test_many_problems_are_shown_in_part(content: Content, written: Write) -> None:
    for offering in content["ofertas"]:
        offering["tipo"] = "elogiar"
    with pytest.raises(BadFile) as refused:
        catalog_file.read(written(content))
    assert len(refused.value.problems) == 21
    assert refused.value.problems[-1].startswith("… e mais ")
