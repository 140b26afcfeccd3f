// What the form of an offering does while it is filled in: asks only what the other answers make needed, writes numbers
// as people read them, takes over the name of a known body. The server judges everything again.

(() => {
  const form = document.querySelector("form[data-carried]");
  if (!form) return;

  // [data-shown-by]: a question that is asked only for some answers to another one.
  const conditional = [...form.querySelectorAll("[data-shown-by]")];
  const answer = (name) => {
    const field = form.elements.namedItem(name);
    if (!field || field.closest("[data-shown-by]")?.hidden) return "";
    return field.type === "checkbox" ? (field.checked ? "sim" : "") : field.value;
  };
  function ask() {
    for (const part of conditional) part.hidden = !JSON.parse(part.dataset.shownFor).includes(answer(part.dataset.shownBy));
  }
  for (const words of form.querySelectorAll(".shown-if")) words.hidden = true;
  form.addEventListener("change", ask);
  ask();

  // [data-mask]: the signs of a number come by themselves while it is written at its end, and when the field is left.
  // What is deleted, or written in the middle, is left alone, so that the cursor stays where it is.
  const parts = (text, ...ends) => ends.map(([from, to]) => text.slice(from, to)).filter(Boolean);
  const digits = (text) => text.replace(/\D/g, "");
  const MASKS = {
    cpf: (text) => joined(parts(digits(text).slice(0, 11), [0, 3], [3, 6], [6, 9], [9, 11]), ".", ".", "-"),
    cnpj: (text) => {
      const signs = text.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, 14);
      return joined(parts(signs, [0, 2], [2, 5], [5, 8], [8, 12], [12, 14]), ".", ".", "/", "-");
    },
    phone: (text) => {
      const number = digits(text).replace(/^(55(?=\d{10})|0(?=[1-9]))/, "").slice(0, 11);
      if (number.length < 3) return number;
      const middle = number.length > 10 ? 7 : 6;
      return `(${number.slice(0, 2)}) ${joined(parts(number, [2, middle], [middle, 11]), "-")}`;
    },
    nup: (text, left) => {
      const number = digits(text).slice(0, 21);
      if (number.length > 17) return joined(parts(number, [0, 7], [7, 15], [15, 19], [19, 21]), ".", "/", "-");
      const year = left && number.length === 15 ? 13 : 15;
      return joined(parts(number, [0, 5], [5, 11], [11, year], [year, 17]), ".", "/", "-");
    },
  };
  function joined(found, ...signs) {
    return found.reduce((text, part, n) => text + signs[n - 1] + part);
  }
  function dress(field, left) {
    // Letters in a number are for the server to explain; only what is a number so far is dressed.
    if (!field.value || (field.dataset.mask !== "cnpj" && /[^\d\s.\-/()+]/.test(field.value))) return;
    const shown = MASKS[field.dataset.mask](field.value, left);
    if (digits(shown).length >= digits(field.value).replace(/^(55|0)/, "").length && shown !== field.value) field.value = shown;
  }
  for (const field of form.querySelectorAll("[data-mask]")) {
    field.addEventListener("input", (event) => {
      const atEnd = field.selectionStart === field.value.length;
      if (atEnd && !event.isComposing && !event.inputType?.startsWith("delete")) dress(field, false);
    });
    field.addEventListener("change", () => dress(field, true));
  }

  // #x-dito says in one sentence what comes up in #x while one writes, each time that it is something else. The same again
  // changes nothing, and nothing is taken away from who is reading it.
  form.addEventListener("htmx:beforeSwap", ({ target, detail }) => {
    const told = document.getElementById(`${target.id}-dito`);
    if (!told) return;
    const fresh = new DOMParser().parseFromString(detail.serverResponse, "text/html").body;
    const read = target.contains(document.activeElement);
    if (read || fresh.textContent.trim() === target.textContent.trim()) detail.shouldSwap = false;
    else told.textContent = fresh.querySelector("[data-said]")?.dataset.said ?? "";
  });

  // [data-fill]: a known body is taken over into the fields of the one outside the list.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    const known = JSON.parse(button.dataset.fill);
    let last;
    for (const [name, value] of Object.entries(known)) {
      const field = form.elements.namedItem(name);
      if (field && value) field.value = value;
      if (field) last ??= field;
    }
    form.querySelector("#known-agencies").replaceChildren();
    form.querySelector("#known-agencies-said").textContent = "Preenchemos com o órgão escolhido. Confira a UF e a esfera.";
    last.focus();
    last.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
