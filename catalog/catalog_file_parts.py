"""The parts of the catalog file, each held against those before it and the models' own limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.catalog_file_conditions import condition_of
from catalog.catalog_file_entry import WHOLE, Entry, Values
from catalog.conditions import BadCondition, parse, unknown_words
from catalog.models import (
    AttachmentNeed,
    Cause,
    CoreSystem,
    FormField,
    Level,
    Priority,
    Product,
    Queue,
    RoutingRule,
    Sphere,
    SupportType,
)

FOR_READERS_ONLY = {
    "_legenda",
    "_consultado_em",
    "produtos_fora_do_catalogo",
    "outros_estruturantes_do_portal",
    "compatibilidade",
    "parametros",
}
"""Parts of the file that tell people something and fill no table (``parametros.anexos`` does)."""


@dataclass(frozen=True)
class CatalogRows:
    """What the file says of one core system. References are slugs, in ``sphere``, ``product``, ``support_type``."""

    core_system: Values
    spheres: list[Values]
    products: list[Values]
    support_types: list[Values]
    offerings: list[Values]
    fields: list[Values]
    rules: list[Values]
    causes: list[Values] | None
    """``None`` where the file does not speak of causes."""


def queue_slug(core_system: str, product: str, level: str) -> str:
    return f"{core_system}-{product}-{level.lower()}"


class CatalogReader:
    """Reads the parts in order; each part knows the slugs of those before it."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        self.spheres: dict[str, Values] = {}
        self.products: dict[str, Values] = {}
        self.support_types: dict[str, Values] = {}
        self.matrix: set[tuple[str, str, str]] = set()
        self.type_needs: dict[str, str] = {}
        self.needs: dict[tuple[str, str], str] = {}
        self.levels: dict[str, str] = {}
        self.fields: dict[tuple[str, str, str], Values] = {}

    def read(self, raw: object) -> CatalogRows:
        top = Entry(raw, WHOLE, self.problems)
        for key in FOR_READERS_ONLY:
            top.raw(key, None)
        core_system = self._core_system(top)
        for entry in self._named(top, "esferas", "esfera", self.spheres):
            self._sphere(entry)
        for entry in self._named(top, "tipos", "tipo", self.support_types):
            self._support_type(entry)
        for entry in self._named(top, "produtos", "produto", self.products):
            self._product(entry, core_system["slug"])
        for entry in top.entries("campos_por_oferta", "campos_por_oferta", []):
            self._fields_of_product(entry)
        offerings = self._offerings(top)
        rules = self._rules(top)
        causes = self._causes(top)
        top.end()
        return CatalogRows(
            core_system,
            list(self.spheres.values()),
            list(self.products.values()),
            list(self.support_types.values()),
            offerings,
            list(self.fields.values()),
            rules,
            causes,
        )

    def _named(self, top: Entry, key: str, label: str, taken: dict[str, Values]) -> Iterator[Entry]:
        for entry in top.entries(key, label):
            slug = entry.slug("slug")
            entry.called(slug)
            if slug in taken:
                entry.refuse("o slug está repetido.")
            yield entry

    def _core_system(self, top: Entry) -> Values:
        entry = top.entry("estruturante")
        files = top.entry("parametros").entry("anexos")
        extensions = files.texts("extensoes")
        if not extensions:
            files.refuse("“extensoes” precisa de ao menos uma extensão.")
        values = {
            "slug": entry.slug("slug"),
            "name": entry.text("nome"),
            "card_name": entry.text("nome_no_cartao"),
            "acronym": entry.text("sigla"),
            "description": entry.text("descricao"),
            "unit": entry.text("unidade_responsavel", ""),
            "icon": entry.text("icone", ""),
            "max_file_mb": files.number("max_mb"),
            "max_files": files.number("max_arquivos"),
            "file_extensions": extensions,
        }
        files.end()
        return entry.held_by(CoreSystem, values)

    def _sphere(self, entry: Entry) -> None:
        values: Values = {
            "slug": entry.slug("slug"),
            "name": entry.text("nome"),
            "description": entry.text("descricao", ""),
            "position": entry.between("ordem", 0, 1000),
            "icon": entry.text("icone", ""),
        }
        self.spheres[values["slug"]] = entry.held_by(Sphere, values)

    def _product(self, entry: Entry, core_system: str) -> None:
        slug = entry.slug("slug")
        values = {
            "slug": slug,
            "name": entry.text("nome"),
            "former_name": entry.text("nome_antigo", ""),
            "description": entry.text("descricao"),
            "purpose": entry.text("para_que_serve"),
            "keywords": entry.texts("palavras_chave", []),
            "synonyms": entry.texts("sinonimos", []),
            "links": entry.texts("saiba_mais", []),
            "icon": entry.text("icone", ""),
        }
        queue = queue_slug(core_system, slug, Level.N2)
        if len(queue) > (Queue._meta.get_field("slug").max_length or 0):
            entry.refuse(f"o identificador da fila, “{queue}”, ficaria longo demais.")
        spheres = entry.several_known("esferas", self.spheres, "a esfera")
        types = entry.several_known("tipos", self.support_types, "o tipo")
        self.matrix |= {(sphere, slug, support_type) for sphere in spheres for support_type in types}
        self.products[slug] = entry.held_by(Product, values)

    def _support_type(self, entry: Entry) -> None:
        slug = entry.slug("slug")
        values = {
            "slug": slug,
            "name": entry.text("nome"),
            "description": entry.text("descricao"),
            "synonyms": entry.texts("sinonimos", []),
            "request_class": entry.choice("classe", SupportType.RequestClass.values),
            "position": len(self.support_types) + 1,
            "icon": entry.text("icone", ""),
        }
        self.type_needs[slug] = entry.choice("exige_anexo", AttachmentNeed.values)
        self.levels[slug] = entry.choice("nivel_inicial", Level.values)
        self._fields(entry, slug, "")
        for name in FormField.NEEDED:
            if (slug, "", name) not in self.fields:
                entry.refuse(f"falta o campo “{name}”, sem o qual não se abre chamado.")
        self.support_types[slug] = entry.held_by(SupportType, values)

    def _fields_of_product(self, entry: Entry) -> None:
        product = entry.known("produto", self.products, "o produto")
        support_type = entry.known("tipo", self.support_types, "o tipo")
        entry.called(f"{product} · {support_type}")
        if (product, support_type) in self.needs:
            entry.refuse("esta oferta já apareceu em campos_por_oferta.")
        need = entry.choice("exige_anexo", AttachmentNeed.values, "")
        self.needs[product, support_type] = need or self.type_needs.get(support_type, "")
        self._fields(entry, support_type, product)
        entry.end()

    def _fields(self, parent: Entry, support_type: str, product: str) -> None:
        for position, entry in enumerate(parent.entries("campos", "campo"), start=1):
            name = entry.slug("nome")
            entry.called(name)
            values = {
                "support_type": support_type,
                "product": product,
                "name": name,
                "label": entry.text("rotulo"),
                "kind": entry.choice("tipo", FormField.Kind.values),
                "required": entry.flag("obrigatorio"),
                "help_text": entry.text("ajuda", ""),
                "options": entry.texts("opcoes", []),
                "suggestions": entry.texts("sugestoes", []),
                "max_length": entry.number("max_caracteres", None),
                "multiple": entry.flag("multiplo", False),
                "position": position,
                **condition_of(entry, self.fields.values()),
            }
            if (support_type, product, name) in self.fields:
                entry.refuse("o nome do campo está repetido.")
            self.fields[support_type, product, name] = entry.held_by(FormField, values)

    def _offerings(self, top: Entry) -> list[Values]:
        offerings: dict[tuple[str, str, str], Values] = {}
        for entry in top.entries("ofertas", "oferta"):
            sphere = entry.known("esfera", self.spheres, "a esfera")
            product = entry.known("produto", self.products, "o produto")
            support_type = entry.known("tipo", self.support_types, "o tipo")
            key = (sphere, product, support_type)
            entry.called(" · ".join(key))
            if key in offerings:
                entry.refuse("a oferta está repetida.")
            elif key not in self.matrix:
                entry.refuse("o produto não lista esta esfera com este tipo.")
            need = self.needs.get((product, support_type)) or self.type_needs.get(support_type, "")
            entry.end()
            offerings[key] = {
                "sphere": sphere,
                "product": product,
                "support_type": support_type,
                "first_level": self.levels.get(support_type, Level.N2),
                "attachment_need": need,
            }
        missing = sorted(self.matrix - offerings.keys())
        self.problems.extend(f"oferta “{' · '.join(key)}”: o produto a lista e ela falta em “ofertas”." for key in missing)
        self._no_file_both_needed_and_not(offerings)
        return list(offerings.values())

    def _no_file_both_needed_and_not(self, offerings: dict[tuple[str, str, str], Values]) -> None:
        for product, support_type in sorted({(p, t) for _, p, t in offerings}):
            if (self.needs.get((product, support_type)) or self.type_needs.get(support_type)) != AttachmentNeed.NONE:
                continue
            own = {name: f for (t, p, name), f in self.fields.items() if t == support_type and p == product}
            common = {name: f for (t, p, name), f in self.fields.items() if t == support_type and not p}
            for name, asked in (common | own).items():
                if asked["kind"] == FormField.Kind.FILE and asked["required"]:
                    self.problems.append(
                        f"oferta “{product} · {support_type}”: não pede anexo, mas o campo “{name}” é arquivo obrigatório."
                    )

    def _rules(self, top: Entry) -> list[Values]:
        rules: dict[str, Values] = {}
        options: dict[str, set[str]] = {}
        for (_, _, name), asked in self.fields.items():
            options.setdefault(name, set()).update(asked["options"])
        priorities = {priority.label: priority.value for priority in Priority}
        for entry in top.entries("regras_roteamento", "regra", []):
            slug = entry.slug("id")
            entry.called(slug)
            if slug in rules:
                entry.refuse("o id está repetido.")
            conditions = entry.raw("condicoes")
            try:
                problems = unknown_words(
                    parse(conditions), products=self.products, support_types=self.support_types, options=options
                )
                for problem in problems:
                    entry.refuse(problem)
            except BadCondition as error:
                entry.refuse(str(error))
            entry.raw("acao", None)
            values = {
                "slug": slug,
                "situation": entry.text("quando"),
                "conditions": conditions or {},
                "outcome": entry.choice("resultado", RoutingRule.Outcome.values),
                "requester_text": entry.text("texto_solicitante", ""),
                "analyst_text": entry.text("texto_analista"),
                "priority": priorities.get(entry.choice("prioridade", list(priorities), "")),
                "source": entry.text("fonte", ""),
                "position": len(rules) + 1,
            }
            rules[slug] = entry.held_by(RoutingRule, values)
        return list(rules.values())

    def _causes(self, top: Entry) -> list[Values] | None:
        if top.raw("causas", None) is None:
            return None
        causes: dict[tuple[str, str], Values] = {}
        for entry in top.entries("causas", "causa"):
            product, slug = entry.known("produto", self.products, "o produto"), entry.slug("slug")
            entry.called(f"{product} · {slug}")
            if (product, slug) in causes:
                entry.refuse("o slug está repetido neste produto.")
            position = sum(of == product for of, _ in causes) + 1
            values = {"product": product, "slug": slug, "name": entry.text("nome"), "position": position}
            causes[product, slug] = entry.held_by(Cause, values)
        return list(causes.values())
