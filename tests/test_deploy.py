"""The files of the deployment hold together: no container engine runs here, so they are checked against each other."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ("migrate", "web", "worker", "beat")
NOT_IN_COMPOSE = {"DEMO", "DEBUG", "DEMO_CLOCK_OFFSET", "BIND", "PORT", "MEDIA_ROOT", "ANYMAIL_"}
"""Of the demo alone, set by the image itself, or only for who sends through a mail service."""


def read_by_the_code() -> set[str]:
    """The variables that the settings and the web server read: first arguments written in capitals."""
    names = set()
    for file in ("environment.py", "environment_mail.py", "settings.py", "gunicorn.py"):
        for node in ast.walk(ast.parse((ROOT / "helpdesk" / file).read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                value = node.args[0].value
                if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z0-9_]+", value):
                    names.add(value)
    return names


def example() -> dict[str, str]:
    lines = re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    return dict(lines)


def test_the_compose_file_keeps_to_the_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_names_every_variable_and_no_other() -> None:
    assert set(example()) == read_by_the_code() | {"POSTGRES_PASSWORD"}


def test_compose_hands_on_every_variable() -> None:
    for service in OURS:
        assert set(COMPOSE["services"][service]["environment"]) == read_by_the_code() - NOT_IN_COMPOSE, service


def test_the_example_starts_once_its_secrets_are_filled_in() -> None:
    set_lines = re.findall(r"^([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    environment = {"PATH": os.environ["PATH"]} | dict(set_lines)
    command = [sys.executable, "-c", "import helpdesk.settings"]
    untouched = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (untouched.returncode, "SECRET_KEY" in untouched.stderr) == (1, True)
    environment["SECRET_KEY"] = "kX9-wq7Lr2_Tz5vBn8mYc4Jd6Fh1Gs3PaQeRtUiOlKjHgFdSaZxCvBnM"
    environment["DATABASE_URL"] = environment["DATABASE_URL"].replace("change-me", "a-password-of-its-own")
    filled = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert filled.returncode == 0, filled.stderr


def test_what_depends_on_the_database_waits_for_the_migrations() -> None:
    for service in ("web", "worker", "beat"):
        assert COMPOSE["services"][service]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert COMPOSE["services"]["antivirus"]["profiles"] == ["antivirus"]


def test_the_image_copies_what_exists_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    sources = [word for line in lines if re.match(r"COPY (?!--from)", line) for word in line.split()[1:-1]]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
    final = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM")) :]
    users = [line for line in final if line.startswith("USER")]
    assert users == ["USER portal"]
    assert any(line.startswith("HEALTHCHECK") for line in final)


def test_secrets_stay_out_of_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", "var"} <= set(ignored)
