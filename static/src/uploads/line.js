// What a page with files says to the server, and how it takes a broken line.

const ANSWER_WITHIN = 60_000;

export const PAUSES = [1, 2, 4, 8, 15, 30, 30, 30]; // seconds before each new try on a broken line

export class Refused extends Error {} // with a sentence for the person; trying again does not help
export class Broken extends Error {} // the line, or a server that is not well: trying again helps

// One request. Throws Refused with the server's sentence, or Broken with the status where there was one.
export async function ask(field, path, { headers = {}, signal, ...more }) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_WITHIN);
  const stop = () => late.abort();
  signal?.addEventListener("abort", stop);
  let response;
  let answer;
  try {
    const token = field.form.elements.csrfmiddlewaretoken.value;
    response = await fetch(field.input.dataset.uploads + path, {
      ...more,
      headers: { "X-CSRFToken": token, ...(more.body instanceof ArrayBuffer && { "Content-Type": "application/octet-stream" }), ...headers },
      signal: late.signal,
    });
    answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  } catch {
    throw new Broken("line");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
  if (response.ok) return answer;
  if (response.status === 422) throw new Refused(answer.error);
  throw Object.assign(new Broken("answer"), { status: response.status, answer });
}

// After a new sign-in in another tab this page's token is not the session's any more: every form of the page gets the new one.
export async function renewToken(field) {
  const { token } = await waiting(field, field.place);
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) if (token) input.value = token;
}

export async function waiting(field, place) {
  try {
    return await ask(field, `formulario/${place}/`, { method: "GET" });
  } catch {
    return { files: [], uploads: [] };
  }
}

export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    for (const [target, kind] of [[window, "online"], [signal, "abort"]]) {
      target.addEventListener(kind, () => (clearTimeout(timer), resolve()), { once: true });
    }
  });
}

export function form(facts) {
  return new URLSearchParams(facts);
}
