// Keys of the desk: what the page's links and forms do, without the mouse. Nothing here does what no link or button does.
// One letter acts only where nothing is typed, never with Ctrl, Alt or Meta, and can be switched off for this browser.
(() => {
  const help = document.getElementById("teclas");
  const palette = document.getElementById("ir-para");
  if (!help || !palette) return;
  const OFF = "teclas-desligadas";
  const said = document.getElementById("teclas-dito");
  const one = (selector, within = document) => within.querySelector(selector);
  const rows = () => [...document.querySelectorAll("#result_list tbody tr")];
  const linkOf = (row) => one("th a", row);
  const here = () => document.activeElement?.closest?.("#result_list tbody tr");
  const shown = (found) => found?.getClientRects().length > 0;

  // Where storage is refused, the keys stay on.
  const stored = (change) => {
    try {
      if (change === undefined) return localStorage.getItem(OFF) === "1";
      if (change) localStorage.setItem(OFF, "1");
      else localStorage.removeItem(OFF);
    } catch {
      return false;
    }
    return change;
  };
  let off = stored();

  const tell = (words) => {
    said.textContent = "";
    setTimeout(() => (said.textContent = words), 50);
  };

  function open(dialog) {
    if (document.querySelector("dialog[open]")) return;
    dialog.returnTo = document.activeElement;
    dialog.showModal(); // keeps the focus within, and Esc closes it
  }
  for (const dialog of [help, palette]) dialog.addEventListener("close", () => dialog.returnTo?.focus?.());
  for (const button of document.querySelectorAll("[data-opens]")) {
    button.hidden = false;
    button.addEventListener("click", () => (button.dataset.opens === palette.id ? jump() : open(help)));
  }

  const letters = one("input", help);
  letters.checked = !off;
  letters.addEventListener("change", () => {
    off = !letters.checked;
    stored(off);
    tell(off ? "Teclas de uma letra desligadas neste navegador." : "Teclas de uma letra ligadas.");
  });

  // Next and previous: rows of a list, else the neighbours of the ticket.
  function step(by) {
    const all = rows();
    if (!all.length) return one(by > 0 ? "main a[rel~=next]" : "main a[rel~=prev]")?.click();
    const at = all.indexOf(here());
    const to = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (to) linkOf(to).focus();
    else tell(by > 0 ? "É o último chamado desta página." : "É o primeiro chamado desta página.");
  }

  // What stands on the workbench is opened and focused; of a row in the list the workbench is opened there.
  function act(action, kind) {
    const row = here();
    if (row) {
      location.assign(`${linkOf(row).href}?acao=${action}`); // without a fragment, which would take the focus
      return;
    }
    const radio = kind && document.getElementById(`kind-${kind}`);
    if (radio) {
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (kind) document.getElementById("escrever")?.classList.remove("is-at-rest");
    const place = document.getElementById(`acao-${action}`);
    if (place?.matches("details")) place.open = true;
    const composer = kind && document.getElementById("escrever");
    const inside = place?.matches("details, form") ? place : undefined;
    const field = [...(inside ?? composer ?? document.createElement("p")).querySelectorAll("select, textarea, input:not([type=hidden], [type=radio])")].find(shown);
    (field ?? (place?.matches("button") ? place : one("button, summary", place ?? document.createElement("p"))))?.focus();
    if (!place && !field) tell("Isso não é possível neste chamado agora.");
  }

  // Led here from a row of the list.
  const KINDS = { comment: "publica", ask: "publica", resolve: "publica", note: "interna" };
  const wanted = new URLSearchParams(location.search).get("acao");
  if (wanted && KINDS[wanted] && document.getElementById("escrever")) act(wanted, KINDS[wanted]);

  // Taking asks nothing: the workbench's own button, or for a row the form that this button sends.
  function take() {
    const row = here();
    const token = one("#changelist-form input[name=csrfmiddlewaretoken]");
    if (row && token && window.crypto?.randomUUID) {
      const form = Object.assign(document.createElement("form"), { method: "post" });
      form.action = new URL("../acao/take/", linkOf(row).href).href;
      for (const [name, value] of [["csrfmiddlewaretoken", token.value], ["form_id", crypto.randomUUID()]]) {
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      }
      document.body.append(form);
      form.submit();
      return;
    }
    const button = one("#acao-take button, button#acao-take");
    if (button) button.click();
    else tell(rows().length ? "Escolha antes um chamado da lista, com J e K." : "Isso não é possível neste chamado agora.");
  }

  function mark() {
    const box = one("input[name=chosen]", here() ?? document.createElement("p"));
    box?.click();
  }

  // What was searched before is there, and gives way to what is typed.
  function search() {
    const field = one("#searchbar") ?? one("#busca");
    field?.focus();
    field?.select();
  }

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    o: () => here() && linkOf(here()).click(),
    x: mark,
    a: take,
    r: () => act(document.getElementById("acao-comment") ? "comment" : "ask", "publica"),
    n: () => act("note", "interna"),
    e: () => act("resolve", "publica"),
    p: () => one("#atender button")?.click(),
    b: search,
    "/": search,
    u: () => one(".breadcrumbs a:last-of-type")?.click(),
    g: jump,
    "?": () => open(help),
  };

  const typing = (element) => element?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      jump();
      return;
    }
    if (off || event.defaultPrevented || event.isComposing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : "";
    if (!Object.hasOwn(KEYS, key) || (event.shiftKey && key !== "?")) return;
    event.preventDefault();
    KEYS[key]();
  });

  // The palette asks the page of its own for places while one types; its form leads there without it.
  const field = one("input", palette);
  const list = one(".jump-places", palette);
  const count = one("[role=status]", palette);
  let pause;
  let asked = 0;
  async function look() {
    const mine = ++asked;
    try {
      const answer = await fetch(`${palette.dataset.url}?${new URLSearchParams({ para: field.value })}`, { credentials: "same-origin" });
      if (!answer.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.querySelectorAll("#lugares li"));
      count.textContent = one("#lugares [role=status]", page)?.textContent ?? "";
    } catch {
      count.textContent = "Não foi possível procurar agora. Tente de novo.";
    }
  }
  function jump() {
    if (document.querySelector("dialog[open]")) return;
    field.value = "";
    list.replaceChildren();
    open(palette);
    look();
  }
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(look, 200);
  });
  palette.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const places = [field, ...list.querySelectorAll("a")];
    const at = places.indexOf(document.activeElement);
    event.preventDefault();
    places[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), places.length - 1)].focus();
  });
  one(".jump-form", palette).addEventListener("submit", (event) => {
    const first = one("a", list);
    if (!first || !field.value.trim()) return;
    event.preventDefault();
    first.click();
  });

  // The filters lie over the list: they go when one goes on from them, and by Esc.
  const filters = one(".queue-panel");
  filters?.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !filters.contains(relatedTarget)) filters.open = false;
  });
  filters?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !filters.open) return;
    filters.open = false;
    one("summary", filters).focus();
  });

  // The bar for several tickets comes up when one is marked.
  const bar = document.getElementById("lote");
  if (bar) {
    const boxes = [...document.querySelectorAll("input[name=chosen]")];
    const all = one(".select-all", bar);
    const every = one("input", all);
    const told = one(".chosen-count", bar);
    const count = () => {
      const marked = boxes.filter((box) => box.checked).length;
      bar.classList.toggle("is-idle", marked === 0);
      every.checked = marked === boxes.length;
      every.indeterminate = marked > 0 && marked < boxes.length;
      told.textContent = marked === 1 ? "1 chamado marcado." : `${marked} chamados marcados.`;
    };
    bar.classList.add("has-script");
    all.hidden = false;
    every.addEventListener("change", () => {
      for (const box of boxes) box.checked = every.checked;
      count();
    });
    for (const box of boxes) box.addEventListener("change", count);
    window.addEventListener("pageshow", count);
    count();
  }
})();
