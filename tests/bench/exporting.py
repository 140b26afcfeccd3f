"""The export of every ticket as CSV, written as the worker writes it."""

import time
from resource import RUSAGE_SELF, getrusage


def of_all_tickets() -> tuple[int, float, float]:
    """Rows, rows a second, and MiB that the process took at its highest beyond what it had before. The file goes again."""
    import worktime
    from catalog.models import CoreSystem
    from files import keeping
    from reports import exporting
    from reports.models import Export
    from tests.bench.operations import manager

    export = Export.objects.create(
        asked_by=manager(),
        what="chamados-abertos",
        asked={"periodo": "livre", "de": f"{worktime.now().year - 2}-01-01", "ate": f"{worktime.now():%Y}-12-31"},
        format="csv",
        with_people=True,
        state=Export.State.WAITING,
        scope={"systems": list(CoreSystem.objects.values_list("pk", flat=True)), "bodies": [], "queue_ids": []},
        asked_at=worktime.now(),
    )
    before, began = getrusage(RUSAGE_SELF).ru_maxrss, time.perf_counter()
    exporting.write_due()
    took, grown = time.perf_counter() - began, getrusage(RUSAGE_SELF).ru_maxrss - before
    export.refresh_from_db()
    assert export.state == Export.State.READY
    rows = export.rows
    file, export.file = export.file, None
    export.delete()
    keeping.discard(file)
    return rows, rows / took, grown / 1024
