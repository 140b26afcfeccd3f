"""The catalog file: read whole and checked whole, before anything is written."""

from pathlib import Path

from catalog import json_file
from catalog.catalog_file_parts import CatalogReader, CatalogRows
from catalog.json_file import BadFile


def read(path: Path) -> CatalogRows:
    """The catalog in the file. Raises ``BadFile`` with every mistake found."""
    problems: list[str] = []
    catalog = CatalogReader(problems).read(json_file.content(path))
    if problems:
        raise BadFile(problems)
    return catalog
