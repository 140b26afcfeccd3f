"""The only writer of a ticket's state: one verb per action of the table.

Every verb is ``verb(pk, *, by, via, request_id, …) -> Ticket``. It does the action wholly or
raises ``Refused`` (with a sentence for a person) and changes nothing. Repeated with the same
``request_id`` it returns the ticket without doing it again.
"""

from tickets.lifecycle.closing import (
    cancel,
    close_duplicate,
    confirm,
    expire_wait,
    finalize,
    refuse,
    reopen,
    resolve,
    restore,
    solved,
)
from tickets.lifecycle.deadlines import reckon, warn
from tickets.lifecycle.linking import link, unlink
from tickets.lifecycle.opening import AgencyChoice, Answered, Origin, Request, first_queue, open_ticket
from tickets.lifecycle.passing_on import pass_on
from tickets.lifecycle.redacting import redact
from tickets.lifecycle.refusals import IllegalMove, Incomplete, Overtaken, Refused
from tickets.lifecycle.splitting import split
from tickets.lifecycle.talking import ask, comment, note, remind, speak, speak_by_mail, withdraw_question
from tickets.lifecycle.words import Words
from tickets.lifecycle.working import (
    assign,
    escalate,
    hand_back,
    release,
    resume,
    schedule,
    set_priority,
    take,
    take_next,
    transfer,
    triage,
    validate,
    validated,
    wait_external,
)

__all__ = [
    "AgencyChoice",
    "Answered",
    "IllegalMove",
    "Incomplete",
    "Origin",
    "Overtaken",
    "Refused",
    "Request",
    "Words",
    "ask",
    "assign",
    "cancel",
    "close_duplicate",
    "comment",
    "confirm",
    "escalate",
    "expire_wait",
    "finalize",
    "first_queue",
    "hand_back",
    "link",
    "note",
    "open_ticket",
    "pass_on",
    "reckon",
    "redact",
    "refuse",
    "release",
    "remind",
    "reopen",
    "resolve",
    "restore",
    "resume",
    "schedule",
    "set_priority",
    "solved",
    "speak",
    "speak_by_mail",
    "split",
    "take",
    "take_next",
    "transfer",
    "triage",
    "unlink",
    "validate",
    "validated",
    "wait_external",
    "warn",
    "withdraw_question",
]
