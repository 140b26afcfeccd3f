"""What every page shows of the reports: whether its reader has any."""

from django.http import HttpRequest

from reports.access import scope_of


def reports(request: HttpRequest) -> dict[str, bool]:
    """``reads_reports``: for the menu. Costs no query: grants are read with the person of the session."""
    user = getattr(request, "user", None)
    return {"reads_reports": user is not None and user.is_authenticated and bool(scope_of(user))}
