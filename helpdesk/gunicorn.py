"""How gunicorn serves the portal, in the demo and in deployment alike."""

import logging
import os
import re
from typing import Any

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
preload_app = True  # shares memory between the workers, and a bad setting stops the start instead of each worker
control_socket_disable = True
access_log_format = "%(m)s %(U)s %(s)s %(L)ss"  # no address, no query: logs hold no personal data
accesslog = "-"

# By this the settings bound the database's statements (WEB_STATEMENT_TIMEOUT). Jobs and migrations take their time.
os.environ["PORTAL_SERVES_PAGES"] = "1"

KEY = re.compile(r"(/(?:conta/senha/nova|conta/confirmar-email|avisos/sair)/)[^/]+")


class WithoutKeys(logging.Filter):
    """The key of a link from a mail opens an account to who has it, or ends his mail: it stays out of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, dict):
            record.args = {**record.args, "U": KEY.sub(r"\1…", str(record.args.get("U", "")))}
        return True


class WithoutPaths(logging.Filter):
    """gunicorn names the whole address of a request that it could not handle."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Error handling request"):
            record.msg, record.args = "Error handling request", ()
        return True


def on_starting(server: Any) -> None:
    server.log.access_log.addFilter(WithoutKeys())
    server.log.error_log.addFilter(WithoutPaths())
