"""What is taken out of words that are kept without their author."""

import re

from govbr.fields import cpf_check_digits
from govbr.text import mask_cpf

CPF = re.compile(r"(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)", re.ASCII)


def without_cpfs(text: str) -> str:
    """The text with every CPF masked as on our screens; other numbers of 11 digits stay."""
    return CPF.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return mask_cpf(digits) if digits[9:] == cpf_check_digits(digits[:9]) else found[0]
