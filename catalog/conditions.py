"""When a routing rule applies: conditions typed from JSON, asked about the facts of one ticket.

A condition is a JSON object with one key. The keys, which curators write::

    {"todas": [...]}  {"alguma": [...]}  {"nao": {...}}
    {"produto": [slugs]}  {"tipo": [slugs]}  {"orgao": [slugs]}
    {"tipo_de_orgao": [Agency.Kind]}  {"natureza_juridica": [Agency.LegalNature]}
    {"resposta": {"campo": name, "valores": [answers]}}
    {"versao_anterior_a": {"campo": name, "versao": "4.0"}}
    {"texto_menciona": [words]}  {"representa_orgao": bool}  {"chamado_semelhante_aberto": bool}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from accounts.models import Agency
from catalog.models import RoutingRule
from catalog.versions import is_older
from govbr.text import fold

MAX_DEPTH = 6
MAX_ITEMS = 60


class BadCondition(ValueError):
    """What was written is no condition; the message says where and why, in pt-BR."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a ticket. Empty text where a thing is not known, e.g. of an unlisted body."""

    product: str
    support_type: str
    agency_kind: str = ""
    agency_slug: str = ""
    legal_nature: str = ""
    represents_agency: bool = True
    """False for "não represento um órgão"; true also for a body that is not in our list."""
    answers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    """The requester's own words together: subject, description, error message."""
    similar_open: bool = False

    @cached_property
    def folded_text(self) -> str:
        """The words as ``TextMentions`` compares them, with a space on both sides."""
        return f" {folded(self.text)} "


@dataclass(frozen=True)
class AllOf:
    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)


@dataclass(frozen=True)
class Not:
    part: Condition

    def holds(self, facts: Facts) -> bool:
        return not self.part.holds(facts)


@dataclass(frozen=True)
class FactIn:
    """The fact of this name is one of the values."""

    fact: Literal["product", "support_type", "agency_slug", "agency_kind", "legal_nature"]
    values: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        return getattr(facts, self.fact) in self.values


@dataclass(frozen=True)
class FactIs:
    fact: Literal["represents_agency", "similar_open"]
    expected: bool

    def holds(self, facts: Facts) -> bool:
        return getattr(facts, self.fact) is self.expected


@dataclass(frozen=True)
class AnswerIn:
    field: str
    values: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        return facts.answers.get(self.field, "").strip() in self.values


@dataclass(frozen=True)
class VersionBelow:
    """The answer names a version older than the bound. An answer without a version is no match."""

    field: str
    version: str

    def holds(self, facts: Facts) -> bool:
        return is_older(facts.answers.get(self.field, ""), than=self.version)


@dataclass(frozen=True)
class TextMentions:
    """Some of these words, which are ``folded``, stand in the text, whatever the accents, case and punctuation."""

    phrases: tuple[str, ...]

    def holds(self, facts: Facts) -> bool:
        return any(f" {phrase} " in facts.folded_text for phrase in self.phrases)


Condition = AllOf | AnyOf | Not | FactIn | FactIs | AnswerIn | VersionBelow | TextMentions


def matches(rule: RoutingRule, facts: Facts) -> bool:
    """Whether the rule's conditions hold. Raises ``BadCondition`` where they are not well formed."""
    return parse(rule.conditions).holds(facts)


def folded(text: str) -> str:
    """Lower case, no accents, every run of other than letters and digits as one space."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def unknown_words(
    condition: Condition, *, products: Collection[str], support_types: Collection[str], options: Mapping[str, Collection[str]]
) -> Iterator[str]:
    """A sentence in pt-BR for each slug, field or answer that the catalog does not have.

    ``options`` has every field by name, with its options where it is a list, else empty.
    """
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from unknown_words(part, products=products, support_types=support_types, options=options)
        case Not(part):
            yield from unknown_words(part, products=products, support_types=support_types, options=options)
        case FactIn("product", values):
            yield from (f"o produto “{slug}” não existe no catálogo." for slug in sorted(values.difference(products)))
        case FactIn("support_type", values):
            yield from (
                f"o tipo de suporte “{slug}” não existe no catálogo." for slug in sorted(values.difference(support_types))
            )
        case AnswerIn(name, _) | VersionBelow(name, _) if name not in options:
            yield f"nenhum formulário tem o campo “{name}”."
        case AnswerIn(name, values) if options[name]:
            yield from (f"o campo “{name}” não tem a opção “{value}”." for value in sorted(values.difference(options[name])))


def parse(raw: object) -> Condition:
    """The condition that the JSON says. Raises ``BadCondition``."""
    return _parse(raw, "condicoes", 0)


def _parse(raw: object, where: str, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise BadCondition(f"{where}: condições demais umas dentro das outras (o máximo é {MAX_DEPTH} níveis).")
    if not isinstance(raw, dict) or len(raw) != 1:
        raise BadCondition(f'{where}: cada condição é um objeto com uma só chave, como {{"produto": ["sei"]}}.')
    [(key, value)] = raw.items()
    reader = _READERS.get(key)
    if reader is None:
        raise BadCondition(f"{where}: condição desconhecida “{key}”. Use uma destas: {', '.join(_READERS)}.")
    return reader(value, f"{where}.{key}", depth)


def _parts_of(raw: object, where: str, depth: int) -> tuple[Condition, ...]:
    if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_ITEMS:
        raise BadCondition(f"{where}: escreva uma lista de 1 a {MAX_ITEMS} condições.")
    return tuple(_parse(item, f"{where}[{n}]", depth + 1) for n, item in enumerate(raw, start=1))


def _texts(raw: object, where: str) -> list[str]:
    if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_ITEMS:
        raise BadCondition(f"{where}: escreva uma lista de 1 a {MAX_ITEMS} textos.")
    if any(not isinstance(item, str) or not item.strip() for item in raw):
        raise BadCondition(f"{where}: a lista só aceita textos não vazios.")
    return raw


def _phrases(raw: object, where: str) -> tuple[str, ...]:
    phrases = {phrase: folded(phrase) for phrase in _texts(raw, where)}
    for phrase, said in phrases.items():
        if not said:
            raise BadCondition(f"{where}: “{phrase}” não tem letra nem número.")
    return tuple(phrases.values())


def _one_of(allowed: list[str]) -> Callable[[object, str], frozenset[str]]:
    def read(raw: object, where: str) -> frozenset[str]:
        values = _texts(raw, where)
        for value in values:
            if value not in allowed:
                raise BadCondition(f"{where}: valor desconhecido “{value}”. Use um destes: {', '.join(allowed)}.")
        return frozenset(values)

    return read


def _flag(raw: object, where: str) -> bool:
    if not isinstance(raw, bool):
        raise BadCondition(f"{where}: escreva true ou false.")
    return raw


def _pair(raw: object, where: str, second: str) -> tuple[str, Any]:
    if not isinstance(raw, dict) or set(raw) != {"campo", second} or not isinstance(raw["campo"], str) or not raw["campo"]:
        raise BadCondition(f"{where}: escreva um objeto com “campo” e “{second}”.")
    return raw["campo"], raw[second]


def _answer(raw: object, where: str) -> AnswerIn:
    name, values = _pair(raw, where, "valores")
    return AnswerIn(name, frozenset(_texts(values, f"{where}.valores")))


def _version(raw: object, where: str) -> VersionBelow:
    name, version = _pair(raw, where, "versao")
    if not isinstance(version, str) or not re.fullmatch(r"\d{1,4}(\.\d{1,4}){0,3}", version):
        raise BadCondition(f"{where}.versao: escreva só números e pontos, como “4.0”.")
    return VersionBelow(name, version)


_kinds = _one_of(Agency.Kind.values)
_natures = _one_of(Agency.LegalNature.values)

_READERS: dict[str, Callable[[object, str, int], Condition]] = {
    "todas": lambda raw, where, depth: AllOf(_parts_of(raw, where, depth)),
    "alguma": lambda raw, where, depth: AnyOf(_parts_of(raw, where, depth)),
    "nao": lambda raw, where, depth: Not(_parse(raw, where, depth + 1)),
    "produto": lambda raw, where, _: FactIn("product", frozenset(_texts(raw, where))),
    "tipo": lambda raw, where, _: FactIn("support_type", frozenset(_texts(raw, where))),
    "orgao": lambda raw, where, _: FactIn("agency_slug", frozenset(_texts(raw, where))),
    "tipo_de_orgao": lambda raw, where, _: FactIn("agency_kind", _kinds(raw, where)),
    "natureza_juridica": lambda raw, where, _: FactIn("legal_nature", _natures(raw, where)),
    "resposta": lambda raw, where, _: _answer(raw, where),
    "versao_anterior_a": lambda raw, where, _: _version(raw, where),
    "texto_menciona": lambda raw, where, _: TextMentions(_phrases(raw, where)),
    "representa_orgao": lambda raw, where, _: FactIs("represents_agency", _flag(raw, where)),
    "chamado_semelhante_aberto": lambda raw, where, _: FactIs("similar_open", _flag(raw, where)),
}
