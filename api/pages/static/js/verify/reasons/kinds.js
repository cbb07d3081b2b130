// What the kinds of records are called; one that has no word here stands as it is.
import { hasOwn } from "../../../verifier/json.js";
import { KIND_WORDS } from "./kind_words.js";

/** @type {(kind: string) => string} */
export const kindWord = (kind) => (hasOwn(KIND_WORDS, kind) ? KIND_WORDS[kind] : kind);
