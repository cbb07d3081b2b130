// An element with attributes and children. What comes out of a file goes in as text, never as markup.
/**
 * @type {<N extends keyof HTMLElementTagNameMap>(
 *   name: N, attributes?: Record<string, string>, ...children: (Node | string | null)[]
 * ) => HTMLElementTagNameMap[N]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(
    .../** @type {(Node | string)[]} */ (children.filter((child) => child !== null && child !== "")),
  );
  return made;
}
