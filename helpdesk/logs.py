"""What the log does not hold: the paths that people asked for. A path may carry a key, as the links of mails do."""

import logging


class RoutesForPaths(logging.Filter):
    """Django names the path in its lines on failed requests; here stands the route that answers it, or nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path is not None and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match is not None else "…"
            record.args = tuple(route if value == path else value for value in record.args)
        return True
