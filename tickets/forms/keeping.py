"""Forms that are kept as drafts, as pages and scripts send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import JsonResponse
from django.middleware.csrf import get_token

import worktime
from files import chunks
from tickets import drafts, wording
from tickets.forms.uploads import FormWithFiles, place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from accounts.models import User
    from tickets.drafts import Place
    from tickets.models import Draft

VERSION: Final = "rascunho_versao"
"""The form's field with the version of the draft that its page began from."""
WRITER: Final = "rascunho_de"
"""The form's field with its writer, so that what one person wrote never becomes another's, who signed in in another tab."""
BUTTON: Final = "rascunho"
"""The button that saves without JavaScript; its value ``OVERWRITE`` does so over what another page saved."""
OVERWRITE: Final = "manter"
LEAVING: Final = "rascunho_saida"
"""The form's field with what a page that is being left calls its words."""
AFTER: Final = "rascunho_apos"
"""The form's field with the name of the words that the page shows, where another page sent them when it was left."""


class KeptForm(FormWithFiles):
    """A form that is kept as a draft while it is written. With ``draft`` it goes on where its writer left it."""

    def __init__(self, *args: Any, draft: Draft | None = None, **kwargs: Any) -> None:
        if draft is not None:
            kwargs["initial"] = {**(kwargs.get("initial") or {}), **draft.content, "form_id": draft.form_id}
        super().__init__(*args, **kwargs)
        self.draft = draft
        """What the form shows, or was kept as."""
        self.overtaken: Draft | None = None
        """What another page saved meanwhile."""

    @property
    def draft_version(self) -> str:
        """What the page began from, or else what its sender said that it had."""
        return str(self.draft.version) if self.draft else self.data.get(VERSION, "")

    @property
    def saved_when(self) -> str:
        kept = self.draft or self.overtaken
        return saved_when(kept) if kept else ""


def keep(request: HttpRequest, user: User, place: Place, form: FormWithFiles) -> Draft:
    """Save what was typed in a form, valid or not. Raises ``drafts.NotKept`` as ``drafts.save`` does.

    Of a form with nothing in it there is no draft: one kept before goes (``drafts.NothingWritten``).
    """
    form_id = _uuid(request, "form_id")
    if form_id is None:
        raise drafts.NotKept("Este formulário perdeu a identificação. Recarregue a página.")
    files = [place_of(form_id, name) for name in form.file_fields]
    base = None if request.POST.get(BUTTON) == OVERWRITE else version_of(request)
    if form.is_blank and not any(chunks.holds(found, user) for found in files):
        drafts.emptied(user, place, base=base)
        raise drafts.NothingWritten
    leaving, after = _uuid(request, LEAVING), _uuid(request, AFTER)
    return drafts.save(user, place, form.typed, form_id=form_id, file_places=files, base=base, leaving=leaving, after=after)


def kept_or_not(request: HttpRequest, user: User, place: Place, form: FormWithFiles) -> Draft | None:
    """The same where the page shows everything that was typed anyway; what was not kept is no reason to complain."""
    try:
        return keep(request, user, place, form)
    except drafts.NotKept:
        return None


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return None


def version_of(request: HttpRequest) -> int:
    typed = request.POST.get(VERSION, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def answer(request: HttpRequest, user: User, place: Place, form: Callable[[], FormWithFiles]) -> JsonResponse:
    """GET, for a page that may be behind: who is signed in, his form's token, his draft's version, how many were set aside.

    POST: save.
    """
    if request.method != "POST":
        kept = drafts.of(user, place)
        version, others = (kept.version, len(kept.others)) if kept else (0, 0)
        return JsonResponse({"de": str(user.pk), "csrf": get_token(request), "versao": version, "outros": others})
    if request.POST.get(WRITER) != str(user.pk):
        return JsonResponse({"frase": "Você entrou com outra conta. O que está aqui não foi salvo nela."}, status=403)
    try:
        draft = keep(request, user, place, form())
    except drafts.Overtaken as overtaken:
        return JsonResponse({"frase": overtaken.sentence, "salvo": saved_when(overtaken.kept)}, status=409)
    except drafts.NothingWritten:
        return JsonResponse({"versao": 0})
    except drafts.NotKept as refused:
        return JsonResponse({"frase": refused.sentence}, status=410 if isinstance(refused, drafts.AlreadySent) else 422)
    return JsonResponse({"versao": draft.version, "salvo": saved_when(draft)})


def saved_when(draft: Draft) -> str:
    """``hoje, 14h32``, in Brasília's time."""
    return wording.when(draft.saved_at, worktime.now())
