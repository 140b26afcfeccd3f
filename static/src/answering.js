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

  function call(typed) {
    const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const boxes = [...document.querySelectorAll("#lista-colegas input[data-name]")];
    const named = boxes.filter((box) => folded(box.dataset.name).split(" ")[0] === folded(typed));
    if (named.length !== 1 || named[0].checked) return;
    named[0].checked = true;
    document.getElementById("colegas-dito").textContent = `${named[0].dataset.name} será avisado.`;
  }

  // Who types fast has named somebody before the list is there.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "colegas") return;
    for (const [, typed] of words.value.matchAll(/(?<!\S)@(\p{L}+)(?=[\s,.;:!?])/gu)) call(typed);
  });

  words.addEventListener("input", () => {
    document.getElementById("previa")?.replaceChildren(); // it shows what stood there before
    const note = document.getElementById("kind-interna");
    if (note && !note.checked) return;
    const before = words.value.slice(0, words.selectionStart);
    if (/(^|\s)@$/.test(before)) document.getElementById("avisar")?.click();
    const typed = before.match(/(?:^|\s)@(\p{L}+)[\s,.;:!?]$/u);
    if (typed) call(typed[1]);
  });
})();
