// The API of the university that is chosen.
import { ask, call } from "../shared/api.js";
import { $ } from "../shared/dom.js";

const home = () => `/universities/${$("university").value}`;

/** @type {(method: string, path: string, body?: object) => Promise<unknown>} */
export const askUniversity = (method, path, body) => ask(method, home() + path, body);
/** @type {(method: string, path: string, body?: object) => Promise<Response>} */
export const callUniversity = (method, path, body) => call(method, home() + path, body);

// Hands a file of a run to the reader's disk.
/** @type {(path: string, name: string) => Promise<void>} */
export async function save(path, name) {
  const address = URL.createObjectURL(await (await callUniversity("GET", path)).blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
