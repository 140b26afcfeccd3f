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

// [data-print]: opens the browser's printing; without JavaScript there is the browser's own menu.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A form is sent once: a second press while the answer is on its way does nothing. Coming back by "Voltar" frees it,
// and so does time, for answers that leave the page where it is, such as a download. Heard at the document, for forms
// that are fetched into the page too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What a form was answered stands at the address that it was sent to: Back and reloading would ask to send it again.
const goesBy = document.querySelector("link[data-goes-by]");
if (goesBy) history.replaceState(history.state, "", goesBy.href);

// The summary of what is wrong is read first.
document.querySelector(".error-summary")?.focus();

// How many characters still fit. Told to screen readers only when typing pauses.
function count(text) {
  if (text.nextElementSibling?.matches(".char-count")) return; // what was fetched stands among what is counted already
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

function dress(place) {
  place.querySelectorAll("textarea[maxlength], input[data-counted]").forEach(count);
}
dress(document);
document.addEventListener("htmx:afterSettle", ({ target }) => dress(target)); // what is fetched into the page

// form[data-carried]: choosing another sphere, product or type keeps what was typed, in this tab, for this person, once.
const carriedForm = document.querySelector("form[data-carried]");
if (carriedForm) {
  const key = `levado-${carriedForm.dataset.carried}`;
  const fields = () => [...carriedForm.elements].filter(({ name, type }) => name && !["hidden", "file", "submit"].includes(type));
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  sessionStorage.removeItem(key);
  for (const field of fields()) {
    const value = kept[field.name];
    if (value === undefined) continue;
    if (field.type === "checkbox") field.checked = value;
    else if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value)) field.value = value;
    carriedForm.dataset.touched = "1"; // for the script that saves drafts, which comes later
  }
  for (const link of document.querySelectorAll("[data-keeps-draft]")) {
    link.addEventListener("click", () => {
      const typed = fields().map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]);
      sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(typed.filter(([, value]) => value))));
    });
  }
}
