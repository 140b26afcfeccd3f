"""Nothing is served before the antivirus let it through, and nothing is lost while it is away."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

import worktime
from accounts.models import User
from files import intake, scan, serve
from files.models import Scan, StoredFile
from files.tasks import scan_held
from tests.files import samples
from tests.files.clamd import MAX_STREAM, VERSION, Clamd, clamd, nobody
from tests.files.conftest import POLICY

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["tcp", "unix"])
def antivirus(request: pytest.FixtureRequest, settings: Any) -> Iterator[Clamd]:
    with tempfile.TemporaryDirectory() as folder, clamd(Path(folder) if request.param == "unix" else None) as server:
        settings.CLAMAV_URL = server.url
        yield server


def send(by: User, content: bytes = samples.TEXT, name: str = "nota.txt") -> StoredFile:
    return intake.accept(SimpleUploadedFile(name, content), policy=POLICY, by=by, form_id=uuid4())


def again(file: StoredFile) -> StoredFile:
    return StoredFile.objects.get(pk=file.pk)


def is_served(file: StoredFile) -> bool:
    try:
        serve.download(again(file)).file_to_stream.close()
    except Http404:
        return False
    return True


def test_a_clean_file_is_served_once_it_was_judged(antivirus: Clamd, ana: User) -> None:
    file = send(ana)
    assert (file.scan, is_served(file)) == (Scan.HELD, False)
    scan_held()
    assert (again(file).scan, is_served(file)) == (Scan.CLEAN, True)
    assert antivirus.seen == [samples.TEXT]
    assert scan.scan_due() == 0


def test_an_infected_file_is_never_served(antivirus: Clamd, ana: User) -> None:
    file = send(ana, b"antes " + samples.EICAR)
    assert scan.scan_due() == 1
    found = again(file)
    assert (found.scan, found.scan_said, found.scan_due_at) == (Scan.INFECTED, "Eicar-Test-Signature", None)
    assert not is_served(file)
    with worktime.shifted(timedelta(days=400)):
        assert scan.scan_due() == 0
    assert not is_served(file)


def test_a_big_file_goes_in_blocks(antivirus: Clamd, ana: User) -> None:
    content = b"linha de registro\n" * 20_000
    file = send(ana, content)
    scan_held()
    assert antivirus.seen == [content]
    assert again(file).scan == Scan.CLEAN


def test_without_an_antivirus_nothing_is_asked(ana: User) -> None:
    file = send(ana, samples.EICAR)
    assert (file.scan, scan.scan_due(), is_served(file)) == (Scan.UNASKED, 0, True)


@pytest.mark.parametrize("where", ["tcp", "unix"])
def test_while_it_is_away_files_wait_and_no_try_counts(where: str, ana: User, settings: Any, tmp_path: Path) -> None:
    settings.CLAMAV_URL = nobody() if where == "tcp" else f"unix://{tmp_path}/clamd"
    file = send(ana)
    for _ in range(5):
        assert scan.scan_due() == 0
    held = again(file)
    assert (held.scan, held.scan_tries, is_served(file)) == (Scan.HELD, 0, False)
    assert held.scan_said.startswith(("ConnectionRefusedError", "FileNotFoundError"))
    with clamd() as server:
        settings.CLAMAV_URL = server.url
        assert scan.scan_due() == 1
    assert is_served(file)


def test_one_that_answers_nothing_is_away(antivirus: Clamd, ana: User) -> None:
    antivirus.mute = True
    file = send(ana)
    assert scan.scan_due() == 0
    assert (again(file).scan, again(file).scan_tries) == (Scan.HELD, 0)


def test_a_file_that_it_cannot_judge_is_held_and_tried_less_and_less(antivirus: Clamd, ana: User) -> None:
    antivirus.says = b"stream: Can't allocate memory ERROR\0"
    file, begun = send(ana), worktime.now()
    for after, minutes in ((0, 1), (2, 5), (8, 15), (24, 60), (90, 60)):
        with worktime.shifted(timedelta(minutes=after)):
            assert scan.scan_due() == 0
            wait = (again(file).scan_due_at or begun) - worktime.now()
            assert timedelta(minutes=minutes - 0.2) < wait <= timedelta(minutes=minutes)
            assert scan.scan_due() == 0
    held = again(file)
    assert (held.scan, held.scan_tries, is_served(file)) == (Scan.HELD, 5, False)
    assert "allocate memory" in held.scan_said
    assert scan.stuck().get() == held
    antivirus.says = b""
    assert scan.retry(StoredFile.objects.all()) == 1
    assert scan.scan_due() == 1
    assert is_served(file)
    assert not scan.stuck().exists()


def test_one_that_it_cannot_judge_holds_up_no_other(antivirus: Clamd, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    big, small = send(ana, b"a" * (MAX_STREAM - 8)), send(ana)
    monkeypatch.setattr("tests.files.clamd.MAX_STREAM", 1000)
    assert scan.scan_due() == 1
    assert (again(big).scan, again(small).scan) == (Scan.HELD, Scan.CLEAN)
    assert "ERROR" in again(big).scan_said or "Pipe" in again(big).scan_said or again(big).scan_said


def test_a_try_that_kills_the_worker_is_counted_and_leased(antivirus: Clamd, ana: User) -> None:
    send(ana)
    claimed = scan.claim()
    assert claimed is not None
    assert (claimed.scan_tries, scan.claim()) == (1, None)
    with worktime.shifted(scan.LEASE + timedelta(seconds=1)):
        assert scan.scan_due() == 1


def test_content_that_is_gone_stays_held(antivirus: Clamd, ana: User) -> None:
    file = send(ana)
    file.content.storage.delete(file.content.name)
    assert scan.scan_due() == 0
    assert again(file).scan == Scan.HELD


def test_what_waits_for_long_is_stuck(antivirus: Clamd, ana: User) -> None:
    file = send(ana)
    assert not scan.stuck().exists()
    with worktime.shifted(timedelta(minutes=31)):
        assert scan.stuck().get() == file


def test_an_infected_file_that_was_none_is_let_through_on_a_second_look(antivirus: Clamd, ana: User) -> None:
    file = send(ana)
    antivirus.says = b"stream: Heuristics.Engano FOUND\0"
    scan.scan_due()
    assert again(file).scan == Scan.INFECTED
    antivirus.says = b""
    assert scan.retry(StoredFile.objects.filter(pk=file.pk)) == 1
    scan.scan_due()
    assert is_served(file)


@pytest.mark.parametrize("says", [b"OK\0", b"stream: okay\0", b"FOUND\0", b"\0", b"\xff\xfe\0", b"x" * 9000])
def test_only_a_clear_word_lets_a_file_through(says: bytes, antivirus: Clamd, ana: User) -> None:
    antivirus.says = says
    file = send(ana)
    scan.scan_due()
    assert again(file).scan == Scan.HELD
    assert not is_served(file)


def test_it_says_who_it_is(antivirus: Clamd) -> None:
    assert scan.version() == VERSION


def test_an_infected_file_that_waits_is_taken_back(antivirus: Clamd, ana: User, media: Path) -> None:
    file, good = send(ana, samples.EICAR), send(ana)
    scan.scan_due()
    assert file.form_id is not None
    assert good.form_id is not None
    assert intake.withdraw_infected(file.form_id, ana) == [file]
    assert intake.withdraw_infected(good.form_id, ana) == []
    assert StoredFile.objects.get() == good
    with pytest.raises(ValidationError):
        intake.attach([file])


def test_examine_reads_what_it_is_given(antivirus: Clamd) -> None:
    assert scan.examine(io.BytesIO(b"")) == ""
    assert scan.examine(io.BytesIO(samples.EICAR)) == "Eicar-Test-Signature"
