"""Reading one entry of the catalog file: each value typed, each mistake said with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from catalog import daytime

T = TypeVar("T")

A_TIME = "um horário, como 08:00"
A_MOMENT = "data e hora com fuso, como 2026-01-01T00:00:00-03:00"

PROVENANCE = {
    "origem",
    "fonte",
    "nota",
    "repositorio",
    "portal",
    "exige_anexo_origem",
    "nivel_inicial_origem",
    "nivel_resolucao_tipico",
    "nivel_resolucao_origem",
}
"""Where a fact comes from, for whoever edits the file: kept there, never loaded."""

SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
WHOLE = "arquivo"
"""The name of the entry that holds all others."""

MISSING = object()

Values = dict[str, Any]
"""A row to be: the model's attributes by name."""


class Entry:
    """One object of the file. Mistakes are gathered in ``problems``; a safe value comes back instead."""

    def __init__(self, raw: object, where: str, problems: list[str]) -> None:
        self.where = where
        self.refused = False
        self._problems = problems
        self._read: set[str] = set()
        self._raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        if not isinstance(raw, dict):
            self.refuse("deveria ser um objeto.")

    def refuse(self, reason: str) -> None:
        self.refused = True
        self._problems.append(f"{self.where}: {reason}")

    def called(self, name: str) -> Entry:
        """From here on mistakes name the entry as its reader knows it."""
        self.where = f"{self.where} “{name}”" if name else self.where
        return self

    def raw(self, key: str, default: object = MISSING) -> Any:
        self._read.add(key)
        if key in self._raw:
            return self._raw[key]
        if default is MISSING:
            self.refuse(f"falta “{key}”.")
            return None
        return default

    def _typed(self, key: str, kind: type, said: str, default: object) -> Any:
        if key not in self._raw:
            return self.raw(key, default)
        value = self.raw(key)
        # A bool is an int to Python, and none in a file.
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        self.refuse(f"“{key}” deveria ser {said}.")
        return None

    def text(self, key: str, default: object = MISSING) -> str:
        value = self._typed(key, str, "um texto", default)
        if default is MISSING and value is not None and not value.strip():
            self.refuse(f"“{key}” está vazio.")
        if value and "\x00" in value:
            self.refuse(f"“{key}” tem um caractere que não se pode guardar.")
        return value or ""

    def slug(self, key: str) -> str:
        value = self.text(key)
        if value.strip() and not SLUG.fullmatch(value):
            self.refuse(f"“{key}” só aceita letras minúsculas sem acento, números e hífens: “{value}”.")
        return value

    def known(self, key: str, slugs: Collection[str], what: str) -> str:
        """A slug that stands for something the file has."""
        value = self.text(key)
        if value.strip() and value not in slugs:
            self.refuse(f"“{key}”: {what} “{value}” não existe no arquivo.")
        return value

    def choice(self, key: str, allowed: Collection[str], default: object = MISSING) -> str:
        value = self._typed(key, str, "um texto", default)
        if isinstance(value, str) and value not in allowed and value != default:
            self.refuse(f"“{key}” não aceita “{value}”. Use um destes: {', '.join(allowed)}.")
        return value or ""

    def flag(self, key: str, default: object = MISSING) -> bool:
        return bool(self._typed(key, bool, "true ou false", default))

    def number(self, key: str, default: object = MISSING) -> int | None:
        value: int | None = self._typed(key, int, "um número inteiro", default)
        return value

    def between(self, key: str, low: int, high: int) -> int:
        value = self.number(key)
        if value is not None and not low <= value <= high:
            self.refuse(f"“{key}” vai de {low} a {high}.")
        return low if value is None else value

    def date(self, key: str) -> date | None:
        return self._read_as(key, date.fromisoformat, "uma data, como 2026-12-25", MISSING)

    def clock_time(self, key: str) -> time | None:
        """A time of day, where there is one."""
        return self._read_as(key, lambda text: time.fromisoformat(daytime.written(daytime.parse(text))), A_TIME, None)

    def minutes(self, key: str) -> int | None:
        """A time of day up to 24:00, in minutes since 0h."""
        return self._read_as(key, daytime.parse, A_TIME, MISSING)

    def moment(self, key: str) -> datetime | None:
        value = self._read_as(key, datetime.fromisoformat, A_MOMENT, MISSING)
        if value is not None and value.utcoffset() is None:
            self.refuse(f"“{key}” deveria ser {A_MOMENT}.")
            return None
        return value

    def _read_as(self, key: str, read: Callable[[str], T], said: str, default: object) -> T | None:
        text = self._typed(key, str, said, default)
        if text is None:
            return None
        try:
            return read(text)
        except ValueError:
            self.refuse(f"“{key}” deveria ser {said}.")
            return None

    def texts(self, key: str, default: object = MISSING) -> list[str]:
        values = self._typed(key, list, "uma lista", default) or []
        if any(not isinstance(value, str) or not value.strip() for value in values):
            self.refuse(f"“{key}” só aceita textos não vazios.")
            return []
        return list(values)

    def several_known(self, key: str, slugs: Collection[str], what: str) -> list[str]:
        values = self.texts(key)
        for value in values:
            if value not in slugs:
                self.refuse(f"“{key}”: {what} “{value}” não existe no arquivo.")
        return values

    def entry(self, key: str, default: object = MISSING) -> Entry:
        return Entry(self.raw(key, default), key, self._problems)

    def entries(self, key: str, label: str, default: object = MISSING) -> Iterator[Entry]:
        """The objects of a list; each is called ``label`` and its place until it says its name."""
        values = self._typed(key, list, "uma lista", default) or []
        # A list of its own, so that what the caller refuses meanwhile cannot change the walk.
        within = "" if self.where == WHOLE else f"{self.where} "
        for n, value in enumerate(values, start=1):
            yield Entry(value, f"{within}{label} nº {n}", self._problems)

    def end(self) -> None:
        """Refuses what nobody read: a key with a slip of the pen would otherwise be lost in silence."""
        for key in sorted(self._raw.keys() - self._read - PROVENANCE):
            self.refuse(f"“{key}” não é conhecido aqui.")

    def held_by(self, model: type[models.Model], values: Values) -> Values:
        """The values, held against the model's own limits; called last, when all keys were read."""
        self.end()
        if self.refused:
            return values
        own = {field.name: field for field in model._meta.concrete_fields if not field.is_relation}
        row = model(**{name: value for name, value in values.items() if name in own})
        try:
            row.clean_fields(exclude={field.name for field in model._meta.fields} - (own.keys() & values.keys()))
            row.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                for message in messages:
                    self.refuse(f"{own[name].verbose_name}: {message}" if name in own else message)
        return values
