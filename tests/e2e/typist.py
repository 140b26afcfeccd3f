"""Somebody who has no mouse: goes everywhere by keys, and looks after each where the focus is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

MOST_STOPS: Final = 250

# What a sighted person sees of the focused element. An element is covered where another lies over its middle; its own
# label may (the design system draws boxes and files that way). A ring may be drawn on the label beside a hidden input.
SEEN: Final = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const all = [...document.querySelectorAll("*")];
  const labels = [...(at.labels || [])];
  const shown = [at, ...labels].map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width > 1 && r.height > 1);
  const [box, place] = shown.find(([, r]) => r.right > 0 && r.bottom > 0) || [at, at.getBoundingClientRect()];
  const x = Math.min(Math.max(place.left + place.width / 2, 1), innerWidth - 2);
  const y = Math.min(Math.max(place.top + Math.min(place.height / 2, 20), 1), innerHeight - 2);
  const top = document.elementFromPoint(x, y);
  const own = top && [box, ...labels].some(e => e.contains(top) || top.contains(e));
  const ringed = e => ["", "::before", "::after"].some(part => {
    const style = getComputedStyle(e, part || null);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return outline || style.boxShadow !== "none";
  });
  // On the calendar of a date the browser draws a ring of its own, around that sign alone.
  const onSign = at.matches("[type=date], [type=datetime-local]") && !at.matches(":focus");
  const inView = place.bottom > 0 && place.top < innerHeight && place.right > 0 && place.left < innerWidth;
  return {
    index: all.indexOf(at),
    what: at.outerHTML.slice(0, 90),
    inView,
    covered: !own,
    ringed: onSign || [at, ...labels, at.parentElement, at.closest(".br-card")].some(e => e && ringed(e)),
  };
}"""


@dataclass
class Typist:
    """Every key is followed by a look: where the page stays, the focus is on something, in sight, with a ring around it."""

    page: Page

    def __post_init__(self) -> None:
        # Takes the browser's dialogue over from now on: to begin with it at the key's press is too late at times.
        self.page.on("filechooser", lambda _: None)

    def look(self) -> dict[str, Any]:
        """Where the focus is. Fails where it is nowhere, out of sight, covered, or not to be seen."""
        seen: dict[str, Any] | None = self.page.evaluate(SEEN)
        assert seen is not None, f"{self.page.url}: the focus is lost"
        assert seen["inView"], f"{self.page.url}: out of sight: {seen['what']}"
        assert not seen["covered"], f"{self.page.url}: covered: {seen['what']}"
        assert seen["ringed"], f"{self.page.url}: no visible focus: {seen['what']}"
        return seen

    def to(self, wanted: Locator, *, back: bool = False) -> Typist:
        """By Tab, or Shift+Tab, as often as it takes."""
        for _ in range(MOST_STOPS):
            if self.is_at(wanted):
                self.look()
                return self
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{self.page.url}: not reached by {MOST_STOPS} presses of Tab: {wanted}")

    def is_at(self, wanted: Locator) -> bool:
        """Whether the focus is on one of these, which need not be there yet."""
        return bool(wanted.evaluate_all("all => all.includes(document.activeElement)"))

    def press(self, *keys: str) -> Typist:
        """Keys that leave one on the page."""
        for key in keys:
            self.page.keyboard.press(key)
            self.look()
        return self

    def type(self, words: str) -> Typist:
        self.page.keyboard.type(words)
        self.look()
        return self

    def follow(self, address: str, *, key: str = "Enter") -> Typist:
        """Press what leads to another page."""
        with self.page.expect_navigation(url=address):
            self.page.keyboard.press(key)
        return self

    def pick(self, option: str) -> Typist:
        """In a list of options, by the arrows from its top."""
        chosen = self.page.locator("*:focus option:checked")
        self.press("Home")
        while not chosen.inner_text().startswith(option):
            before = chosen.inner_text()
            self.press("ArrowDown")
            assert chosen.inner_text() != before, f"not in the list: {option}"
        return self

    def attach(self, file: Path) -> Typist:
        """To the field of files that one is on; the browser's own dialogue is where its user chooses."""
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(file)
        self.look()
        return self

    def go_to_ticket(self, number: int, *, back: bool = False) -> Typist:
        """By the field that every page has at its top, ``back`` from the middle of one."""
        self.to(self.page.get_by_role("textbox", name="Nº do chamado"), back=back)
        self.type(str(number)).follow(f"**/chamados/{number}/")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self
