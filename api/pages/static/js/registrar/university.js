// The API of the university that is chosen.
import { ask, call } from "../shared/api.js";
import { $ } from "../shared/dom.js";

const home = () => `/universities/${$("university").value}`;

export const askUniversity = (method, path, body) => ask(method, home() + path, body);
export const callUniversity = (method, path, body) => call(method, home() + path, body);

// Hands a file of a run to the reader's disk.
export async function save(path, name) {
  const address = URL.createObjectURL(await (await callUniversity("GET", path)).blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
