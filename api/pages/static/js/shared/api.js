// The API with the session of who is signed in. The session lies in this tab alone, and ends with it.
import { language } from "./words.js";

/** @import { Challenge, SignedIn } from "../answers.d.ts" */
/** @import { Signer } from "../shapes.d.ts" */

/** @typedef {{ items: unknown[], next: number | null }} Page */

const STORED = "hourledger.session";

export class Problem extends Error {
  /** @param {number} status @param {{ code?: string, title?: string, title_zh?: string }} document */
  constructor(status, document) {
    const title = language === "en" ? document.title : document.title_zh;
    super(title ?? String(status));
    this.status = status;
    this.code = document.code;
  }
}

/** @type {() => SignedIn | null} */
export const session = () => JSON.parse(sessionStorage.getItem(STORED) ?? "null");

export const endSession = () => sessionStorage.removeItem(STORED);

/** @type {(method: string, path: string, body?: object) => Promise<Response>} */
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

/** @type {(method: string, path: string, body?: object) => Promise<unknown>} */
export const ask = async (method, path, body) => (await call(method, path, body)).json();

// All items of a list that comes in pages.
/** @type {(path: string) => Promise<unknown[]>} */
export async function all(path) {
  /** @type {unknown[]} */
  const items = [];
  for (let after = /** @type {number | null} */ (-1); after !== null;) {
    const page = /** @type {Page} */ (await ask("GET", `${path}?after=${after}&limit=1000`));
    items.push(...page.items);
    after = page.next;
  }
  return items;
}

/** @type {(signer: Signer) => Promise<void>} */
export async function signIn(signer) {
  endSession();
  const { message } = /** @type {Challenge} */ (
    await ask("POST", "/sign-in/challenge", { address: signer.address })
  );
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
