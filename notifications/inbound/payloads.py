"""What mail services bring, as Anymail puts it together, within bounds: nothing is parsed before it is stored.

The standard library parses a field when it is set or asked for, and the parts of a mail when it gets its bytes; crafted
ones take it minutes or break it, while a web server waits. Whoever takes the mail up parses it (``reading``).
"""

from __future__ import annotations

import re
from base64 import b64decode
from email.charset import Charset
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from email.policy import EmailPolicy, compat32
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, cast

from anymail.inbound import AnymailInboundMessage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.policy import Policy

LONGEST: Final = 4_000
"""Characters of a field that are looked at; all of it is passed on."""
HEAD: Final = 64_000
"""Bytes of a mail as it came in which Anymail finds what a service says of it."""
OF_ADDRESSES: Final = frozenset({"from", "sender", "to", "cc", "bcc", "reply-to"})
WORDS: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^",;<>]+)')
"""What stands in quotation marks, or between the signs of a field of addresses."""
UTF_8: Final = Charset("utf-8")
END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")


class _AsText(EmailPolicy):
    """Fields stay the text that they are, however many there are of a name."""

    def header_max_count(self, name: str) -> None:
        return None

    def header_store_parse(self, name: str, value: Any) -> tuple[str, str]:
        text = _sound(value)
        return _sound(name), _named(text) if name.lower() in OF_ADDRESSES else text

    def header_fetch_parse(self, name: str, value: Any) -> str:
        return str(value)[:LONGEST]


# The one that writes is asked for fields, too. To fold crafted ones anew takes minutes.
AS_TEXT: Final = _AsText(utf8=True, linesep="\r\n", refold_source="none")


class Brought(AnymailInboundMessage):  # type: ignore[misc]  # Anymail has no types
    """A mail as a service brings it; stands in the place of Anymail's own class (``webhook.listen``)."""

    as_it_came: bytes | None = None
    """All of its bytes, where the service has them; then of the message itself only the head is read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("policy", AS_TEXT)
        super().__init__(*args, **kwargs)

    @classmethod
    def parse_raw_mime(cls, s: str) -> Brought:
        return cls.parse_raw_mime_bytes(_bytes(s))

    @classmethod
    def parse_raw_mime_bytes(cls, b: bytes) -> Brought:
        end = END_OF_HEAD.search(b, 0, HEAD)
        head = b[: end.end() if end else HEAD]
        message = cast("Brought", BytesParser(cls, policy=AS_TEXT).parsebytes(head, headersonly=True))
        message.as_it_came = b
        return message

    @classmethod
    def parse_raw_mime_chunks(cls, chunks: Iterable[bytes]) -> Brought:
        return cls.parse_raw_mime_bytes(b"".join(chunks))

    @classmethod
    def construct(cls, **said: Any) -> Brought:
        """As Anymail's; words are text already, so that no encoding that a mail names matters."""
        words = {name: _bytes(str(said[name])).decode("utf-8", "replace") for name in ("text", "html") if said.get(name)}
        message: Brought = super().construct(**said | words | {"text_charset": "utf-8", "html_charset": "utf-8"})
        return message

    @classmethod
    def construct_attachment(cls, content_type: Any, content: Any, *args: Any, base64: bool = False, **said: Any) -> Brought:
        """As Anymail's; a mail within the mail may have any bytes."""
        content = b64decode(content) if base64 else content
        if isinstance(content, bytes) and str(content_type).lower().startswith("message/"):
            content = content.decode("utf-8", "surrogateescape")
        part: Brought = super().construct_attachment(content_type, content, *args, **said)
        return part


class _Writer(BytesGenerator):
    """Writes a message; what is there as it came it writes so."""

    def flatten(self, msg: Message[Any, Any], unixfrom: bool = False, linesep: str | None = None) -> None:
        raw = getattr(msg, "as_it_came", None)
        if raw is None:
            super().flatten(msg, unixfrom, linesep)
        else:
            self.out.write(raw)

    def __init__(self, outfp: Any, *args: Any, **kwargs: Any) -> None:
        self.out = outfp
        super().__init__(outfp, *args, **kwargs)


def written(message: Message) -> bytes:
    """The mail's bytes. Many services give it out in pieces or parsed, so these are the nearest to what was sent.

    A mail that cannot be written by the rules of today is written by those of old, which pass on what they find.
    """
    try:
        return _flattened(message, AS_TEXT)
    except Exception:  # each malformed field fails in a way of its own
        return _flattened(message, compat32)


def _flattened(message: Message, policy: Policy[Any]) -> bytes:
    out = BytesIO()
    _Writer(out, mangle_from_=False, policy=policy).flatten(message)
    return out.getvalue()


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair, as only JSON can say it
        return text.encode("utf-8", "replace")


def _named(text: str) -> str:
    """A field of addresses whose names are other than ASCII, as it is written in a mail: else nobody's address is sure."""
    return text if text.isascii() or len(text) > LONGEST else WORDS.sub(_encoded, text)


def _encoded(found: re.Match[str]) -> str:
    words = found[2] or re.sub(r"\\(.)", r"\1", found[1] or "")
    if words.isascii() or (found[2] and "@" in words):
        return found[0]
    return f" {UTF_8.header_encode(words.strip())} "


def address(full: dict[str, Any] | None) -> str:
    """What Postmark says of an address, as a field says it; Anymail's own way refuses many that mails have."""
    if not full:
        return ""
    name = re.sub(r'(["\\])', r"\\\1", str(full.get("Name") or ""))
    spec = re.sub(r'[\s",;<>]+', "", str(full.get("Email") or ""))
    return f'"{name}" <{spec}>' if name else spec


def _sound(value: Any) -> str:
    """In one line, and nothing that is no text: a field that ends early would add others."""
    return re.sub(r"[\r\n\x00]+", " ", _bytes(str(value or "")).decode("utf-8", "replace"))
