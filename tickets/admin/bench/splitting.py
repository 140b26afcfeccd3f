"""“Separar em outro chamado”: what a requester asked for besides becomes a ticket of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.models import Offering
from catalog.offers import offerings
from govbr.text import fold
from tickets import lifecycle, repeats, rules
from tickets.admin.access import person, ticket_for
from tickets.admin.bench import workbench
from tickets.forms.uploads import FormWithFiles
from tickets.lifecycle.words import MAX_WORDS
from tickets.models import MAX_SUBJECT, Attachment, Message, Ticket
from tickets.states import Action, Via

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.admin.queue.queues import QueueAdmin


class SplitForm(FormWithFiles):
    """Subject, offering, words and files of the new ticket; the words begin as those of the message."""

    subject = forms.CharField(label="Assunto do chamado novo", max_length=MAX_SUBJECT)
    offering = forms.ChoiceField(label="Produto e tipo de suporte")
    body = forms.CharField(
        label="Texto do chamado novo",
        max_length=MAX_WORDS - 200,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Deixe só o que é do outro assunto. A mensagem deste chamado não muda.",
    )
    attachments = forms.MultipleChoiceField(
        label="Arquivos que vão junto",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Vai uma cópia de cada um.",
    )
    field_order = ("subject", "offering", "body", "attachments")

    def __init__(self, data: Any = None, *, said: Message, by: User) -> None:
        super().__init__(data, by=by, initial={"body": said.body})
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        offering, files = self.fields["offering"], self.fields["attachments"]
        assert isinstance(offering, forms.ChoiceField)  # noqa: S101 - tells the type checker which field it is
        assert isinstance(files, forms.MultipleChoiceField)  # noqa: S101 - as above
        offering.choices = destinations(said.ticket)
        files.choices = [(attachment.pk, attachment.file.name) for attachment in files_of(said.ticket)]
        if not files.choices:
            del self.fields["attachments"]

    def facts(self) -> dict[str, Any]:
        """The keywords of the verb, beside those that every verb takes."""
        sent = self.cleaned_data
        return {
            "subject": sent["subject"],
            "body": sent["body"],
            "offering": Offering.objects.get(pk=sent["offering"]),
            "files": [int(pk) for pk in sent.get("attachments", [])],
        }


def destinations(ticket: Ticket) -> list[Any]:
    """The offerings of the ticket's sphere, by product, its own product first. One query."""
    rows = (
        offerings().filter(sphere=ticket.offering.sphere_id).values_list("pk", "product", "product__name", "support_type__name")
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for pk, _, product, name in sorted(rows, key=lambda row: (row[1] != ticket.product_id, fold(row[2]), fold(row[3]))):
        groups.setdefault(product, []).append((str(pk), name))
    return [("", "Escolha"), *groups.items()]


def files_of(ticket: Ticket) -> list[Attachment]:
    """What the requester's side sent with this ticket and may come along."""
    sent = ticket.attachments.filter(internal=False, redacted_at=None).exclude(message__from_team=True)
    return [attachment for attachment in sent.select_related("file") if attachment.file.servable]


def act(desk: QueueAdmin, request: HttpRequest, pk: int, message: int) -> HttpResponse:
    """The form, and by POST the new ticket. For who reads this one at the desk; what he may not do, the form tells."""
    ticket, user = ticket_for(request, pk), person(request)
    public = Message.objects.filter(ticket=ticket, internal=False, from_team=False).select_related("ticket__offering")
    said = get_object_or_404(public, pk=message)
    if request.method != "POST":
        if Action.SPLIT not in rules.legal_actions(user, ticket):
            messages.error(request, "Este chamado não pode ser separado agora.")
            return redirect(workbench.address(ticket))
        return _page(desk, request, said, SplitForm(said=said, by=user))
    form = SplitForm(request.POST, said=said, by=user)
    if not form.is_valid():
        return _page(desk, request, said, form, status=workbench.UNPROCESSABLE)
    if repeats.AGAIN not in request.POST and (
        sentence := repeats.split(user, pk, said.pk, form.cleaned_data["subject"], request_id=form.request_id)
    ):
        form.add_error(None, sentence + repeats.MARK)
        return _page(desk, request, said, form, repeated=True, status=workbench.CONFLICT)
    try:
        made = lifecycle.split(pk, by=user, via=Via.DESK, request_id=form.request_id, message=said.pk, **form.facts())
    except lifecycle.Refused as refused:
        form.add_error(None, refused.sentence)
        status = workbench.CONFLICT if isinstance(refused, lifecycle.IllegalMove) else workbench.UNPROCESSABLE
        return _page(desk, request, said, form, status=status)
    messages.success(request, f"Assunto separado no chamado {made.number}. O solicitante foi avisado.")
    return redirect(f"{workbench.address(ticket)}#ligacoes")


def _page(
    desk: QueueAdmin, request: HttpRequest, said: Message, form: SplitForm, *, repeated: bool = False, status: int = 200
) -> HttpResponse:
    ticket = said.ticket
    context = {
        **desk.admin_site.each_context(request),
        "title": f"Separar em outro chamado · {ticket.number}",
        "opts": desk.opts,
        "queue_url": reverse(f"admin:tickets_{desk.opts.model_name}_changelist"),
        "address": workbench.address(ticket),
        "ticket": ticket,
        "said": said,
        "form": form,
        "repeated": repeated,
    }
    return TemplateResponse(request, "admin/tickets/split.html", context, status=status)
