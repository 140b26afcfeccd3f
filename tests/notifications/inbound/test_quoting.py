# ruff: noqa: E501  # mail programs write long lines
"""What somebody wrote himself, in answers as Brazilian mail programs make them."""

import time

import pytest

from notifications.inbound.quoting import own_words

ANSWER = "Segue a versão: 4.1.\n\nAtenciosamente,\nAna"
ANSWERS = {
    "gmail": "Em seg., 23 de nov. de 2026 às 10:00, Central de Atendimento <nao-responda@portal.example>\nescreveu:\n\n> Qual a versão?",
    "gmail, one line": "Em seg., 23 de nov. de 2026 às 10:00, Central <a@portal.example> escreveu:\n> Qual a versão?\n> Responda.",
    "gmail, three lines": "Em seg., 23 de nov. de 2026 às 10:00, Central de\nAtendimento <nao-responda@portal.example>\nescreveu:\n> x",
    "apple": "Em 23 de nov. de 2026, à(s) 10:00, Central <a@portal.example> escreveu:\n\n> Qual a versão?",
    "thunderbird": "Em 23/11/2026 10:00, Central escreveu:\n> Qual a versão?",
    "yahoo": "Em segunda-feira, 23 de novembro de 2026 10:00:00 BRT, Central <a@portal.example> escreveu:  \n\n Qual a versão?",
    "outlook": (
        "De: Central de Atendimento <nao-responda@portal.example>\nEnviada em: segunda-feira, 23 de novembro de 2026 10:00\n"
        "Para: Ana Exemplo <ana@example.org>\nAssunto: [Chamado 10000001] A equipe perguntou\n\nQual a versão?"
    ),
    "outlook web": (
        "________________________________\nDe: Central <a@portal.example>\nEnviado: segunda-feira, 23 de novembro de 2026 10:00\n"
        "Para: Ana\nAssunto: [Chamado 10000001]\n\nQual a versão?"
    ),
    "outlook, old": "-----Mensagem original-----\nDe: Central\nQual a versão?",
    "zimbra": (
        'De: "Central" <a@portal.example>\nPara: "Ana Exemplo" <ana@example.org>\nEnviadas: Segunda-feira, 23 de novembro de 2026\n'
        "Assunto: [Chamado 10000001]\n\nQual a versão?"
    ),
    "expresso": "-------- Mensagem original --------\nAssunto: [Chamado 10000001]\nDe: Central\n\n> Qual a versão?",
    "bold heads": "*De:* Central\n*Enviado:* 23/11/2026\n*Para:* Ana\n*Assunto:* x\n\nQual a versão?",
    "in English": "On Mon, Nov 23, 2026 at 10:00 AM Central <a@portal.example> wrote:\n> Qual a versão?",
    "outlook in English": "From: Central <a@portal.example>\nSent: Monday\nTo: Ana\nSubject: x\n\nQual a versão?",
    "phone": "Enviado do meu iPhone",
    "phone and quote": "Obter o Outlook para Android<https://aka.ms/x>\n________________________________\nDe: a\nEnviado: b\nPara: c\n\nx",
    "signature": "-- \nAna Exemplo\nÓrgão A",
    "disclaimer": "AVISO DE CONFIDENCIALIDADE: esta mensagem é só sua.\nApague-a.",
    "disclaimer, otherwise": "Esta mensagem, incluindo seus anexos, pode conter informação confidencial.",
}


@pytest.mark.parametrize("below", ANSWERS.values(), ids=list(ANSWERS))
def test_what_stands_below_the_answer_is_cut(below: str) -> None:
    assert own_words(f"{ANSWER}\n\n{below}\n") == ANSWER


@pytest.mark.parametrize("below", [text for name, text in ANSWERS.items() if "disclaimer" not in name], ids=str)
def test_a_mail_that_is_nothing_else_has_no_words(below: str) -> None:
    assert own_words(f"\n{below}\n\n") == ""


def test_who_answers_below_or_between_keeps_his_words() -> None:
    text = "Em 23/11/2026 10:00, Central escreveu:\n> Qual a versão?\n4.1.\n> E o navegador?\nFirefox.\n"
    assert own_words(text) == "4.1.\nFirefox."


@pytest.mark.parametrize(
    "text",
    [
        "Fiz assim:\n- reiniciei\n- limpei o cache\n\nE nada.",
        "Obrigado, mas o erro continua:\n\n    java.lang.NullPointerException\n        at a.b.C",
        "De: SP\nPara: DF\nO processo não chegou.",
        "Em resumo, o erro continua.\nEle escreveu: nada.",
        "Em 23/11 abri de novo:\na tela ficou branca.",
        "Enviado do setor de protocolo, o processo sumiu. E o prazo é amanhã.\nPodem ver?",
        "Aviso legal do sistema aparece na tela inicial.",
        "a - b -- c --- d\n---\nfim",
    ],
)
def test_a_persons_own_words_stay(text: str) -> None:
    assert own_words(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Em 1 " * 100_000,
        "Em 1,\n" * 100_000,
        "De: a\n" * 100_000,
        "De: " * 100_000,
        "\n" * 500_000,
        "> " * 250_000,
        "-" * 500_000,
        "Esta mensagem " * 30_000,
        "Enviado do " * 40_000,
        " " * 500_000,
    ],
    ids=lambda text: text[:6],
)
def test_crafted_text_takes_no_time(text: str) -> None:
    """ABUSE 37: patterns that go back and forth over a text that was made for them."""
    begun = time.process_time()
    own_words(text[:500_000])
    assert time.process_time() - begun < 2
