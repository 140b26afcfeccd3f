"""What a value of the catalog must be, whether it comes from the file or from a curator."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator

from files.sniff import FORMATS

MAX_ITEMS = 60
MAX_ITEM = 300
MAX_PLACE = 300

is_icon = RegexValidator(
    re.compile(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z"), "Escreva o nome de um ícone do Font Awesome, como “file-lines”."
)
_is_link = URLValidator(schemes=["https", "http"])
_PATH = re.compile(r"/(?!/)[\w\-./~%?=&#+,;:@]*", re.ASCII)
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")


def is_text_list(value: object) -> None:
    """A list of short texts, none empty and none twice. Raises ``ValidationError``."""
    if not isinstance(value, list) or any(not isinstance(item, str) or not item.strip() for item in value):
        raise ValidationError("A lista só aceita textos não vazios.")
    if len(value) > MAX_ITEMS:
        raise ValidationError(f"A lista tem {len(value)} itens. O máximo é {MAX_ITEMS}.")
    for item in value:
        if len(item) > MAX_ITEM:
            raise ValidationError(f"“{item[:40]}…” tem {len(item)} caracteres. O máximo é {MAX_ITEM}.")
        if value.count(item) > 1:
            raise ValidationError(f"“{item}” aparece mais de uma vez.")


def is_extension_list(value: object) -> None:
    """File extensions in lower case, without the dot, whose content can be told. Raises ``ValidationError``."""
    is_text_list(value)
    for item in value if isinstance(value, list) else []:
        if not _EXTENSION.fullmatch(item):
            raise ValidationError(f"“{item}” não é uma extensão. Use letras minúsculas e números, sem ponto.")
        if item not in FORMATS:
            known = ", ".join(sorted(FORMATS))
            raise ValidationError(f"O portal não sabe conferir arquivos “{item}”. Os tipos que sabe são: {known}.")


def is_link_list(value: object) -> None:
    """Addresses that a browser opens. Raises ``ValidationError``."""
    is_text_list(value)
    for item in value if isinstance(value, list) else []:
        try:
            _is_link(item)
        except ValidationError as error:
            raise ValidationError(f"“{item}” não é um endereço da internet.") from error


def is_place(value: str) -> None:
    """An address of the web, or a path of this portal; empty says nothing. Raises ``ValidationError``."""
    if len(value) > MAX_PLACE:
        raise ValidationError(f"O endereço pode ter até {MAX_PLACE} caracteres.")
    if not value or _PATH.fullmatch(value):
        return
    try:
        _is_link(value)
    except ValidationError as error:
        raise ValidationError(
            "Escreva um endereço que comece com https://, ou um caminho deste portal, como /ajuda/."
        ) from error
