// Scripts go into the open composer, below what was typed; "@nome" in a note ticks a colleague. Without this file
// the links lead to the workbench with the words filled in, and colleagues are ticked by hand.
(() => {
  const words = document.getElementById("id_write_words");
  if (!words) return;
  const form = words.form;

  document.addEventListener("click", (event) => {
    const use = event.target.closest("a[data-words]");
    if (!use || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    words.value = [words.value.trimEnd(), use.dataset.words].filter(Boolean).join("\n\n");
    form.elements.used_script.value = use.dataset.script;
    const open = document.getElementById("kind-publica");
    if (open && !open.checked) open.click();
    words.dispatchEvent(new Event("input", { bubbles: true }));
    words.focus();
  });

  const told = new Set();

  // Once for each name: whoever unticks a colleague again means it.
  function call(typed) {
    const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const boxes = [...document.querySelectorAll("#lista-colegas input[data-name]")];
    if (!boxes.length || told.has(folded(typed))) return;
    told.add(folded(typed));
    const named = boxes.filter((box) => folded(box.dataset.name).split(" ")[0] === folded(typed));
    const said = document.getElementById("colegas-dito");
    if (named.length === 1) named[0].checked = true;
    if (named.length === 1) said.textContent = `Aviso para: ${named[0].dataset.name}.`;
    else if (named.length) said.textContent = `Há mais de uma pessoa com o nome @${typed}. Marque na lista quem você quer avisar.`;
    else said.textContent = `Ninguém da equipe tem o nome @${typed}. Veja a lista.`;
  }

  // Who types fast has named somebody before the list is there; what is pasted has no end that is typed.
  const callAll = (end) => {
    for (const [, typed] of words.value.matchAll(end)) call(typed);
  };
  const ENDED = /(?<!\S)@(\p{L}+)(?=[\s,.;:!?])/gu;
  const ANY = /(?<!\S)@(\p{L}+)/gu;
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "colegas") callAll(ENDED);
  });
  words.addEventListener("blur", () => callAll(ANY));

  words.addEventListener("input", () => {
    document.getElementById("previa")?.replaceChildren(); // it shows what stood there before
    const note = document.getElementById("kind-interna");
    if (note && !note.checked) return;
    if (/(?<!\S)@(\p{L}|$)/u.test(words.value)) document.getElementById("avisar")?.click();
    callAll(ENDED);
  });
})();
