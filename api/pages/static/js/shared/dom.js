// Building the page: text is only ever set as text, so nothing that is shown can become markup.
// What a template surely has: a place, a field or a form.
/** @typedef {HTMLElement & Pick<HTMLInputElement, "value" | "disabled"> & { files: FileList }} Place */
/** @type {(id: string) => Place} */
export const $ = (id) => /** @type {Place} */ (document.getElementById(id));

/** @typedef {Node | string | null | undefined} Child */

/**
 * @type {<N extends keyof HTMLElementTagNameMap>(
 *   name: N, attributes?: Record<string, unknown>, ...children: Child[]
 * ) => HTMLElementTagNameMap[N]}
 */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, String(value));
  }
  made.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child != null)));
  return made;
}

/** @type {(on: unknown, ...elements: HTMLElement[]) => void} */
export const show = (on, ...elements) => elements.forEach((element) => (element.hidden = !on));

/** @type {(element: HTMLElement, ...children: Child[]) => void} */
export const fill = (element, ...children) =>
  element.replaceChildren(.../** @type {(Node | string)[]} */ (children.filter((child) => child != null)));

/** @type {(text: string) => HTMLElement} */
export const id = (text) => el("code", { class: "id", title: text }, text);

// Name and value, side by side.
/** @type {(...rows: [name: string, value: Child][]) => HTMLElement} */
export const pairs = (...rows) =>
  el("dl", { class: "pairs" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));

// A number first, then what it counts and what that means.
/** @type {(kind: string, value: string, unit: string, name: string, means: string) => HTMLElement} */
export const figure = (kind, value, unit, name, means) =>
  el(
    "div",
    { class: `figure ${kind}` },
    el("dt", {}, name),
    el("dd", { class: "big" }, value, unit ? el("small", {}, ` ${unit}`) : null),
    el("dd", { class: "means" }, means),
  );

/** @type {(text: string, onclick: () => unknown, kind?: string) => HTMLButtonElement} */
export const button = (text, onclick, kind = "second") =>
  el("button", { type: "button", class: kind, onclick }, text);
