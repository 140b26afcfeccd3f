"""The demonstration's announcements: one to everybody, one to a body, one in the portal alone, and one of next week."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.models import Agency, User
from catalog.models import CoreSystem, Product, Sphere
from community import sending, writing
from community.models import Announcement
from community.writing import Draft
from helpdesk import demo_people
from notifications import delivery

NAMESPACE: Final = uuid.UUID("6f2c1c0e-51a4-4a0e-8f0e-0d6c0c9b7a13")
MANAGER: Final = "duda@example.org"
DAY: Final = timedelta(days=1)

NEW_HELP: Final = """\
As perguntas frequentes e o guia do usuário estão agora na [ajuda do portal](/ajuda/).

- Procure com as suas palavras: nomes antigos dos produtos também valem.
- Ao escrever um pedido, o portal mostra respostas parecidas ao lado.
- Se nada ajudar, [abra um chamado](/abrir/) como sempre.
"""
MAINTENANCE: Final = """\
O Tramita GOV.BR fica fora do ar no próximo sábado, **durante a manhã**, para troca de servidores.

## O que fazer

1. Envie na sexta o que tem prazo no sábado.
2. À tarde, confira os envios da véspera.

Processos já enviados não se perdem.
"""
TRAINING: Final = """\
Há vagas para a oficina de uso do SEI, pela internet, no dia 20, à tarde.

Para participar, fale com o ponto focal do seu órgão.
"""
VERSION: Final = """\
A próxima versão do SEI chega na semana que vem. A lista do que muda vem com ela.
"""

At = Callable[[datetime], AbstractContextManager[None]]


def seed(now: datetime, at: At) -> None:
    """Once. ``at`` makes a block live at a moment."""
    if Announcement.objects.exists():
        return
    core = CoreSystem.objects.get(slug=demo_people.CORE_SYSTEM)
    tramita = Product.objects.filter(core_system=core, slug__contains="tramita")
    announced: list[tuple[timedelta, dict[str, Any]]] = [
        (9 * DAY, {"title": "A ajuda do portal está de casa nova", "body": NEW_HELP, "to_everybody": True}),
        (3 * DAY, {"title": "Tramita GOV.BR em manutenção no sábado", "body": MAINTENANCE, "products": list(tramita)}),
        (
            DAY,
            {
                "title": "Oficina de uso do SEI, dia 20",
                "body": TRAINING,
                "agencies": list(Agency.objects.filter(slug=demo_people.AGENCY_A)),
                "by_mail": False,
            },
        ),
        (
            timedelta(hours=2),
            {
                "title": "Nova versão do SEI na semana que vem",
                "body": VERSION,
                "spheres": list(Sphere.objects.filter(slug="executivo-federal")),
                "release_at": now + 7 * DAY,
            },
        ),
    ]
    for number, (ago, said) in enumerate(announced):
        with at(now - ago):
            _announce(number, Draft(**said, core_system=core, shown_until=now + 20 * DAY))


def _announce(number: int, draft: Draft) -> None:
    duda = User.objects.get(email=MANAGER)
    made = writing.begin(draft, by=duda, request_id=uuid.uuid5(NAMESPACE, f"{number}/0"))
    writing.release(made.pk, by=duda, version=made.version, request_id=uuid.uuid5(NAMESPACE, f"{number}/1"))
    sending.send_due()
    delivery.deliver_due()
