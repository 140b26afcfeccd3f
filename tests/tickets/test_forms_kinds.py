"""Each kind of question: what it takes, what it keeps, what it says of wrong input."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from catalog.models import FormField
from tickets.forms.kinds import as_kept, as_read, field_for


def question(kind: str, **fields: object) -> FormField:
    return FormField(name="x", label="X", kind=kind, required=True, **fields)


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "read"),
    [
        ("texto", "  SEI  ", "SEI", "SEI"),
        ("texto_longo", "um\r\ndois\rtrês", "um\ndois\ntrês", "um\ndois\ntrês"),
        ("selecao", "Sim", "Sim", "Sim"),
        ("booleano", "on", "sim", "Sim"),
        ("telefone", "(61) 99876-5432", "61998765432", "(61) 99876-5432"),
        ("cpf", "529.982.247-25", "52998224725", "***.982.247-**"),
        ("cnpj", "00.394.460/0001-41", "00394460000141", "00.394.460/0001-41"),
        ("nup", "23037.001380/2021-11", "23037001380202111", "23037.001380/2021-11"),
        ("email", "ana@example.org", "ana@example.org", "ana@example.org"),
        ("url", "sei.example.org/x", "https://sei.example.org/x", "https://sei.example.org/x"),
        ("data", "2026-11-23", "2026-11-23", "23/11/2026"),
        ("data", "23/11/2026", "2026-11-23", "23/11/2026"),
        ("data_hora", "2026-11-23T22:30", "2026-11-24T01:30:00+00:00", "23/11/2026, 22h30"),
        ("data_hora", "23/11/2026 22:30", "2026-11-24T01:30:00+00:00", "23/11/2026, 22h30"),
    ],
)
def test_each_kind_is_kept_canonical_and_read_back(kind: str, typed: str, kept: str, read: str) -> None:
    value = as_kept(field_for(question(kind, options=["Sim", "Não"])).clean(typed))
    assert value == kept
    assert as_read(kind, value) == read


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("texto", "a" * 201, "no máximo 200"),
        ("texto", "nulo\x00", "nulos"),
        ("texto_longo", "a" * 8001, "no máximo 8000"),
        ("selecao", "Talvez", "Escolha uma das opções da lista."),
        ("booleano", "", "Marque para continuar."),
        ("telefone", "61 9999", "DDD"),
        ("cpf", "529.982.247-26", "Este CPF não é válido"),
        ("cnpj", "00.394.460/0001-42", "Este CNPJ não é válido"),
        ("email", "ana@", "Digite um e-mail completo"),
        ("email", f"{'a' * 250}@example.org", "no máximo 254"),
        ("url", "javascript:alert(1)", "Digite o endereço completo"),
        ("url", "ftp://example.org", "Digite o endereço completo"),
        ("data", "31/02/2026", "Digite a data com dia, mês e ano"),
        ("data", "0001-01-01", "Confira o ano"),
        ("data_hora", "amanhã", "Digite a data e a hora"),
        ("data_hora", "9999-12-31T23:59", "Confira o ano"),
    ],
)
def test_wrong_input_gets_a_clear_sentence(kind: str, typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        field_for(question(kind, options=["Sim", "Não"])).clean(typed)
    assert sentence in wrong.value.messages[0]


@pytest.mark.parametrize("kind", [k for k in FormField.Kind.values if k not in ("arquivo", "referencia_orgao", "booleano")])
def test_every_kind_may_be_left_empty_when_optional(kind: str) -> None:
    field = field_for(FormField(name="x", label="X", kind=kind, options=["Sim"]))
    assert as_kept(field.clean("")) == ""


def test_a_line_break_counts_as_one_character() -> None:
    field = field_for(question("texto_longo", max_length=3))
    assert field.clean("a\r\nb") == "a\nb"


def test_suggestions_are_offered() -> None:
    assert field_for(question("texto", suggestions=["4.0", "5.0"])).suggestions == ["4.0", "5.0"]


def test_moments_of_any_zone_are_kept_in_utc() -> None:
    assert as_kept(datetime(2026, 11, 23, 12, tzinfo=UTC)) == "2026-11-23T12:00:00+00:00"
    assert as_kept(date(2026, 11, 23)) == "2026-11-23"
    assert as_kept(False) == "nao"
    assert as_kept(None) == ""
