// What JavaScript adds to a page that already works without it.

// [data-copy]: copies the text; it stays hidden where there is no clipboard.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = document.getElementById(button.getAttribute("aria-describedby"));
    if (said) said.textContent = "Copiado.";
  });
}

// A form is sent once: a second press while the answer is on its way does nothing. Coming back by "Voltar" frees it,
// and so does time, for answers that leave the page where it is, such as a download.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The summary of what is wrong is read first.
document.querySelector(".error-summary")?.focus();

// How many characters still fit. Told to screen readers only when typing pauses.
for (const text of document.querySelectorAll("textarea[maxlength]")) {
  const limit = Number(text.getAttribute("maxlength"));
  const shown = Object.assign(document.createElement("p"), { className: "char-count" });
  shown.setAttribute("role", "status");
  text.after(shown);
  let pause;
  const tell = () => {
    const left = limit - text.value.length;
    shown.textContent = left === 1 ? "Resta 1 caractere." : `Restam ${left.toLocaleString("pt-BR")} caracteres.`;
  };
  text.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(tell, 400);
  });
}
