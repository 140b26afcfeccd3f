"""What a script's answer may name of the ticket that it is used on (``tickets.filling`` knows what each stands for)."""

from __future__ import annotations

from typing import Final

from govbr.placeholders import names

NAMES: Final = {
    "solicitante": "nome do solicitante",
    "numero": "número do chamado",
    "assunto": "assunto do chamado",
    "orgao": "órgão do chamado",
    "produto": "produto do chamado",
    "tipo": "tipo de suporte do chamado",
    "atendente": "seu nome",
    "espera": "prazo para o solicitante responder",
    "reabertura": "prazo para reabrir",
    "lembrete": "quanto antes do fim o lembrete é enviado",
    "horario": "horário de atendimento",
}
"""Placeholder → what it is, in words."""
LISTED: Final = ", ".join(f"{{{{ {name} }}}}" for name in NAMES)


def unknown(text: str) -> list[str]:
    """What stands in double braces and is no placeholder, in the order of the alphabet."""
    return sorted({name for name in names(text) if name not in NAMES})
