"""A short form for the cast's offering, and what Ana writes in it."""

import html
import re
import uuid
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import FormField
from tests.files import samples

ERROR_FORM = "/abrir/pen/executivo-federal/sei/reportar-erro/"


def ask(c: SimpleNamespace, name: str, kind: str, *, required: bool = False, **fields: Any) -> FormField:
    """One more question of the error form, at its end."""
    defaults = {"label": name.replace("_", " ").capitalize(), "position": FormField.objects.count()}
    return FormField.objects.create(support_type=c.kind, name=name, kind=kind, required=required, **{**defaults, **fields})


def short_form(c: SimpleNamespace) -> None:
    ask(c, "titulo", "texto", required=True, max_length=120)
    ask(c, "descricao", "texto_longo", required=True)
    ask(c, "orgao", "referencia_orgao", required=True)
    ask(c, "ambiente", "selecao", required=True, options=["Produção", "Homologação"])
    ask(c, "data_hora_ocorrencia", "data_hora")
    ask(c, "evidencias", "arquivo", multiple=True)
    ask(c, "consultei_base", "booleano")
    ask(c, "chamado_relacionado", "texto")
    ask(c, "ciencia_privacidade", "booleano", required=True)


def written(c: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    """The short form as Ana sends it."""
    return {
        "form_id": str(uuid.uuid4()),
        "titulo": "Erro ao assinar",
        "descricao": "A tela fica em branco.",
        "orgao": str(c.a.pk),
        "ambiente": "Produção",
        "ciencia_privacidade": "on",
        **changes,
    }


def log(name: str = "erro.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.TEXT)


def carried_by(page: Any) -> dict[str, list[str]]:
    """What a browser sends when “Enviar mesmo assim” is pressed on a page that carries a form along."""
    shown = page.content.decode()
    assert "Antes de enviar, veja" in shown
    form = shown.partition('id="envio"')[2].partition("</form>")[0]
    carried: dict[str, list[str]] = {}
    for field in re.findall(r'<input type="hidden"[^>]*>', form):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        assert name is not None
        if name[1] == "csrfmiddlewaretoken":
            continue
        carried.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    return carried
