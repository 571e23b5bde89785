// The requests of the page. `expected` is for the allowed origin. On the refused page, the browser
// blocks every response. `adds` is the part that the attribute of `handler` would need.

import { header, readable, visitor } from "./outcomes.js";

export const BLOCKED = "blocked by the browser";

const { api } = document.body.dataset;
const json = { "content-type": "application/json" };
let created = 1; // the item that the POST made, for the DELETE to remove

export const calls = [
  {
    name: "simple-get", handler: "list",
    does: "Read the list of items.",
    path: () => "/items",
    init: {},
    expected: "200, body readable",
  },
  {
    name: "json-post", handler: "create",
    does: "Add an item. A form cannot send JSON, so the browser sends a preflight first.",
    path: () => "/items",
    init: { method: "POST", headers: json, body: '{"name":"Spanner"}' },
    preflight: true,
    expected: "201, body readable",
    outcome: async (response) => {
      created = (await response.clone().json()).id;
      return readable(response);
    },
  },
  {
    name: "custom-header-put", handler: "update",
    does: "Rename an item, with a header of the API's own.",
    path: () => "/items/1",
    init: { method: "PUT", headers: { ...json, "x-editor": "demo" }, body: '{"name":"Mallet"}' },
    preflight: true,
    expected: "200, body readable",
  },
  {
    name: "delete", handler: "remove",
    does: "Remove the item added above.",
    path: () => `/items/${created}`,
    init: { method: "DELETE" },
    preflight: true,
    expected: "204, status readable",
  },
  {
    name: "with-cookie", handler: "who_am_i",
    does: "Ask who is signed in, with the API's cookie.",
    path: () => "/session",
    init: { credentials: "include" },
    // If the sign-in fails, the row has no cookie.
    before: () => fetch(`${api}/session`, { method: "POST", credentials: "include" }).catch(() => {}),
    expected: "200, a cookie arrived",
    outcome: visitor,
  },
  {
    name: "any-header-put", handler: "rename",
    does: "Change the name, with the cookie and a header of any name.",
    path: () => "/session",
    init: { method: "PUT", credentials: "include", headers: { "x-anything": "1" } },
    preflight: true,
    expected: "200, a cookie arrived",
    outcome: visitor,
  },
  {
    name: "without-cookie", handler: "who_am_i",
    does: "Ask who is signed in, without credentials, which is the default.",
    path: () => "/session",
    init: {},
    expected: "200, no cookie arrived",
    outcome: visitor,
  },
  {
    name: "unauthorized", handler: "report",
    does: "Read a report without a token. The auth layer answers, and not the handler.",
    path: () => "/staff/report",
    init: {},
    expected: "401, body readable",
  },
  {
    name: "authorized", handler: "report",
    does: "Read the report with a token. The preflight has no token, and is answered outside of the auth layer.",
    path: () => "/staff/report",
    init: { headers: { authorization: "Bearer demo" } },
    preflight: true,
    expected: "200, body readable",
  },
  {
    name: "not-found", handler: "show",
    does: "Ask for an item that does not exist.",
    path: () => "/items/4040",
    init: {},
    expected: "404, body readable",
  },
  {
    name: "unprocessable", handler: "create",
    does: "Send JSON without a required field. axum rejects it before the handler runs.",
    path: () => "/items",
    init: { method: "POST", headers: json, body: "{}" },
    preflight: true,
    expected: "422, body readable",
  },
  {
    name: "exposed-header", handler: "list",
    does: "Read a response header that the policy exposes.",
    path: () => "/items",
    init: {},
    expected: "200, x-total-count readable",
    outcome: (response) => header(response, "x-total-count"),
  },
  {
    name: "unexposed-header", handler: "list",
    does: "Read a response header that the policy does not expose.",
    path: () => "/items",
    init: {},
    expected: "200, x-build hidden",
    outcome: (response) => header(response, "x-build"),
  },
  {
    name: "refused-method",
    does: "Use a method that no handler of this path serves.",
    path: () => "/items/1",
    init: { method: "PATCH", headers: json, body: "{}" },
    preflight: true,
    expected: BLOCKED,
    adds: 'headers = ["content-type"]',
  },
  {
    name: "refused-header", handler: "show",
    does: "Send a header that the policy does not list.",
    path: () => "/items/1",
    init: { headers: { "x-secret": "1" } },
    preflight: true,
    expected: BLOCKED,
    adds: 'headers = ["x-secret"]',
  },
];
