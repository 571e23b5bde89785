// The view of the server, which the page reads from its own origin: the record of the API, and the
// source of the handlers.

const { role, here } = document.body.dataset;
const source = fetch("/api.rs").then((response) => response.text());

export async function latest() {
  const record = await read();
  return record.at(-1)?.number ?? 0;
}

// The responses for a row after the response with the number `since`.
export async function responses(row, since) {
  const record = await read();
  return record.filter((it) => it.row === row && it.number > since);
}

async function read() {
  return (await fetch("/record")).json();
}

export function reason(sent) {
  const last = sent.at(-1);
  if (!last) return "The API has no record of the request.";
  if (last.allowed) return `The API answered with ${last.status}, and allowed the response.`;
  if (last.method !== "OPTIONS") {
    return `The API answered with ${last.status}, but without ` +
      "`Access-Control-Allow-Origin`. So the browser withholds the response from the page.";
  }
  const denied = last.denied ?? "only a debug build of the API sends the reason";
  return `The API refused the preflight: ${denied}.`;
}

// The attribute that would allow the call, as text and `<ins>` for what is new.
export async function attribute({ handler, init, adds }) {
  const origins = '"http://127.0.0.1:5173", "http://localhost:*"';
  const origin = role === "refused" ? `, "${here}"` : "";
  if (!handler) {
    const name = `${init.method.toLowerCase()}_item`;
    return [inserted(`#[cors(origins = [${origins}${origin}], ${adds})]\nasync fn ${name}(..)`)];
  }
  const [before, after] = (await written(handler)).split(origins);
  const key = adds ? `, ${adds}` : "";
  // `after` begins with the bracket that closes `origins`.
  return [before + origins, inserted(origin), "]", inserted(key), after.slice(1) + "(..)"];
}

async function written(handler) {
  const attributes = (await source).matchAll(/#\[cors\([^]*?\)\]\nasync fn (\w+)/g);
  for (const [text, name] of attributes) if (name === handler) return text;
}

function inserted(text) {
  const element = document.createElement("ins");
  element.textContent = text;
  return element;
}
