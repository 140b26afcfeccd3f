"""How texts are compared and how numbers of people and bodies are written for reading."""

import re
import unicodedata


def fold(text: str) -> str:
    """The text without case and accents, for comparing: ``fold("Ação") == "acao"``. Folding twice changes nothing."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def format_cpf(digits: str) -> str:
    """``123.456.789-09``; anything but 11 digits comes back as it is."""
    return re.sub(r"\A([0-9]{3})([0-9]{3})([0-9]{3})([0-9]{2})\Z", r"\1.\2.\3-\4", digits)


def mask_cpf(digits: str) -> str:
    """``***.456.789-**``, as federal transparency pages show it; empty for anything but 11 digits."""
    return f"***.{digits[3:6]}.{digits[6:9]}-**" if re.fullmatch("[0-9]{11}", digits) else ""


def format_cnpj(cnpj: str) -> str:
    """``12.ABC.345/01DE-35``; anything but the 14 characters of a CNPJ comes back as it is."""
    return re.sub(r"\A(\w{2})(\w{3})(\w{3})(\w{4})([0-9]{2})\Z", r"\1.\2.\3/\4-\5", cnpj, flags=re.ASCII)


def format_phone(digits: str) -> str:
    """``(61) 99876-5432`` or ``(61) 3411-0000``; anything but 10 or 11 digits comes back as it is."""
    return re.sub(r"\A([0-9]{2})([0-9]{4,5})([0-9]{4})\Z", r"(\1) \2-\3", digits)


def format_nup(digits: str) -> str:
    """``12345.678901/2026-00``, or as 15 and 21 digits are written; anything else comes back as it is."""
    for pattern in (r"([0-9]{5})([0-9]{6})([0-9]{4}|[0-9]{2})([0-9]{2})", r"([0-9]{7})([0-9]{8})([0-9]{4})([0-9]{2})"):
        if match := re.fullmatch(pattern, digits):
            return "{}.{}/{}-{}".format(*match.groups())
    return digits
