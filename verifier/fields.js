// The field types of record bodies: strict checks, and EIP-712 words and digests.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concat, hex, unhex, utf8 } from "./bytes.js";
import { Refused } from "./checks.js";
import { isObject } from "./json.js";
import { HIDDEN, STRUCTS } from "./kinds.js";

/** @import { Bytes, FieldType, JsonObject, Scalar, Struct, StructName } from "./shapes.d.ts" */

export const ZERO_ADDRESS = "0x" + "0".repeat(40);
export const ZERO_HASH = "0x" + "0".repeat(64);
export const LIST_MAX = 64;
const TEXT_MAX = 200;
const FILE_TEXT_MAX = 4096;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

const MODULE = /^[a-z][a-z0-9-]{0,31}\/[1-9][0-9]{0,3}$/;

/** @type {(...parts: Uint8Array[]) => Bytes} */
export const keccak = (...parts) => keccak_256(concat(...parts));

/** @type {Map<string, string>} */
const spellings = new Map();

// EIP-55 spelling of an address, whatever its case.
/** @type {(address: string) => string} */
export function checksumAddress(address) {
  const lower = address.slice(2).toLowerCase();
  if (!spellings.has(lower)) {
    const digest = hex(keccak(utf8(lower))).slice(2);
    const spelled = Array.from(lower, (c, at) => (parseInt(digest[at], 16) > 7 ? c.toUpperCase() : c));
    spellings.set(lower, "0x" + spelled.join(""));
  }
  return /** @type {string} */ (spellings.get(lower));
}

/** @type {(value: unknown) => value is string} */
export const isHash = (value) => typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value);

/** @type {(path: string, why: string) => never} */
const refuse = (path, why) => {
  throw new Refused("BAD_VALUE", `${path}: ${why}`);
};

// Checks of one value, by EIP-712 type; each throws `Refused`.
/** @type {Record<string, (value: unknown, path: string, field: Partial<Scalar>) => void>} */
const CHECKS = {
  bool(value, path) {
    if (typeof value !== "boolean") refuse(path, "true or false is needed");
  },
  bytes32(value, path, { least }) {
    if (!isHash(value)) refuse(path, "32 bytes as lower-case 0x-hex are needed");
    if (least && value === ZERO_HASH) refuse(path, "32 zero bytes say nothing");
  },
  address(value, path, { empty }) {
    if (typeof value !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(value)) {
      refuse(path, "an address of 20 bytes as 0x-hex is needed");
    }
    if (checksumAddress(value) !== value) refuse(path, "the address is not in EIP-55 spelling");
    if (value === ZERO_ADDRESS && !empty) refuse(path, "the zero address is not allowed here");
  },
  string(value, path, { words, empty, host, module, lines }) {
    if (words) {
      return words.includes(value) || refuse(path, `one of ${words.join(", ")} is needed`);
    }
    if (typeof value !== "string") refuse(path, "text is needed");
    if (/\p{Cs}/u.test(value)) refuse(path, "the text has a lone surrogate");
    const size = utf8(value).length;
    const longest = lines ? FILE_TEXT_MAX : TEXT_MAX;
    if (size > longest || (size === 0 && !empty)) {
      refuse(path, `text of at most ${longest} bytes is needed`);
    }
    if (HIDDEN.test(lines ? value.replaceAll("\n", " ") : value))
      refuse(path, "characters that cannot be seen are not allowed");
    if (host && value && !HOST.test(value)) refuse(path, "the name of a host, or nothing, is needed");
    if (module && !MODULE.test(value)) refuse(path, "a module and its version are needed, as in hours/2");
    return undefined;
  },
};

/** @type {(field: FieldType, value: unknown, path: string) => void} */
export function checkField(field, value, path) {
  if (field.item) {
    const many = Array.isArray(value) && value.length >= field.least && value.length <= LIST_MAX;
    if (!many) refuse(path, `a list of ${field.least} to ${LIST_MAX} items is needed`);
    value.forEach((one, at) => checkField(field.item, one, `${path}[${at}]`));
    if (new Set(value).size !== value.length) refuse(path, "an item is repeated");
  } else if (field.type in STRUCTS) checkStruct(/** @type {StructName} */ (field.type), value, path);
  else if (field.type.startsWith("uint")) checkInteger(value, path, Number(field.type.slice(4)), field.least);
  else CHECKS[field.type](value, path, field);
}

// An unsigned integer of some bits, never above 2^53 - 1.
/**
 * @type {(
 *   value: unknown, path: string, bits?: number, least?: number,
 * ) => asserts value is number}
 */
export function checkInteger(value, path, bits = 53, least = 0) {
  const most = Math.min(2 ** bits - 1, Number.MAX_SAFE_INTEGER);
  if (
    !Number.isSafeInteger(value) ||
    /** @type {number} */ (value) < least ||
    /** @type {number} */ (value) > most
  ) {
    refuse(path, `an integer from ${least} to ${most} is needed`);
  }
}

/** @type {(value: unknown, path: string) => asserts value is string} */
export const checkAddress = (value, path) => CHECKS.address(value, path, { empty: false });
// The same, or the zero address.
/** @type {(value: unknown, path: string) => void} */
export const checkAnyAddress = (value, path) => CHECKS.address(value, path, { empty: true });

// Exactly the struct's fields, each in its one spelling.
/** @type {<N extends StructName>(name: N, value: unknown, path: string) => asserts value is Struct<N>} */
export function checkStruct(name, value, path) {
  const names = STRUCTS[name].map((field) => field.name);
  if (!isObject(value, names)) {
    throw new Refused("BAD_FORM", `${path}: an object of exactly ${names.join(", ")} is needed`);
  }
  for (const field of STRUCTS[name]) checkField(field, value[field.name], `${path}.${field.name}`);
}

/** @type {(name: string) => string[]} */
function inner(name) {
  const direct = STRUCTS[name].map(({ type }) => type.replace("[]", "")).filter((type) => type in STRUCTS);
  return [...direct, ...direct.flatMap(inner)];
}

// EIP-712 encodeType: the struct with those that it refers to, sorted by name.
/** @type {(name: string) => string} */
function typeString(name) {
  /** @type {(struct: string) => string} */
  const one = (struct) =>
    `${struct}(${STRUCTS[struct].map((field) => `${field.type} ${field.name}`).join(",")})`;
  return [name, ...[...new Set(inner(name))].sort()].map(one).join("");
}

/** @type {(field: FieldType, value: unknown) => Bytes} */
function word(field, value) {
  if (field.item) return keccak(.../** @type {unknown[]} */ (value).map((one) => word(field.item, one)));
  if (field.type in STRUCTS) return structHash(field.type, /** @type {JsonObject} */ (value));
  if (field.type === "string") return keccak(utf8(/** @type {string} */ (value)));
  if (field.type === "bool") return word({ ...field, type: "uint8" }, value ? 1 : 0);
  const digits = field.type.startsWith("uint")
    ? BigInt(/** @type {number} */ (value)).toString(16)
    : /** @type {string} */ (value).slice(2);
  return unhex("0x" + digits.padStart(64, "0"));
}

/** @type {(name: string, value: JsonObject) => Bytes} */
function structHash(name, value) {
  const words = STRUCTS[name].map((field) => word(field, value[field.name]));
  return keccak(keccak(utf8(typeString(name))), ...words);
}

// EIP-712 digest of a body under the domain of one ledger (its id as 0x-hex): 32 bytes.
/** @type {(ledger: string, name: string, body: object) => Bytes} */
export function digest(ledger, name, body) {
  const domain = keccak(
    keccak(utf8("EIP712Domain(string name,string version,bytes32 salt)")),
    keccak(utf8("Hourledger")),
    keccak(utf8("2")),
    unhex(ledger),
  );
  return keccak(Uint8Array.of(0x19, 0x01), domain, structHash(name, /** @type {JsonObject} */ (body)));
}
