"""What the requester's side sends about a ticket: each action with its words and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout

from catalog import offers
from tickets import lifecycle
from tickets.forms.keeping import KeptForm
from tickets.forms.kinds import LONG, LongTextField
from tickets.forms.uploads import FilesField
from tickets.states import Action, Via

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that the requester's side does: its address, its legal actions and its form."""

    slug: str
    actions: frozenset[Action]
    button: str
    done: str
    label: str = ""
    """Of the words; empty where the deed takes none."""
    words_required: bool = False
    takes_files: bool = False


DEEDS: Final = {
    deed.slug: deed
    for deed in (
        Deed(
            "responder",
            frozenset({Action.ANSWER, Action.COMMENT}),
            "Enviar mensagem",
            "Mensagem enviada.",
            label="Sua mensagem",
            words_required=True,
            takes_files=True,
        ),
        Deed(
            "reabrir",
            frozenset({Action.REOPEN}),
            "Reabrir chamado",
            "Chamado reaberto. Ele não passa por nova triagem.",
            label="O que ainda falta resolver?",
            words_required=True,
            takes_files=True,
        ),
        Deed(
            "confirmar", frozenset({Action.CONFIRM}), "Meu problema foi resolvido", "Obrigado por confirmar. A equipe já sabe."
        ),
        Deed(
            "resolvido",
            frozenset({Action.SOLVED}),
            "Encerrar: o problema se resolveu",
            "Chamado encerrado. Obrigado por avisar.",
            label="Como se resolveu?",
        ),
        Deed("cancelar", frozenset({Action.CANCEL}), "Cancelar chamado", "Chamado cancelado.", label="Por que cancelar?"),
    )
}


class DeedForm(KeptForm):
    """Sends one deed. Its ids carry the deed's name, so that several stand on one page."""

    def __init__(self, deed: Deed, ticket: Ticket, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, auto_id=f"id_{deed.slug}_%s", **kwargs)
        self.deed, self.ticket = deed, ticket
        self.secrets: list[str] = []
        """Passages that look like secrets, for their sender to look at before they are sent."""
        if deed.label:
            messages = {"required": "Escreva a mensagem."}
            self.fields["body"] = LongTextField(
                label=deed.label, max_length=LONG, required=deed.words_required, error_messages=messages
            )
        if deed.takes_files:
            policy = offers.attachment_policy(ticket.offering)
            self.fields["files"] = FilesField(policy=policy, label="Arquivos", required=False)
            if self.draft is not None:
                self.show_files_of(self.draft.form_id)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        shown = [name for name in self.fields if name != "files"]
        files = [Field("files", template="tickets/files_field.html")] if deed.takes_files else []
        self.helper.layout = Layout(*shown, *files)

    def send(self) -> Ticket:
        """Do what a valid form asks. Raises ``lifecycle.Refused``; then nothing changed."""
        pk, body = self.ticket.pk, self.cleaned_data.get("body", "")
        files = self.cleaned_data.get("files", [])
        by, request_id = self.by, self.request_id
        match self.deed.slug:
            case "responder":
                return lifecycle.speak(pk, by=by, via=Via.PORTAL, request_id=request_id, body=body, files=files)
            case "reabrir":
                return lifecycle.reopen(pk, by=by, via=Via.PORTAL, request_id=request_id, body=body, files=files)
            case "confirmar":
                return lifecycle.confirm(pk, by=by, via=Via.PORTAL, request_id=request_id)
            case "resolvido":
                return lifecycle.solved(pk, by=by, via=Via.PORTAL, request_id=request_id, body=body)
        return lifecycle.cancel(pk, by=by, via=Via.PORTAL, request_id=request_id, body=body)
