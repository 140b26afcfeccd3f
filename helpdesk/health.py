"""What machines ask: does it live, can it serve, how is it doing."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min, Sum
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

import worktime
from feedback.deadlines import day_of
from feedback.models import Manifestation
from files import scan
from files.models import Scan, StoredFile
from helpdesk import beat, leases, tasks
from notifications.models import AccountLetter, InboundMail, MailAddress, MailCount, Notice
from tickets import states, sweeps
from tickets.models import SweepFailure, Ticket


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The process can serve: the database answers. 503 while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format, without personal data. For everybody else the address does not exist.

    With ``METRICS_TOKEN`` set: who sends it as a bearer token. Without: the machine itself, not by way of a proxy.
    """
    if not _may_read_metrics(request):
        raise Http404
    lines = [f"portal_{name} {value:g}" for name, value in figures()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    if any(name in request.headers for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP")):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def figures() -> Iterator[tuple[str, float]]:
    """Name and value of each figure; ages and lags in seconds. A sign of life never seen has no line."""
    at = worktime.now()
    counts = dict(Ticket.objects.open().order_by().values_list("status").annotate(Count("pk")))
    for status in sorted(states.OPEN):
        yield f'tickets{{status="{status}"}}', counts.get(status, 0)
    pending = Notice.objects.filter(state=Notice.State.PENDING).aggregate(count=Count("pk"), oldest=Min("created_at"))
    yield "notices_pending", pending["count"]
    yield "notices_oldest_pending_seconds", _seconds(at - pending["oldest"] if pending["oldest"] else None)
    yield "notices_dead", Notice.objects.filter(state=Notice.State.DEAD).count()
    yield "account_letters_pending", AccountLetter.objects.filter(state=AccountLetter.State.PENDING).count()
    yield "mail_addresses_blocked", MailAddress.objects.filter(blocked_at__isnull=False).count()
    for what, count in MailCount.objects.order_by("what").values_list("what").annotate(count=Sum("count")):
        yield f'mail_told_total{{what="{what}"}}', count
    yield "inbound_mails_new", InboundMail.objects.filter(state=InboundMail.State.NEW).count()
    yield "inbound_mails_quarantined", InboundMail.objects.filter(state=InboundMail.State.QUARANTINED).count()
    of_a_day = InboundMail.objects.filter(stored_at__gt=at - timedelta(days=1)).order_by()
    for state, reason, count in of_a_day.values_list("state", "reason").annotate(Count("pk")).order_by("state", "reason"):
        yield f'inbound_mails_last_day{{state="{state}",reason="{reason}"}}', count
    overdue = Ticket.objects.wait_over(at).aggregate(since=Min("wait_expires_at"))["since"]
    yield "sweep_lag_seconds", _seconds(at - overdue if overdue else None)
    failed = dict(SweepFailure.objects.order_by().values_list("job").annotate(Count("pk")))
    for sweep in sweeps.SWEEPS:
        yield f'sweep_failures{{job="{sweep.name}"}}', failed.get(sweep.name, 0)
    unanswered = Manifestation.objects.filter(answered_at=None)
    yield "manifestations_unanswered", unanswered.count()
    yield "manifestations_overdue", unanswered.overdue(day_of(at)).count()
    held = StoredFile.objects.filter(scan=Scan.HELD).aggregate(count=Count("pk"), oldest=Min("created_at"))
    yield "files_held", held["count"]
    yield "files_oldest_held_seconds", _seconds(at - held["oldest"] if held["oldest"] else None)
    yield "files_held_stuck", scan.stuck().count()
    yield "files_infected", StoredFile.objects.filter(scan=Scan.INFECTED).count()
    for name in (beat.LEASE, tasks.WORKER):
        age = leases.age(name)
        if age is not None:
            yield f"{name}_last_seen_seconds", _seconds(age)


def _seconds(span: timedelta | None) -> float:
    return max(span.total_seconds(), 0.0) if span else 0.0
