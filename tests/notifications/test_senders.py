"""Only ``notifications`` sends mail (DESIGN §6): what leaves has a row, and is retried and seen."""

import ast
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def imported(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_no_other_app_imports_django_core_mail() -> None:
    ours = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == ROOT]
    senders = {
        app.name
        for app in ours
        for source in app.rglob("*.py")
        if any(name.startswith("django.core.mail") for name in imported(source))
    }
    assert len(ours) >= 7
    assert senders == {"notifications"}
