"""What every page shows of the reports: whether its reader has any."""

from django.http import HttpRequest

from reports.access import opinions_of, scope_of


def reports(request: HttpRequest) -> dict[str, bool]:
    """``reads_reports``: for the menu. Costs no query: grants are read with the person of the session."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"reads_reports": False}
    scope = scope_of(user)
    return {"reads_reports": bool(scope) or opinions_of(user, scope) is not None}
