"""Whatever bytes come, reading them ends, and loses nothing that could be read."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.inbound import reading, sorting
from notifications.inbound.quoting import own_words
from notifications.inbound.reading import Unreadable, read
from tests.notifications.inbound.writing import ANA, mail, raw

MAILS = sorted((Path(__file__).parents[1] / "mails").glob("*.eml"))
FROM = f"From: Ana <{ANA}>"
MIXED = 'Content-Type: multipart/mixed; boundary="b"'


def parts(*inner: bytes, kind: str = "mixed") -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in inner) + b"--b--\r\n"
    return raw(FROM, f'Content-Type: multipart/{kind}; boundary="b"', body=body)


def part(content: bytes, *head: str) -> bytes:
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content


PLAIN = part(b"Texto", "Content-Type: text/plain")
PICTURE = part(b"x" * 30_000, "Content-Type: image/png", "Content-ID: <1>", 'Content-Disposition: inline; filename="tela.png"')
LOGO = part(b"x" * 3_000, "Content-Type: image/png", "Content-ID: <2>", 'Content-Disposition: inline; filename="image001.png"')


def test_the_plain_form_of_the_words_is_taken() -> None:
    html = part(b"<p>Outro</p>", "Content-Type: text/html")
    assert read(parts(PLAIN, html, kind="alternative")).text == "Texto"
    assert read(parts(part(b" \r\n", "Content-Type: text/plain"), html, kind="alternative")).text == "Outro"


def test_files_are_found_and_logos_left_out() -> None:
    pdf = part(
        b"%PDF-1.4", "Content-Type: application/pdf", "Content-Disposition: attachment; filename*=utf-8''of%C3%ADcio.pdf"
    )
    encoded = part(b"log", "Content-Type: text/plain", 'Content-Disposition: attachment; filename="=?utf-8?q?sa=C3=ADda.txt?="')
    found = read(parts(PLAIN, PICTURE, LOGO, pdf, encoded))
    assert [file.name for file in found.files] == ["tela.png", "ofício.pdf", "saída.txt"]
    assert (found.text, found.left_out) == ("Texto", 1)


def test_the_files_within_the_html_form_are_found_once() -> None:
    inner = b'Content-Type: multipart/related; boundary="r"\r\n\r\n--r\r\n' + part(b"<p>Texto</p>", "Content-Type: text/html")
    related = inner + b"\r\n--r\r\n" + PICTURE + b"\r\n--r--"
    found = read(parts(PLAIN, related, kind="alternative"))
    assert (found.text, [file.name for file in found.files]) == ("Texto", ["tela.png"])


def test_a_mail_within_the_mail_is_a_file_and_its_words_are_not_ours() -> None:
    found = read(parts(PLAIN, part(mail("Palavras de outra pessoa"), "Content-Type: message/rfc822")))
    assert (found.text, [file.name for file in found.files]) == ("Texto", ["anexo-2.eml"])
    assert b"outra pessoa" in found.files[0].content


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("us-ascii", "ação".encode("latin-1"), "ação"),
        ("utf-8", "ação".encode("latin-1"), "ação"),
        ("iso-8859-1", "ação".encode("latin-1"), "ação"),
        ("x-unknown", "ação".encode(), "ação"),
        ("utf-16", b"abc", "abc"),
        ("idna", b"abc", "abc"),
        ("punycode", b"abc-", "abc-"),
        ("", "ação".encode(), "ação"),
        ("utf-8", b"a\x00b\x1b[31mc\x85d", "ab[31mc…d"),
    ],
)
def test_what_is_said_of_the_encoding_may_be_wrong(charset: str, content: bytes, text: str) -> None:
    head = f"Content-Type: text/plain; charset={charset}" if charset else "Content-Type: text/plain"
    assert read(raw(FROM, head, body=content)).text == text


@pytest.mark.parametrize(
    "head",
    [
        [FROM, FROM],
        [FROM, "From: eva@example.org"],
        [f"From: {ANA}, eva@example.org"],
        [f"From: Grupo: {ANA};, eva@example.org"],
        [FROM, "Sender: eva@example.org"],
        [f'From: "{ANA}" <eva@example.org>'],
        [f"From: {ANA} <eva@example.org>"],
        [f"From: <{ANA}> <eva@example.org>"],
        [f"From: {ANA}\x00@example.org"],
        ["From: ana@éxample.org"],
        ["From: аna@example.org"],
        ["From: ana@=?utf-8?q?exam=E2=80=8Bple.org?="],
        ["From: <ana@=?utf-8?q?exam=E2=80=8Bple.org?=> (<ana@example.org>)"],
        [f"From: =?utf-8?q?{ANA}?= <eva@example.org>"],
        ["From: ana@example.org@evil.example"],
        ["From:"],
        ["To: x@example.org"],
        ["From: " + "(" * 3000],
    ],
    ids=lambda head: " ".join(head)[:50],
)
def test_33_a_sender_that_may_be_read_in_two_ways_is_not_ana(head: list[str]) -> None:
    assert read(raw(*head)).sender != ANA


@pytest.mark.parametrize(
    "line",
    [
        FROM,
        f"From: {ANA}",
        f"From: <{ANA}>",
        "From: ANA@EXAMPLE.ORG",
        f'From: "Exemplo, Ana" <{ANA}>',
        f"From: =?utf-8?q?=C3=81?= <{ANA}>",
    ],
)
def test_an_honest_sender_is_known(line: str) -> None:
    assert read(raw(line, "Reply-To: outra@example.org")).sender == ANA


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (raw(FROM, body=b"\n" * 3_000_000), "linhas"),
        (raw(FROM, *[f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}' for n in range(60)]), "dentro"),
        (raw(FROM, MIXED, body=b"--b\r\n\r\nx\r\n" * 6_000), "partes"),
        (raw(FROM, *(f"X-{n}: y" for n in range(2_000))), "campos"),
        (raw(FROM, *["Content-Type: message/rfc822\r\n"] * 3_000), "dentro"),
    ],
)
def test_36_what_would_cost_too_much_is_refused_unread(content: bytes, why: str) -> None:
    """OTRS CVE-2026-48187: a mail made to use up the server that reads it."""
    begun = time.process_time()
    with pytest.raises(Unreadable, match=why):
        read(content)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "content",
    [
        parts(*[PLAIN] * 1_000),
        raw(FROM, "X: " + "a" * 2_000_000),
        raw(FROM, "To: " + "a@b.c, " * 100_000),
        raw(FROM, "X: a" + "\r\n b" * 100_000),
        raw(FROM, 'Content-Type: text/html; charset="x', body=b"<div>" * 200_000),
        raw(FROM, body=b"a" * 5_000_000),
        raw(FROM, "Content-Type: text/plain; " + "a=b; " * 50_000),
        parts(
            *[part(b"x", "Content-Type: a/b; " + "a=b; " * 200, "Content-Disposition: attachment; " + "filename*0*=a; " * 60)]
            * 300
        ),
    ],
    ids=["1000 parts", "field", "addresses", "folded", "html", "line", "parameters", "names"],
)
def test_36_a_huge_mail_is_read_in_bounded_time(content: bytes) -> None:
    begun = time.process_time()
    assert read(content).sender == ANA
    assert time.process_time() - begun < 10


def test_36_no_field_and_no_words_are_read_again_and_again() -> None:
    """Each crafted field takes the library a quarter of a second, each crafted form of words half of one."""
    found = read(raw(FROM, *["To: x@example.org"] * 50))
    assert len(found.addresses("To")) == len(found.values("To")) == reading.MAX_SAME
    html = part(b"<p>x", "Content-Type: text/html")
    found = read(parts(*[html] * 30))
    assert (found.text.count("x"), found.left_out) == (reading.MAX_WORDS, 30 - reading.MAX_WORDS)


def test_36_a_crafted_mail_within_the_mail_is_passed_on_unfolded() -> None:
    fields = b"".join(b"To: " + b"," * 3_900 + b"\r\n" for _ in range(40))
    begun = time.process_time()
    found = read(parts(PLAIN, part(fields + b"\r\nx", "Content-Type: message/rfc822")))
    assert time.process_time() - begun < 2
    assert found.files[0].content.count(b"To: ,,,") == 40


def everything_of(content: bytes) -> None:
    """What is done with each mail before anybody decides anything."""
    try:
        found = read(content)
    except Unreadable:
        return
    sorting.sort(found, expected=ANA)
    text = own_words(found.text)
    assert "\x00" not in text
    text.encode()
    for name in ("From", "To", "Cc", "Subject", "Message-ID", "Date", "Authentication-Results"):
        assert all("\n" not in value and "\r" not in value for value in found.values(name))
        found.addresses(name)
    for file in found.files:
        file.name.encode()


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    everything_of(content)


FIELDS = st.sampled_from(
    [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Content-Type",
        "Content-Disposition",
        "Content-Transfer-Encoding",
        "Sender",
    ]
)
VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60),
    st.sampled_from(
        [
            "multipart/mixed; boundary=b",
            "multipart/alternative; boundary=b",
            "text/html",
            "message/rfc822",
            "base64",
            "x-uuencode",
        ]
    ),
    st.sampled_from(
        ["attachment; filename*0*=a; filename*=utf-8''%ff", "=?utf-8?b?//8=?=", "=?x?q?a?= <a@b>", "a@[", '"', "<>", "(((("]
    ),
)


@given(st.lists(st.tuples(FIELDS, VALUES), max_size=6), st.lists(st.binary(max_size=60), max_size=5))
def test_any_fields_and_parts_are_read_or_refused(fields: list[tuple[str, str]], bodies: list[bytes]) -> None:
    everything_of(raw(*(f"{name}: {value}" for name, value in fields), body=b"\r\n--b\r\n".join([b"", *bodies])))


@given(
    st.sampled_from([path.read_bytes() for path in MAILS]),
    st.lists(st.tuples(st.integers(0, 3_000), st.binary(max_size=3)), max_size=8),
)
def test_broken_mails_are_read_or_refused(content: bytes, breaks: list[tuple[int, bytes]]) -> None:
    for at, other in breaks:
        content = content[:at] + other + content[at + 1 :]
    everything_of(content)


def test_every_way_of_failing_is_one() -> None:
    assert isinstance(reading.POLICY.header_fetch_parse("From", "(" * 3000), str)
