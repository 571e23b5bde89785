// The part of a response that a page can read: [in the words of `expected`, the details].

export async function readable(response) {
  const body = await response.text();
  return [`${response.status}, ${body ? "body" : "status"} readable`, body];
}

export async function visitor(response) {
  const body = await response.text();
  const cookie = JSON.parse(body).visitor ? "a" : "no";
  return [`${response.status}, ${cookie} cookie arrived`, body];
}

export function header(response, name) {
  const value = response.headers.get(name);
  const state = value === null ? "hidden" : "readable";
  return [`${response.status}, ${name} ${state}`, `${name}: ${value}`];
}
