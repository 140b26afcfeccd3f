"""What somebody has written and not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from catalog.models import Offering
from tickets.models.ticket import Ticket
from tickets.states import Action

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_PREVIEW = 80
COMPOSER: Final = "write"
"""What is written at the desk in the one place to write."""
AT_DESK: Final = frozenset({COMPOSER, *(action.value for action in Action)})
"""The forms of the workbench, in ``deed``: the others are those of the requester's page."""


class Draft(models.Model):
    """One form of one person, as far as he has come with it. Nobody else ever reads it. Written by ``tickets.drafts``.

    Either the form of an offering, or one of the forms of a ticket's page, which ``deed`` names. ``requester`` is for
    whom an offering's form is filled in, where that is somebody else.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="drafts")
    offering = models.ForeignKey(Offering, models.CASCADE, null=True, related_name="+")
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, related_name="+")
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_index=False, related_name="+")
    deed = models.CharField(max_length=20, blank=True)
    form_id = models.UUIDField()
    """The form's own: a draft sent is known by it, and its files wait on it."""
    file_places: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    """What the files of its fields wait on (``files.intake``)."""
    content: models.JSONField[dict[str, str | bool | None], dict[str, str | bool | None]] = models.JSONField(default=dict)
    """Field → what was typed, as it was typed."""
    version = models.PositiveIntegerField(default=0)
    """Counts the savings, so that a page knows whether another one has saved since it was loaded."""
    set_aside = models.BooleanField(default=False)
    """Written by a page that was left while another one had saved: offered beside the draft of the same form."""
    left_as = models.UUIDField(null=True)
    """What the page that saved last called its words when it was left; the page that went on from them knows it."""
    saved_at = models.DateTimeField()

    others: Sequence[Draft] = ()
    """What was set aside of the same form, newest first, where ``tickets.drafts`` found it for a page."""

    class Meta:
        verbose_name = "rascunho"
        verbose_name_plural = "rascunhos"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "offering"],
                condition=Q(offering__isnull=False, requester__isnull=True, set_aside=False),
                name="draft_once_an_offering",
            ),
            models.UniqueConstraint(
                fields=["user", "offering", "requester"],
                condition=Q(requester__isnull=False, set_aside=False),
                name="draft_once_a_requester",
            ),
            models.UniqueConstraint(
                fields=["user", "ticket", "deed"],
                condition=Q(ticket__isnull=False, set_aside=False),
                name="draft_once_a_deed",
            ),
            models.CheckConstraint(
                condition=Q(offering__isnull=False, ticket__isnull=True, deed="")
                | Q(offering__isnull=True, ticket__isnull=False, requester__isnull=True) & ~Q(deed=""),
                name="draft_of_one_form",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-saved_at"], name="draft_by_person"),
            models.Index(fields=["saved_at"], name="draft_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.ticket_id or self.offering_id}"

    def get_absolute_url(self) -> str:
        """Where it is written on. Reads the offering with its parts, or the ticket."""
        if self.ticket is not None and self.deed in AT_DESK:
            bench = reverse(f"admin:tickets_{self.ticket.level.lower()}ticket_change", args=[self.ticket.pk])
            return f"{bench}#escrever" if self.deed == COMPOSER else f"{bench}?acao={self.deed}#acao-{self.deed}"
        if self.ticket is not None:
            return f"{self.ticket.get_absolute_url()}#rascunho-{self.deed}"
        assert self.offering is not None  # noqa: S101  # the constraint says so
        if self.requester_id is not None:  # the desk asks anew for whom: its further addresses hold for a day
            return reverse(f"admin:tickets_{self.offering.first_level.lower()}ticket_behalf")
        product = self.offering.product
        slugs = [product.core_system.slug, self.offering.sphere.slug, product.slug, self.offering.support_type.slug]
        return reverse("open-form", args=slugs)

    @property
    def preview(self) -> str:
        """The beginning of what was typed, to know it by; empty where nothing was."""
        typed = next((found for name in ("titulo", "descricao", "body", "words") if (found := self.content.get(name))), "")
        line = " ".join(str(typed).split())
        return f"{line[:MAX_PREVIEW]}…" if len(line) > MAX_PREVIEW else line
