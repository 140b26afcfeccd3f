"""How mail leaves and comes in, and who tells of it: from the environment, judged like the rest (``helpdesk.environment``)."""

import importlib.util
from typing import Any, Final
from urllib.parse import urlsplit

from helpdesk.environment import DEMO, all_of, env, flag, number, refuse, text, url

ANYMAIL: Final = "anymail.backends."
NEEDED: Final = {
    "amazon_ses": (),  # the machine's own rights, or AWS_…
    "brevo": ("BREVO_API_KEY",),
    "mailersend": ("MAILERSEND_API_TOKEN",),
    "mailgun": ("MAILGUN_API_KEY",),
    "mailjet": ("MAILJET_API_KEY", "MAILJET_SECRET_KEY"),
    "mailtrap": ("MAILTRAP_API_TOKEN",),
    "mandrill": ("MANDRILL_API_KEY",),
    "postal": ("POSTAL_API_KEY", "POSTAL_API_URL"),
    "postmark": ("POSTMARK_SERVER_TOKEN",),
    "resend": ("RESEND_API_KEY",),
    "scaleway": ("SCALEWAY_SECRET_KEY", "SCALEWAY_PROJECT_ID"),
    "sendgrid": ("SENDGRID_API_KEY",),
    "sparkpost": ("SPARKPOST_API_KEY",),
    "unisender_go": ("UNISENDER_GO_API_KEY", "UNISENDER_GO_API_URL"),
}
"""Anymail's services, and without which variables (after ``ANYMAIL_``) one cannot send."""
NEEDED_TO_TELL: Final = {
    "mailersend": ("MAILERSEND_SIGNING_SECRET",),
    "mailgun": ("MAILGUN_WEBHOOK_SIGNING_KEY",),
    "mandrill": ("MANDRILL_WEBHOOK_KEY",),
    "postal": ("POSTAL_WEBHOOK_KEY",),
}
"""Beside the secret of all: what a service signs with what it tells."""
TELLS: Final = "WEBHOOK_SECRET"
LOGS_KEYS: Final = "DEBUG_API_REQUESTS"
FOR_CODE: Final = "SEND_DEFAULTS"
TIMEOUT: Final = "REQUESTS_TIMEOUT"
FLAGS: Final = ("IGNORE_RECIPIENT_STATUS", "IGNORE_UNSUPPORTED_FEATURES", LOGS_KEYS, "CONFIRM_SNS_SUBSCRIPTIONS")


def backend() -> str:
    """A backend that really sends; the demo keeps its mail as files."""
    name = text("EMAIL_BACKEND", demo="django.core.mail.backends.filebased.EmailBackend")
    module, _, cls = name.rpartition(".")
    try:
        known = bool(cls) and importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        known = False
    service = _service(name)
    sends = service in NEEDED if service else not module.startswith("django.") or module.endswith("backends.smtp")
    if not known or not (sends or DEMO):
        refuse(f"EMAIL_BACKEND deve ser um backend que envia e-mail, e é {name!r}.")
    return name


def host(name: str) -> str:
    """The SMTP server; only the SMTP backend needs one."""
    return text("EMAIL_HOST", demo="127.0.0.1", default=None if name.endswith("smtp.EmailBackend") else "")


def anymail(name: str) -> dict[str, Any]:
    """Anymail's settings, each of its kind; the service of the backend has what it cannot send without."""
    given: dict[str, Any] = {key: value.strip() for key, value in all_of("ANYMAIL_").items() if value.strip()}
    for missing in NEEDED.get(_service(name), ()):
        if missing not in given:
            refuse(f"Falta definir ANYMAIL_{missing}, de que EMAIL_BACKEND={name} precisa.")
    for key in given:
        if key.endswith(FLAGS):
            given[key] = flag(f"ANYMAIL_{key}", default=False)
        if key.endswith(FOR_CODE):
            refuse(f"ANYMAIL_{key} não cabe em uma variável de ambiente.")
    if given.get(LOGS_KEYS) and not DEMO:
        refuse("ANYMAIL_DEBUG_API_REQUESTS escreve as chaves do provedor nos registros e só serve na demonstração (DEMO=1).")
    given[TIMEOUT] = number(f"ANYMAIL_{TIMEOUT}", 20, most=60)
    return given


def webhooks(name: str, given: dict[str, Any]) -> list[str]:
    """The services that may tell us of mail: none without the secret that they show, else those of ``MAIL_WEBHOOKS``,
    or the one that sends."""
    secret, own = str(given.get(TELLS, "")), _service(name)
    asked = [service.strip() for service in env.str("MAIL_WEBHOOKS", default="").split(",") if service.strip()]
    if not secret:
        if asked:
            refuse("MAIL_WEBHOOKS está definida e ANYMAIL_WEBHOOK_SECRET não: sem segredo, qualquer um falaria pelo provedor.")
        return []
    user, _, password = secret.partition(":")
    if not user or len(password) < 20 or len(set(password)) < 8 or "change-me" in secret:
        refuse("ANYMAIL_WEBHOOK_SECRET deve ser usuario:senha, com uma senha aleatória de 20 caracteres ou mais.")
    services = asked or ([own] if own else [])
    if not services:
        refuse("ANYMAIL_WEBHOOK_SECRET está definida: diga em MAIL_WEBHOOKS de que provedor são os avisos, como mailgun.")
    for service in services:
        if service not in NEEDED or service == "scaleway":
            refuse(f"MAIL_WEBHOOKS não conhece {service!r}. Há {', '.join(sorted(set(NEEDED) - {'scaleway'}))}.")
        for missing in NEEDED_TO_TELL.get(service, ()):
            if missing not in given:
                refuse(f"Falta definir ANYMAIL_{missing}, com que {service} assina o que conta.")
    return services


def _service(name: str) -> str:
    """Anymail's name of the service of a backend; empty for others."""
    return name.removeprefix(ANYMAIL).partition(".")[0] if name.startswith(ANYMAIL) else ""


def imap_url() -> str:
    """The mailbox that answers come to: ``imaps://user:password@server/folder``; empty where none is read."""
    value = url("IMAP_URL", demo="", default="", schemes=("imaps", "imap") if DEMO else ("imaps",))
    try:
        parts = urlsplit(value)
        complete = bool(parts.hostname and parts.username and parts.password and parts.port != 0)
    except ValueError:  # a port that is no number
        complete = False
    if value and not complete:
        refuse("IMAP_URL deve ser imaps://usuario:senha@servidor/pasta, com %40 no lugar do @ do usuário.")
    if value and not text("REPLY_ADDRESS", demo="", default=""):
        refuse("IMAP_URL está definida e REPLY_ADDRESS não: nenhum e-mail nosso diria para onde responder.")
    return value
