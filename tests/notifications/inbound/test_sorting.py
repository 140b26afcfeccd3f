"""What nobody wrote is known by its signs; what a person wrote is not taken for it."""

from pathlib import Path

import pytest
from pytest_django import Settings

from notifications.inbound import reading
from notifications.inbound.sorting import Sorted, sort
from notifications.models import InboundMail
from tests.notifications.inbound.writing import ANA, mail, raw

Reason = InboundMail.Reason
ROOT = Path(__file__).resolve().parents[3]
SAMPLES = sorted((ROOT / "var" / "bounces").glob("*.txt"))
BOUNCES = [sample for sample in SAMPLES if sample.stem != "groupwise_03"]
"""All but one, which is a person's answer: it shows that the library takes no quotation for a bounce."""
AUTOMATIC = sorted((ROOT / "tests" / "notifications" / "mails").glob("*.eml"))


@pytest.fixture(autouse=True)
def box(settings: Settings) -> None:
    settings.REPLY_ADDRESS, settings.PORTAL_URL = "respostas@portal.example", "https://portal.example"


def sorted_of(content: bytes, expected: str = "") -> Sorted | None:
    return sort(reading.read(content), expected=expected)


def test_the_bounces_are_here() -> None:
    """They are fetched by ``make dev``; without them nothing is tested."""
    assert len(SAMPLES) == 117, "run `make samples`"


@pytest.mark.parametrize("sample", BOUNCES, ids=lambda path: path.stem)
def test_each_bounce_of_the_library_is_a_machine_s(sample: Path) -> None:
    assert sorted_of(sample.read_bytes()) is not None


def test_most_bounces_say_whom_they_did_not_reach() -> None:
    told = [found for path in BOUNCES if (found := sorted_of(path.read_bytes())) and found.failed]
    assert len(told) > 100
    assert sorted_of(next(path for path in SAMPLES if path not in BOUNCES).read_bytes()) is None
    assert {found.reason for found in told} == {Reason.BOUNCE}


@pytest.mark.parametrize("sample", AUTOMATIC, ids=lambda path: path.stem)
def test_each_automatic_answer_is_known_though_the_person_s_own_address_sends_it(sample: Path) -> None:
    assert sorted_of(sample.read_bytes(), expected=ANA) is not None


def test_what_each_of_them_is() -> None:
    found = {path.stem: sorted_of(path.read_bytes(), ANA) for path in AUTOMATIC}
    others = {
        "exchange_nao_entregue": Sorted(Reason.BOUNCE, frozenset({ANA})),
        "lista_google": Sorted(Reason.LIST),
    }
    assert found == {name: others.get(name, Sorted(Reason.AUTOMATIC)) for name in found}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("Auto-Submitted", "auto-replied", Reason.AUTOMATIC),
        ("Auto-Submitted", "AUTO-GENERATED (x)", Reason.AUTOMATIC),
        ("Auto-Submitted", "", Reason.AUTOMATIC),
        ("Auto-Submitted", "no", None),
        ("Auto-Submitted", "No; x=y", None),
        ("X-Auto-Response-Suppress", "DR, OOF, AutoReply", Reason.AUTOMATIC),
        ("X-Auto-Response-Suppress", "None", None),
        ("Precedence", "Bulk", Reason.AUTOMATIC),
        ("Precedence", "auto_reply", Reason.AUTOMATIC),
        ("Precedence", "first-class", None),
        ("X-Autoreply", "yes", Reason.AUTOMATIC),
        ("X-Mail-Autoreply", "x", Reason.AUTOMATIC),
        ("X-FC-MachineGenerated", "true", Reason.AUTOMATIC),
        ("X-POST-MessageClass", "9; Autoresponder", Reason.AUTOMATIC),
        ("X-Failed-Recipients", "ana@example.org", Reason.BOUNCE),
        ("Return-Path", "<>", Reason.AUTOMATIC),
        ("Return-Path", "<ana@example.org>", None),
        ("List-Id", "<a.example.org>", Reason.LIST),
        ("List-Unsubscribe", "<mailto:a@example.org>", Reason.LIST),
        ("X-Loop", "a", Reason.LOOP),
        ("From", "MAILER-DAEMON@example.org", Reason.AUTOMATIC),
        ("From", "Protocolo <Nao-Responda@example.org>", Reason.AUTOMATIC),
        ("From", "bounce+123@example.org", Reason.AUTOMATIC),
        ("From", "Central <respostas+x@portal.example>", Reason.LOOP),
        ("From", "sem endereço", Reason.NO_SENDER),
        ("From", "Mailer-Daemon", Reason.BOUNCE),
        ("Message-ID", "<notice-0d2f@portal.example>", Reason.LOOP),
        ("Message-ID", "<notice-0d2f@example.org>", None),
        ("Subject", "Resposta automática: férias", Reason.AUTOMATIC),
        ("Subject", "Fora do escritório até 10/12", Reason.AUTOMATIC),
        ("Subject", "Automatic reply: [Chamado 1]", Reason.AUTOMATIC),
        ("Subject", "Re: Resposta automática: o que fazer?", None),
        ("Subject", "Autoridade certificadora: erro", None),
        ("Subject", "Férias não aparecem no sistema", None),
        ("Subject", "Automação do protocolo", None),
    ],
)
def test_one_sign_is_enough(field: str, value: str, reason: Reason | None) -> None:
    lines = {"From": "Ana <ana@example.org>", "To": "respostas@portal.example", "Subject": "Re: x", field: value}
    found = sorted_of(raw(*(f"{name}: {text}" for name, text in lines.items())), expected=ANA)
    assert (found.reason if found else None) == reason


def test_a_mail_without_sender_is_nobody_s() -> None:
    assert sorted_of(raw("To: respostas@portal.example", "Subject: Oi")) == Sorted(Reason.NO_SENDER)


def test_a_mail_that_goes_in_a_circle_is_a_loop() -> None:
    hops = [f"Received: from a{number}.example.org by b.example.org" for number in range(41)]
    assert sorted_of(raw("From: ana@example.org", *hops)) == Sorted(Reason.LOOP)
    assert sorted_of(raw("From: ana@example.org", *hops[:20])) is None


def test_who_forwards_a_bounce_to_ask_about_it_is_a_person() -> None:
    """The words of a bounce alone do not silence the person whom we asked."""
    sample = next(path for path in BOUNCES if path.stem == "simple_01")
    words = "O que é isto?\n\n" + sample.read_text("latin-1").partition("\n\n")[2]
    assert sorted_of(mail(words), expected=ANA) is None


def test_a_person_s_answer_is_a_person_s() -> None:
    assert sorted_of(mail()) is None
