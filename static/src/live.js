// An open ticket asks by itself what came up. #conversa[data-live] names the address and the version that the page shows.
// It asks less and less often while nothing happens, not at all while nobody looks, and stops for good when it is refused.
// Nothing takes the focus, moves what is being read, or touches what is being typed.
(() => {
  const SOONEST = 10_000;
  const LATEST = 120_000;
  const MOST_SAID = 3;

  const talk = document.querySelector("#conversa[data-live]");
  if (!talk) return;
  const said = document.getElementById("dito");
  let version = talk.dataset.version;
  let pause = SOONEST;
  let timer;
  let asking = false;

  const inUse = (part) =>
    part.contains(document.activeElement) ||
    [...part.querySelectorAll("textarea, input")].some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);

  // What the eye rests on: the field being typed in, or else the first turn in sight.
  const inSight = () => {
    const field = document.activeElement;
    if (field?.matches("input, textarea, select, button, a, summary")) return field;
    return [...talk.children].find((turn) => turn.getBoundingClientRect().bottom > 0);
  };

  function show(fresh) {
    const kept = inSight();
    const before = kept?.getBoundingClientRect().top;
    const news = [];
    for (const turn of fresh.querySelectorAll("#conversa > li")) {
      const shown = document.getElementById(turn.id);
      if (!shown) {
        turn.classList.add("turn-new");
        talk.append(turn);
        news.push(turn.dataset.said);
      } else if (shown.dataset.version !== turn.dataset.version && !inUse(shown)) {
        shown.replaceWith(turn);
      }
    }
    for (const id of ["assunto", "situacao"]) {
      const [old, now] = [document.getElementById(id), fresh.getElementById(id)];
      if (!old || !now || old.outerHTML === now.outerHTML) continue;
      if (id === "situacao" && old.dataset.key !== now.dataset.key) {
        document.getElementById("mudou").hidden = false;
        news.push("A situação do chamado mudou. Atualize a página para ver o que você pode fazer agora.");
      }
      old.replaceWith(now);
    }
    if (news.length) said.textContent = news.slice(-MOST_SAID).join(" ");
    if (kept?.isConnected && before !== undefined) window.scrollBy(0, kept.getBoundingClientRect().top - before);
  }

  function end(words) {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
    said.textContent = words;
  }

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(talk.dataset.live, {
        cache: "no-store",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "If-None-Match": version, "X-Asked-By": "page" },
      });
      if (answer.status === 200) {
        version = answer.headers.get("ETag") ?? "";
        show(new DOMParser().parseFromString(await answer.text(), "text/html"));
        pause = SOONEST;
      } else if (answer.status === 304) {
        pause = Math.min(pause * 1.25, LATEST);
      } else if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) {
        return end("Esta página não recebe mais novidades por si. Atualize a página para continuar.");
      } else {
        pause = LATEST;
      }
    } catch {
      pause = Math.min(pause * 2, LATEST);
    } finally {
      asking = false;
    }
    wait();
  }

  function wait() {
    clearTimeout(timer);
    // Pages opened together do not ask together.
    if (!document.hidden) timer = setTimeout(ask, pause * (0.9 + Math.random() * 0.2));
  }

  function look() {
    if (document.hidden) clearTimeout(timer);
    else ask();
  }

  document.addEventListener("visibilitychange", look);
  wait();
})();
