"""Reads the environment for the settings, and stops the start with one clear line where a value is bad.

``DEMO=1`` gives every variable a value that works on one machine. Without it a missing, default or
senseless value is refused. ``.env.example`` names every variable.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import environ

env = environ.Env()


def refuse(line: str) -> NoReturn:
    """Stop the process that reads the settings. ``SystemExit``, because nobody needs a traceback to set a variable."""
    raise SystemExit(f"O portal não iniciou. {line}")


def flag(name: str, *, default: bool) -> bool:
    value: str = env.str(name, default="").strip().lower()
    if value not in {"", "0", "1", "false", "true"}:
        refuse(f"{name} deve ser 1 ou 0, e é {value!r}.")
    return value in {"1", "true"} if value else default


DEMO = flag("DEMO", default=False)

S3 = "S3_"
S3_NAMES = frozenset({"BUCKET", "ENDPOINT_URL", "REGION", "ACCESS_KEY", "SECRET_KEY"})


def number(name: str, default: int, *, most: int, least: int = 1) -> int:
    """A whole number from ``least`` to ``most``."""
    value: str = env.str(name, default="").strip() or str(default)
    if not value.isdecimal() or not least <= int(value) <= most:
        refuse(f"{name} deve ser um número de {least} a {most}, e é {value!r}.")
    return int(value)


def all_of(prefix: str) -> dict[str, str]:
    """What is set under names that begin with the prefix, without it."""
    return {name.removeprefix(prefix): value for name, value in env.ENVIRON.items() if name.startswith(prefix)}


def text(name: str, *, demo: str, default: str | None = None) -> str:
    """The variable; in the demo ``demo`` where it is unset; outside it ``default``, or a refusal where there is none."""
    value: str = env.str(name, default="").strip()
    if value:
        return value
    if DEMO:
        return demo
    if default is None:
        refuse(f"Falta definir {name}. Fora da demonstração (DEMO=1) não há valor padrão; veja .env.example.")
    return default


def url(name: str, *, demo: str, schemes: tuple[str, ...], default: str | None = None) -> str:
    """Like ``text``; the address must begin with one of the schemes."""
    value = text(name, demo=demo, default=default)
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        scheme = ""
    if value and scheme not in schemes:
        refuse(f"{name} deve começar com {' ou '.join(f'{scheme}://' for scheme in schemes)}.")
    return value


def debug() -> bool:
    on = flag("DEBUG", default=False)
    if on and not DEMO:
        refuse("DEBUG está ligado: mostra o interior do sistema a quem visita e só serve na demonstração (DEMO=1).")
    return on


def secret_key() -> str:
    key = text("SECRET_KEY", demo="demo-only-key-that-protects-nothing-because-the-demo-holds-invented-data")
    if not DEMO and (len(key) < 50 or len(set(key)) < 10 or "demo-only" in key or "change-me" in key):
        refuse("SECRET_KEY deve ser um texto aleatório de 50 caracteres ou mais.")
    return key


def portal_url() -> str:
    schemes = ("http", "https") if DEMO else ("https",)
    return url("PORTAL_URL", demo=f"http://127.0.0.1:{number('PORT', 8000, most=65535)}", schemes=schemes).rstrip("/")


def allowed_hosts(portal: str) -> list[str]:
    """The hosts that the portal answers to; that of its own address is one of them."""
    hosts: list[str] = [host for host in env.list("ALLOWED_HOSTS", default=[]) if host]
    if not hosts and DEMO:
        return ["127.0.0.1", "localhost", "[::1]"]
    if not hosts or "*" in hosts:
        refuse("ALLOWED_HOSTS deve listar os domínios do portal, separados por vírgula, sem '*'.")
    own = urlsplit(portal).hostname or ""
    if not DEMO and own not in hosts and not any(host.startswith(".") and f".{own}".endswith(host) for host in hosts):
        refuse(f"ALLOWED_HOSTS não inclui {own}, o domínio de PORTAL_URL.")
    return hosts


def database(*, embedded: str) -> dict[str, Any]:
    """The PostgreSQL of ``DATABASE_URL``; in the demo the embedded one where it is unset."""
    address = url("DATABASE_URL", demo=embedded, schemes=("postgres", "postgresql"))
    try:
        found: dict[str, Any] = env.db_url_config(address)
    except ValueError:
        found = {}
    if not found or not found["NAME"]:
        refuse("DATABASE_URL deve indicar um banco: postgres://usuario:senha@servidor:5432/nome.")
    if not DEMO and "change-me" in address:
        refuse("DATABASE_URL ainda tem a senha do exemplo.")
    return found


def database_options() -> dict[str, str]:
    """Options of each connection: in the web server how long a statement may take (seconds; 0: as long as it likes)."""
    seconds = number("WEB_STATEMENT_TIMEOUT", 15, least=0, most=3600)
    serves_pages = "PORTAL_SERVES_PAGES" in env.ENVIRON  # ``helpdesk.gunicorn`` says so
    return {"options": f"-c statement_timeout={seconds}s"} if serves_pages and seconds else {}


def staff_idle() -> timedelta | None:
    """After how long without use staff have to sign in again; in the demo, whose clock jumps, never unless it is set."""
    minutes = number("STAFF_IDLE_MINUTES", 0 if DEMO else 120, least=0 if DEMO else 5, most=1440)
    return timedelta(minutes=minutes) if minutes else None


def reply_address() -> str:
    """Where answers by mail go, in lower case; empty where nobody reads them. A token is put between box and domain."""
    value = text("REPLY_ADDRESS", demo="", default="").lower()
    if value and not re.fullmatch(r"[a-z0-9._-]{1,10}@[a-z0-9-]+(\.[a-z0-9-]+)+", value):
        refuse("REPLY_ADDRESS deve ser um endereço como respostas@portal.example.org, com até 10 letras antes do @.")
    return value


def folder(name: str, default: Path) -> Path:
    path = Path(env.str(name, default="") or default)
    if not path.is_absolute():
        refuse(f"{name} deve ser um caminho completo, começando com '/'.")
    return path


def clamav_url() -> str:
    """Where the antivirus listens: ``tcp://host:port`` or ``unix:///path``; empty for none."""
    value = url("CLAMAV_URL", demo="", default="", schemes=("tcp", "unix"))
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        over_tcp, over_unix = bool(parts.hostname and parts.port), bool(parts.path.startswith("/") and not parts.netloc)
        complete = over_tcp if parts.scheme == "tcp" else over_unix
    except ValueError:  # a port that is no number
        complete = False
    if not complete:
        refuse("CLAMAV_URL deve ser tcp://servidor:porta ou unix:///caminho/do/socket.")
    return value


def uploads(default: Path) -> dict[str, Any]:
    """Where uploads are kept: the folder of ``MEDIA_ROOT``, or the bucket of ``S3_BUCKET``, which goes before it."""
    given = {name for name, value in all_of(S3).items() if value.strip()}
    if not given:
        options: dict[str, Any] = {"location": str(folder("MEDIA_ROOT", default)), "base_url": None}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    if unknown := given - S3_NAMES:
        refuse(f"S3_{min(unknown)} não existe. Há {', '.join(f'S3_{name}' for name in sorted(S3_NAMES))}.")
    if "BUCKET" not in given:
        refuse(f"S3_{min(given)} está definida e S3_BUCKET não: sem o nome do bucket nada pode ser guardado.")
    if ("ACCESS_KEY" in given) != ("SECRET_KEY" in given):
        refuse("S3_ACCESS_KEY e S3_SECRET_KEY vêm juntas, ou nenhuma delas, onde a máquina tem permissão própria.")
    endpoint = url("S3_ENDPOINT_URL", demo="", default="", schemes=("https", "http"))
    if endpoint and not urlsplit(endpoint).hostname:
        refuse("S3_ENDPOINT_URL deve ser o endereço do serviço, como https://s3.example.org.")
    return {
        "BACKEND": "files.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET").strip(),
            "endpoint_url": endpoint or None,
            "region_name": env.str("S3_REGION", default="").strip() or None,
            "access_key": env.str("S3_ACCESS_KEY", default="").strip() or None,
            "secret_key": env.str("S3_SECRET_KEY", default="").strip() or None,
        },
    }


def log_level() -> str:
    level: str = env.str("LOG_LEVEL", default="INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        refuse("LOG_LEVEL deve ser DEBUG, INFO, WARNING, ERROR ou CRITICAL.")
    return level


def clock_offset() -> None:
    """``worktime`` reads the variable at each call; here it is only judged."""
    offset = env.str("DEMO_CLOCK_OFFSET", default="")
    if offset and not DEMO:
        refuse("DEMO_CLOCK_OFFSET adianta o relógio e só serve na demonstração (DEMO=1).")
    try:
        float(offset or 0)
    except ValueError:
        refuse(f"DEMO_CLOCK_OFFSET deve ser um número de segundos, e é {offset!r}.")
