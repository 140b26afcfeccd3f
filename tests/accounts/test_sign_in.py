"""Signing up, in and out, and passwords, over HTTP with the mail that really left (allauth with our pages)."""

import email
import email.policy
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from notifications import account_letters

PASSWORD = "segredo-longo-42"
SIGN_UP = {"name": "Nina Prado", "email": "nina@example.org", "password1": PASSWORD, "password2": PASSWORD}

Make = Callable[..., User]


class Mailbox:
    """The mail that Django's file backend wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> list[tuple[str, str, str]]:
        """(to, subject, text) of each message, oldest first. The worker is asked first."""
        account_letters.deliver_due()
        messages = []
        for file in sorted(self.folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns):
            for raw in re.split(rb"^-{79}$\n?", file.read_bytes(), flags=re.MULTILINE):
                if raw.strip():
                    message = email.message_from_bytes(raw.lstrip(), policy=email.policy.default)
                    text = message.get_body(("plain",))
                    assert text is not None
                    messages.append((str(message["To"]), str(message["Subject"]), text.get_content()))
        return messages

    def link(self) -> str:
        """The path of the link in the last message."""
        found = re.search(r"http://127.0.0.1:8000(/conta/\S+)", self.read()[-1][2])
        assert found
        return found.group(1)


@pytest.fixture
def mailbox(tmp_path: Path, settings: Settings) -> Mailbox:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return Mailbox(tmp_path / "mail")


def sign_in(client: Client, address: str, password: str = PASSWORD, **data: str) -> object:
    return client.post("/conta/entrar/", {"login": address, "password": password, **data})


def signed_in_as(client: Client) -> str | None:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else None


def test_sign_up_confirm_sign_in_and_recover_the_password(db: None, client: Client, mailbox: Mailbox) -> None:
    answer = client.post("/conta/criar/", {**SIGN_UP, "social_name": "Nina", "email": "Nina@Example.org"})
    assert answer["Location"] == "/conta/confirmar-email/"
    nina = User.objects.get()
    assert (nina.email, nina.name, nina.social_name, nina.cpf, nina.is_staff) == (
        "nina@example.org",
        "Nina Prado",
        "Nina",
        None,
        False,
    )
    assert signed_in_as(client) is None
    sign_in(client, "nina@example.org")
    assert signed_in_as(client) is None  # not before the address is confirmed

    to, subject, text = mailbox.read()[0]
    assert (to, subject) == ("nina@example.org", "Confirme seu e-mail para usar o Portal de Serviços")
    assert "Nina" not in text  # else anybody could send words of his own to a stranger
    link = mailbox.link()
    assert "nina@example.org" in client.get(link).content.decode()
    assert not EmailAddress.objects.get().verified  # mail scanners open links: only the button confirms
    client.post(link)
    assert EmailAddress.objects.get().verified
    assert sign_in(client, "NINA@example.org")["Location"] == "/"
    assert signed_in_as(client) == "nina@example.org"
    client.post("/conta/sair/")
    assert signed_in_as(client) is None

    cache.clear()  # the minutes between two mails
    client.post("/conta/senha/recuperar/", {"email": "nina@example.org"})
    link = mailbox.link()
    answer = client.get(link, follow=True)
    client.post(answer.redirect_chain[-1][0], {"password1": "outra-senha-77", "password2": "outra-senha-77"})
    assert signed_in_as(client) is None
    sign_in(client, "nina@example.org")
    assert signed_in_as(client) is None
    sign_in(client, "nina@example.org", "outra-senha-77")
    assert signed_in_as(client) == "nina@example.org"
    assert "Este link não vale mais" in Client().get(link, follow=True).content.decode()  # ABUSE 31: serves once


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Este campo é obrigatório."),
        ({"email": "nina"}, "Informe um endereço de email válido."),
        ({"password2": "outra-coisa-1"}, "deve digitar a mesma senha"),
        ({"password1": "curta", "password2": "curta"}, "Ela precisa conter pelo menos 10 caracteres."),
        ({"name": "Nina\nBcc: x@example.org"}, "O nome tem um caractere que não pode ser usado."),
    ],
)
def test_a_wrong_sign_up_is_refused_beside_the_field(
    db: None, client: Client, mailbox: Mailbox, change: dict[str, str], sentence: str
) -> None:
    answer = client.post("/conta/criar/", {**SIGN_UP, **change})
    assert sentence in answer.content.decode()
    assert not User.objects.exists()
    assert mailbox.read() == []


def test_sign_up_sets_only_what_it_asks(db: None, client: Client, mailbox: Mailbox) -> None:
    client.post("/conta/criar/", {**SIGN_UP, "cpf": "52998224725", "is_staff": "1", "role": "admin", "phone": "6133334444"})
    nina = User.objects.get()
    assert (nina.cpf, nina.phone, nina.is_staff) == (None, "", False)


def test_answers_do_not_tell_who_has_an_account(person: Make, mailbox: Mailbox, settings: Settings) -> None:
    """ABUSE 32: sign-up, sign-in and recovery answer alike for a known and an unknown address."""
    settings.DEMO = False
    person("ana@example.org")

    def told(path: str, data: dict[str, str]) -> tuple[int, str | None, str]:
        stranger = Client()
        answer = stranger.post(path, data)
        location = answer.get("Location")
        text = stranger.get(location).content.decode() if location else answer.content.decode()
        text = text.replace(data.get("email", data.get("login", "")), "")
        return answer.status_code, location, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    for path, data in (
        ("/conta/criar/", SIGN_UP),
        ("/conta/senha/recuperar/", {"email": ""}),
        ("/conta/entrar/", {"login": "", "password": "errada-errada"}),
    ):
        key = "login" if "login" in data else "email"
        assert told(path, {**data, key: "ana@example.org"}) == told(path, {**data, key: "zeca@example.org"})
    to_known = [subject for to, subject, _ in mailbox.read() if to == "ana@example.org"]
    assert to_known == ["Você já tem conta no Portal de Serviços", "Crie uma senha nova no Portal de Serviços"]


def test_the_session_changes_at_sign_in(person: Make, client: Client) -> None:
    """ABUSE 29: a session known before sign-in is worth nothing after it."""
    person("ana@example.org")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["portal_sessao"] = before
    sign_in(client, "ana@example.org")
    assert signed_in_as(client) == "ana@example.org"
    assert client.session.session_key != before
    thief = Client()
    thief.cookies["portal_sessao"] = before
    assert signed_in_as(thief) is None


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"]
)
def test_sign_in_and_out_lead_to_no_other_host(person: Make, client: Client, target: str) -> None:
    """ABUSE 43."""
    person("ana@example.org")
    assert sign_in(client, "ana@example.org", next=target)["Location"] == "/"
    assert client.post("/conta/sair/", {"next": target})["Location"] == "/"


def test_sign_in_leads_to_the_page_that_asked(person: Make, client: Client) -> None:
    person("ana@example.org")
    assert sign_in(client, "ana@example.org", next="/conta/")["Location"] == "/conta/"


def test_who_works_at_the_desk_lands_there(with_role: Callable[[str], User], client: Client) -> None:
    with_role("analyst")
    assert sign_in(client, "analyst@example.org")["Location"] == "/admin/"


def guess(address: str, times: int, email: str = "ana@example.org") -> Client:
    """Somebody at a network address who tries wrong passwords."""
    client = Client(REMOTE_ADDR=address)
    for number in range(times):
        sign_in(client, email, f"palpite-{number}")
    return client


def test_guessing_from_one_place_stops_being_possible(person: Make) -> None:
    """ABUSE 46: after five failures the right password does not open the account there either; elsewhere it does."""
    person("ana@example.org")
    person("eva@example.org")
    stranger = guess("203.0.113.5", 5)
    answer = sign_in(stranger, "ana@example.org")
    assert "Muitas tentativas" in answer.content.decode()
    assert signed_in_as(stranger) is None
    sign_in(stranger, "eva@example.org")
    assert signed_in_as(stranger) == "eva@example.org"
    ana = Client(REMOTE_ADDR="203.0.113.99")
    sign_in(ana, "ana@example.org")
    assert signed_in_as(ana) == "ana@example.org"


def test_guessing_from_everywhere_is_bounded_and_locks_nobody_out_of_his_own_browser(person: Make) -> None:
    """ABUSE 46: fifty wrong passwords an hour from all strange places together, whatever their number."""
    person("ana@example.org")
    own = Client(REMOTE_ADDR="198.51.100.7")
    sign_in(own, "ana@example.org")
    own.post("/conta/sair/")
    for place in range(10):
        guess(f"203.0.113.{place}", 5)
    fresh = Client(REMOTE_ADDR="203.0.113.99")
    assert "Muitas tentativas" in sign_in(fresh, "ana@example.org").content.decode()
    assert signed_in_as(fresh) is None
    sign_in(own, "ana@example.org")
    assert signed_in_as(own) == "ana@example.org"


def test_the_mark_of_a_browser_is_one_persons_and_gives_few_tries(person: Make) -> None:
    person("ana@example.org")
    person("eva@example.org")
    own = Client(REMOTE_ADDR="198.51.100.7")
    sign_in(own, "eva@example.org")
    own.post("/conta/sair/")
    for place in range(10):
        guess(f"203.0.113.{place}", 5)
    sign_in(own, "ana@example.org")
    assert signed_in_as(own) is None
    for number in range(5):
        sign_in(own, "eva@example.org", f"palpite-{number}")
    sign_in(own, "eva@example.org")
    assert signed_in_as(own) is None


@pytest.mark.parametrize("mark", ["1:x", "1:x:1abc:5ecre7", ""])
def test_a_mark_that_we_did_not_sign_is_none(person: Make, mark: str) -> None:
    user = person("ana@example.org")
    for place in range(10):
        guess(f"203.0.113.{place}", 5)
    client = Client(REMOTE_ADDR="203.0.113.99")
    client.cookies["portal_navegador"] = mark.replace("1:", f"{user.pk}:", 1)
    sign_in(client, "ana@example.org")
    assert signed_in_as(client) is None


def test_one_address_cannot_try_many_accounts(person: Make, client: Client) -> None:
    answers = [sign_in(client, f"p{number}@example.org", "palpite-1").status_code for number in range(31)]
    assert answers[-1] == 429


def test_a_claimed_address_does_not_move_the_limit_outside_a_proxy(person: Make, client: Client) -> None:
    """ABUSE 51: without a proxy in front the header of forwarded addresses is only what the client says."""
    answers = [
        client.post(
            "/conta/entrar/",
            {"login": f"p{number}@example.org", "password": "palpite-1"},
            headers={"x-forwarded-for": f"203.0.113.{number}"},
        ).status_code
        for number in range(31)
    ]
    assert answers[-1] == 429


def test_too_many_requests_have_a_page(person: Make, client: Client) -> None:
    for number in range(21):
        answer = client.post("/conta/senha/recuperar/", {"email": f"p{number}@example.org"})
    assert answer.status_code == 429
    assert "Muitas tentativas em pouco tempo" in answer.content.decode()


def test_a_closed_account_does_not_open(person: Make, client: Client) -> None:
    person("ana@example.org", is_active=False)
    assert sign_in(client, "ana@example.org")["Location"] == "/conta/inativa/"
    assert signed_in_as(client) is None
    assert "Conta desativada" in client.get("/conta/inativa/").content.decode()


def test_an_account_closed_meanwhile_is_out_at_once(person: Make, client: Client) -> None:
    ana = person("ana@example.org")
    sign_in(client, "ana@example.org")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert client.get("/conta/")["Location"] == "/conta/entrar/?next=/conta/"


def test_signing_out_takes_a_post(person: Make, client: Client) -> None:
    """ABUSE 44: an image in a mail signs nobody out."""
    person("ana@example.org")
    sign_in(client, "ana@example.org")
    assert "encerrar sua sessão" in client.get("/conta/sair/").content.decode()
    assert signed_in_as(client) == "ana@example.org"


@pytest.mark.parametrize("password", ["Ana-Beatriz-Moura", "ana@example.org", "1234567890", "curta-1"])
def test_a_password_is_not_the_name_nor_the_address_nor_a_common_one(person: Make, client: Client, password: str) -> None:
    person("ana@example.org", name="Ana Beatriz Moura")
    sign_in(client, "ana@example.org")
    answer = client.post("/conta/senha/", {"oldpassword": PASSWORD, "password1": password, "password2": password})
    assert answer.status_code == 200
    assert User.objects.get().check_password(PASSWORD)


def test_changing_the_password_ends_the_other_sessions_and_tells_the_person(
    person: Make, client: Client, mailbox: Mailbox
) -> None:
    person("ana@example.org")
    other = Client()
    sign_in(other, "ana@example.org")
    sign_in(client, "ana@example.org")
    data = {"oldpassword": PASSWORD, "password1": "outra-senha-77", "password2": "outra-senha-77"}
    client.post("/conta/senha/", {**data, "oldpassword": "errada"})
    assert User.objects.get().check_password(PASSWORD)
    client.post("/conta/senha/", data)
    assert User.objects.get().check_password("outra-senha-77")
    assert client.get("/conta/").status_code == 200
    assert other.get("/conta/").status_code == 302
    assert [(to, subject) for to, subject, _ in mailbox.read()] == [("ana@example.org", "Sua senha foi trocada")]


def test_a_new_address_counts_once_confirmed(person: Make, client: Client, mailbox: Mailbox) -> None:
    ana = person("ana@example.org")
    sign_in(client, "ana@example.org")
    answer = client.post("/conta/email/", {"email": "nova@example.org", "action_add": ""})
    assert answer["Location"] == "/conta/confirmar-identidade/?next=%2Fconta%2Femail%2F"
    client.post(answer["Location"], {"password": "errada-errada"})
    assert not EmailAddress.objects.filter(email="nova@example.org").exists()
    client.post(answer["Location"], {"password": PASSWORD})  # which goes on with what was asked
    assert "Falta confirmar o novo endereço" in client.get("/conta/email/").content.decode()
    assert User.objects.get(pk=ana.pk).email == "ana@example.org"
    client.post(mailbox.link())
    assert User.objects.get(pk=ana.pk).email == "nova@example.org"
    assert ("ana@example.org", "Seu e-mail foi trocado") in [(to, subject) for to, subject, _ in mailbox.read()]
