// The board of today asks by itself for its figures: every half minute, not while nobody looks, and not once it is
// stopped (WCAG 2.2.2). It says aloud only that figures changed, and goes on after a night without a line.
(() => {
  const EVERY = 30_000;
  const board = document.getElementById("painel");
  if (!board) return;
  const said = document.getElementById("painel-dito");
  const hour = document.getElementById("painel-hora");
  const pause = document.getElementById("painel-pausa");
  const clock = new Intl.DateTimeFormat("pt-BR", { hour: "numeric", minute: "2-digit", timeZone: "America/Sao_Paulo" });
  const now = () => clock.format(new Date()).replace(":", "h");
  let version = "";
  let timer;
  let stopped = false;

  async function ask() {
    clearTimeout(timer);
    try {
      const answer = await fetch(board.dataset.part, {
        cache: "no-store",
        credentials: "same-origin",
        redirect: "manual",
        headers: version ? { "If-None-Match": version } : {},
      });
      if (answer.status === 200) {
        const first = version === "";
        version = answer.headers.get("ETag") ?? "";
        show(await answer.text(), first);
      } else if (answer.type === "opaqueredirect" || (answer.status >= 400 && answer.status < 500)) {
        said.textContent = hour.textContent = "O painel parou: entre de novo no portal.";
        stopped = true;
        return;
      }
      if (answer.status < 500) hour.textContent = `Atualizado às ${now()} (horário de Brasília)`;
    } catch {
      hour.textContent = `Sem ligação com o portal desde as ${now()}`;
    }
    wait();
  }

  function show(html, first) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const focused = board.contains(document.activeElement);
    if (!first && fresh.textContent !== board.textContent) said.textContent = `Números atualizados às ${now()}.`;
    board.replaceChildren(...fresh.childNodes);
    if (focused) board.querySelector("[tabindex]")?.focus({ preventScroll: true });
  }

  function wait() {
    clearTimeout(timer);
    if (!stopped && !document.hidden) timer = setTimeout(ask, EVERY);
  }

  pause.hidden = false;
  pause.addEventListener("click", () => {
    stopped = !stopped;
    pause.querySelector("span").textContent = stopped ? "Voltar a atualizar" : "Parar de atualizar";
    if (stopped) clearTimeout(timer);
    else ask();
  });
  document.addEventListener("visibilitychange", () => (document.hidden || stopped ? clearTimeout(timer) : ask()));
  hour.textContent = `Atualizado às ${now()} (horário de Brasília)`;
  wait();
})();
