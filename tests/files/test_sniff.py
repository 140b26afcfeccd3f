"""Content must be of the format that the extension promises."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files import sniff
from tests.files import samples

HONEST = {
    "csv": "nome;órgão\nAna;Órgão A\n".encode("cp1252"),
    "docx": samples.DOCX,
    "gif": samples.GIF,
    "jpeg": samples.JPEG,
    "jpg": samples.JPEG,
    "log": samples.TEXT,
    "mp4": samples.MP4,
    "ods": samples.ODS,
    "odt": samples.ODT,
    "pdf": samples.PDF,
    "png": samples.PNG,
    "txt": samples.TEXT,
    "webm": samples.WEBM,
    "xlsx": samples.XLSX,
    "zip": samples.ZIP,
}


def test_every_known_format_has_its_honest_file() -> None:
    assert set(HONEST) == set(sniff.FORMATS)


@pytest.mark.parametrize("extension", sorted(HONEST))
def test_an_honest_file_has_the_type_of_its_extension(extension: str) -> None:
    content = io.BytesIO(HONEST[extension])
    assert sniff.content_type(content, extension) == sniff.FORMATS[extension].content_type
    assert content.tell() == 0


@pytest.mark.parametrize("extension", sorted(set(HONEST) - {"txt", "log", "csv"}))
@pytest.mark.parametrize("disguised", [samples.EXE, samples.HTML, samples.SVG, samples.TEXT, b"", b"\x00"])
def test_nothing_else_passes_for_it(extension: str, disguised: bytes) -> None:
    assert sniff.content_type(io.BytesIO(disguised), extension) is None


@pytest.mark.parametrize("text", ["txt", "log", "csv"])
@pytest.mark.parametrize("binary", [samples.EXE, samples.PNG, samples.JPEG, samples.ZIP, samples.MP4])
def test_no_binary_file_passes_for_a_text(text: str, binary: bytes) -> None:
    assert sniff.content_type(io.BytesIO(binary), text) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16"])
def test_a_text_is_one_in_every_encoding_that_desks_use(encoding: str) -> None:
    assert sniff.content_type(io.BytesIO(("ção\r\n\f" * 50_000).encode(encoding)), "log") == "text/plain"


def test_what_only_a_scanner_knows_to_be_evil_is_the_text_that_it_is() -> None:
    """The scanner is another's task; nothing here runs or shows it."""
    assert sniff.content_type(io.BytesIO(samples.EICAR), "txt") == "text/plain"
    assert sniff.content_type(io.BytesIO(samples.EICAR), "zip") is None


def test_a_byte_deep_in_a_long_text_gives_a_binary_away() -> None:
    assert sniff.content_type(io.BytesIO(b"linha\n" * 50_000 + b"\x00"), "log") is None


def test_a_broken_utf_16_text_is_none() -> None:
    assert sniff.content_type(io.BytesIO(b"\xff\xfe\x00\xd8a\x00"), "txt") is None


@pytest.mark.parametrize(
    ("extension", "package"),
    [
        ("docx", samples.XLSX),
        ("docx", samples.ZIP),
        ("docx", samples.DOCM),
        ("docx", samples.DOCX[:-30]),
        ("xlsx", samples.DOCX),
        ("odt", samples.ODS),
        ("odt", samples.OTT),
        ("odt", samples.ZIP),
        ("ods", samples.ODT),
        ("zip", samples.ZIP[:-30]),
        ("zip", b"MZ" + samples.ZIP),
    ],
)
def test_a_package_of_another_kind_is_refused(extension: str, package: bytes) -> None:
    assert sniff.content_type(io.BytesIO(package), extension) is None


@pytest.mark.parametrize("extension", ["exe", "svg", "html", "php", ""])
def test_what_is_not_known_is_no_format(extension: str) -> None:
    assert sniff.content_type(io.BytesIO(samples.TEXT), extension) is None


@given(st.binary(max_size=300), st.sampled_from(sorted(sniff.FORMATS)))
def test_whatever_comes_is_judged_without_an_error(content: bytes, extension: str) -> None:
    assert sniff.content_type(io.BytesIO(content), extension) in {None, sniff.FORMATS[extension].content_type}
