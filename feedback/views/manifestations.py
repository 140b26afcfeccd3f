"""Writing to the ombudsman, and following what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import access, manifestations, trail
from feedback.forms.manifestation import ConsentForm, FollowForm, ManifestationForm, WordsForm
from feedback.manifestation_rules import TOO_FAST
from feedback.manifestations import Refused
from feedback.models import Manifestation
from feedback.praise import published
from govbr.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

PAGE: Final = 20
FALA_BR: Final = "https://falabr.cgu.gov.br/"
WRONG_CODE: Final = "Não encontramos uma manifestação com este número e este código. Confira o comprovante."
TOO_MANY_TRIES: Final = "Muitas tentativas em pouco tempo. Espere dez minutos e tente de novo."


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the ombudsman is for, the ways to write to it, and one's own manifestations."""
    own = Manifestation.objects.of(request.user)
    context = {
        "kinds": Manifestation.Kind,
        "fala_br": FALA_BR,
        "page": page_of(own, request.GET.get("page", ""), PAGE) if request.user.is_authenticated else None,
    }
    return render(request, "feedback/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of one kind. Who has not signed in, or wants it so, writes without a name and gets a code."""
    if kind not in Manifestation.Kind.values:
        raise Http404
    person = _person(request)
    form = ManifestationForm(request.POST if request.method == "POST" else None, kind=kind, by=person)
    status = 200
    if form.is_valid():
        given = form.cleaned_data
        author = None if given.get("anonymous") else person
        try:
            if author is None and not ratelimit.consume(request, action="manifestation"):
                raise Refused(TOO_FAST)
            receipt = manifestations.register(
                by=author,
                kind=kind,
                body=given["body"],
                product=given["product"],
                request_id=given["form_id"],
                may_publish=given.get("may_publish", False),
                show_name=given.get("show_name", False),
            )
        except Refused as refused:
            form.add_error("body", refused.sentence)
            status = 429 if refused.sentence == TOO_FAST else 409
        else:
            return _received(request, receipt)
    elif form.is_bound:
        status = 422
    context = {"form": form, "kind": Manifestation.Kind(kind), "fala_br": FALA_BR}
    return _kept_nowhere(render(request, "feedback/register.html", context, status=status))


def _received(request: HttpRequest, receipt: manifestations.Receipt) -> HttpResponse:
    """The receipt. With a code it is the answer itself: no address shows the code a second time."""
    if receipt.code:
        context = {"made": receipt.manifestation, "code": receipt.code}
        response = _kept_nowhere(render(request, "feedback/receipt.html", context, status=201))
        access.open_to(request, response, receipt.manifestation)
        return response
    messages.success(request, f"Recebemos a sua manifestação. O número dela é {receipt.manifestation.number}.")
    return redirect(receipt.manifestation)


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """By number and code, to the manifestation's page."""
    form = FollowForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if not ratelimit.consume(request, action="manifestation_code"):
            form.add_error("code", TOO_MANY_TRIES)
            status = 429
        elif (made := manifestations.find(form.cleaned_data["number"], form.cleaned_data["code"])) is not None:
            response = redirect(made)
            access.open_to(request, response, made)
            return response
        else:
            form.add_error("code", WRONG_CODE)
    return _kept_nowhere(render(request, "feedback/find.html", {"form": form}, status=status))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the codes that were shown here."""
    messages.success(request, "Pronto: para ver a manifestação de novo será preciso digitar o código.")
    response = redirect("manifestations")
    access.close_to(response)
    return response


@require_safe
def praise(request: HttpRequest) -> HttpResponse:
    """Praise whose authors let it be published, after the ombudsman has read it."""
    page = page_of(published(), request.GET.get("page", ""), PAGE)
    return render(request, "feedback/praise.html", {"page": page})


@require_safe
def page(request: HttpRequest, number: int) -> HttpResponse:
    return _shown(request, _own(request, number))


@require_POST
def add_words(request: HttpRequest, number: int) -> HttpResponse:
    made = _own(request, number)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _shown(request, made, words=form, status=422)
    try:
        manifestations.add_words(made.pk, words=form.cleaned_data["words"], request_id=form.cleaned_data["form_id"])
    except Refused as refused:
        form.add_error("words", refused.sentence)
        return _shown(request, _own(request, number), words=form, status=409)
    messages.success(request, "A ouvidoria recebeu o que você acrescentou.")
    return redirect(made)


@require_POST
def consent(request: HttpRequest, number: int) -> HttpResponse:
    made = _own(request, number)
    if made.kind != Manifestation.Kind.PRAISE:
        raise Http404
    form = ConsentForm(request.POST, made=made)
    if not form.is_valid():
        return _shown(request, made, consent_form=form, status=422)
    may = form.cleaned_data["may_publish"]
    try:
        manifestations.consent(
            made.pk,
            may_publish=may,
            show_name=form.cleaned_data.get("show_name", False),
            request_id=form.cleaned_data["form_id"],
        )
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _shown(request, made, consent_form=form, status=409)
    messages.success(request, "Publicação autorizada." if may else "Autorização retirada: o elogio não fica publicado.")
    return redirect(made)


def _shown(
    request: HttpRequest,
    made: Manifestation,
    *,
    words: WordsForm | None = None,
    consent_form: ConsentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page. A form that was refused takes the place of a fresh one."""
    is_closed = made.status == Manifestation.Status.CLOSED
    context = {
        "made": made,
        "steps": trail.of(made),
        "words_form": words or (None if is_closed else WordsForm(auto_id="id_acrescentar_%s")),
        "consent_form": (consent_form or ConsentForm(made=made, auto_id="id_publicar_%s"))
        if made.kind == Manifestation.Kind.PRAISE
        else None,
        "by_code": made.author_id is None,
    }
    return _kept_nowhere(render(request, "feedback/manifestation.html", context, status=status))


def _own(request: HttpRequest, number: int) -> Manifestation:
    """The manifestation, for its author or who has shown its code. Nobody else learns that it exists."""
    found = Manifestation.objects.filter(number=number).select_related("product").first()
    if found is not None:
        mine = found.author_id is not None and found.author_id == request.user.pk
        if mine or (found.author_id is None and access.is_open_to(request, found)):
            return found
    raise Http404


def _person(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    """Whoever presses Back after somebody else reads nothing of it."""
    response["Cache-Control"] = "private, no-store"
    return response
