// What people sign: the kinds of records, and the fields of every struct of docs/spec/kinds in order.
// The table is written from the library's own declarations.
import table from "./kinds_table.js";

/** @type {(field: any) => any} */
const filled = ({ item, least = 0, ...field }) => ({ ...field, least, ...(item && { item: filled(item) }) });

const nameless = (object) => Object.assign(Object.create(null), object);

// Struct name → its fields: {name, type, item, least, words, empty, host}; `type` is the one of EIP-712.
export const STRUCTS = nameless(
  Object.fromEntries(Object.entries(table.structs).map(([name, fields]) => [name, fields.map(filled)])),
);

// Kind of record → what is declared of it (docs/spec/kinds.md).
export const DECLARED = nameless(table.kinds);

// Kind of record → name of its body's struct.
export const KINDS = nameless(
  Object.fromEntries(Object.entries(table.kinds).map(([kind, { struct }]) => [kind, struct])),
);

// Roles that the very address signs that the body names so.
export const SELVES = table.selves;

// Roles in which a delegate signs → the scope that it needs, whatever the kind.
export const ROLE_SCOPES = table.role_scopes;
