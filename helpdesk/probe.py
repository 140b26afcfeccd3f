"""Asks the web server of this machine whether it can serve: for the supervisor and for a container's health check."""

import http.client
import os
import sys
from urllib.parse import urlsplit


def ready(port: int, host: str = "127.0.0.1") -> bool:
    """Whether ``/readyz`` says yes within five seconds; ``host`` is the name that the portal answers to."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    portal = urlsplit(os.environ.get("PORTAL_URL", "")).hostname or "127.0.0.1"
    sys.exit(0 if ready(int(os.environ.get("PORT") or 8000), portal) else 1)
