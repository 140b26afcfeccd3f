"""What is true now of the hours, the policies and the catalog: for filling in texts, and for telling what changed since."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings

import worktime
from catalog import hours, offers
from catalog.models import Policy
from knowledge import placeholders
from knowledge.models import Subject
from tickets import wording

if TYPE_CHECKING:
    from knowledge.models import Article


class Facts:
    """Each kind of fact is read when it is first asked for, with one query, and then remembered."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at or worktime.now()

    @cached_property
    def hours(self) -> str:
        return hours.in_words()

    @cached_property
    def policies(self) -> dict[tuple[int | None, int | None], Policy]:
        """Core system and product, both, one or neither → the policy in force for that scope alone."""
        found = Policy.objects.filter(in_force_from__lte=self.at)
        newest = found.order_by("core_system_id", "product_id", "-in_force_from").distinct("core_system_id", "product_id")
        return {(policy.core_system_id, policy.product_id): policy for policy in newest}

    @cached_property
    def offered(self) -> dict[int, str]:
        """Product → its name and all that is offered for it, in a fixed order, as one text."""
        found: dict[int, list[str]] = {}
        rows = offers.offerings().order_by("product_id", "sphere__slug", "support_type__slug")
        for product, *names in rows.values_list(
            "product", "product__name", "product__former_name", "product__purpose", "sphere__name", "support_type__name"
        ):
            found.setdefault(product, []).append("|".join(names))
        return {product: "\n".join(lines) for product, lines in found.items()}

    def policy(self, core_system: int | None, product: int | None) -> Policy | None:
        """The narrowest in force."""
        scopes = [(core_system, product), (core_system, None), (None, None)]
        return next((self.policies[scope] for scope in scopes if scope in self.policies), None)

    def filled(self, article: Article) -> str:
        """The article's body with what is true now."""
        names = placeholders.named(article.body)
        return placeholders.filled(article.body, self.words(names, article.core_system_id, article.product_id))

    def words(self, names: set[str], core_system: int | None, product: int | None) -> dict[str, str]:
        """What stands for these placeholders in a text about a product, in pt-BR."""
        said: dict[str, str] = {}
        if "horario" in names:
            said["horario"] = self.hours or "no horário de atendimento"
        if names & {"espera", "lembrete", "reabertura"}:
            said |= self._waits(core_system, product)
        if "quantos_produtos" in names:
            said["quantos_produtos"] = str(len(self.offered))
        if "encarregado" in names:
            said["encarregado"] = settings.DPO_EMAIL
        return said

    def _waits(self, core_system: int | None, product: int | None) -> dict[str, str]:
        policy = self.policy(core_system, product)
        if policy is None:
            return dict.fromkeys(("espera", "lembrete", "reabertura"), "o prazo da política de atendimento")
        told = {"espera": policy.wait_hours, "lembrete": policy.remind_before_hours, "reabertura": policy.reopen_hours}
        return {name: wording.hours(number, policy.counting) for name, number in told.items()}

    def print_of(self, subject: str, article: Article) -> str:
        """Short text that is the same as long as the same is true of a subject, as this article speaks of it."""
        match subject:
            case Subject.HOURS:
                told: object = self.hours
            case Subject.WAITS:
                policy = self.policy(article.core_system_id, article.product_id)
                told = policy and [policy.wait_hours, policy.remind_before_hours, policy.reopen_hours, policy.counting]
            case Subject.PRODUCT:
                told = self.offered.get(article.product_id or 0, "")
            case _:
                told = sorted(self.offered.values())
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]
