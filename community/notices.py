"""How people hear of an announcement by mail and in their list of notices."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.urls import reverse

import worktime
from catalog import electoral
from community import audience, shown
from community.models import Announcement, AnnouncementEvent
from community.scope import run_by
from govbr import markdown
from notifications import kinds, letters, news, outbox
from notifications.models import Notice

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from accounts.models import User

KIND: Final = "announcement"
TEST: Final = "announcement_test"
WAITS: Final = "announcement_waits"
LABEL: Final = "Comunicado da Central de Atendimento"
TEST_LABEL: Final = "Teste de um comunicado que você escreve"
WAITS_LABEL: Final = "Um comunicado seu está adiado"
GROUP: Final = kinds.Group(
    "novidades", "Novidades", "Comunicados sobre novas versões, manutenções e eventos. O que é do seu chamado chega à parte."
)
OUR_PATH: Final = re.compile(r"\]\((?=/[^/])")
"""In Markdown: before a link's address that is a path of the portal."""


def register() -> None:
    """Make the kinds known to the outbox. Once, when the app starts. A test reaches who asked for it, whatever he chose.

    In an electoral period news wait, those already written too. What is owed goes on.
    """
    kinds.register(KIND, context=_context, label=LABEL, group=GROUP, readable=_concerned)
    kinds.register(TEST, context=_context_of_test, label=TEST_LABEL, readable=_writer)
    kinds.register(WAITS, context=_context_of_waiting, label=WAITS_LABEL, readable=_writer)
    news.wait_while(electoral.in_force)


def notice(announcement: Announcement, person: int) -> Notice:
    """That of one person, in the line of news, not queued yet."""
    data, key = {"announcement": announcement.pk}, f"{_prefix(announcement)}{person}"
    return outbox.notice(KIND, to=person, data=data, dedupe_key=key, line=outbox.Line.NEWS)


def of(announcement: Announcement) -> QuerySet[Notice]:
    """All of them, by the index of their keys."""
    return Notice.objects.filter(dedupe_key__startswith=_prefix(announcement))


def test(announcement: Announcement, request_id: UUID, to: User) -> None:
    """Queue one as it stands for who writes it, in the line of his own mail."""
    outbox.enqueue(TEST, to=to, data={"announcement": announcement.pk}, dedupe_key=f"{TEST}:{request_id}")


def waits(announcement: Announcement, event: AnnouncementEvent) -> None:
    """Tell who began it, and who confirmed it last, that it is put off. Within the caller's transaction."""
    confirmed = announcement.events.filter(action=AnnouncementEvent.Action.RELEASE).order_by("-at", "-id").first()
    told = {announcement.author_id} | ({confirmed.by_id} if confirmed and confirmed.by_id else set())
    for person in sorted(told):
        outbox.enqueue(WAITS, to=person, data={"announcement": announcement.pk}, dedupe_key=f"{WAITS}:{event.pk}:{person}")


def _prefix(announcement: Announcement) -> str:
    return f"{KIND}:{announcement.pk}:"


def _concerned(data: kinds.Data, user: User) -> bool:
    """Asked before the mail leaves, too: of what was stopped, nothing more does."""
    return shown.listed_to(user, worktime.now()).filter(pk=int(data["announcement"])).exists()


def _writer(data: kinds.Data, user: User) -> bool:
    return run_by(user).filter(pk=int(data["announcement"])).exists()


def _context(data: kinds.Data) -> dict[str, object]:
    announcement = Announcement.objects.select_related("corrects").get(pk=int(data["announcement"]))
    return {
        "title": announcement.title,
        "corrects": (wrong := announcement.corrects),
        # A correction may go to more people than what it corrects, of which they then learn no more.
        "wrong_title": wrong.title if wrong and audience.covers(wrong, announcement) else "",
        "words": _html(announcement.body),
        "plain": _plain(announcement.body),
        "url": announcement.get_absolute_url(),
    }


def _context_of_test(data: kinds.Data) -> dict[str, object]:
    return {**_context(data), "is_test": True, "url": ""}


def _context_of_waiting(data: kinds.Data) -> dict[str, object]:
    announcement = Announcement.objects.get(pk=int(data["announcement"]))
    period = electoral.around(worktime.now())
    return {
        "title": announcement.title,
        "until": period.ends if period else None,
        "ends": announcement.shown_until if period and announcement.shown_until <= period.ends else None,
        "url": reverse("admin:community_announcement_change", args=[announcement.pk]),
    }


# Made once for thousands of mails with the same words.
@lru_cache(maxsize=8)
def _html(body: str) -> SafeString:
    return markdown.html(_with_whole_addresses(body), as_typed=True)


@lru_cache(maxsize=8)
def _plain(body: str) -> str:
    return markdown.readable(_with_whole_addresses(body))


def _with_whole_addresses(body: str) -> str:
    """A mail program knows no paths of the portal."""
    return OUR_PATH.sub(f"]({letters.absolute('/')[:-1]}", body)
