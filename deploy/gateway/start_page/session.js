// Who is logged in, and how the gateway is asked. The access token lives in memory only; the refresh token stays with
// this tab, so that a reload does not ask for the password again.

const REFRESH = "xianfeng.refresh";
const LEAVING_MILLISECONDS = 3000;
let access = null;
let initial = false;

/** A refusal of the platform: its `message` is the sentence people read. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.detail || (status === 0 ? "网络不通，请检查连接后重试。" : `请求没有成功（${status}），请稍后重试。`));
    this.status = status;
  }
}

export const loggedIn = () => access !== null;

/** Whether the password is one the administrator chose: nothing is open before it was changed. */
export const mustChange = () => initial;

/** The claims of the access token: account, person, roles with their scope. They decide what is shown, nothing else. */
export function claims() {
  const part = access.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

export async function logIn(username, password) {
  await obtain({ grant_type: "password", username, password });
}

/** Go on with the session of this tab, if there is one. */
export async function resume() {
  const kept = sessionStorage.getItem(REFRESH);
  if (kept === null) return false;
  try {
    await obtain({ grant_type: "refresh_token", refresh_token: kept });
  } catch (refusal) {
    if (refusal.status >= 400 && refusal.status < 500 && refusal.status !== 429) forget();
    return false;
  }
  return true;
}

/** Change one's own password; the log-in goes on with new tokens, on every other device it ends. */
export async function changePassword(old, fresh) {
  const body = JSON.stringify({ old_password: old, new_password: fresh });
  const headers = { "content-type": "application/json" };
  keep(await read(await ask("/api/identity/password", { method: "POST", headers, body })));
}

/** Forget the tokens here, and end the session where it is kept; who leaves does not wait long for that. */
export async function logOut() {
  const kept = sessionStorage.getItem(REFRESH);
  forget();
  if (kept === null) return;
  const body = new URLSearchParams({ refresh_token: kept });
  const said = send("/api/identity/sign-out", { method: "POST", body, keepalive: true }).catch(() => null);
  await Promise.race([said, new Promise((done) => setTimeout(done, LEAVING_MILLISECONDS))]);
}

function forget() {
  access = null;
  initial = false;
  sessionStorage.removeItem(REFRESH);
}

async function obtain(fields) {
  keep(await read(await send("/api/identity/token", { method: "POST", body: new URLSearchParams(fields) })));
}

function keep(tokens) {
  access = tokens.access_token;
  initial = tokens.must_change;
  sessionStorage.setItem(REFRESH, tokens.refresh_token);
}

let resuming = null;

/** Ask as who is logged in; an expired token is renewed once. */
async function ask(path, options = {}) {
  const asked = () => send(path, { ...options, headers: { ...options.headers, authorization: `Bearer ${access}` } });
  const answer = await asked();
  if (answer.status !== 401) return answer;
  resuming ??= resume().finally(() => { resuming = null; });
  return (await resuming) ? asked() : answer;
}

/** Read one resource; a 429 or 503 is waited for once as long as it asks. */
export async function get(path) {
  let answer = await ask(path);
  if (answer.status === 429 || answer.status === 503) {
    const seconds = Math.min(10, Number(answer.headers.get("retry-after")) || 2);
    await new Promise((done) => setTimeout(done, seconds * 1000));
    answer = await ask(path);
  }
  return read(answer);
}

/** Whether a service says it is ready; open to everyone. */
export async function isReady(service) {
  const answer = await send(`/api/${service}/readyz`, {});
  return answer.ok;
}

async function send(path, options) {
  try {
    return await fetch(path, { ...options, cache: "no-store", credentials: "omit" });
  } catch {
    throw new Refusal(0, null);
  }
}

async function read(answer) {
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refusal(answer.status, body);
  return body;
}
