"""Mails as mail programs write them."""

from email.message import EmailMessage

ANA, BOX = "ana@example.org", "respostas@portal.example"


def mail(body: str = "Segue a versão.\n", **fields: str) -> bytes:
    """A plain answer of Ana's. Fields by name, ``_`` for ``-``; an empty one is left out."""
    message = EmailMessage()
    given = {
        "From": f"Ana Exemplo <{ANA}>",
        "To": BOX,
        "Subject": "Re: [Chamado 10000001] A equipe perguntou",
        "Message-ID": "<1@example.org>",
        "Date": "Mon, 23 Nov 2026 10:00:00 -0300",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    for name, value in given.items():
        if value:
            message[name] = value
    message.set_content(body)
    return message.as_bytes()


def raw(*head: str, body: bytes = b"Oi\r\n") -> bytes:
    """A mail by its lines, however wrong they are."""
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body
