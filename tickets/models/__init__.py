"""Tickets and what belongs to them. Only ``tickets.lifecycle`` writes a ticket's state."""

from tickets.models.clock import SlaCycle
from tickets.models.desk import Look, Macro, MacroUse, SavedView, Skill
from tickets.models.draft import Draft
from tickets.models.event import TicketEvent
from tickets.models.failure import SweepFailure
from tickets.models.incident import Incident, IncidentDelivery, IncidentPost, IncidentTicket
from tickets.models.links import TicketLink
from tickets.models.mail import LateMail
from tickets.models.people import Follower, FollowRequest, Participant, TicketReading
from tickets.models.ticket import FIRST_NUMBER, MAX_SUBJECT, N2Ticket, N3Ticket, PersonalDataTicket, Ticket
from tickets.models.words import REDACTED, Answer, Attachment, Message

__all__ = [
    "FIRST_NUMBER",
    "MAX_SUBJECT",
    "REDACTED",
    "Answer",
    "Attachment",
    "Draft",
    "FollowRequest",
    "Follower",
    "Incident",
    "IncidentDelivery",
    "IncidentPost",
    "IncidentTicket",
    "LateMail",
    "Look",
    "Macro",
    "MacroUse",
    "Message",
    "N2Ticket",
    "N3Ticket",
    "Participant",
    "PersonalDataTicket",
    "SavedView",
    "Skill",
    "SlaCycle",
    "SweepFailure",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketReading",
]
