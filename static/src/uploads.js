// Files go up in pieces while the form is still being filled in: input[type=file][data-permit].
//
// Without this script the input sends its files with the form. With it they go to data-uploads one by one, wait there
// on the form (data-place), and only then may the form be sent. A broken line is tried again; a page loaded anew finds
// its files, and goes on with one half sent when the same file is chosen again.

import { waiting } from "./uploads/line.js";
import { made, Row } from "./uploads/row.js";

const fields = [];

class Field {
  constructor(input) {
    this.input = input;
    this.form = input.form;
    this.rows = [];
    this.running = null;
    this.box = input.closest(".field");
    const zone = input.parentElement;
    zone.classList.add("upload-zone");
    zone.append(made("p", "upload-hint", "Você também pode arrastar arquivos para cá ou colar uma imagem copiada (Ctrl+V)."));
    this.list = made("ul", "upload-list");
    this.list.setAttribute("aria-label", "Arquivos deste formulário");
    this.list.hidden = true;
    this.note = made("p", "upload-note");
    this.note.setAttribute("role", "status");
    zone.after(this.list, this.note);
    input.addEventListener("change", () => {
      this.add([...input.files]);
      input.value = "";
    });
    this.takeOverKept();
  }

  // What the server listed stands in the same list as what goes up now, with a button instead of a box to tick.
  takeOverKept() {
    const kept = this.box.querySelector(".kept-files");
    for (const item of kept?.querySelectorAll("[data-file]") ?? []) {
      const { file, name, size, scan } = item.dataset;
      this.show(new Row(this, { id: file, name, size: Number(size) })).done(scan);
    }
    kept?.remove();
    const half = this.box.querySelector(".half-files");
    for (const item of half?.querySelectorAll("[data-upload]") ?? []) {
      const { upload, name, size, mark, received } = item.dataset;
      this.show(new Row(this, { id: upload, name, size: Number(size), mark, received: Number(received) }));
    }
    half?.remove();
  }

  get place() {
    return this.input.dataset.place;
  }

  show(row) {
    this.rows.push(row);
    this.list.append(row.element);
    this.list.hidden = false;
    return row;
  }

  add(files) {
    let fresh = 0;
    for (const file of files) {
      const half = this.rows.find((row) => row.state === "half" && row.continues(file));
      if (half) half.begin(file);
      else if (!this.rows.some((row) => row.state !== "wrong" && row.continues(file))) {
        this.show(new Row(this, { name: file.name, size: file.size })).begin(file);
        fresh += 1;
      } else this.say(`${file.name} já está na lista.`);
    }
    if (fresh) this.say(fresh === 1 ? `Enviando ${files.at(-1).name}.` : `Enviando ${fresh} arquivos.`);
    this.run();
  }

  // The server knew the file by a tidier name: its half-sent row is this one.
  replaces(row) {
    for (const half of this.rows.filter((other) => other !== row && other.id === row.id)) {
      this.rows.splice(this.rows.indexOf(half), 1);
      half.element.remove();
    }
  }

  // One after the other: a slow line is not made slower, and the server keeps a place for each person.
  async run() {
    if (this.running) return;
    let next;
    while ((next = this.rows.find((row) => row.state === "waiting"))) {
      this.running = next;
      await next.send();
    }
    this.running = null;
    this.goOn();
  }

  goOn() {
    sendHeld(this.form);
  }

  // Aloud only where the words stand in the list already.
  say(text, aloudOnly = false) {
    this.note.classList.toggle("sr-only", aloudOnly);
    this.note.textContent = text;
  }

  changed() {
    remember(this.form);
    this.list.dispatchEvent(new Event("change", { bubbles: true })); // a draft is saved with its files
  }

  count() {
    const done = this.rows.filter((row) => row.state === "done").length;
    return `${done} de ${this.rows.length}`;
  }
}

// Sending the form waits for its files; what was refused must be removed first, so that nobody thinks that it went along.
const held = new WeakMap();

function hold(event) {
  const form = event.currentTarget;
  if (event.submitter?.matches("[data-discards]")) {
    sessionStorage.removeItem(keyOf(form));
    return;
  }
  const mine = fields.filter((field) => field.form === form);
  const rows = mine.flatMap((field) => field.rows);
  const wrong = rows.find((row) => ["wrong", "stopped", "half"].includes(row.state));
  const busy = rows.filter((row) => ["waiting", "sending"].includes(row.state)).length;
  if (!wrong && !busy) {
    if (rows.length) remember(form, true);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (wrong) {
    wrong.field.say(`Nada foi enviado ainda: ${wrong.name} não foi recebido. Remova-o da lista, ou tente de novo.`);
    (wrong.retry.hidden ? wrong.removal : wrong.retry).focus();
    return;
  }
  held.set(form, event.submitter);
  const what = busy === 1 ? "1 arquivo" : `${busy} arquivos`;
  mine.at(-1).say(`Falta receber ${what}. O formulário segue sozinho quando terminar.`);
}

function sendHeld(form) {
  const rows = fields.filter((field) => field.form === form).flatMap((field) => field.rows);
  if (!held.has(form) || rows.some((row) => ["waiting", "sending"].includes(row.state))) return;
  const submitter = held.get(form);
  held.delete(form);
  form.requestSubmit(submitter);
}

// A page loaded anew has a new form_id; in this tab it goes back to the one on which its files wait.
const keyOf = (form) => `envios ${location.pathname} ${form.elements.form_id.id}`;

function remember(form, sent = false) {
  const mine = fields.filter((field) => field.form === form);
  const places = Object.fromEntries(mine.map(({ input }) => [input.name, { place: input.dataset.place, permit: input.dataset.permit }]));
  sessionStorage.setItem(keyOf(form), JSON.stringify({ id: form.elements.form_id.value, sent, places }));
}

async function restore(form) {
  const key = keyOf(form);
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  const mine = fields.filter((field) => field.form === form);
  const same = kept?.id === form.elements.form_id.value;
  // A form that shows files of its own is another draft, and stays what it is.
  if (!kept || (!same && mine.some((field) => field.rows.length))) return;
  const found = [];
  for (const field of mine) found.push([field, await waiting(field, kept.places[field.input.name]?.place)]);
  if (!same && mine.some((field) => field.rows.length)) return; // files were chosen meanwhile
  const any = found.some(([, { files, uploads }]) => files.length || (uploads.length && !kept.sent));
  if (!any) {
    sessionStorage.removeItem(key);
    return;
  }
  if (!same) form.elements.form_id.value = kept.id;
  for (const [field, { files, uploads }] of found) {
    if (!same) Object.assign(field.input.dataset, kept.places[field.input.name]);
    const fresh = ({ id }) => !field.rows.some((row) => row.id === id);
    for (const file of files.filter(fresh)) field.show(new Row(field, file)).done(file.scan);
    for (const upload of uploads.filter(fresh)) field.show(new Row(field, upload));
  }
}

// Dragging and pasting: to the field of the form that one is in, else to the only one that is open.
function fieldFor(target) {
  const form = target?.closest?.("form") ?? document.activeElement?.closest("form");
  const open = fields.filter((field) => field.input.offsetParent);
  return open.find((field) => field.form === form) ?? (open.length === 1 ? open[0] : null);
}

function dropped(transfer) {
  const items = [...(transfer.items ?? [])].filter((item) => item.kind === "file");
  const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory).length;
  const files = items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile());
  return { files: items.length ? files.filter(Boolean) : [...transfer.files], folders };
}

function listen() {
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (field) => fields.forEach((each) => each.input.parentElement.classList.toggle("is-over", each === field));
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // else the browser leaves the page and opens the file
    mark(fieldFor(event.target));
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget ?? mark(null));
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(null);
    const field = fieldFor(event.target);
    const { files, folders } = dropped(event.dataTransfer);
    if (field && files.length) field.add(files);
    if (field && folders) field.say("Pastas não podem ser anexadas. Anexe os arquivos, ou um arquivo zip.");
  });
  document.addEventListener("paste", (event) => {
    const { types, files } = event.clipboardData;
    // Text copied from an editor or a spreadsheet comes with a picture of itself: the text is what was meant.
    if (!files.length || types.includes("text/plain")) return;
    const field = fieldFor(event.target);
    if (!field) return;
    event.preventDefault();
    field.add([...files].map(named));
  });
  addEventListener("beforeunload", (event) => {
    if (fields.some((field) => field.running)) event.preventDefault();
  });
}

// Every pasted screenshot is called image.png: the time tells them apart.
function named(file) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const now = new Date();
  const stamp = [now.getFullYear(), now.getMonth() + 1, now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds()];
  const name = `captura-${stamp.map((part) => String(part).padStart(2, "0")).join("-")}.${file.name.split(".").pop()}`;
  return new File([file], name, { type: file.type, lastModified: now.getTime() });
}

function take(place) {
  const inputs = [...place.querySelectorAll("input[type=file][data-permit]")];
  const fresh = inputs.filter((input) => !fields.some((field) => field.input === input)).map((input) => new Field(input));
  if (fresh.length && !fields.length) listen();
  fields.push(...fresh);
  for (const sender of new Set(fresh.map((field) => field.form))) {
    sender.addEventListener("submit", hold, { capture: true });
    restore(sender);
  }
}

take(document);
document.addEventListener("htmx:afterSettle", ({ target }) => take(target)); // what is fetched into the page
