// The API with the session of who is signed in. The session lies in this tab alone, and ends with it.
import { language } from "./words.js";

const STORED = "hourledger.session";

export class Problem extends Error {
  constructor(status, document) {
    const title = language === "en" ? document.title : document.title_zh;
    super(title ?? String(status));
    this.status = status;
    this.code = document.code;
  }
}

export const session = () => JSON.parse(sessionStorage.getItem(STORED) ?? "null");

export const endSession = () => sessionStorage.removeItem(STORED);

export async function call(method, path, body) {
  const known = session();
  /** @type {Record<string, string>} */
  const headers = known ? { Authorization: `Bearer ${known.secret}` } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(`/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (answer.ok) return answer;
  if (answer.status === 401) endSession();
  const text = await answer.text();
  throw new Problem(answer.status, text.startsWith("{") ? JSON.parse(text) : {});
}

export const ask = async (method, path, body) => (await call(method, path, body)).json();

// All items of a list that comes in pages.
export async function all(path) {
  const items = [];
  for (let after = -1; after !== null;) {
    const page = await ask("GET", `${path}?after=${after}&limit=1000`);
    items.push(...page.items);
    after = page.next;
  }
  return items;
}

export async function signIn(signer) {
  endSession();
  const { message } = await ask("POST", "/sign-in/challenge", { address: signer.address });
  const signature = await signer.signText(message);
  const found = await ask("POST", "/sign-in", { message, signature });
  sessionStorage.setItem(STORED, JSON.stringify(found));
}

export async function signOut() {
  try {
    await call("DELETE", "/sign-in");
  } finally {
    endSession();
  }
}
