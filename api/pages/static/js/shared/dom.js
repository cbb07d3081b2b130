// Building the page: text is only ever set as text, so nothing that is shown can become markup.
/** @type {(id: string) => any} */
export const $ = (id) => document.getElementById(id);

export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

export const show = (on, ...elements) => elements.forEach((element) => (element.hidden = !on));

export const fill = (element, ...children) =>
  element.replaceChildren(...children.filter((child) => child != null));

export const id = (text) => el("code", { class: "id", title: text }, text);

// Name and value, side by side.
export const pairs = (...rows) =>
  el("dl", { class: "pairs" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));

// A number first, then what it counts and what that means.
export const figure = (kind, value, unit, name, means) =>
  el(
    "div",
    { class: `figure ${kind}` },
    el("dt", {}, name),
    el("dd", { class: "big" }, value, unit ? el("small", {}, ` ${unit}`) : null),
    el("dd", { class: "means" }, means),
  );

export const button = (text, onclick, kind = "second") =>
  el("button", { type: "button", class: kind, onclick }, text);
