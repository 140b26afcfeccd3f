"""Nothing is kept for nothing, and nothing that is in use goes."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

import worktime
from accounts.models import User
from files import intake, sweep
from files.models import StoredFile
from files.tasks import sweep_orphans, sweep_unsent
from tests.cast import full_cast, opened
from tests.files.conftest import POLICY, stored
from tickets.models import Attachment

pytestmark = pytest.mark.django_db


def send(by: User, form_id: UUID) -> StoredFile:
    return intake.accept(SimpleUploadedFile("a.txt", b"a"), policy=POLICY, by=by, form_id=form_id)


def test_a_form_never_sent_loses_its_files_after_48_hours(ana: User, media: Path) -> None:
    send(ana, uuid4())
    with worktime.shifted(timedelta(hours=47, minutes=59)):
        assert sweep.unsent() == 0
    assert len(stored(media)) == 1
    with worktime.shifted(timedelta(hours=48, minutes=1)):
        assert sweep.unsent() == 1
    assert not StoredFile.objects.exists()
    assert stored(media) == []


def test_what_a_draft_keeps_is_spared_until_its_moment(ana: User, eva: User, media: Path) -> None:
    draft = uuid4()
    kept, not_evas = send(ana, draft), send(eva, draft)
    assert intake.keep(draft, by=ana, until=worktime.now() + timedelta(days=30)) == 1
    later = send(ana, draft)
    with worktime.shifted(timedelta(days=29)):
        assert sweep.unsent() == 2
    assert StoredFile.objects.get() == kept
    assert {not_evas.pk, later.pk}.isdisjoint(StoredFile.objects.values_list("pk", flat=True))
    with worktime.shifted(timedelta(days=30, minutes=1)):
        assert sweep.unsent() == 1
    assert stored(media) == []


def test_a_draft_given_up_gives_its_files_up(ana: User, media: Path) -> None:
    draft = uuid4()
    send(ana, draft)
    intake.keep(draft, by=ana, until=worktime.now() + timedelta(days=30))
    intake.keep(draft, by=ana, until=None)
    with worktime.shifted(timedelta(hours=49)):
        assert sweep.unsent() == 1


def test_an_attached_file_stays(ana: User, media: Path) -> None:
    file = send(ana, uuid4())
    intake.attach([file])
    with worktime.shifted(timedelta(days=400)):
        sweep_unsent()
        sweep_orphans()
    assert StoredFile.objects.get() == file
    assert len(stored(media)) == 1


def test_a_file_in_use_stays_though_nobody_marked_it(media: Path, caplog: pytest.LogCaptureFixture) -> None:
    cast = full_cast()
    used, forgotten = send(cast.ana, uuid4()), send(cast.ana, uuid4())
    Attachment.objects.create(ticket=opened(cast), file=used)
    with worktime.shifted(timedelta(hours=49)):
        assert sweep.unsent() == 1
    assert StoredFile.objects.get() == used
    assert [path.name for path in stored(media)] == [Path(used.content.name).name]
    assert str(used.pk) in caplog.text
    assert str(forgotten.pk) not in caplog.text


def test_a_sweep_takes_no_more_than_its_limit_and_goes_on_the_next_time(ana: User) -> None:
    for _ in range(3):
        send(ana, uuid4())
    with worktime.shifted(timedelta(hours=49)):
        assert sweep.unsent(limit=2) == 2
        assert sweep.unsent(limit=2) == 1


def test_content_without_a_row_goes_after_a_day(ana: User, media: Path) -> None:
    kept = send(ana, uuid4())
    default_storage.save("ab/cd/broken-off", ContentFile(b"piece"))
    assert sweep.unknown() == 0
    assert len(stored(media)) == 2
    day_before = worktime.now().timestamp() - 25 * 3600
    for path in stored(media):
        os.utime(path, (day_before, day_before))
    assert sweep.unknown() == 1
    assert [path.name for path in stored(media)] == [Path(kept.content.name).name]


def test_the_demo_clock_makes_no_upload_look_old(media: Path) -> None:
    default_storage.save("ab/cd/just-sent", ContentFile(b"piece"))
    with worktime.shifted(timedelta(days=30)):
        assert sweep.unknown() == 0
    assert len(stored(media)) == 1


def test_an_empty_storage_is_swept_without_an_error() -> None:
    sweep_orphans()
