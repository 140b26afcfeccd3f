"""The only writer of what scripts say: each change is a version that stays (docs/adr/0035)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import transaction

import worktime
from catalog.models import ScriptVersion, SupportScript

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from catalog.models import CoreSystem

SAID: Final = (
    *("title", "situation", "steps", "reply", "support_types", "level", "profile", "suggestion"),
    *("keywords", "references", "note"),
)
"""What a version keeps."""
EVERY: Final = timedelta(days=365)
"""How long a reading holds."""


class Outdated(Exception):
    """Somebody else saved the script since it was read."""


class Change(NamedTuple):
    label: str
    before: str
    after: str


def said(script: SupportScript) -> dict[str, Any]:
    return {name: getattr(script, name) for name in SAID}


@transaction.atomic
def save(script: SupportScript, *, by: User, note: str = "", confirmed: bool = False) -> None:
    """Keeps the script; where its words changed, as a new version of ``by``'s.

    ``confirmed`` says that it was read whole and holds: it is to be read again in a year. Raises
    ``Outdated``, and changes nothing, where it has another version than when it was read.
    """
    new = script._state.adding
    changed = new
    if not new:
        present = SupportScript.objects.select_for_update().get(pk=script.pk)
        if present.version != script.version:
            raise Outdated
        changed = said(present) != said(script)
    at = worktime.now()
    if confirmed:
        script.holds = True
        script.review_due = next_date(at)
    if changed:
        script.version += 1
        script.updated_at = at
        script.written_on = at.astimezone(worktime.BRASILIA).date()
    script.save()
    if changed:
        _version(script, at=at, by=by, note=note).save()


def restore(script: SupportScript, version: ScriptVersion, *, by: User) -> None:
    """Says again what an older version said; that is a new version, and what stands between them stays. Raises ``Outdated``."""
    for name in SAID:
        setattr(script, name, version.content[name])
    save(script, by=by, note=f"Restaurada a versão {version.number}.")


def record_loaded(core_system: CoreSystem) -> None:
    """After a file was loaded: a version of each script whose words are not those of its last version.

    What is new and holds is to be read again in a year. Must be called within the transaction of the loading.
    """
    at = worktime.now()
    last = {
        version.script_id: version.content
        for version in ScriptVersion.objects.filter(script__core_system=core_system)
        .order_by("script_id", "-number")
        .distinct("script_id")
    }
    scripts = SupportScript.objects.filter(core_system=core_system)
    changed = [script for script in scripts if last.get(script.pk) != said(script)]
    for script in changed:
        script.version += 1
        script.updated_at = at
        if script.review_due is None and script.holds:
            script.review_due = next_date(at)
    SupportScript.objects.bulk_update(changed, ["version", "updated_at", "review_due"])
    ScriptVersion.objects.bulk_create(_version(script, at=at, by=None, note="Carga do arquivo.") for script in changed)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What one content says otherwise than another, field by field, as people read it."""
    return [
        Change(str(SupportScript._meta.get_field(name).verbose_name), as_read(name, before), as_read(name, after))  # type: ignore[union-attr]  # columns, no relations back
        for name in SAID
        if before.get(name) != after.get(name)
    ]


def as_read(name: str, content: Mapping[str, Any]) -> str:
    value = content.get(name, "")
    if isinstance(value, list):
        return "\n".join(value)
    choices = {
        "level": SupportScript._meta.get_field("level").choices,
        "profile": SupportScript.Profile.choices,
        "suggestion": SupportScript.Suggestion.choices,
    }
    return str(dict(choices.get(name) or ()).get(value, value))


def next_date(at: datetime) -> date:
    return at.astimezone(worktime.BRASILIA).date() + EVERY


def _version(script: SupportScript, *, at: datetime, by: User | None, note: str) -> ScriptVersion:
    return ScriptVersion(script=script, number=script.version, at=at, author=by, note=note[:300], content=said(script))
