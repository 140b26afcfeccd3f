"""The pages on which a person says how he wants to hear of things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import kinds
from notifications import preferences as chosen
from notifications.kinds import How
from notifications.preferences import DIGEST

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User
    from notifications.kinds import Group


class PreferencesForm(forms.Form):
    """One choice a group of notices; the field is called as the group."""

    def __init__(self, *args: Any, groups: list[Group], current: dict[str, How], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in groups:
            self.fields[group.slug] = forms.ChoiceField(
                label=group.label,
                help_text=group.help,
                choices=group.choices,
                initial=current.get(group.slug, group.default),
                widget=forms.RadioSelect,
                error_messages={"required": "Escolha uma das opções.", "invalid_choice": "Escolha uma das opções."},
            )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # signed in
    groups = kinds.groups_for(user)
    form = PreferencesForm(request.POST or None, groups=groups, current=chosen.chosen_by(user.pk))
    if request.method == "POST" and form.is_valid():
        chosen.choose(user.pk, {slug: How(how) for slug, how in form.cleaned_data.items()})
        messages.success(request, "Suas preferências foram guardadas. Elas valem a partir de agora.")
        return redirect("notice-preferences")
    return render(request, "notifications/preferences.html", {"form": form}, status=422 if form.errors else 200)


# A mail program presses for its reader, from a host of its own and without our cookies (RFC 8058); the signed token
# names the person and the one thing that can be ended by it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End one kind of mail without signing in. Looking ends nothing: mail programs open links by themselves."""
    try:
        user, group = chosen.about(token)
    except BadSignature as forged:
        raise Http404 from forged
    if request.method == "POST":
        chosen.unsubscribe(user, group)
    names = {known.slug: known.label for known in kinds.groups()} | {DIGEST: "Resumo do dia"}
    context = {"done": request.method == "POST", "name": names.get(group, "Avisos do portal")}
    response = render(request, "notifications/unsubscribe.html", context)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
