// What people sign: the kinds of records, and the fields of every struct of docs/spec/kinds in order.
// The table is written from the library's own declarations.
import table from "./kinds_table.js";

/** @import { Declaration, DeclaredField, Field, Kind, Scope, StructName } from "./shapes.d.ts" */

/** @type {(field: DeclaredField) => Field} */
const filled = ({ item, least = 0, ...field }) =>
  /** @type {Field} */ ({ ...field, least, ...(item && { item: filled(item) }) });

/** @type {<T extends object>(object: T) => T} */
const nameless = (object) => Object.assign(Object.create(null), object);

// Struct name → its fields: {name, type, item, least, words, empty, host}; `type` is the one of EIP-712.
/** @type {Record<string, Field[]>} */
export const STRUCTS = nameless(
  Object.fromEntries(Object.entries(table.structs).map(([name, fields]) => [name, fields.map(filled)])),
);

// Kind of record → what is declared of it (docs/spec/kinds.md).
/** @type {Record<Kind, Declaration>} */
export const DECLARED = nameless(table.kinds);

// Kind of record → name of its body's struct.
export const KINDS = nameless(
  /** @type {Record<Kind, StructName>} */ (
    Object.fromEntries(Object.entries(table.kinds).map(([kind, { struct }]) => [kind, struct]))
  ),
);

// A character that no text has.
export const HIDDEN = new RegExp(
  `[${table.hidden.join(" ").replace(/([0-9A-F]+)-([0-9A-F]+) ?/g, "\\u{$1}-\\u{$2}")}]`,
  "u",
);

// Roles that the very address signs that the body names so.
/** @type {readonly string[]} */
export const SELVES = table.selves;

// Roles in which a delegate signs → the scope that it needs, whatever the kind.
/** @type {{ readonly [role: string]: Scope }} */
export const ROLE_SCOPES = table.role_scopes;
