"""Each kind of question with twenty wrong inputs: each gets its sentence, nothing is opened, and the rest stays."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import FormField
from files.models import StoredFile
from tests.files import samples
from tests.tickets.asking import ERROR_FORM, ask, log, short_form, written
from tickets.models import Ticket

Kind = FormField.Kind
LONGEST = 20
TOO_LONG = [f"{sign * (LONGEST + more)}" for sign in ("a", "é", "9", "-", "🙂") for more in (1, 2, 80, 5000)]

WRONG: dict[str, list[str]] = {
    Kind.TEXT: [*TOO_LONG[:19], "nulo\0"],
    Kind.LONG_TEXT: [*TOO_LONG[:19], "nulo\0"],
    Kind.CHOICE: [
        *("sim", "Talvez", "Sim;Não", "Sim Não", "0", "1", "true", "None", "[]", "{}", "'", '"', "<b>", "--", "%s", "../", "S"),
        *("SIM", "Sim\n", "Nã", "Não.")[:3],
    ],
    Kind.PHONE: [
        *(
            "9",
            "99999999",
            "999999999",
            "61 9999-999",
            "(00) 99999-9999",
            "(20) 99999-9999",
            "(61) 89999-9999",
            "(61) 1999-9999",
        ),
        *("(61) 9999-99999-9", "telefone", "61 9999x9999", "+1 202 555 0100", "+55", "()", "0800 978 9005 1", "(61) 0999-9999"),
        *("61999999999999", "٦١٩٩٩٩٩٩٩٩٩", "61,999999999", "(61) 6999-9999"),
    ],
    Kind.CPF: [
        *("1", "529.982.247-2", "529.982.247-26", "529.982.247-255", "111.111.111-11", "000.000.000-00", "cpf", "529982247x5"),
        *(
            "529.982.247_25",
            "52998224752",
            "92598224725",
            "529 982",
            "٥٢٩٩٨٢٢٤٧٢٥",
            "999.999.999-99",
            "529,982,247-25",
            "-",
            ".",
            "+52998224725",
        ),
        *("5299822472", "12345678900"),
    ],
    Kind.CNPJ: [
        *("1", "00.394.460/0001-4", "00.394.460/0001-42", "00.394.460/0001-411", "00.000.000/0000-00", "11.111.111/1111-11"),
        *(
            "cnpj",
            "00.394.460/0001-AB",
            "00394460000114",
            "12.ABC.345/01DE-36",
            "12.ÀBC.345/01DE-35",
            "00_394_460",
            "-",
            "00.394.460",
        ),
        *("٠٠٣٩٤٤٦٠٠٠٠١٤١", "0039446000014", "003944600001411", "99.999.999/9999-99", "00,394,460/0001-41", "AAAAAAAAAAAAAA"),
    ],
    Kind.EMAIL: [
        *(
            "ana",
            "ana@",
            "@example.org",
            "ana@example",
            "ana@@example.org",
            "ana example.org",
            "ana@exam ple.org",
            "ana@.org",
            "ana@-x.org",
        ),
        *(
            "ana@example..org",
            "ana;eva@example.org",
            "ana@example.org, eva@example.org",
            "<ana@example.org>",
            "mailto:ana@example.org",
        ),
        *(
            "ana@example.org\nBcc: eva@example.org",
            "ana.@example.org",
            ".ana@example.org",
            "a" * 250 + "@example.org",
            "ana@exa_mple.org",
            "ana@",
        ),
    ],
    Kind.URL: [
        *(
            "sei",
            "javascript:alert(1)",
            "ftp://example.org",
            "file:///etc/passwd",
            "data:text/html,x",
            "http://",
            "https://",
            "https:///x",
        ),
        *(
            "https://exa mple.org",
            "https://.org",
            "https://example..org",
            "//",
            "https://-example.org",
            "mailto:ana@example.org",
            "https://example",
        ),
        *(
            "ssh://example.org",
            "https://example.org:porta/",
            "https://[::1",
            "https://example.org/" + "a" * 400,
            "\\\\servidor\\sei",
        ),
    ],
    Kind.DATE: [
        *(
            "ontem",
            "31/02/2026",
            "2026-02-31",
            "32/01/2026",
            "01/13/2026",
            "2026-13-01",
            "1/2",
            "2026",
            "20261123",
            "23-11-2026",
            "23.11.2026",
        ),
        *(
            "0001-01-01",
            "1989-12-31",
            "2101-01-01",
            "9999-12-31",
            "-2026-01-01",
            "2026-11-23T10:00",
            "23/11/26",
            "//",
            "23/11/2026 10:00",
        ),
    ],
    Kind.DATETIME: [
        *(
            "ontem",
            "23/11/2026",
            "10:00",
            "2026-11",
            "31/02/2026 10:00",
            "2026-02-31T10:00",
            "23/11/2026 25:00",
            "23/11/2026 10:60",
        ),
        *(
            "2026-11-23T24:01",
            "2026-11-23T1:2:3:4",
            "0001-01-01T00:00",
            "1989-12-31T10:00",
            "2101-01-01T10:00",
            "9999-12-31T23:59",
        ),
        *("23/11/26 10:00", "23-11-2026 10h", "amanhã às 10h", "T", "2026-11-23 às 10:00", "23/11/2026, 10:00"),
    ],
    Kind.NUP: [
        *(
            "1",
            "23037.001380/2021-12",
            "23037.001380/2021-1",
            "23037.001380/2021-111",
            "0" * 17,
            "1" * 17,
            "nup",
            "23037.001380/2021-xx",
        ),
        *(
            "23037.001381/2021-11",
            "32037.001380/2021-11",
            "23037001380202",
            "2303700138020211111",
            "٢٣٠٣٧٠٠١٣٨٠٢٠٢١١١",
            "-",
            "/",
            "23037_001380",
        ),
        *("9" * 21, "0" * 15, "23037.001380/21-11", "17.137001.000001/2026-21"),
    ],
    Kind.BOOLEAN: ["", "false", "False", "FALSE"] * 5,
    Kind.AGENCY: [
        *(
            "0",
            "-1",
            "999999999",
            "x",
            "None",
            "órgão",
            "fora",
            "fora-da-lista ",
            "NENHUM",
            "1;2",
            "1 OR 1=1",
            "'",
            "<b>",
            "null",
            "[]",
        ),
        *("1.5", "1e3", "0x1", "٣", "{}"),
    ],
    Kind.FILE: [
        *(
            "x.exe",
            "x.html",
            "x.svg",
            "x.js",
            "x.bat",
            "x.php",
            "x",
            "x.txt.exe",
            "x.png.html",
            "x.com",
            "x.msi",
            "x.vbs",
            "x.jar",
        ),
        *("x.ps1", "x.sh", "x.htm", "x.xml", "x.EXE", "x.lnk", ".htaccess"),
    ],
}


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    short_form(c)
    client.force_login(c.ana)
    return client


def test_every_kind_has_its_twenty() -> None:
    assert set(WRONG) == set(Kind)
    assert {kind: len(inputs) for kind, inputs in WRONG.items()} == dict.fromkeys(Kind, 20)


def without_mask(typed: str) -> str:
    """A number is shown again with its mask, whatever of it was typed."""
    return re.sub(r"[\s.\-/()]", "", typed)


@pytest.mark.parametrize("kind", list(Kind))
def test_wrong_input_gets_its_sentence_and_keeps_the_rest(c: SimpleNamespace, ana: Client, kind: str) -> None:
    special = {Kind.AGENCY: "orgao", Kind.FILE: "evidencias", Kind.BOOLEAN: "ciencia_privacidade"}
    name = special.get(Kind(kind), "pergunta")
    if name == "pergunta":
        limits = {"max_length": LONGEST} if kind in (Kind.TEXT, Kind.LONG_TEXT) else {}
        ask(c, name, kind, required=True, options=["Sim", "Não"] if kind == Kind.CHOICE else [], **limits)
    for typed in WRONG[Kind(kind)]:
        sent: dict[str, Any] = written(c, data_hora_ocorrencia="2026-11-20T09:30", evidencias=[log()])
        sent |= {name: [log(), SimpleUploadedFile(typed, samples.EXE)] if kind == Kind.FILE else typed}
        refused = ana.post(ERROR_FORM, sent)
        page = refused.content.decode()
        assert refused.status_code == 422, typed
        # Its sentence stands beside the field, and in the summary with a link to it; no other is wrong.
        beside = re.findall(r'id="id_(\w+)_error">.*?Erro: </span>(.*?)</span>', page, re.DOTALL)
        assert [field for field, _ in beside] == [name], typed
        assert 10 < len(html.unescape(beside[0][1])) < 250
        assert beside[0][1].endswith((".", ")."))
        assert f'<a href="#id_{name}">' in page
        # The rest stays, files included, and what was wrong as well, as text.
        for kept in ('value="Erro ao assinar"', "A tela fica em branco.", 'value="2026-11-20T09:30"', "erro.txt"):
            assert kept in page, typed
        if name == "pergunta" and kind != Kind.CHOICE and "\0" not in typed:
            shown = re.search(r'name="pergunta"[^>]*? value="([^"]*)"|name="pergunta"[^>]*>\s*([^<]*)</textarea>', page)
            assert without_mask(html.unescape((shown[1] or shown[2] or "") if shown else "")) == without_mask(typed)
    assert not Ticket.objects.exists()
    assert {file.name for file in StoredFile.objects.all()} == {"erro.txt"}
