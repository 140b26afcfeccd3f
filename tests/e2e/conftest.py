"""One portal and one browser for all browser tests; every visit is watched for what no page may do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect, sync_playwright

from tests.checkout import copied
from tests.e2e.portal import Portal
from tests.e2e.scenes import scenes

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",  # the tests may run as root, for whom Chromium has no sandbox
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TELL_VIOLATIONS = (
    "document.addEventListener('securitypolicyviolation', e => console.error('CSP', e.effectiveDirective, e.blockedURI))"
)
TIMEOUT_MS = 20_000
expect.set_options(timeout=TIMEOUT_MS / 2)  # a worker, two portals and two browsers share two cores


@contextmanager
def running_portal() -> Iterator[Portal]:
    """A portal in a copy of the project, stopped in the end."""
    with copied() as folder:
        portal = Portal(folder)
        portal.start()
        try:
            yield portal
        finally:
            portal.stop()


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """For all modules but those that move the clock, and with it every ticket of the demonstration."""
    with running_portal() as portal:
        yield portal


@pytest.fixture(scope="session")
def made(portal: Portal) -> dict[str, int]:
    """The number of the ticket of each scene, by its name."""
    return scenes(portal)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert program is not None, "The browser tests need Chromium on PATH."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Visits:
    """Makes visitors, and keeps what their pages did that no page may do."""

    browser: Browser
    portal: Portal
    wrongs: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(self, email: str = "", *, scripts: bool = True, width: int = 1280) -> Page:
        """A page in a browser of its own, signed in as a demo person where one is named."""
        context = self.browser.new_context(
            base_url=self.portal.url,
            java_script_enabled=scripts,
            locale="pt-BR",
            timezone_id="America/Sao_Paulo",
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        if scripts:
            context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._console)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("weberror", lambda error: self.wrongs.append(f"script failed: {error.error}"))
        page = context.new_page()
        if email:
            sign_in(page, email)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.text.startswith("CSP ") or "Content Security Policy" in message.text:
            self.wrongs.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != urlsplit(self.portal.url).netloc:
            self.wrongs.append(f"asked another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.wrongs.append(f"{response.status} at {response.url}")


def sign_in(page: Page, email: str) -> None:
    """By the one press that the demonstration offers."""
    page.goto("/conta/entrar/")
    page.locator("li", has=page.locator(f"input[value='{email}']")).get_by_role("button").click()
    page.wait_for_url(lambda address: "/conta/entrar/" not in address)


@pytest.fixture
def visits(browser: Browser, portal: Portal) -> Iterator[Visits]:
    """Fails the test at its end if any page broke the content policy, asked another host or failed on the server."""
    visits = Visits(browser, portal)
    yield visits
    visits.close()
    assert not visits.wrongs, "\n".join(visits.wrongs)
