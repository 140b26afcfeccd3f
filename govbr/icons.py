"""The icons that pages and the catalog may name: those of Font Awesome in `icons.json`, built into one sprite."""

import json
from pathlib import Path

ICONS: frozenset[str] = frozenset(json.loads((Path(__file__).parent / "icons.json").read_text(encoding="utf-8")))
UNKNOWN = "circle-question"
"""Shown for a name that is not in the set."""
