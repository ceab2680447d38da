// Who is logged in, and how the gateway is asked. The access token lives in memory only; the refresh token stays with
// this tab, so that a reload does not ask for the password again.

const REFRESH = "xianfeng.refresh";
let access = null;

/** A refusal of the platform: its `message` is the sentence people read. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.detail || (status === 0 ? "网络不通，请检查连接后重试。" : `请求没有成功（${status}），请稍后重试。`));
    this.status = status;
  }
}

export const loggedIn = () => access !== null;

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
    if (refusal.status >= 400 && refusal.status < 500 && refusal.status !== 429) logOut();
    return false;
  }
  return true;
}

export function logOut() {
  access = null;
  sessionStorage.removeItem(REFRESH);
}

async function obtain(fields) {
  const answer = await send("/api/identity/token", { method: "POST", body: new URLSearchParams(fields) });
  const tokens = await read(answer);
  access = tokens.access_token;
  if (tokens.refresh_token) sessionStorage.setItem(REFRESH, tokens.refresh_token);
}

let resuming = null;

/** Read one resource; an expired token is renewed once, a 429 or 503 is waited for once as long as it asks. */
export async function get(path) {
  let answer = await send(path, { headers: { authorization: `Bearer ${access}` } });
  if (answer.status === 401) {
    resuming ??= resume().finally(() => { resuming = null; });
    if (await resuming) answer = await send(path, { headers: { authorization: `Bearer ${access}` } });
  }
  if (answer.status === 429 || answer.status === 503) {
    const seconds = Math.min(10, Number(answer.headers.get("retry-after")) || 2);
    await new Promise((done) => setTimeout(done, seconds * 1000));
    answer = await send(path, { headers: { authorization: `Bearer ${access}` } });
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
