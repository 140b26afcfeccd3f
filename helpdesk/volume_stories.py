"""What happens on the tickets of a load: each story is a row of turns with their moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Final

from tickets.states import Action
from tickets.waits import Waits

A = Action
Story = tuple[tuple[Action, str], ...]
Told = list[tuple[Action, str, datetime]]

REQUESTER, TEAM, SYSTEM = "requester", "team", "system"
ASKED: Final = (A.OPEN, REQUESTER)
TAKEN: Final = (A.TAKE, TEAM)
SAID: Final = (A.COMMENT, TEAM)
ADDED: Final = (A.COMMENT, REQUESTER)
QUESTION: Final = (A.ASK, TEAM)
ANSWERED: Final = (A.ANSWER, REQUESTER)
ESCALATED: Final = (A.ESCALATE, TEAM)
RESOLVED: Final = (A.RESOLVE, TEAM)

# Each story has five messages.
WAITING: Final[Story] = (ASKED, TAKEN, SAID, ADDED, SAID, QUESTION)
OPEN: Final[tuple[Story, ...]] = (
    (ASKED, ADDED, ADDED, ADDED, ADDED),
    (ASKED, TAKEN, SAID, ADDED, SAID, ADDED),
    (ASKED, TAKEN, QUESTION, ANSWERED, SAID, ADDED),
    (ASKED, TAKEN, QUESTION, ANSWERED, SAID, ESCALATED),
    (ASKED, TAKEN, SAID, ADDED, ESCALATED, TAKEN, SAID),
    WAITING,
)
EXPIRED: Final[Story] = (*WAITING, (A.REMIND, SYSTEM), (A.EXPIRE_WAIT, SYSTEM))
CLOSED: Final[tuple[Story, ...]] = (
    (ASKED, TAKEN, SAID, ADDED, SAID, RESOLVED),
    (ASKED, TAKEN, QUESTION, ANSWERED, SAID, RESOLVED),
    (ASKED, TAKEN, QUESTION, ANSWERED, ESCALATED, TAKEN, RESOLVED),
    (ASKED, TAKEN, SAID, ADDED, SAID, (A.CANCEL, REQUESTER)),
    EXPIRED,
)
OPEN_WEIGHTS: Final = (35, 20, 15, 10, 10, 10)
CLOSED_WEIGHTS: Final = (45, 25, 15, 5, 10)
OPEN_SHARE: Final = 0.2
RECENT: Final = 0.1
"""The newest tenth of the tickets is open much more often than the rest."""
RECENT_OPEN: Final = 0.8
LONGEST: Final = timedelta(days=12)
SOON: Final = timedelta(minutes=1)
"""How long the jobs take to notice what is due."""


def is_open(index: int, first: int, wanted: int) -> bool:
    """Whether the ticket is among the open ones: exactly ``OPEN_SHARE`` of a load, most of them new."""
    count = wanted - first
    older = (OPEN_SHARE - RECENT * RECENT_OPEN) / (1 - RECENT)

    def before(place: int) -> int:
        share = place / count
        return int(count * (min(share, 1 - RECENT) * older + max(0.0, share - (1 - RECENT)) * RECENT_OPEN) + 1e-6)

    return before(index - first + 1) > before(index - first)


def choose(rng: Random, opened_at: datetime, now: datetime, allowed: Waits, *, is_open: bool) -> Told:
    """A story of a ticket opened at that moment, told up to ``now``; nothing in it is due at ``now``."""
    age = now - opened_at
    if is_open:
        story = rng.choices(OPEN, OPEN_WEIGHTS)[0]
        end = now - _between(rng, timedelta(hours=1), timedelta(hours=40)) if story is WAITING else opened_at + LONGEST
        if end <= opened_at + timedelta(hours=4):
            story, end = OPEN[0], now
        return _told(rng, story, opened_at, min(end, now))
    story = rng.choices(CLOSED, CLOSED_WEIGHTS)[0]
    if story is EXPIRED and age < timedelta(days=8):
        story = CLOSED[0]
    spoken = [turn for turn in story if turn[1] != SYSTEM]
    most = min(LONGEST, age - timedelta(days=4) if story is EXPIRED else age)
    told = _told(rng, tuple(spoken), opened_at, opened_at + most * rng.uniform(0.3, 1))
    if story is EXPIRED:
        asked_at = told[-1][2]
        told.append((A.REMIND, SYSTEM, allowed.remind_at(asked_at) + SOON))
        told.append((A.EXPIRE_WAIT, SYSTEM, allowed.expires_at(asked_at) + SOON))
    final_at = allowed.reopen_until(told[-1][2]) + SOON
    if final_at <= now:
        told.append((A.FINALIZE, SYSTEM, final_at))
    return told


def _told(rng: Random, story: Story, start: datetime, end: datetime) -> Told:
    """The turns between two moments, the first and the last at them."""
    middle = sorted(rng.random() for _ in story[2:])
    shares = [0.0, *middle, 1.0] if len(story) > 1 else [0.0]
    return [(action, who, start + (end - start) * share) for (action, who), share in zip(story, shares, strict=True)]


def _between(rng: Random, least: timedelta, most: timedelta) -> timedelta:
    return least + (most - least) * rng.random()
