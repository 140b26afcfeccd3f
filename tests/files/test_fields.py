"""The files field takes several files as one list, or complains where one is required."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from files.fields import FilesField, limits
from files.intake import Policy


def form_with(*names: str, required: bool = False) -> forms.Form:
    class Sent(forms.Form):
        files = FilesField(required=required)

    uploads = [SimpleUploadedFile(name, b"x") for name in names]
    return Sent({}, MultiValueDict({"files": uploads}))


@pytest.mark.parametrize("names", [(), ("a.txt",), ("a.txt", "b.txt")])
def test_the_value_is_a_list(names: tuple[str, ...]) -> None:
    form = form_with(*names)
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["files"]] == list(names)


def test_a_required_one_misses_its_files() -> None:
    form = form_with(required=True)
    assert not form.is_valid()
    assert form.errors["files"]
    assert form_with("a.txt", required=True).is_valid()


def test_the_limits_are_said_in_words() -> None:
    policy = Policy(max_bytes=25 * 1024**2, max_files=10, extensions=frozenset({"txt", "png"}))
    assert limits(policy) == "Até 10 arquivos de 25 MB cada um. Tipos: png, txt."
