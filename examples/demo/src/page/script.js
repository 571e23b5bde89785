import { BLOCKED, calls } from "./calls.js";
import { readable } from "./outcomes.js";
import { attribute, latest, reason, responses } from "./server.js";

const { role, here, api } = document.body.dataset;
const other = role === "allowed" ? "refused" : "allowed";
const summary = document.getElementById("summary");
const again = document.getElementById("again");
const rows = calls.map(append);

document.getElementById("other-role").textContent = other;
document.getElementById("intended").textContent = intended();
again.addEventListener("click", runAll);
// Under another name of the same machine, the page has another origin than the text says.
if (location.origin === here) runAll();
else location.replace(here);

function intended() {
  const blocked = calls.filter((call) => expected(call) === BLOCKED).length;
  if (blocked === calls.length) return "On this page, every request should be blocked.";
  return `On this page, ${calls.length - blocked} requests should succeed, and ${blocked} should be blocked.`;
}

async function runAll() {
  if (document.body.dataset.running) return;
  document.body.dataset.running = true;
  document.body.dataset.state = summary.dataset.state = "running";
  summary.textContent = "running";
  // A disabled button would lose the focus.
  again.ariaDisabled = "true";
  rows.forEach((row) => show(row, "pending"));

  let passed = 0;
  // In order: some rows need the result of an earlier row.
  for (const [index, call] of calls.entries()) passed += await runRow(rows[index], call);

  summary.textContent = `${passed} of ${calls.length} as expected`;
  summary.dataset.state = passed === calls.length ? "pass" : "fail";
  again.ariaDisabled = "false";
  delete document.body.dataset.running;
  document.body.dataset.state = "done";
}

async function runRow(row, call) {
  write(row, { request: requestLines(call) }); // the path of the DELETE was not known before
  const since = await latest();
  const [actual, detail] = await run(call);
  const pass = actual === expected(call);
  show(row, pass ? "pass" : "fail", actual, detail);
  await explain(row, call, actual, since);
  return pass;
}

async function run({ name, path, init, before, outcome = readable }) {
  try {
    await before?.();
    // The API ignores the query. The record of the API has it.
    return await outcome(await fetch(`${api}${path()}?row=${name}`, init));
  } catch (error) {
    return failure(error);
  }
}

// For a page, a refusal and a server that is down are the same TypeError. A request whose response
// the page does not read (`no-cors`) shows whether the server is up.
async function failure(error) {
  const up = await fetch(`${api}/items`, { mode: "no-cors" }).then(() => true, () => false);
  return [up ? BLOCKED : "the API does not answer", String(error)];
}

async function explain(row, call, actual, since) {
  const sent = await responses(call.name, since);
  const statuses = sent.map(({ method, status }) => `${method} ${status}`);
  write(row, { server: `API: ${statuses.join(", ") || "no response"}` });
  if (actual !== BLOCKED) return;
  // The odd parts are names in backticks.
  const parts = reason(sent).split("`").map((part, index) => (index % 2 ? code(part) : part));
  row.querySelector(".why").replaceChildren(...parts);
  const text = await attribute(call);
  row.querySelector(".attribute").replaceChildren(...text);
  row.querySelector("details").hidden = false;
}

// The table

function append(call) {
  const body = document.querySelector("tbody");
  body.append(document.getElementById("row").content.cloneNode(true));
  const row = body.lastElementChild;
  row.dataset.name = call.name;
  const texts = { does: call.does, request: requestLines(call), expected: expected(call), note: note(call) };
  write(row, texts);
  return row;
}

function code(text) {
  const element = document.createElement("code");
  element.textContent = text;
  return element;
}

function write(row, texts) {
  for (const [name, text] of Object.entries(texts)) row.querySelector(`.${name}`).textContent = text;
}

function expected(call) {
  return role === "allowed" ? call.expected : BLOCKED;
}

function note(call) {
  if (expected(call) !== BLOCKED) return "";
  return call.preflight ? "The preflight is refused, and the request is not sent." : "The request is sent, and the response is withheld.";
}

function requestLines({ path, init }) {
  const headers = Object.entries(init.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const cookies = init.credentials === "include" ? ["with cookies"] : [];
  return [`${init.method ?? "GET"} ${path()}`, ...headers, ...cookies].join("\n");
}

function show(row, state, actual = "", detail = "") {
  row.dataset.state = state;
  row.querySelector("details").hidden = true;
  write(row, { actual, detail, mark: state, server: "", why: "" });
}
