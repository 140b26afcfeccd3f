"""Tickets of Eva's in the states that browser tests begin from, played through the verbs like the demonstration's stories.

A state that takes three people in three browsers is there in a moment. A story's key is the name of its scene.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import worktime
from accounts.models import User
from feedback import surveys
from files.models import Scan, StoredFile
from helpdesk import demo, postgres
from tests.checkout import ROOT
from tickets.models import Macro, Ticket, TicketEvent
from tickets.states import Action

if TYPE_CHECKING:
    from tests.e2e.portal import Portal

WAYS: Final = {"largo": (1280, True), "estreito": (320, True), "sem-script": (320, False)}
"""Of going the journey by keyboard, each with tickets of its own: how wide, and whether with JavaScript."""


def _story(key: str, subject: str, *steps: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "offering": "executivo-municipal/sei/registrar-duvida",
        "by": "eva",
        "opened": "-3:00",
        "subject": subject,
        "body": "Escrevemos o que aconteceu, passo a passo, e juntamos o que temos.",
        "steps": list(steps),
        **more,
    }


WITH_FILES: Final = "executivo-municipal/sei/reportar-erro"
MACRO: Final = "Pedir a versão"
TAKEN: Final = ["take", "bia", "-2:50"]
ASKED: Final = ["ask", "bia", "-2:40", "Qual é a versão do sistema?"]
SOLVED: Final = ["resolve", "bia", "-2:30", "Conferimos o cadastro. Entre de novo.", "duvida-de-uso"]

MORNING: Final = "Itaparica"
"""Stands in the subject of what an analyst finds in her queue, and nowhere else."""


def _morning(key: str, subject: str, *steps: list[Any], opened: str = "-3:00") -> dict[str, Any]:
    """Asked by Hugo, about the same product and in the same state: Bia's queue has them one after the other."""
    offering = "executivo-estadual/sei/registrar-duvida"
    return _story(f"manha-{key}", f"{MORNING}: {subject}", *steps, by="hugo", offering=offering, opened=opened)


STORIES: Final = [
    *(_story(f"espera-{way}", "Pergunta da equipe sem resposta", TAKEN, ASKED) for way in WAYS),
    *(_story(f"encerrado-{way}", "Cadastro de unidade conferido", TAKEN, SOLVED) for way in WAYS),
    _story("encerrado", "Modelo de documento publicado", TAKEN, SOLVED),
    _story("equipe-externa", "Dúvida para outra equipe", TAKEN, ["wait_external", "bia", "-2:40", "Infraestrutura", "REQ-1"]),
    _story(
        "validacao",
        "Correção em testes",
        TAKEN,
        ["escalate", "bia", "-2:40", "Conferido no N2."],
        ["take", "caio", "-2:30"],
        ["validate", "caio", "-2:20"],
    ),
    _story("fora-do-escopo", "Senha da rede da prefeitura", ["refuse", "bia", "-2:40", "Procure a equipe da prefeitura."]),
    _story("duplicado", "A mesma pergunta", TAKEN, ["close_duplicate", "bia", "-2:30", "equipe-externa", "Segue no outro."]),
    _story("resolvido-por-mim", "Achei o que faltava", ["solved", "eva", "-2:40", "Era a permissão."]),
    _story("cancelado", "Não é mais preciso", ["cancel", "eva", "-2:40", "Aberto por engano."]),
    _story(
        "longo",
        "Assinatura" * 12,
        TAKEN,
        ["comment", "bia", "-2:40", f"Veja https://sei.example.org/{'caminho/' * 60}?processo={'9' * 300}"],
        body="palavra-sem-fim" * 400 + "\n\n" + "Texto que se estende por muitas linhas. " * 100,
    ),
    _morning("proximo", "ninguém assina", ["set_priority", "lia", "3 09:00", 1, "Para tudo."], opened="4 09:00"),
    _morning("pergunta", "bloco que não abre"),
    _morning("roteiro", "modelo de ofício"),
    _morning("macro", "processo relacionado"),
    _morning("n3", "erro ao concluir"),
    _morning("externa", "aviso que não chega"),
    _morning("fora", "senha da rede"),
    _morning("igual", "o mesmo erro ao concluir"),
    _morning("outro-produto", "pergunta sobre o aplicativo"),
    _morning("agenda", "mudança na semana que vem"),
    _story("mesa", "Mesa com tudo aberto", TAKEN),
    _story("juntas", "Duas respostas de uma vez", TAKEN),
    _story(
        "arquivos",
        "Arquivos que o antivírus examina",
        files=["log", "imagem"],
        offering="executivo-municipal/sei/reportar-erro",
    ),
]


def scenes(portal: Portal) -> dict[str, int]:
    """Play the stories on the portal's database, in a process of its own; the number of each scene's ticket.

    A second call finds them.
    """
    played = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", f"import {__name__} as s; s.main()"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DEMO": "1",
            "DATABASE_URL": postgres.url(portal.folder / "var" / "postgres"),
            "MEDIA_ROOT": str(portal.folder / "var" / "media"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stderr
    numbers: dict[str, int] = json.loads(played.stdout)
    return numbers


def _keep_macro(ticket: Ticket) -> None:
    """One of Bia's own, for tickets like this."""
    facts = {"action": Action.ASK, "body": ASKED[3], "core_system": ticket.product.core_system}
    Macro.objects.get_or_create(owner=User.objects.get(email="bia@example.org"), name=MACRO, defaults=facts)


def main() -> None:
    now = worktime.now()
    stories = demo.Stories(now, json.loads(demo.STORIES.read_text(encoding="utf-8"))["usual_answers"])
    numbers = {}
    for story in STORIES:
        steps = list(stories.steps_of(story))
        for step in steps:
            with worktime.shifted(step.at - worktime.now()):
                step.do(step.request_id)
        opening = steps[0].request_id
        numbers[story["key"]] = TicketEvent.objects.get(request_id=opening).ticket.number
    log, picture = StoredFile.objects.filter(form_id=opening).order_by("name")  # those of the last story
    StoredFile.objects.filter(pk=log.pk).update(scan=Scan.INFECTED)
    StoredFile.objects.filter(pk=picture.pk).update(scan=Scan.HELD)
    surveys.create_due()
    _keep_macro(Ticket.objects.get(number=numbers["manha-macro"]))
    json.dump(numbers, sys.stdout)
