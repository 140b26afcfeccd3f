"""The life of a ticket as one table (DESIGN §4).

Pure: no Django, no clock, no database. The guard, the buttons, the documentation and the tests
read it; nothing else says which action is legal in which status and for whom.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Status(StrEnum):
    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    WAITING_REQUESTER = "waiting_requester"
    WAITING_EXTERNAL = "waiting_external"
    IN_VALIDATION = "in_validation"
    CLOSED = "closed"
    FINAL = "final"


class Level(StrEnum):
    N2 = "N2"
    N3 = "N3"


class Closure(StrEnum):
    """Why a ticket was closed."""

    RESOLVED = "resolved"
    SOLVED_BY_REQUESTER = "solved_by_requester"
    DUPLICATE = "duplicate"
    OUT_OF_SCOPE = "out_of_scope"
    CANCELLED = "cancelled"
    NO_INTERACTION = "no_interaction"


class Via(StrEnum):
    """The channel an action came by."""

    PORTAL = "portal"
    DESK = "desk"
    MAIL = "mail"
    API = "api"
    CHATBOT = "chatbot"
    SYSTEM = "system"


class Role(StrEnum):
    """What a person is to one ticket. A person may be several at once."""

    REQUESTER = "requester"
    FOCAL_POINT = "focal_point"
    FOLLOWER = "follower"
    ANALYST = "analyst"
    ASSIGNEE = "assignee"
    LEAD = "lead"
    MANAGER = "manager"
    PARTICIPANT = "participant"
    """Worked on the ticket or was mentioned in it: reads it and writes notes."""
    DPO = "dpo"
    AUTHOR = "author"
    """Wrote the words in question; only redaction asks for it."""
    SYSTEM = "system"


class Action(StrEnum):
    OPEN = "open"
    TAKE = "take"
    TRIAGE = "triage"
    ASSIGN = "assign"
    RELEASE = "release"
    ASK = "ask"
    ANSWER = "answer"
    WITHDRAW_QUESTION = "withdraw_question"
    COMMENT = "comment"
    NOTE = "note"
    SET_PRIORITY = "set_priority"
    ESCALATE = "escalate"
    HAND_BACK = "hand_back"
    TRANSFER = "transfer"
    SPLIT = "split"
    WAIT_EXTERNAL = "wait_external"
    RESUME = "resume"
    SCHEDULE = "schedule"
    VALIDATE = "validate"
    VALIDATED = "validated"
    RESOLVE = "resolve"
    SOLVED = "solved"
    CLOSE_DUPLICATE = "close_duplicate"
    REFUSE = "refuse"
    CANCEL = "cancel"
    EXPIRE_WAIT = "expire_wait"
    REMIND = "remind"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    FINALIZE = "finalize"
    RESTORE = "restore"
    REDACT = "redact"


class Target(StrEnum):
    """A new status that depends on the ticket."""

    KEEP = "keep"
    """The status stays."""
    START = "start"
    """As KEEP, but a queued ticket goes to work."""
    ASKED_FROM = "asked_from"
    """The status that the question was asked from, if the assignee can still work it; else queued."""
    ASSIGNEE_OR_QUEUE = "assignee_or_queue"
    """In progress if the assignee can still work it; else queued."""


OPEN: Final = frozenset(
    {Status.QUEUED, Status.IN_PROGRESS, Status.WAITING_REQUESTER, Status.WAITING_EXTERNAL, Status.IN_VALIDATION}
)
UNDER_WAY: Final = frozenset({Status.QUEUED, Status.IN_PROGRESS})
"""Where most open tickets are."""
RUNS: Final = frozenset({Status.QUEUED, Status.IN_PROGRESS, Status.IN_VALIDATION})
"""Where the clock of the solution runs."""
EVERY: Final = frozenset(Status)
REQUESTER_SIDE: Final = frozenset({Role.REQUESTER, Role.FOCAL_POINT, Role.FOLLOWER})
TEAM: Final = frozenset({Role.ANALYST, Role.ASSIGNEE, Role.LEAD, Role.MANAGER})
WITHIN_THE_TEAM: Final = frozenset(
    {Action.TRIAGE, Action.NOTE, Action.RELEASE, Action.ASSIGN, Action.SET_PRIORITY, Action.SCHEDULE}
)
"""What the requester's side does not hear of."""
INTERNAL: Final = "internal"
"""In an event's data: it was about words of the team alone, and the requester's side does not hear of it either."""


def is_told(action: Action, data: Mapping[str, int | str]) -> bool:
    """Whether the requester's side hears of an event with these data."""
    return action not in WITHIN_THE_TEAM and INTERNAL not in data


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table.

    ``by`` holds whoever of these roles; a colleague's ticket in progress needs the assignee or
    the lead unless ``on_colleagues`` (that rule is ``tickets.rules``'). ``level`` limits the row
    to tickets at that level. ``closes_as`` is the closure of a move to closed.
    """

    frm: frozenset[Status]
    to: Status | Target
    by: frozenset[Role]
    level: Level | None = None
    closes_as: Closure | None = None
    on_colleagues: bool = False
    not_waiting_for: frozenset[Role] = field(default_factory=frozenset)
    """Roles that cannot do it while the ticket waits for the requester: theirs is an answer."""


S, R = Status, Role
_IN_WORK = frozenset({S.IN_PROGRESS})

TABLE: Final[dict[Action, Move]] = {
    Action.OPEN: Move(frozenset(), S.QUEUED, frozenset({R.REQUESTER, R.ANALYST})),
    Action.TAKE: Move(frozenset({S.QUEUED}), S.IN_PROGRESS, frozenset({R.ANALYST})),
    Action.TRIAGE: Move(OPEN, Target.KEEP, frozenset({R.ANALYST}), level=Level.N2),
    Action.ASSIGN: Move(OPEN, Target.START, frozenset({R.LEAD, R.MANAGER, R.SYSTEM}), on_colleagues=True),
    Action.RELEASE: Move(_IN_WORK, S.QUEUED, frozenset({R.ASSIGNEE, R.LEAD, R.SYSTEM})),
    Action.ASK: Move(frozenset({S.IN_PROGRESS, S.IN_VALIDATION}), S.WAITING_REQUESTER, frozenset({R.ASSIGNEE})),
    Action.ANSWER: Move(frozenset({S.WAITING_REQUESTER}), Target.ASKED_FROM, REQUESTER_SIDE),
    Action.WITHDRAW_QUESTION: Move(frozenset({S.WAITING_REQUESTER}), Target.ASKED_FROM, frozenset({R.ASSIGNEE, R.LEAD})),
    Action.COMMENT: Move(OPEN, Target.KEEP, REQUESTER_SIDE | {R.ANALYST, R.MANAGER}, not_waiting_for=REQUESTER_SIDE),
    Action.NOTE: Move(EVERY, Target.KEEP, TEAM | {R.PARTICIPANT}, on_colleagues=True),
    Action.SET_PRIORITY: Move(OPEN, Target.KEEP, frozenset({R.ANALYST, R.MANAGER})),
    Action.ESCALATE: Move(_IN_WORK, S.QUEUED, frozenset({R.ASSIGNEE}), level=Level.N2),
    Action.HAND_BACK: Move(_IN_WORK, S.QUEUED, frozenset({R.ASSIGNEE}), level=Level.N3),
    Action.TRANSFER: Move(frozenset({S.QUEUED, S.IN_PROGRESS}), S.QUEUED, frozenset({R.ANALYST})),
    Action.SPLIT: Move(OPEN, Target.KEEP, frozenset({R.ANALYST})),
    Action.WAIT_EXTERNAL: Move(_IN_WORK, S.WAITING_EXTERNAL, frozenset({R.ASSIGNEE})),
    Action.RESUME: Move(frozenset({S.WAITING_EXTERNAL}), S.IN_PROGRESS, frozenset({R.ASSIGNEE})),
    Action.SCHEDULE: Move(_IN_WORK, Target.KEEP, frozenset({R.ASSIGNEE})),
    Action.VALIDATE: Move(_IN_WORK, S.IN_VALIDATION, frozenset({R.ASSIGNEE}), level=Level.N3),
    Action.VALIDATED: Move(frozenset({S.IN_VALIDATION}), S.IN_PROGRESS, frozenset({R.ASSIGNEE}), level=Level.N3),
    Action.RESOLVE: Move(
        frozenset({S.IN_PROGRESS, S.IN_VALIDATION, S.WAITING_REQUESTER}),
        S.CLOSED,
        frozenset({R.ASSIGNEE}),
        closes_as=Closure.RESOLVED,
    ),
    Action.SOLVED: Move(OPEN, S.CLOSED, frozenset({R.REQUESTER}), closes_as=Closure.SOLVED_BY_REQUESTER),
    Action.CLOSE_DUPLICATE: Move(OPEN, S.CLOSED, frozenset({R.ANALYST}), closes_as=Closure.DUPLICATE),
    Action.REFUSE: Move(frozenset({S.QUEUED, S.IN_PROGRESS}), S.CLOSED, frozenset({R.ANALYST}), closes_as=Closure.OUT_OF_SCOPE),
    Action.CANCEL: Move(OPEN, S.CLOSED, frozenset({R.REQUESTER}), closes_as=Closure.CANCELLED),
    Action.REMIND: Move(frozenset({S.WAITING_REQUESTER}), Target.KEEP, frozenset({R.SYSTEM})),
    Action.EXPIRE_WAIT: Move(
        frozenset({S.WAITING_REQUESTER}), S.CLOSED, frozenset({R.SYSTEM}), closes_as=Closure.NO_INTERACTION
    ),
    Action.CONFIRM: Move(frozenset({S.CLOSED}), Target.KEEP, frozenset({R.REQUESTER})),
    Action.REOPEN: Move(
        frozenset({S.CLOSED}),
        Target.ASSIGNEE_OR_QUEUE,
        frozenset({R.REQUESTER, R.FOCAL_POINT, R.ANALYST, R.LEAD}),
        on_colleagues=True,
    ),
    Action.FINALIZE: Move(frozenset({S.CLOSED}), S.FINAL, frozenset({R.SYSTEM})),
    Action.RESTORE: Move(frozenset({S.FINAL}), S.QUEUED, frozenset({R.MANAGER})),
    Action.REDACT: Move(EVERY, Target.KEEP, frozenset({R.ANALYST, R.LEAD, R.DPO, R.AUTHOR}), on_colleagues=True),
}
del S, R
