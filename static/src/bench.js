// The workbench while it is open: what came up, who else is here, and the one place to write.
// #turnos[data-live] names the address, and data-soonest the pause in ms where it is to be another than usual. Nothing takes the focus, moves what is being read, or touches what is being typed.
// Without this everything works: the page shows the state of its loading, and the server tells what came meanwhile.
(() => {
  const LATEST = 30_000; // shorter than the server holds somebody to be here
  const UNSEEN = 120_000;
  const TYPING = 15_000;
  const READ_AFTER = 5_000; // in sight, before a new turn counts as read by who answers
  const MOST_SAID = 3;

  compose();
  lead();
  const turns = document.querySelector("#turnos[data-live]");
  if (!turns) return;
  const SOONEST = Number(turns.dataset.soonest) || 10_000; // nobody's presence is told more often
  const said = document.getElementById("dito");
  const writing = document.getElementById("escrever");
  let version = "";
  let newest = Number(turns.dataset.newest);
  let pause = SOONEST;
  let typedAt = -Infinity;
  let askedAt = performance.now();
  let timer;
  let asking = false;
  let ended = false;

  const typed = () => [...document.querySelectorAll(".bench textarea")].some((field) => field.value !== field.defaultValue);

  function merge(fresh) {
    const before = document.activeElement?.getBoundingClientRect().top;
    const news = [];
    for (const turn of fresh.querySelectorAll("#turnos > li")) {
      const shown = document.getElementById(turn.id);
      if (!shown) {
        if ("ofOthers" in turn.dataset) {
          turn.classList.add("turn-new");
          news.push(turn.dataset.said);
        }
        turns.append(turn);
      } else if (shown.dataset.version !== turn.dataset.version && !shown.contains(document.activeElement)) {
        shown.replaceWith(turn);
      }
    }
    for (const id of ["situacao", "aqui"]) {
      const [old, now] = [document.getElementById(id), fresh.getElementById(id)];
      if (!old || !now || old.outerHTML === now.outerHTML) continue;
      if (id === "situacao" && old.dataset.key !== now.dataset.key) document.getElementById("mudou").hidden = false;
      if (id === "aqui") say(now.textContent.trim());
      old.replaceWith(now);
    }
    if (news.length) tell(news);
    newest = Number(fresh.getElementById("turnos").dataset.newest);
    if (news.length) readLater(newest);
    else take(newest);
    const after = document.activeElement?.getBoundingClientRect().top;
    if (before !== undefined && document.activeElement !== document.body) window.scrollBy(0, after - before);
  }

  function tell(news) {
    const words = news.slice(-MOST_SAID).join(" ");
    say(typed() ? `${words} Chegou enquanto você escrevia: leia antes de enviar.` : words);
  }

  function say(words) {
    said.textContent = words;
  }

  // The forms carry the newest event that was shown: what came while one writes counts once it could be read.
  function take(event) {
    for (const field of document.querySelectorAll("input[name=seen]")) field.value = Math.max(Number(field.value), event);
  }

  function readLater(event) {
    setTimeout(() => (document.hidden ? readLater(event) : take(event)), READ_AFTER);
  }

  async function ask() {
    if (asking || ended) return;
    asking = true;
    askedAt = performance.now();
    const address = new URL(turns.dataset.live, location.href);
    address.searchParams.set("desde", newest);
    if (!document.hidden) address.searchParams.set("aqui", "1");
    if (!document.hidden && performance.now() - typedAt < TYPING) address.searchParams.set("escrevendo", "1");
    try {
      const headers = { "X-Asked-By": "page", ...(version && { "If-None-Match": version }) };
      const answer = await fetch(address, { cache: "no-store", credentials: "same-origin", redirect: "manual", headers });
      if (answer.status === 200) {
        version = answer.headers.get("ETag") ?? "";
        merge(new DOMParser().parseFromString(await answer.text(), "text/html"));
        pause = SOONEST;
      } else if (answer.status === 304) {
        pause = Math.min(pause * 1.25, LATEST);
      } else if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) {
        ended = true;
        say("Esta página não recebe mais novidades por si. Atualize a página para continuar.");
      } else {
        pause = UNSEEN;
      }
    } catch {
      pause = Math.min(pause * 2, UNSEEN);
    } finally {
      asking = false;
    }
    wait();
  }

  function wait(soonest = document.hidden ? UNSEEN : pause) {
    clearTimeout(timer);
    // Pages opened together do not ask together.
    if (!ended) timer = setTimeout(ask, soonest * (0.9 + Math.random() * 0.2));
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? wait() : ask()));
  writing?.addEventListener("input", () => {
    const begins = performance.now() - typedAt > TYPING;
    typedAt = performance.now();
    if (begins) wait(Math.max(0, SOONEST - (typedAt - askedAt)));
  });
  wait();

  // Small while nobody writes there. It changes its size only when no button of the mouse is down: what one presses stays put.
  function rest(place) {
    const words = place.querySelector("textarea");
    const IN_USE = "details[open], .refused, .draft-bar, .draft-trouble > *, .kept-files, #previa > *, #lista-colegas";
    let pressed = false;
    const settle = () => {
      if (pressed) return;
      const used = place.contains(document.activeElement) || words.value || place.querySelector(IN_USE);
      place.classList.toggle("is-at-rest", !used);
    };
    for (const [kind, down] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false], ["dragend", false]]) {
      window.addEventListener(kind, () => {
        pressed = down;
        if (!down) setTimeout(settle);
      });
    }
    for (const kind of ["focusin", "input", "toggle"]) place.addEventListener(kind, settle, { capture: true });
    place.addEventListener("focusout", () => setTimeout(settle));
    window.addEventListener("pageshow", settle);
    settle();
  }

  // Who went on to the link of what is on its way is led to the first field there.
  function lead() {
    document.addEventListener("htmx:beforeSwap", ({ target }) => {
      if (!target.contains(document.activeElement)) return;
      const first = () => target.querySelector("select, textarea, input:not([type=hidden])") ?? target.querySelector("a, button, summary");
      const goOn = () => target.contains(document.activeElement) || first()?.focus();
      target.addEventListener("htmx:afterSettle", goOn, { once: true });
    });
  }

  // Enter in a field sends nothing by a slip; an address like #acao-note chooses what is written.
  function compose() {
    const place = document.getElementById("escrever");
    if (!place) return;
    place.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input:not([type=file])")) event.preventDefault();
    });
    // What is dropped or pasted goes to the field of files, which is folded until it is wanted.
    const attach = place.querySelector(".attach");
    document.addEventListener("dragenter", (event) => event.dataTransfer?.types.includes("Files") && (attach.open = true));
    place.addEventListener("paste", (event) => event.clipboardData.files.length && (attach.open = true), { capture: true });
    const follow = () => {
      const target = document.getElementById(location.hash.slice(1));
      if (!target || !place.contains(target)) return;
      const kind = target.closest(".for-note") ? "interna" : target.closest(".for-public") ? "publica" : "";
      if (kind) document.getElementById(`kind-${kind}`)?.click();
      if (target.matches("details")) target.open = true;
      place.querySelector("textarea").focus();
    };
    window.addEventListener("hashchange", follow);
    follow();
    rest(place);
  }
})();
