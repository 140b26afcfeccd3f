"""CPFs in running text: masked where the text goes further than the page on which it was written."""

import re
from collections.abc import Callable

from govbr.fields import cpf_check_digits
from govbr.text import mask_cpf

CPF = re.compile(r"(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)", re.ASCII)


def without_cpfs(text: str, mask: Callable[[str], str] = mask_cpf) -> str:
    """The text with every CPF masked, as on our screens unless said otherwise; other numbers of 11 digits stay."""

    def masked(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        return mask(digits) if digits[9:] == cpf_check_digits(digits[:9]) else found[0]

    return CPF.sub(masked, text)
