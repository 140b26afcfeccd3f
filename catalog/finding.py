"""Finding what is offered by the words that people use for it: names, former names, nicknames, and kinds of help.

The catalog is small and read whole, in a fixed number of queries; every text goes through ``public.fold``, so that
accents and plurals make no difference, and the beginning of a word finds it while it is still being typed.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from catalog import offers
from catalog.models import Product, Sphere, SupportType
from govbr.search import Fold, typed_words

SHOWN: Final = 6
"""Products shown for a search, unless more are asked for."""
LEAST_TYPED: Final = 2
"""Characters from which a word is looked for."""
LEAST_BEGINNING: Final = 3
"""Characters from which a word is taken for the beginning of others."""
LEAST_STEM: Final = 4
"""Characters from which a stem says enough: "assin" finds "assinatura", "sei" finds no "seios"."""
SAME, BEGINS, AKIN = 1.0, 0.75, 0.6
"""How well a word fits one of a text: it is the same, its beginning, or of the same stem."""
WHOLE: Final = 4.0
"""What a name typed whole counts beside its words."""
CLOSE: Final = 0.8
"""From which likeness on a word that nothing has is taken for a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What a product or a type is found by: folded texts with what a word in them counts."""

    weighed: tuple[tuple[float, str], ...]
    names: frozenset[str]
    """The names by which people call it, each whole."""

    def fit(self, word: str, stem: str) -> float:
        """How well a typed word fits, 0 for not at all."""
        return max((weight * quality(word, stem, text) for weight, text in self.weighed), default=0.0)


@dataclass(frozen=True, slots=True)
class Found:
    """A product that answers a search, the type of support where the words name one, and where both are offered."""

    product: Product
    support_type: SupportType | None
    spheres: list[Sphere]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, best first; ``instead_of`` is set where another spelling was looked for than the one typed."""

    found: list[Found] = field(default_factory=list)
    looked_for: str = ""
    instead_of: str = ""
    more: bool = False
    """Whether more was found than is given."""


def find(words: str, *, most: int = SHOWN) -> Answer:
    """The products, and types of support, that these words mean. At most 4 queries, whatever is typed."""
    typed = typed_words(words)
    telling = [(word, stem) for word, stem in typed if stem and len(word) >= LEAST_TYPED]
    if not telling:
        return Answer()
    catalog = _Catalog()
    found = catalog.answering(telling, whole=" ".join(word for word, _ in typed))
    if found:
        return Answer(found[:most], words.strip(), more=len(found) > most)
    meant = catalog.meant(word for word, _ in telling)
    found = catalog.answering([(word, word) for word in meant])
    return Answer(found[:most], " ".join(meant), words.strip() if found else "", more=len(found) > most)


def quality(word: str, stem: str, text: str) -> float:
    """How well a typed word fits the best of a text's words."""
    best = 0.0
    for other in text.split():
        if other == word:
            return SAME
        if len(word) >= LEAST_BEGINNING and other.startswith(word):
            best = max(best, BEGINS)
        elif len(stem) >= LEAST_STEM and other.startswith(stem):
            best = max(best, AKIN)
    return best


class _Catalog:
    """Everything on offer, as it is looked through for one search."""

    def __init__(self) -> None:
        self.offered: defaultdict[int, defaultdict[int, list[Sphere]]] = defaultdict(lambda: defaultdict(list))
        for offering in offers.offerings().select_related("sphere").order_by("sphere__position", "sphere__name"):
            self.offered[offering.product_id][offering.support_type_id].append(offering.sphere)
        products = Product.objects.filter(pk__in=self.offered).select_related("core_system")
        self.products = {product: _texts_of(product) for product in products.annotate(**_FOLDED_PRODUCT)}
        self.types = {kind: _texts_of(kind) for kind in SupportType.objects.filter(active=True).annotate(**_FOLDED_TYPE)}

    def answering(self, words: list[tuple[str, str]], *, whole: str = "") -> list[Found]:
        """The products that most of the words mean, by themselves or with one of their types; best first."""
        of_type = {kind: _fits(texts, words) for kind, texts in self.types.items()}
        ranked = []
        for product, texts in self.products.items():
            own = _fits(texts, words)
            kind = self._kind_meant(product, own, of_type)
            covered = own.keys() | (of_type[kind].keys() if kind else set())
            if covered:
                score = sum(own.values()) + WHOLE * (whole in texts.names)
                # Of two that fit alike, the shorter name is more likely meant.
                ranked.append((-len(covered), -score, len(product.name.split()), product.name, self._found(product, kind)))
        most = min((covered for covered, *_ in ranked), default=0)
        return [row[-1] for row in sorted(ranked, key=lambda row: row[:-1]) if row[0] == most]

    def meant(self, words: Iterable[str]) -> list[str]:
        """The words of names that are spelt almost like these."""
        known = {
            word for texts in (*self.products.values(), *self.types.values()) for name in texts.names for word in name.split()
        }
        return [close[0] for word in words if (close := difflib.get_close_matches(word, sorted(known), n=1, cutoff=CLOSE))]

    def _kind_meant(
        self, product: Product, own: Mapping[str, float], of_type: Mapping[SupportType, Mapping[str, float]]
    ) -> SupportType | None:
        """The type on offer for which words are left that do not mean the product."""
        best: tuple[float, SupportType] | None = None
        for kind, fits in of_type.items():
            further = sum(fit for word, fit in fits.items() if word not in own)
            if kind.pk in self.offered[product.pk] and further and (best is None or further > best[0]):
                best = (further, kind)
        return best[1] if best else None

    def _found(self, product: Product, kind: SupportType | None) -> Found:
        offered = self.offered[product.pk]
        spheres = offered[kind.pk] if kind else [sphere for places in offered.values() for sphere in places]
        return Found(product, kind, sorted(dict.fromkeys(spheres), key=lambda sphere: (sphere.position, sphere.name)))


def _fits(texts: Texts, words: list[tuple[str, str]]) -> dict[str, float]:
    return {word: fit for word, stem in words if (fit := texts.fit(word, stem))}


def _text(*columns: str) -> Fold:
    """Columns folded together. The quotation marks of a JSON list stay and part its entries."""
    parts = [part for column in columns for part in (Cast(column, TextField()), Value('"'))]
    return Fold(Concat(*parts, output_field=TextField()))


_FOLDED_PRODUCT: Final = {
    "names": _text("name", "slug"),
    "nicknames": _text("former_name", "synonyms"),
    "themes": _text("keywords"),
    "prose": _text("purpose", "description"),
}
_FOLDED_TYPE: Final = {"names": _text("name"), "nicknames": _text("synonyms")}
_WEIGHTS: Final = {"names": 4.0, "nicknames": 3.0, "themes": 2.0, "prose": 1.0}
_NAMES: Final = 2
"""The first so many of those are names."""


def _texts_of(row: Product | SupportType) -> Texts:
    texts = [(weight, getattr(row, name)) for name, weight in _WEIGHTS.items() if hasattr(row, name)]
    names = frozenset(" ".join(name.split()) for _, text in texts[:_NAMES] for name in text.split('"'))
    return Texts(tuple((weight, text.replace('"', " ")) for weight, text in texts), names)
