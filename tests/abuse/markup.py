"""What in a page could run, load or lead where nobody of ours wants it."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

LOADS = {"img", "iframe", "frame", "object", "embed", "audio", "video", "source", "track", "script", "link", "form"}
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href")


class Dangers(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [f"<{tag} {name}={value}>" for name, value in given.items() if name.startswith("on") or name == "style"]
        if tag in {"style", "base", "iframe", "object", "embed"} or (tag == "script" and not given.get("src")):
            self.found.append(f"<{tag}>")
        for name in ADDRESSES:
            parts = urlsplit("".join(given.get(name, "").split()).lower())
            foreign_load = tag in LOADS and (parts.scheme or parts.netloc)
            if parts.scheme not in ("", "http", "https", "mailto") or foreign_load:
                self.found.append(f"<{tag} {name}={given[name]}>")


def dangers(page: str) -> list[str]:
    """Scripts in the page, handlers, styles, addresses that run, and anything that another host would be asked for."""
    parser = Dangers()
    parser.feed(page)
    parser.close()
    return parser.found
