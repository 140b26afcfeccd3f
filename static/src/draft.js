// form[data-draft-url]: what is written is saved on the server while it is written, and told in words.
// Without this the button "Salvar rascunho" does it. The server is the judge of who writes what and over what.

(() => {
  const EVERY = 3000;
  const JUST_LEFT = 10_000;
  const NOTHING_YET = "O que você escreve é salvo como rascunho.";
  const BYTES_ON_LEAVING = 60_000; // what browsers let a page send while it goes away

  const LAST_WORDS = 2000; // how long signing out waits for them
  const leavings = [];

  // Signing out ends the session before what leaves with the page would arrive: that goes first.
  document.addEventListener("submit", (event) => {
    const out = event.target;
    if (!("signsOut" in out.dataset)) return;
    const going = leavings.map((leave) => leave()).filter(Boolean);
    if (!going.length) return;
    event.preventDefault();
    Promise.race([Promise.all(going), new Promise((passed) => setTimeout(passed, LAST_WORDS))]).then(() => out.submit());
  });

  const keepWithin = (place) => place.querySelectorAll("form[data-draft-url]").forEach(keepDraft);
  keepWithin(document);
  document.addEventListener("htmx:afterSettle", ({ target }) => keepWithin(target)); // what is fetched into the page

  // What can be seen in a form, as a number: to know it again without leaving the words themselves in the browser.
  function markOf(form) {
    const shown = [...form.elements].filter(({ type }) => !/hidden|file|button|submit/.test(type));
    const words = shown.map(({ value, checked }) => `${value}${checked}`).join();
    return [...words].reduce((mark, letter) => (Math.imul(31, mark) + letter.codePointAt(0)) | 0, 0);
  }

  function keepDraft(form) {
    const url = form.dataset.draftUrl;
    const state = form.querySelector(".draft-state");
    const trouble = form.querySelector(".draft-trouble");
    const field = (name) => form.elements.namedItem(name);
    let dirty = false;
    let busy = false;
    let leaving = false;
    let untouched = !form.dataset.touched;
    let overwrite = false;
    let refused = false;
    let signedOut = false;
    let goesOnFrom = "";
    let timer;
    const sentFrom = `${url}#`;
    const shown = () => field("seen")?.value ?? document.getElementById("conversa")?.dataset.version ?? "";

    // The line changes every few seconds; aloud the first saving is told, and what went wrong since.
    const aloud = Object.assign(document.createElement("p"), { className: "sr-only" });
    aloud.setAttribute("role", "status");
    state.after(aloud);
    const tell = (words) => aloud.textContent !== words && (aloud.textContent = words);

    form.querySelector("button[name=rascunho][value='1']")?.remove();
    state.hidden = false;
    state.textContent = NOTHING_YET;

    form.addEventListener("input", touched);
    form.addEventListener("change", touched);
    form.addEventListener("submit", (event) => {
      unschedule();
      leaving = !event.defaultPrevented;
      dirty = false;
      if (leaving) sessionStorage.setItem(sentFrom, shown());
    });
    form.querySelector("[data-discards]")?.form.addEventListener("submit", ({ submitter }) => {
      if (submitter?.dataset.discards === undefined) return; // another text is asked for: these words are kept first
      unschedule();
      leaving = true;
    });
    window.addEventListener("pageshow", () => {
      leaving = false;
      comeBackTo(JSON.parse(sessionStorage.getItem(url) ?? "{}"));
      // Come back to by the browser's button, which fills in again what was sent: pressed once more it would go out twice.
      const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
      const before = sessionStorage.getItem(sentFrom);
      if (back && before !== null && before !== shown()) form.reset();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") leave();
      else if (signedOut) renew();
    });
    window.addEventListener("focus", () => signedOut && renew());
    window.addEventListener("pagehide", leave);
    leavings.push(leave);

    // The last words of the page before may arrive after this page was asked for, and the browser may show them by itself.
    function comeBackTo({ at = 0, name, mark }) {
      sessionStorage.removeItem(url);
      if (Date.now() - at > JUST_LEFT) return;
      if (mark === markOf(form)) goesOnFrom = name;
      else catchUpIn(1000);
    }

    if (form.dataset.touched) {
      dirty = true;
      schedule();
    }

    function touched() {
      untouched = false;
      dirty = true;
      schedule();
    }

    // One saving every few seconds, however fast somebody types: it waits for no pause.
    function schedule() {
      if (dirty && !leaving) timer ??= setTimeout(save, EVERY);
    }

    function unschedule() {
      clearTimeout(timer);
      timer = undefined;
    }

    function written() {
      const data = new FormData(form);
      for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
      if (overwrite) data.set("rascunho", "manter");
      if (goesOnFrom) data.set("rascunho_apos", goesOnFrom);
      return new URLSearchParams([...data.entries()]);
    }

    function leave() {
      if (!(dirty || refused) || leaving || signedOut) return;
      const body = written();
      const name = crypto.randomUUID();
      body.set("rascunho_saida", name);
      if (body.toString().length < BYTES_ON_LEAVING) {
        dirty = refused = false;
        goesOnFrom = name;
        sessionStorage.setItem(url, JSON.stringify({ at: Date.now(), name, mark: markOf(form) }));
        return fetch(url, { method: "POST", body, keepalive: true, redirect: "manual" }).then(answered, failed);
      }
    }

    async function save() {
      timer = undefined;
      if (busy) return schedule();
      busy = true;
      dirty = false;
      try {
        await answered(await fetch(url, { method: "POST", body: written(), redirect: "manual" }));
      } catch {
        failed();
      }
      busy = false;
      schedule();
    }

    async function answered(response) {
      const told = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
      if (response.ok && "versao" in told) {
        field("rascunho_versao").value = told.versao; // 0 where the form is empty: there is no draft
        overwrite = refused = false;
        goesOnFrom = "";
        trouble.replaceChildren();
        state.textContent = told.versao ? `Rascunho salvo ${told.salvo} (horário de Brasília).` : NOTHING_YET;
        tell(told.versao ? "Rascunho salvo." : "");
        if (!told.versao) form.querySelector(".draft-bar")?.remove();
      } else if (response.status === 409) {
        dirty = false;
        refused = true; // no more is tried, but on leaving these words are set aside
        const other = Object.assign(document.createElement("a"), { href: location.pathname, textContent: "Ver o outro texto (abre outra aba)" });
        Object.assign(other, { target: "_blank", rel: "noopener", className: "br-button secondary small" });
        say(`${told.frase} Ele foi salvo ${told.salvo}. O que você escreveu aqui ainda não foi salvo.`, other, again());
      } else if (told.frase) {
        say(told.frase);
      } else if (response.type === "opaqueredirect" || response.status === 403) {
        dirty = signedOut = true;
        const enter = Object.assign(document.createElement("a"), { href: "/conta/entrar/", textContent: "Entrar de novo (abre outra aba)" });
        Object.assign(enter, { target: "_blank", rel: "noopener", className: "br-button secondary small" });
        say("Sua sessão terminou, e o rascunho não está sendo salvo. Entre de novo em outra aba e volte para esta.", enter);
      } else {
        failed();
      }
    }

    function again() {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "br-button secondary small" });
      button.textContent = "Salvar este no lugar do outro";
      button.addEventListener("click", () => {
        overwrite = true;
        trouble.replaceChildren();
        save();
      });
      return button;
    }

    function failed() {
      dirty = true;
      state.textContent = "Não foi possível salvar o rascunho agora. Tentamos de novo em instantes.";
      tell(state.textContent);
    }

    function say(words, ...actions) {
      state.textContent = "O rascunho não está salvo.";
      tell(""); // the alert says it
      const line = Object.assign(document.createElement("p"), { textContent: words });
      trouble.replaceChildren(line, ...actions);
    }

    // Looked for at 1, 3 and 7 s. Never once somebody writes here: what is newer then may be his own.
    function catchUpIn(milliseconds) {
      setTimeout(async () => {
        const response = await fetch(url, { redirect: "manual" }).catch(() => null);
        const { versao, outros } = response?.ok ? await response.json() : {};
        if (!untouched || leaving) return;
        const known = form.querySelectorAll(".draft-others li").length;
        if (versao > Number(field("rascunho_versao").value || 0) || outros > known) location.reload();
        else if (milliseconds * 2 < JUST_LEFT / 2) catchUpIn(milliseconds * 2);
      }, milliseconds);
    }

    // Signed in again elsewhere: this page takes the new token, if it is the same person.
    async function renew() {
      const response = await fetch(url, { redirect: "manual" }).catch(() => null);
      if (!response?.ok) return;
      const { de, csrf } = await response.json();
      if (de !== field("rascunho_de").value) return say("Você entrou com outra conta. O que está aqui não foi salvo nela.");
      for (const token of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) token.value = csrf;
      signedOut = false;
      trouble.replaceChildren();
      save();
    }
  }
})();
