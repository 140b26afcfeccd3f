"""Reading a mail within bounds: whatever somebody sends, this ends soon, and says so where it cannot read it.

The standard library's parser does the work. What makes it slow or wild (fields without end, parts in parts, lines by
the million) is cut or refused before it is asked.
"""

from __future__ import annotations

import email
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.headerregistry import AddressHeader
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from itertools import islice
from typing import Any, Final, cast

from notifications.inbound.markup import as_text

MAX_VALUE: Final = 4_000
"""Characters of one field that are read."""
MAX_FIELDS: Final = 1_000
MAX_SAME: Final = 10
"""Fields of one name that are read: a crafted list of addresses takes the library a quarter of a second each time."""
MAX_LINES: Final = 1_000_000
"""30 MB in base64 have 400,000."""
MAX_MULTIPARTS: Final = 50
"""How many parts may hold others. A mail program makes two or three; forwarded mail brings its own."""
MAX_BOUNDARIES: Final = 5_000
"""Lines that may be the beginning of a part."""
MAX_PARTS: Final = 300
"""Parts that are looked at."""
MAX_WORDS: Final = 20
"""Parts that are read as words of the mail itself; crafted HTML takes half a second each."""
BEGINNING: Final = 200_000
"""Bytes; a bounce says what it says before it returns what was sent."""
MAX_TEXT: Final = 500_000
"""Characters of a mail's words that are looked at."""
SMALL_PICTURE: Final = 20_000
"""Bytes up to which a picture within the words is taken for a logo or a line of a signature."""
SIGNATURES: Final = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-keys"}
)

NOT_OF_MAIL: Final = frozenset({"us-ascii", "punycode", "idna"})
"""Encodings that are another one's beginning, or of names of hosts, whose time grows with the square of the text."""


class Unreadable(Exception):
    """Nobody can make a mail of this within bounds; the message says why."""


@dataclass(frozen=True)
class Part:
    """A file that came with a mail: under the name that its sender gave, or one of ours."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """What there is to know of a mail. Text has no null bytes and nothing that a database cannot keep."""

    message: EmailMessage
    text: str
    """The words, quotations and signature included; empty where there are none."""
    files: tuple[Part, ...]
    left_out: int
    """Small pictures of signatures, and parts beyond ``MAX_PARTS`` and ``MAX_WORDS``."""
    beginning: Message
    """The same mail as far as ``BEGINNING``, for who searches all of it for signs."""

    def values(self, name: str) -> list[str]:
        """Each field of this name in one line, as far as it is read."""
        return [_visible(str(value)) for value in self._fields(name)]

    def value(self, name: str) -> str:
        """The first field of this name; empty where there is none."""
        return next(iter(self.values(name)), "")

    def addresses(self, name: str) -> list[str]:
        """Every address in the fields of this name, in lower case; names beside them are no addresses."""
        found = [value for value in self._fields(name) if isinstance(value, AddressHeader)]
        return [_visible(address.addr_spec).lower() for header in found for address in header.addresses if address.domain]

    @property
    def sender(self) -> str:
        """The one address that the mail says it is from, in lower case; empty where it is not sound, or not one.

        Several ``From``, several addresses in it, a ``Sender`` that is somebody else, or a field that mail programs
        and servers may read differently (RFC 5322 defects, an address that is put together from encoded words) make it
        nobody's.
        """
        fields = self._fields("From")
        found = self.addresses("From")
        senders = self.addresses("Sender") if "Sender" in self.message else found
        if len(fields) != 1 or len(found) != 1 or senders != found or getattr(fields[0], "defects", True):
            return ""
        written = next(self._raw("From")).strip().lower()
        return found[0] if found[0].isascii() and (written == found[0] or written.endswith(f"<{found[0]}>")) else ""

    def _raw(self, name: str) -> Iterator[str]:
        """The fields of this name as they were written."""
        return (value for known, value in self.message.raw_items() if known.lower() == name.lower())

    def _fields(self, name: str) -> list[Any]:
        """The first ``MAX_SAME`` fields of this name, parsed: each costs time whenever it is asked for."""
        return [POLICY.header_fetch_parse(name, value) for value in islice(self._raw(name), MAX_SAME)]


class _Bounded(EmailPolicy):
    """The standard library's policy for mail; a field that it chokes on is plain text, and none is long."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_VALUE]

    def header_fetch_parse(self, name: str, value: str) -> Any:
        if name.lower().startswith("content-"):
            return _visible(value)  # many, and read again and again: the library's older and quicker way, by the text
        try:
            return super().header_fetch_parse(name, value)
        except Exception:  # the parser of fields raises a dozen different ones, RecursionError among them
            return _visible(value)


POLICY: Final = _Bounded()
AS_IT_CAME: Final = POLICY.clone(refold_source="none")
"""Fields of a mail within the mail are written out as they are; to fold them anew costs as much as to parse them."""


def read(raw: bytes) -> Mail:
    """The mail in these bytes. Raises ``Unreadable``."""
    if raw.count(b"\n") + raw.count(b"\r") > 2 * MAX_LINES:
        raise Unreadable("linhas demais")
    if raw.count(b"\n--") + raw.count(b"\r--") > MAX_BOUNDARIES:
        raise Unreadable("partes demais")
    if raw.lower().count(b"multipart/") > MAX_MULTIPARTS:
        raise Unreadable("partes dentro de partes demais")
    try:
        message = cast(EmailMessage, email.message_from_bytes(raw, policy=POLICY))
        if len(message) > MAX_FIELDS:
            raise Unreadable("campos demais no cabeçalho")
        return _sifted(message, email.message_from_bytes(raw[:BEGINNING]))
    except RecursionError as error:
        raise Unreadable("partes dentro de partes demais") from error


def _sifted(message: EmailMessage, beginning: Message) -> Mail:
    words: list[str] = []
    files: list[Part] = []
    left_out = 0
    for number, (part, is_words) in enumerate(_leaves(message), start=1):
        if number > MAX_PARTS:
            left_out += 1
        elif is_words and len(words) < MAX_WORDS:
            words.append(_words(part))
        elif is_words:
            left_out += 1
        elif (file := _file(part, number)) is not None:
            if _is_trimming(part, file):
                left_out += 1
            else:
                files.append(file)
    text = "\n".join(filter(None, (found.strip("\n") for found in words)))
    return Mail(message, text[:MAX_TEXT], tuple(files), left_out, beginning)


def _leaves(message: EmailMessage) -> Iterator[tuple[EmailMessage, bool]]:
    """The parts that hold no others, in their order, and whether each is words of the mail itself.

    Of several forms of the same words one is taken: plain text, where it says anything. A mail within the mail is a
    file like any other.
    """
    waiting = [message]
    while waiting:
        part = waiting.pop()
        children = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if not isinstance(children, list):
            yield part, _is_words(part)
            continue
        inner = [child for child in children if isinstance(child, EmailMessage)]
        if part.get_content_type() == "multipart/alternative":
            inner = _best(inner)
        waiting += reversed(inner)


def _best(forms: list[EmailMessage]) -> list[EmailMessage]:
    plain = [part for part in forms if part.get_content_type() == "text/plain" and _words(part).strip()]
    if plain:
        # Apple's programs put the files of a mail into its HTML form.
        return plain[:1] + [part for part in forms if part.get_content_maintype() == "multipart" and _brings_files(part)]
    return [part for part in forms if part.get_content_type() != "text/plain"][-1:] or forms[:1]


def _brings_files(part: EmailMessage) -> bool:
    """Whether it holds more than the same words again; what is words in it is then left alone."""
    children = part.get_payload()
    if not isinstance(children, list):
        return False
    kept: list[Message | str] = [child for child in children if isinstance(child, EmailMessage) and not _is_words(child)]
    part.set_payload(kept)
    return bool(kept)


def _is_words(part: EmailMessage) -> bool:
    return (
        part.get_content_type() in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
        and not _name_of(part)
    )


def _words(part: EmailMessage) -> str:
    text = _decoded(_content(part)[: 2 * MAX_TEXT], _charset(part))
    return as_text(text) if part.get_content_type() == "text/html" else _clean(text)


def _charset(part: EmailMessage) -> str:
    try:
        return str(part.get_content_charset() or "")
    except Exception:  # the library knows many ways of failing on a senseless field
        return ""


def _decoded(content: bytes, charset: str) -> str:
    """The text in the first of the likely encodings that fits: the field may lie, or name what there is not."""
    for name in (charset if charset not in NOT_OF_MAIL else "", "utf-8", "windows-1252"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):  # no such encoding, or not in it
            continue
    return content.decode("latin-1")


def _content(part: EmailMessage) -> bytes:
    """The part's content decoded from base64 and the like, as far as it can be."""
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # senseless transfer encodings
        payload = None
    if isinstance(payload, bytes):
        return payload
    children = part.get_payload()
    if isinstance(children, list) and children:  # a mail within the mail
        try:
            return children[0].as_bytes(policy=AS_IT_CAME) if isinstance(children[0], Message) else b""
        except Exception:  # it cannot be written as it was read
            return b""
    return b""


def _file(part: EmailMessage, number: int) -> Part | None:
    """The part as a file; ``None`` for what is no file and no words: signatures made by machines, empty shells."""
    content_type = part.get_content_type()
    content = _content(part)
    if content_type in SIGNATURES or part.get_content_maintype() == "multipart" or not content:
        return None
    ending = ".eml" if content_type == "message/rfc822" else mimetypes.guess_extension(content_type) or ""
    return Part(_name_of(part) or f"anexo-{number}{ending}", content_type, content)


def _name_of(part: EmailMessage) -> str:
    try:
        return _visible(str(make_header(decode_header(part.get_filename() or ""))))
    except Exception:  # names in several pieces and languages (RFC 2231) that contradict each other
        return ""


def _is_trimming(part: EmailMessage, file: Part) -> bool:
    """A small picture that stands within the words: the logo under a signature. A pasted screen is bigger."""
    within = "Content-ID" in part and part.get_content_disposition() != "attachment"
    return within and file.content_type.startswith("image/") and len(file.content) <= SMALL_PICTURE


def _clean(text: str) -> str:
    """With plain line ends, and without what no database keeps and no page shows."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    sound = lines.encode("utf-8", "replace").decode("utf-8")
    return "".join(sign for sign in sound if sign in "\n\t" or sign.isprintable() or sign == "\u00a0")


def _visible(text: str) -> str:
    """In one line, without what a header could be broken with."""
    return " ".join(_clean(text).split())
