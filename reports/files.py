"""Taking a table out of the reports, and the page where the long ones wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

import worktime
from accounts import limits
from accounts.models import User
from files import serve
from govbr.paging import page_of
from reports import exporting, exports, periods
from reports.access import scope_of
from reports.forms import COLUMNS, FREE, ReportForm, read
from reports.models import Export
from reports.sheets import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


LIMIT: Final = "report_export"
PAGE: Final = 25
LONGEST: Final = 2_000
"""Letters of the filters, as the address of the panel has them."""


class TakeForm(forms.Form):
    """Which table, and as what; hidden beside it the filters of the page that it stands on."""

    tabela = forms.ChoiceField(label="Tabela")
    formato = forms.ChoiceField(label="Formato", choices=[(slug, kind.label) for slug, kind in FORMATS.items()], initial="xlsx")
    pessoas = forms.BooleanField(
        label="Incluir assunto, nome e e-mail de quem pediu",
        help_text="Só nas listas de chamados, e só dos que você pode ler. Fica registrado que você levou dados pessoais.",
        required=False,
    )
    filtros = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tables: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tabela"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - of the class above
        field.choices = tables
        if not any(slug.startswith(exports.TICKETS) for slug, _ in tables):
            del self.fields["pessoas"]


def offer(form: ReportForm, request: HttpRequest, *tables: str) -> TakeForm:
    """The form for a page: with the tables that stand on it, as far as its reader is offered them."""
    titles = dict(exports.offered(form))
    offered = [(slug, titles[slug]) for slug in tables if slug in titles]
    return TakeForm(tables=offered, initial={"filtros": request.GET.urlencode()})


@login_required
@require_POST
def take(request: HttpRequest) -> HttpResponseBase:
    """A short table as a download; a long one waits for the worker, and its page says how far it is."""
    user = _reader(request)
    if (too_many := limits.refusal(request, LIMIT)) is not None:
        return too_many
    asked = dict(parse_qsl(request.POST.get("filtros", "")[:LONGEST], max_num_fields=40))
    form = TakeForm(request.POST, tables=exports.offered(exporting.form_of(asked, user)))
    back = f"{reverse('reports')}?{urlencode(asked)}"
    if not form.is_valid():
        messages.error(request, exporting.SENSELESS)
        return redirect(back)
    chosen = form.cleaned_data
    try:
        export, content = exporting.ask(
            chosen["tabela"], asked, chosen["formato"], user, with_people=chosen.get("pessoas", False)
        )
    except exporting.Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(back)
    if content is None:
        messages.success(request, "O arquivo está em preparo. Avisamos você quando estiver pronto.")
        return redirect("report-files")
    kind = FORMATS[export.format].content_type
    response = FileResponse(content, as_attachment=True, filename=exporting.name_of(export), content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What this person took out, the newest first. Four queries beside what every page asks."""
    user = _reader(request)
    page = page_of(Export.objects.filter(asked_by=user).order_by("-asked_at", "-pk"), request.GET.get("page", ""), PAGE)
    titles = dict(exports.offered(exporting.form_of({}, user)))
    rows = [
        (export, f"{titles.get(export.what, export.what)}, {_told_of(export)}", exporting.may_have(export, user))
        for export in page.rows
    ]
    waits = any(export.state == Export.State.WAITING for export in page.rows)
    context = {"page": page, "rows": rows, "waits": waits, "kept": exporting.KEPT.days, "formats": FORMATS}
    return render(request, "reports/files.html", context)


@login_required
@require_safe
def fetch(request: HttpRequest, pk: int) -> FileResponse:
    """The file, to who asked for it and still reads what is in it; to nobody else does it exist."""
    user = _reader(request)
    export = Export.objects.select_related("file").filter(pk=pk, asked_by=user, state=Export.State.READY).first()
    if export is None or export.file is None or not exporting.may_have(export, user):
        raise Http404
    return serve.download(export.file)


def _told_of(export: Export) -> str:
    """The period that a file tells of, in words, and whether anything else narrows it."""
    asked, day = export.asked, export.asked_at.astimezone(worktime.BRASILIA)
    if asked.get("periodo") == FREE:
        first, last = (ReportForm.base_fields[name].clean(asked[name]) for name in ("de", "ate"))
        period = periods.Period(first, last)
    else:
        period = read(asked.get("periodo", "")) or periods.month(day.year, day.month).before()
    return exports.period_of(export.what, period) + (", com filtros" if any(asked.get(name) for name in COLUMNS) else "")


def _reader(request: HttpRequest) -> User:
    user = request.user
    if not (isinstance(user, User) and scope_of(user)):
        raise PermissionDenied
    return user
