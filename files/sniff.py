"""Whether a file's content is of the format that its extension promises.

Decided by content alone; what the browser says of it is not asked. Nothing is unpacked, and no
more than a few kilobytes are in memory at once, so that a crafted file costs nothing.
"""

import codecs
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

CHUNK = 64 * 1024
HEAD = 4096
DIRECTORY = 1024 * 1024
"""How much of a zip's end is searched for the names in its directory."""

NOT_IN_TEXT = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
"""Control characters that no text holds; logs do hold form feeds, DOS ends of file and terminal colours."""

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Format:
    content_type: str
    fits: Callable[[IO[bytes]], bool]


def content_type(content: IO[bytes], extension: str) -> str | None:
    """The media type of the content if it is what the extension (lower case, no dot) promises, else ``None``.

    An extension that this module does not know is promised by nothing: ``None``. The content is
    left at its beginning.
    """
    known = FORMATS.get(extension)
    if known is None:
        return None
    content.seek(0)
    fits = known.fits(content)
    content.seek(0)
    return known.content_type if fits else None


def begins_with(*signatures: bytes, at: int = 0) -> Callable[[IO[bytes]], bool]:
    return lambda content: content.read(HEAD)[at:].startswith(signatures)


def is_webm(content: IO[bytes]) -> bool:
    head = content.read(HEAD)
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:80]


def is_text(content: IO[bytes]) -> bool:
    """No control characters beyond those of texts: true of UTF-8, ISO 8859 and DOS code pages alike."""
    utf_16 = content.read(2) in UTF_16_MARKS
    content.seek(0)
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        while chunk := content.read(CHUNK):
            plain = decoder.decode(chunk).encode("utf-8") if utf_16 else chunk
            if len(plain.translate(None, delete=NOT_IN_TEXT)) != len(plain):
                return False
    except UnicodeError:
        return False
    return True


def is_zip(content: IO[bytes]) -> bool:
    return content.read(4) in (b"PK\x03\x04", b"PK\x05\x06") and b"PK\x05\x06" in end_of(content)


def holds(folder: bytes) -> Callable[[IO[bytes]], bool]:
    """An Office Open XML package with this folder and no macros: macros have extensions of their own."""

    def fits(content: IO[bytes]) -> bool:
        if not is_zip(content):
            return False
        names = end_of(content)
        return b"[Content_Types].xml" in names and folder in names and b"vbaProject.bin" not in names

    return fits


def declares(media_type: bytes) -> Callable[[IO[bytes]], bool]:
    """An OpenDocument package: its first entry, never compressed, holds its media type (ODF 1.3, part 2, 3.3)."""
    return lambda content: is_zip(content) and begins_with(b"mimetype" + media_type + b"PK", at=30)(rewound(content))


def unpacked(content: IO[bytes]) -> int | None:
    """How many bytes a zip's directory says that it holds; ``None`` where it cannot be told within its last megabyte.

    Nothing is unpacked, and a zip within a zip is a file like any other.
    """
    tail = end_of(content)
    content.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return None
    length = int.from_bytes(tail[end + 12 : end + 16], "little")
    if length > end:
        return None
    directory, total, place = tail[end - length : end], 0, 0
    while directory[place : place + 4] == b"PK\x01\x02" and place + 46 <= length:
        total += int.from_bytes(directory[place + 24 : place + 28], "little")
        place += 46 + sum(int.from_bytes(directory[place + at : place + at + 2], "little") for at in (28, 30, 32))
    return total


def end_of(content: IO[bytes]) -> bytes:
    size = content.seek(0, io.SEEK_END)
    content.seek(max(0, size - DIRECTORY))
    return content.read(DIRECTORY)


def rewound(content: IO[bytes]) -> IO[bytes]:
    content.seek(0)
    return content


OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

ZIPPED = frozenset({"docx", "ods", "odt", "xlsx", "zip"})

FORMATS = {
    "csv": Format("text/csv", is_text),
    "docx": Format(f"{OFFICE}wordprocessingml.document", holds(b"word/")),
    "gif": Format("image/gif", begins_with(b"GIF87a", b"GIF89a")),
    "jpeg": Format("image/jpeg", begins_with(b"\xff\xd8\xff")),
    "jpg": Format("image/jpeg", begins_with(b"\xff\xd8\xff")),
    "log": Format("text/plain", is_text),
    "mp4": Format("video/mp4", begins_with(b"ftyp", at=4)),
    "ods": Format(f"{OPEN_DOCUMENT}spreadsheet", declares(f"{OPEN_DOCUMENT}spreadsheet".encode())),
    "odt": Format(f"{OPEN_DOCUMENT}text", declares(f"{OPEN_DOCUMENT}text".encode())),
    "pdf": Format("application/pdf", begins_with(b"%PDF-")),
    "png": Format("image/png", begins_with(b"\x89PNG\r\n\x1a\n")),
    "txt": Format("text/plain", is_text),
    "webm": Format("video/webm", is_webm),
    "xlsx": Format(f"{OFFICE}spreadsheetml.sheet", holds(b"xl/")),
    "zip": Format("application/zip", is_zip),
}
"""The formats that can be told from their content, by extension: what a policy may accept."""
