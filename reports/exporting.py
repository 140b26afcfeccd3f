"""Downloads of the reports' lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

import worktime
from accounts import limits
from accounts.models import User
from reports import counted, exports, panel
from reports.access import scope_of
from reports.export_files import FORMATS
from reports.forms import ReportForm

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

LIMIT: Final = "report_export"
TOO_MANY: Final = f"Esta lista tem mais de {panel.number(exports.MOST)} linhas. Escolha um período menor ou use os filtros."


@login_required
@require_safe
def listing(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The list behind a figure as a file. What makes no sense, or is too long, is told on the list; no file is made."""
    user = request.user
    if not isinstance(user, User) or not (scope := scope_of(user)):
        raise PermissionDenied
    figure = counted.BY_SLUG.get(slug)
    if figure is None or kind not in FORMATS:
        raise Http404
    if (refused := limits.refusal(request, LIMIT)) is not None:
        return refused
    now = worktime.now().astimezone(worktime.BRASILIA)
    asked = {name: value for name, value in request.GET.items() if name in ReportForm.base_fields}
    form = ReportForm(asked, scope=scope, today=now.date())
    page = f"{reverse('report-tickets', args=[slug])}?{request.GET.urlencode()}"
    if not form.is_valid():
        return redirect(page)
    try:
        content = exports.behind(form, figure, user, kind)
    except exports.TooMany:
        messages.error(request, TOO_MANY)
        return redirect(page)
    name = f"chamados-{slug}-{now:%Y-%m-%d-%Hh%M}.{kind}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=FORMATS[kind].content_type)
