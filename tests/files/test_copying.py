"""A copy has a content of its own."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from files import copying, intake
from files.models import Scan, StoredFile
from tests.cast import form, person, sent_file


@pytest.fixture
def sent(db: None) -> SimpleNamespace:
    ana, bia = person("Ana"), person("Bia")
    return SimpleNamespace(ana=ana, bia=bia, file=sent_file(ana))


def test_it_waits_on_a_form_of_who_copies(sent: SimpleNamespace) -> None:
    form_id = form()
    made = copying.copy(sent.file, by=sent.bia, form_id=form_id)
    assert list(intake.waiting(form_id, sent.bia)) == [made]
    assert (made.name, made.size, made.sha256, made.content_type) == (
        sent.file.name,
        sent.file.size,
        sent.file.sha256,
        sent.file.content_type,
    )
    sent.file.delete_content()
    with made.content.open("rb") as content:
        assert content.read() == b"linha do log\n"


@pytest.mark.parametrize("scan", [Scan.HELD, Scan.INFECTED])
def test_what_the_antivirus_has_not_let_through_is_not_copied(sent: SimpleNamespace, scan: Scan) -> None:
    sent.file.scan = scan
    with pytest.raises(ValidationError, match="antivírus"):
        copying.copy(sent.file, by=sent.bia, form_id=form())
    assert StoredFile.objects.count() == 1


def test_of_what_is_gone_nothing_is_kept(sent: SimpleNamespace) -> None:
    sent.file.delete_content()
    with pytest.raises(ValidationError, match="não está mais disponível"):
        copying.copy(sent.file, by=sent.bia, form_id=form())
    assert StoredFile.objects.count() == 1
    assert not default_storage.exists(sent.file.content.name)
