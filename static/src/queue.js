// How many tickets each view has is asked after the list is there, and said to nobody: who comes to a view hears it.
// Where the answer fails, the link to the page of counts stays.
(async () => {
  const link = document.querySelector("[data-counts]");
  if (!link) return;
  try {
    const answer = await fetch(`${link.href}?parte=1`, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const counts = new Map();
    for (const view of page.querySelectorAll("li > a")) {
      const count = view.querySelector(".view-count");
      if (count) counts.set(view.getAttribute("href"), count);
    }
    for (const count of document.querySelectorAll("#visoes .view-count")) {
      const known = counts.get(count.closest("a").getAttribute("href"));
      if (known) count.replaceChildren(...known.cloneNode(true).childNodes);
    }
    link.parentElement.hidden = true;
  } catch {
    // The link stays.
  }
})();
