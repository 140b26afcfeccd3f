"""The one place to write at the workbench: an answer to the requester or a note, each sent by the button of its verb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tickets.admin.bench.commands import COMMANDS
from tickets.admin.bench.forms import hint_of
from tickets.admin.bench.speech import CLOSING, ComposedForm, Kind, ResolveForm
from tickets.states import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet
    from typing import Any

    from django.forms import BoundField

    from accounts.models import User
    from catalog.models import SupportScript
    from tickets.admin.bench.choices import Choices
    from tickets.admin.bench.commands import Command
    from tickets.admin.bench.forms import ActionForm
    from tickets.models import Draft, Ticket

COMPOSED = {action: command for action, command in COMMANDS.items() if command.kind is not None}
"""What is written in the composer, in the order of its buttons."""


@dataclass(frozen=True, slots=True)
class Button:
    """What sends the words, and where to."""

    command: Command
    hint: str
    url: str


@dataclass(frozen=True, slots=True)
class Composer:
    form: ComposedForm
    """Words and files: those just refused, or fresh ones."""
    closing: ResolveForm | None
    """What an answer that closes asks for beside the words, where it is legal."""
    kind: Kind
    closes_now: bool
    """Whether what the closing asks for stands open."""
    buttons: list[Button]
    refused: Button | None
    """What was pressed and not done."""

    @property
    def speaks(self) -> bool:
        """Whether the requester can be answered now."""
        return any(found.command.public for found in self.buttons)

    @property
    def hint(self) -> str:
        """What is to be known before the requester is answered."""
        return next((found.hint for found in self.buttons if found.command.public), "")

    @property
    def closing_fields(self) -> list[BoundField]:
        """What an answer that closes asks for beside words and files."""
        return [self.closing[name] for name in CLOSING if name in self.closing.fields] if self.closing is not None else []

    @property
    def public(self) -> list[Button]:
        """What the requester reads, but for what closes."""
        return [found for found in self.buttons if found.command.public and found.command.action != Action.RESOLVE]

    @property
    def closes(self) -> Button | None:
        return next((found for found in self.buttons if found.command.action == Action.RESOLVE), None)

    @property
    def note(self) -> Button | None:
        return next((found for found in self.buttons if not found.command.public), None)


def composer_for(
    ticket: Ticket,
    by: User,
    legal: AbstractSet[Action],
    *,
    url_of: Callable[[Action], str],
    sent: ActionForm | None,
    opened: str,
    words: str = "",
    choices: Choices | None = None,
    draft: Draft | None = None,
    used: SupportScript | None = None,
) -> Composer | None:
    """What this person may write on this ticket; none where he may write nothing and nothing of his was refused.

    ``sent`` is a form that was refused, ``opened`` the action that the address names, ``words`` what stands ready,
    from the script ``used`` if it is one's.
    """
    refused = sent if isinstance(sent, ComposedForm) else None
    offered = [command for action, command in COMPOSED.items() if action in legal]
    if not offered and refused is None:
        return None
    typed = refused.typed if refused is not None else dict(draft.content) if draft is not None else {}
    form: ComposedForm | None = refused
    closing = refused if isinstance(refused, ResolveForm) else None
    if closing is None and Action.RESOLVE in legal:
        # Beside a form that was refused this one lends its choices alone; else it is the form of all.
        closing = ResolveForm(
            command=COMMANDS[Action.RESOLVE], ticket=ticket, by=by, initial=typed, choices=choices, draft=draft
        )
    if form is None:
        form = closing or ComposedForm(command=offered[0], ticket=ticket, by=by, initial=typed, draft=draft)
        # What the address brings never takes the place of what was typed: it stands below it.
        form.initial["used_script"] = used.pk if used is not None else typed.get("used_script", "")
        form.initial["words"] = "\n\n".join(str(part) for part in (typed.get("words"), words) if part)
    pressed = refused.command if refused is not None else None

    def button(command: Command) -> Button:
        return Button(command, hint_of(command, ticket), url_of(command.action))

    return Composer(
        form=form,
        closing=closing,
        kind=_kind(offered, typed, pressed, opened),
        closes_now=Action.RESOLVE in (opened, pressed and pressed.action) or any(typed.get(name) for name in CLOSING),
        buttons=[button(command) for command in offered],
        refused=button(pressed) if pressed is not None else None,
    )


def _kind(offered: list[Command], typed: Mapping[str, Any], pressed: Command | None, opened: str) -> Kind:
    """What was chosen, or what the address asks for; else an answer, where one can be given."""
    if typed.get("kind") in set(Kind):
        return Kind(typed["kind"])
    chosen = pressed or next((command for command in offered if command.action == opened), None)
    if chosen is not None and chosen.kind is not None:
        return chosen.kind
    return Kind.PUBLIC if any(command.public for command in offered) else Kind.NOTE
