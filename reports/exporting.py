"""Taking tables out: small ones at once, long ones by the worker, which leaves them to be fetched (docs/adr/0052)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Final

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

import worktime
from accounts.models import User
from files import keeping
from notifications import kinds, outbox
from reports import exports
from reports.access import Scope, scope_of
from reports.forms import ReportForm
from reports.models import Export
from reports.sheets import FORMATS, Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from files.models import StoredFile

AT_ONCE: Final = 5_000
"""Rows up to which somebody waits for them before his page."""
COUNTED: Final = 2_000_000
"""Rows up to which an export is counted beforehand, to tell how far it is."""
WAITING: Final = 3
"""Long exports that one person may have under way."""
A_DAY: Final = 20
"""Long exports of one person in 24 hours."""
KEPT: Final = timedelta(days=7)
"""How long a file waits to be fetched."""
RECORDED: Final = timedelta(days=365)
"""How long it is known who took out what."""
LEASE: Final = timedelta(minutes=2)
STEP: Final = 10_000
"""Rows after which the progress is told and the lease renewed."""
TRIES: Final = 3
PIECE: Final = 500
SENSELESS: Final = "Esta tabela não pode ser baixada com este período e estes filtros. Confira o que foi escolhido."

State = Export.State


class Refused(Exception):
    """``sentence`` tells a person why, in pt-BR; nothing changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Lost(Exception):
    """Another worker has taken the export over."""


def form_of(asked: Mapping[str, str], reader: User) -> ReportForm:
    return ReportForm(dict(asked), scope=scope_of(reader), today=worktime.now().astimezone(worktime.BRASILIA).date())


def ask(what: str, asked: Mapping[str, str], format_: str, by: User, *, with_people: bool) -> tuple[Export, IO[bytes] | None]:
    """A file with the table, or ``None`` and an export that the worker writes. Either way it is recorded who asked.

    Raises ``Refused``: for what the person is not offered, filters that make no sense, and too many long ones.
    """
    form = form_of(asked, by)
    if not form.scope or format_ not in FORMATS or not form.is_valid() or exports.title_of(what, form) is None:
        raise Refused(SENSELESS)
    export = Export(
        asked_by=by,
        what=what,
        asked={name: value for name, value in asked.items() if name in form.fields},
        format=format_,
        with_people=with_people,
        scope=_told(form.scope),
        asked_at=worktime.now(),
    )
    if exports.how_many(what, form, AT_ONCE + 1) <= AT_ONCE:
        content = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        export.rows = _write(export, form, content)
        export.state, export.ended_at = State.SENT, worktime.now()
        export.save()
        content.seek(0)
        return export, content
    export.state, export.expected = State.WAITING, exports.how_many(what, form, COUNTED)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two presses at once are counted one after the other
        mine = Export.objects.filter(asked_by=by, expected__gt=0)
        if mine.filter(state=State.WAITING).count() >= WAITING:
            raise Refused(f"Você já tem {WAITING} arquivos em preparo. Espere um deles ficar pronto.")
        if mine.filter(asked_at__gt=worktime.now() - timedelta(days=1)).count() >= A_DAY:
            raise Refused(f"Você já pediu {A_DAY} arquivos longos no último dia. Tente amanhã.")
        export.save()
    return export, None


def write_due() -> int:
    """Write the long exports that wait, one after the other; how many. One worker at a time: mail and clocks go first."""
    written = 0
    while (export := _claimed()) is not None:
        written += _written(export)
    return written


@transaction.atomic
def _claimed() -> Export | None:
    now, waiting = worktime.now(), Export.objects.filter(state=State.WAITING)
    if waiting.filter(leased_until__gt=now).exists():
        return None
    export = waiting.select_for_update(skip_locked=True).order_by("asked_at").first()
    if export is None:
        return None
    if export.tries >= TRIES:
        export.state, export.ended_at = State.FAILED, now
        export.save(update_fields=["state", "ended_at"])
        _tell(export)
        return None
    export.leased_until, export.tries, export.rows = now + LEASE, export.tries + 1, 0
    export.save(update_fields=["leased_until", "tries", "rows"])
    return export


def _written(export: Export) -> bool:
    """Begun anew by each try: a worker that died left nothing behind but a lease that runs out."""
    form = form_of(export.asked, export.asked_by)
    if not may_have(export, export.asked_by) or exports.title_of(export.what, form) is None:
        _end(export, State.FAILED, None)
        return False
    with tempfile.TemporaryFile() as content:
        try:
            rows = _write(export, form, content, told=True)
            content.seek(0)
            file = keeping.keep_file(File(content), name=name_of(export), content_type=FORMATS[export.format].content_type)
        except Lost:
            return False
    export.rows = rows
    if _end(export, State.READY, file):
        return True
    with transaction.atomic():
        keeping.discard(file)
    return False


def _write(export: Export, form: ReportForm, out: IO[bytes], *, told: bool = False) -> int:
    sheet = exports.sheet(export.what, form, export.asked_by, with_people=export.with_people)
    counter = Counter(sheet.rows, export if told else None)
    FORMATS[export.format].write(replace(sheet, rows=counter), out)
    return counter.rows


class Counter:
    """Rows that are counted while they pass, and told of where the export is the worker's."""

    def __init__(self, rows: Iterable[Sequence[Cell]], export: Export | None) -> None:
        self.passing, self.export, self.rows = rows, export, 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for row in self.passing:
            yield row
            self.rows += 1
            if self.export is not None and self.rows % STEP == 0:
                self._tell(self.export)

    def _tell(self, export: Export) -> None:
        mine = Export.objects.filter(pk=export.pk, state=State.WAITING, tries=export.tries)
        if not mine.update(rows=self.rows, leased_until=worktime.now() + LEASE):
            raise Lost


@transaction.atomic
def _end(export: Export, state: str, file: StoredFile | None) -> bool:
    """Whether it was still this worker's."""
    mine = Export.objects.select_for_update().filter(pk=export.pk, state=State.WAITING, tries=export.tries)
    if not mine.update(state=state, rows=export.rows, ended_at=worktime.now(), file=file):
        return False
    export.state = state
    _tell(export)
    return True


def _tell(export: Export) -> None:
    outbox.enqueue("export_ended", to=export.asked_by, data={"export": export.pk}, dedupe_key=f"export:{export.pk}")


def may_have(export: Export, reader: User) -> bool:
    """Only who asked, and only while he reads all that he read then."""
    return reader.is_active and reader.pk == export.asked_by_id and _covers(scope_of(reader), export.scope)


def _told(scope: Scope) -> dict[str, list[int]]:
    return {"systems": sorted(scope.systems), "bodies": sorted(scope.bodies), "queue_ids": sorted(scope.queue_ids)}


def _covers(scope: Scope, then: Mapping[str, list[int]]) -> bool:
    now = _told(scope)
    return all(set(then[part]) <= set(now[part]) for part in now)


def name_of(export: Export) -> str:
    """What the file is called: the table and the day."""
    return f"{export.what}-{export.asked_at.astimezone(worktime.BRASILIA):%Y-%m-%d}.{export.format}"


def forget() -> int:
    """Files that nobody may fetch any more go, and records after their term; in pieces, so that a run that breaks off is gone
    on with. How many rows changed.
    """
    now, changed = worktime.now(), 0
    old = Export.objects.filter(file__isnull=False, ended_at__lt=now - KEPT).order_by("ended_at")
    while piece := list(old.select_related("file")[:PIECE]):
        for export in piece:
            with transaction.atomic():
                if export.file is not None and Export.objects.filter(pk=export.pk, file__isnull=False).update(file=None):
                    keeping.discard(export.file)
            changed += 1
    past = Export.objects.filter(asked_at__lt=now - RECORDED, file__isnull=True).order_by("asked_at")
    while pks := list(past.values_list("pk", flat=True)[:PIECE]):
        changed += Export.objects.filter(pk__in=pks).delete()[0]
    return changed


def register() -> None:
    """Make the kind of notice known to the outbox. Once, when the app starts."""
    kinds.register("export_ended", context=_context, label="Arquivo de relatório", readable=_is_mine)


def _context(data: kinds.Data) -> dict[str, object]:
    export = Export.objects.select_related("asked_by").get(pk=int(data["export"]))
    title = exports.title_of(export.what, form_of(export.asked, export.asked_by)) or "Relatório"
    until = export.ended_at + KEPT if export.ended_at else None
    return {"title": title, "is_ready": export.state == State.READY, "until": until, "url": reverse("report-files")}


def _is_mine(data: kinds.Data, user: User) -> bool:
    return Export.objects.filter(pk=int(data["export"]), asked_by=user).exists()
