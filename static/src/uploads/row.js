// One file in the list of a form: how it goes up, what came of it, and its way out again.

import { ask, form, pause, PAUSES, Refused, renewToken } from "./line.js";

const PIECE = { first: 128 * 1024, least: 16 * 1024, most: 512 * 1024 };

export class Row {
  constructor(field, { id = null, name, size, mark = "", received = 0 }) {
    Object.assign(this, { field, id, name, size, mark, received, state: "half" });
    this.element = made("li", "upload");
    this.text = made("span", "upload-state muted");
    this.progress = made("progress", "upload-progress");
    this.progress.max = size || 1;
    this.progress.setAttribute("aria-label", `Envio de ${name}`);
    this.retry = button("Tentar de novo", `o envio de ${name}`, () => this.again());
    this.removal = button("Remover", name, () => this.remove());
    this.element.append(made("span", "upload-name", name), made("span", "muted", `(${bytes(size)})`));
    this.element.append(this.progress, this.text, this.retry, this.removal);
    const percent = Math.floor((100 * received) / (size || 1));
    this.draw("half", `O envio parou em ${percent}%. Escolha o mesmo arquivo de novo para continuar de onde parou.`);
  }

  draw(state, text, problem = false) {
    this.state = state;
    this.text.textContent = text;
    this.text.classList.toggle("upload-problem", problem);
    this.element.classList.toggle("is-wrong", state === "wrong" || state === "stopped");
    this.progress.hidden = !["waiting", "sending", "half"].includes(state);
    this.progress.value = this.received;
    this.retry.hidden = state !== "stopped";
  }

  continues(file) {
    return this.name === file.name && this.size === file.size && (!this.mark || this.mark === String(file.lastModified));
  }

  begin(file) {
    this.file = file;
    this.mark = String(file.lastModified);
    this.draw("waiting", "Na fila.");
  }

  again() {
    if (!this.file) return;
    this.draw("waiting", "Na fila.");
    this.removal.focus();
    this.field.run();
  }

  done(scan) {
    this.received = this.size;
    if (scan === "infected") this.draw("wrong", "O antivírus encontrou um vírus neste arquivo. Remova-o da lista.", true);
    else this.draw("done", scan === "held" ? "Recebido. O antivírus ainda vai verificá-lo." : "Recebido.");
    return this;
  }

  async send() {
    this.stop = new AbortController();
    let broken = 0;
    let lost = 0;
    this.draw("sending", "Enviando…");
    while (this.state === "sending") {
      try {
        await this.sendPieces(() => (broken = 0));
      } catch (problem) {
        if (this.stop.signal.aborted) return;
        if (problem instanceof Refused) this.fail("wrong", problem.message);
        else if (problem.status === 409) this.received = problem.answer.received;
        else if (problem.status === 404 && lost++ < 2) Object.assign(this, { id: null, received: 0 });
        else if (problem.status === 403 && lost++ < 2) await renewToken(this.field);
        else if (problem.status === 401) this.fail("stopped", problem.answer.error ?? "Sua sessão terminou.");
        else if (broken < PAUSES.length) {
          if (broken === 1) this.field.say(`A conexão falhou. O envio de ${this.name} continua assim que ela voltar.`);
          this.text.textContent = "A conexão falhou. Tentando de novo…";
          await pause(PAUSES[broken++] * 1000, this.stop.signal);
        } else this.fail("stopped", "A conexão falhou muitas vezes. O que já foi enviado está guardado.");
      }
    }
  }

  async sendPieces(moved) {
    const { permit } = this.field.input.dataset;
    if (!this.id) {
      const begun = await this.post("", form({ permit, name: this.name, size: this.size, mark: this.mark }));
      Object.assign(this, { id: begun.id, received: begun.received });
      this.field.replaces(this);
      this.field.changed();
    }
    let length = PIECE.first;
    while (this.received < this.size) {
      const content = await this.read(this.received, length);
      const started = performance.now();
      const { received } = await this.post(`${this.id}/parte/`, content, { "Upload-Offset": this.received });
      moved();
      const took = performance.now() - started;
      if (took < 1000) length = Math.min(PIECE.most, length * 2);
      if (took > 4000) length = Math.max(PIECE.least, length / 2);
      this.received = received;
      this.draw("sending", `Enviando… ${Math.floor((100 * received) / this.size)}%`);
    }
    const { scan } = await this.post(`${this.id}/concluir/`, form({ permit }));
    this.done(scan);
    this.field.say(`${this.name} recebido. Prontos: ${this.field.count()}.`);
    this.field.changed();
  }

  async read(start, length) {
    try {
      return await this.file.slice(start, start + length).arrayBuffer();
    } catch {
      throw new Refused("O arquivo mudou ou não pode mais ser lido. Remova-o e escolha-o de novo.");
    }
  }

  post(path, body, headers = {}) {
    return ask(this.field, path, { method: "POST", body, headers, signal: this.stop.signal });
  }

  fail(state, sentence) {
    this.draw(state, sentence, true);
    this.field.say(`${this.name}: ${sentence}`, true);
    if (state === "wrong") this.id = null;
  }

  // The focus goes to what stands where the row stood.
  async remove() {
    const rows = this.field.rows;
    const place = rows.indexOf(this);
    this.stop?.abort();
    this.state = "removed";
    rows.splice(place, 1);
    this.element.remove();
    this.field.list.hidden = !rows.length;
    (rows[place] ?? rows[place - 1])?.removal.focus();
    if (!rows.length) this.field.input.focus();
    this.field.say(`${this.name} removido.`);
    if (this.id) await this.takeBack();
    this.field.changed();
    this.field.goOn();
  }

  // Where the line is broken just now the file comes back into the list, so that nothing is sent that was removed.
  async takeBack() {
    this.stop = new AbortController();
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.post(`${this.id}/remover/`, form({}));
      } catch (problem) {
        if (problem.status === 404) return null;
        if (problem.status === 403 && tries < 2) await renewToken(this.field);
        else if (tries < 3) await pause(PAUSES[tries] * 1000, this.stop.signal);
        else {
          this.field.show(this);
          return this.draw("done", "Não foi possível remover agora. Tente de novo.", true);
        }
      }
    }
  }
}

export function made(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function button(label, what, press) {
  const element = made("button", "br-button secondary small", label);
  element.type = "button";
  element.append(made("span", "sr-only", ` ${what}`));
  element.addEventListener("click", press);
  return element;
}

function bytes(size) {
  const [amount, unit] = size < 1024 ** 2 ? [Math.max(1, Math.round(size / 1024)), "kB"] : [size / 1024 ** 2, "MB"];
  return `${amount.toLocaleString("pt-BR", { maximumFractionDigits: 1 })} ${unit}`;
}
