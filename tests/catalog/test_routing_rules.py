"""The 15 rules of the support scripts, as the project's file transcribes them (DOMAIN §1.4)."""

import json
from typing import Any

import pytest

from accounts.agencies import STARTER_LIST
from catalog import catalog_file
from catalog.conditions import Facts, matches
from catalog.models import RoutingRule
from tests.catalog.conftest import FILE

Outcome = RoutingRule.Outcome
SEI = {"product": "sei", "support_type": "reportar-erro"}
TRAMITA = {"product": "portal-tramita-govbr", "support_type": "reportar-erro"}
NUP = {"product": "nup", "support_type": "registrar-duvida"}
NUP_ACCESS = {"product": "nup", "support_type": "solicitar-acesso-portal"}
CITIZEN = {"product": "portal-protocolo-integrado", "support_type": "registrar-duvida", "represents_agency": False}
DIRECT = "Administração direta (ministério ou Presidência)"


@pytest.fixture(scope="module")
def rules() -> dict[str, RoutingRule]:
    """The rules of the file by slug; a rule needs no database to be asked."""
    return {row["slug"]: RoutingRule(**row) for row in catalog_file.read(FILE).rules}


def answers(**given: str) -> dict[str, dict[str, str]]:
    return {"answers": given}


RULES: dict[str, tuple[Outcome, list[dict[str, Any]], list[dict[str, Any]]]] = {
    "sei-anterior-4": (
        Outcome.ADVISE_REFUSAL,
        [SEI | answers(versao_sei=version) for version in ("3.1.7", "SEI 3.1", "Anterior à 4.0", "anterior a 4", "2.6.0.A10")],
        [SEI | answers(versao_sei=version) for version in ("4.0", "4.0.12", "4", "5.1.0", "10.0", "Não sei", "")]
        + [SEI, {"product": "modulo-wssei", "support_type": "reportar-erro"} | answers(versao_sei="3.1.7")],
    ),
    "usuario-final": (
        Outcome.ADVISE_REFUSAL,
        [SEI | answers(perfil_demandante="Outra")],
        [
            SEI,
            SEI | answers(perfil_demandante="Administrador do SEI"),
            SEI | answers(perfil_demandante="Gestor de protocolo"),
            TRAMITA | answers(perfil_demandante="Outra"),
        ],
    ),
    "ministerio-publico-tramita": (
        Outcome.ADVISE_REFUSAL,
        [
            {"product": product, "support_type": "registrar-duvida", "agency_kind": "mp", "agency_slug": "mp-rj"}
            for product in ("api-tramita-govbr", "modulo-tramita-govbr", "portal-tramita-govbr")
        ],
        [
            TRAMITA | {"agency_kind": "conselho", "agency_slug": "cnmp"},
            TRAMITA | {"agency_kind": "comum", "agency_slug": "tcu"},
            TRAMITA,
            SEI | {"agency_kind": "mp", "agency_slug": "mp-rj"},
        ],
    ),
    "trt-tramita": (
        Outcome.ADVISE_REFUSAL,
        [TRAMITA | {"agency_kind": "trt", "agency_slug": slug} for slug in ("trt1", "trt2", "trt15")],
        [
            TRAMITA | {"agency_kind": "trt", "agency_slug": "trt12"},
            TRAMITA | {"agency_kind": "conselho", "agency_slug": "csjt"},
            TRAMITA | {"agency_kind": "mp", "agency_slug": "mp-rj"},
            SEI | {"agency_kind": "trt", "agency_slug": "trt2"},
        ],
    ),
    "status-2": (
        Outcome.ADVISE_FIRST,
        [TRAMITA | answers(status_tramite="2", papel_orgao="Remetente")],
        [
            TRAMITA | answers(status_tramite="2", papel_orgao="Destinatário"),
            TRAMITA | answers(status_tramite="5", papel_orgao="Remetente"),
            TRAMITA | answers(status_tramite="2"),
            TRAMITA | answers(papel_orgao="Remetente"),
        ],
    ),
    "status-5": (
        Outcome.ADVISE_FIRST,
        [TRAMITA | answers(status_tramite="5", papel_orgao="Destinatário")],
        [
            TRAMITA | answers(status_tramite="5", papel_orgao="Remetente"),
            TRAMITA | answers(status_tramite="2", papel_orgao="Destinatário"),
            TRAMITA | answers(status_tramite="5"),
        ],
    ),
    "nup-vinculada": (
        Outcome.ADVISE_FIRST,
        [NUP | {"legal_nature": nature} for nature in ("autarquia", "fundacao", "empresa-publica", "sociedade-economia-mista")]
        + [NUP_ACCESS | answers(tipo_orgao="Autarquia"), NUP_ACCESS | answers(tipo_orgao="Empresa estatal federal")],
        [
            NUP | {"legal_nature": "administracao-direta"},
            NUP_ACCESS | {"legal_nature": "administracao-direta"} | answers(tipo_orgao="Autarquia"),
            NUP_ACCESS | answers(tipo_orgao=DIRECT),
            NUP,
            SEI | {"legal_nature": "autarquia"},
        ],
    ),
    "nup-direta": (
        Outcome.ESCALATE,
        [NUP | {"legal_nature": "administracao-direta"}, NUP_ACCESS | answers(tipo_orgao=DIRECT)],
        [
            NUP | {"legal_nature": "autarquia"},
            NUP_ACCESS | {"legal_nature": "fundacao"} | answers(tipo_orgao=DIRECT),
            NUP,
            SEI | {"legal_nature": "administracao-direta"},
        ],
    ),
    "credencial-pi": (
        Outcome.ESCALATE,
        [
            {"product": product, "support_type": "solicitar-credenciais"}
            for product in ("portal-protocolo-integrado", "modulo-estatistico")
        ],
        [{"product": "portal-protocolo-integrado", "support_type": "solicitar-acesso"}],
    ),
    "melhoria-estatistico": (
        Outcome.ESCALATE,
        [{"product": product, "support_type": "sugerir-melhoria"} for product in ("modulo-estatistico", "sei")],
        [{"product": "modulo-estatistico", "support_type": "registrar-duvida"}],
    ),
    "erro-500": (
        Outcome.REQUIRE_EVIDENCE,
        [SEI | {"text": text} for text in ("Deu ERRO 500 ao abrir.", "HTTP/500", "500 - Internal Server Error")],
        [SEI | {"text": text} for text in ("erro 5001", "500 processos com erro", "erro 404", "")],
    ),
    "protocolo-govbr-erro": (
        Outcome.ADVISE_FIRST,
        [{"product": "protocolo-govbr", "support_type": "reportar-erro"}],
        [
            {"product": "protocolo-govbr", "support_type": "registrar-duvida"},
            {"product": "modulo-resposta-protocolo-govbr", "support_type": "reportar-erro"},
        ],
    ),
    "conteudo-processo": (
        Outcome.ADVISE_REFUSAL,
        [CITIZEN | {"text": text} for text in ("Quero VISTAS AO PROCESSO 123.", "Qual o andamento do meu processo?")],
        [
            CITIZEN | {"text": "Como envio um processo?"},
            CITIZEN | {"text": "O andamento do processo seletivo", "represents_agency": True},
            TRAMITA | {"text": "Não vejo o andamento do processo no painel."},
        ],
    ),
    "conta-govbr": (
        Outcome.ADVISE_REFUSAL,
        [
            CITIZEN | {"text": text}
            for text in (
                "Esqueci minha senha do gov.br",
                "A senha da conta GovBR não funciona",
                "Minha conta gov.br é bronze e preciso de prata",
                "Quero mudar o nível da conta gov.br",
            )
        ],
        [
            TRAMITA | {"text": "O Tramita GOV.BR pede a senha do certificado"},
            CITIZEN | {"text": "Esqueci a senha do sistema"},
            {"product": "modulo-login-externo-govbr", "support_type": "reportar-erro"}
            | {"text": "Quem tem conta gov.br bronze não entra no SEI"},
        ],
    ),
    "duplicado": (Outcome.WARN, [SEI | {"similar_open": True}], [SEI | {"similar_open": False}]),
}


def test_every_rule_of_the_file_has_its_cases(rules: dict[str, RoutingRule]) -> None:
    assert rules.keys() == RULES.keys()
    assert len(rules) == 15


@pytest.mark.parametrize("slug", RULES)
def test_a_rule_applies_to_its_situation_and_to_no_other(slug: str, rules: dict[str, RoutingRule]) -> None:
    outcome, cases, near_misses = RULES[slug]
    rule = rules[slug]
    assert rule.outcome == outcome
    for case in cases:
        assert matches(rule, Facts(**case)), case
    for case in near_misses:
        assert not matches(rule, Facts(**case)), case


def test_an_ordinary_ticket_meets_no_rule(rules: dict[str, RoutingRule]) -> None:
    facts = Facts(
        product="sei",
        support_type="reportar-erro",
        agency_kind="comum",
        agency_slug="mgi",
        legal_nature="administracao-direta",
        answers={"versao_sei": "5.0.3", "perfil_demandante": "Administrador do SEI"},
        text="A árvore do processo não abre depois da atualização.",
    )
    assert [slug for slug, rule in rules.items() if matches(rule, facts)] == []


def test_each_rule_tells_the_analyst_what_to_do(rules: dict[str, RoutingRule]) -> None:
    for rule in rules.values():
        assert rule.analyst_text
        assert rule.requester_text or rule.outcome == Outcome.ESCALATE, rule.slug


def test_delegated_support_depends_on_the_agency(rules: dict[str, RoutingRule]) -> None:
    """Of the bodies that we know, the councils and TRT12 are served, as the two agreements say."""
    delegating = [rules["ministerio-publico-tramita"], rules["trt-tramita"]]
    delegated = set()
    for agency in json.loads(STARTER_LIST.read_text(encoding="utf-8")):
        facts = Facts(**TRAMITA, agency_kind=agency.get("kind", "comum"), agency_slug=agency["slug"])
        if any(matches(rule, facts) for rule in delegating):
            delegated.add(agency["slug"])
    assert {"mpf", "mpac", "trt1", "trt24"} <= delegated
    assert delegated & {"trt12", "cnmp", "csjt"} == set()
    assert all(slug.startswith(("mp", "trt")) for slug in delegated)
