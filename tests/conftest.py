"""What every test stands on: an embedded PostgreSQL where none is given, and honest skips."""

import os
import subprocess
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from helpdesk import postgres
from helpdesk.processes import CannotRun
from tests import settings

hypothesis.settings.register_profile("portal", deadline=None)  # how fast the machine is today is no property of the code
hypothesis.settings.load_profile("portal")

SERVER: list[tuple[postgres.Cluster, "subprocess.Popen[bytes]"]] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the database once, in the process that starts the others (xdist's workers inherit its address)."""
    if hasattr(config, "workerinput") or os.environ["DATABASE_URL"] != postgres.url(settings.CLUSTER):
        return
    cluster = postgres.Cluster(settings.CLUSTER, log=Path("var/log/test-postgres.log"), durable=False)
    try:
        cluster.prepare()
        SERVER.append((cluster, cluster.start()))
    except CannotRun as reason:
        pytest.exit(str(reason), returncode=1)


def pytest_unconfigure() -> None:
    for cluster, process in SERVER:
        cluster.stop(process)


def _refuse_skip(report: Any) -> None:
    """In CI a test that does not run is a failure: nobody reads a list of skips."""
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not accept: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    """Uploads of a test go to a folder of its own."""
    folder = tmp_path / "media"
    options = {"location": str(folder), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return folder
