"""For whom: a person found by a whole e-mail or CPF, or made in place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

import worktime
from accounts import inviting, lookups
from accounts.models import User
from tickets import drafts
from tickets.admin import access
from tickets.admin.behalf.forms import FindForm, NewPersonForm

if TYPE_CHECKING:
    from tickets.admin.queue.queues import QueueAdmin

VALID_FOR: Final = timedelta(hours=12)
"""How long the pages about a person whom somebody found stay open to him: a working day."""
SIGNER: Final = signing.Signer(salt="tickets.behalf")
HIMSELF: Final = "Este é o seu cadastro. Para um pedido seu, abra o chamado pelo portal."
CLOSED: Final = (
    "A conta desta pessoa está encerrada. Peça ao administrador do portal para reabri-la. "
    "Para outra pessoa, use o e-mail e o CPF dela."
)
UNPROCESSABLE, TOO_MANY = 422, 429


def opener(desk: QueueAdmin, request: HttpRequest) -> User:
    """Who may open tickets for others here: whoever works queues of this level. Raises ``Http404`` for everybody else."""
    user = access.person(request)
    if desk.level not in access.works_at(user):
        raise Http404
    return user


def token(person: User, *, by: User, by_cpf: bool = False) -> str:
    """What the next pages' address holds: signed for this analyst and this person, so that ids cannot be walked through.

    ``by_cpf`` says that the person was found by a CPF: the pages say that nobody has proven it.
    """
    until = int((worktime.now() + VALID_FOR).timestamp())
    return SIGNER.sign_object({"person": person.pk, "by": by.pk, "until": until, "by_cpf": by_cpf}, compress=True)


def person_of(text: str, *, by: User) -> User:
    """The person whom this analyst found. Raises ``Http404`` where it is another's, changed, too old or the account closed."""
    try:
        facts = SIGNER.unsign_object(text)
    except signing.BadSignature as wrong:
        raise Http404 from wrong
    if facts["by"] != by.pk or facts["until"] < worktime.now().timestamp():
        raise Http404
    found = User.objects.filter(pk=facts["person"], is_active=True).first()
    if found is None:
        raise Http404
    return found


def found_by_cpf(text: str) -> bool:
    """Whether the address of a page, which ``person_of`` has judged, came of a CPF."""
    return bool(SIGNER.unsign_object(text).get("by_cpf"))


def find(desk: QueueAdmin, request: HttpRequest) -> HttpResponse:
    """A field for the e-mail or CPF; for who is not found, the form of a new account."""
    user = opener(desk, request)
    if request.method != "POST":
        return _page(desk, request, FindForm())
    if "name" in request.POST:
        return _make(desk, request, user)
    return _look(desk, request, user)


def _look(desk: QueueAdmin, request: HttpRequest, user: User) -> HttpResponse:
    form = FindForm(request.POST)
    if not form.is_valid():
        return _page(desk, request, form, status=UNPROCESSABLE)
    try:
        found = lookups.find(by=user, email=form.email, cpf=form.cpf)
    except lookups.TooMany as limit:
        form.add_error("quem", str(limit))
        return _page(desk, request, form, status=TOO_MANY)
    if found is None and lookups.is_closed(email=form.email, cpf=form.cpf):
        form.add_error("quem", CLOSED)  # no new account: this e-mail, or CPF, has one
        return _page(desk, request, form, status=UNPROCESSABLE)
    if found is None:
        return _page(desk, request, form, new=NewPersonForm(initial={"email": form.email, "cpf": form.cpf}))
    if found == user:
        form.add_error("quem", HIMSELF)
        return _page(desk, request, form, status=UNPROCESSABLE)
    return redirect(address(desk, "behalf_choose", token(found, by=user, by_cpf=bool(form.cpf))))


def _make(desk: QueueAdmin, request: HttpRequest, user: User) -> HttpResponse:
    """A new account, and on to what the person asks for. It counts as a look-up: it, too, says who has an account."""
    new = NewPersonForm(request.POST)
    status = UNPROCESSABLE
    if new.is_valid():
        facts = new.cleaned_data
        try:
            for field in ("email", "cpf"):
                if facts[field] and lookups.find(by=user, **{field: facts[field]}) is not None:
                    raise inviting.Taken(field)
            made = inviting.invite(by=user, **facts)
        except lookups.TooMany as limit:
            new.add_error(None, str(limit))
            status = TOO_MANY
        except inviting.Taken as wrong:
            closed = lookups.is_closed(**{wrong.field: facts[wrong.field]})
            new.add_error(wrong.field, CLOSED if closed else str(wrong))
        else:
            messages.success(request, f"Conta criada para {made.display_name}. O convite foi para {made.email}.")
            return redirect(address(desk, "behalf_choose", token(made, by=user)))
    return _page(desk, request, FindForm(), new=new, status=status)


def _page(
    desk: QueueAdmin, request: HttpRequest, form: FindForm, *, new: NewPersonForm | None = None, status: int = 200
) -> HttpResponse:
    user = access.person(request)
    context = {**frame(desk, request), "form": form, "new": new, "drafts": drafts.on_behalf(user)}
    return TemplateResponse(request, "admin/tickets/behalf/find.html", context, status=status)


def frame(desk: QueueAdmin, request: HttpRequest) -> dict[str, Any]:
    """What every page of this way shows."""
    queue_url = reverse(f"admin:tickets_{desk.opts.model_name}_changelist")
    return {
        **desk.admin_site.each_context(request),
        "title": "Abrir chamado em nome de alguém",
        "opts": desk.opts,
        "level": desk.level,
        "queue_url": queue_url,
        "find_url": address(desk, "behalf"),
    }


def address(desk: QueueAdmin, page: str, *args: object) -> str:
    return reverse(f"admin:tickets_{desk.opts.model_name}_{page}", args=args)
