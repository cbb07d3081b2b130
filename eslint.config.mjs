// The scripts of the pages and the verifier. They run as they are written, on phones of 2022 too, so
// that syntax and calls that came later are faults: the baseline is Android WebView 89 and iOS 15.4.
const LATER_METHODS =
  "at findLast findLastIndex toReversed toSorted toSpliced with isWellFormed toWellFormed";
const LATER_STATICS = {
  Object: "hasOwn groupBy",
  Map: "groupBy",
  Array: "fromAsync",
  Promise: "withResolvers try",
  Uint8Array: "fromHex fromBase64",
  AbortSignal: "any timeout",
  URL: "canParse parse",
  crypto: "randomUUID",
  Response: "json",
};
const LATER_GLOBALS = "structuredClone DecompressionStream CompressionStream Iterator reportError scheduler";

const names = (list) => list.split(" ");
const later = (what) => `${what} came after the oldest browsers that the pages are for.`;

const BOTH = names(
  "AbortController TextDecoder TextEncoder URL URLSearchParams atob btoa clearTimeout crypto fetch setTimeout",
);
const PAGE = names(
  "Blob FormData addEventListener console document indexedDB localStorage location navigator performance " +
    "sessionStorage window",
);

const RULES = {
  "constructor-super": "error",
  eqeqeq: ["error", "always", { null: "ignore" }],
  "no-const-assign": "error",
  "no-dupe-keys": "error",
  "no-duplicate-imports": "error",
  "no-empty": "error",
  "no-eval": "error",
  "no-fallthrough": "error",
  "no-redeclare": "error",
  "no-self-assign": "error",
  "no-this-before-super": "error",
  "no-undef": "error",
  "no-unreachable": "error",
  "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
  "no-useless-catch": "error",
  "no-var": "error",
  "prefer-const": ["error", { destructuring: "all" }],
  "no-restricted-globals": ["error", ...names(LATER_GLOBALS).map((name) => ({ name, message: later(name) }))],
  "no-restricted-properties": [
    "error",
    ...Object.entries(LATER_STATICS).flatMap(([object, list]) =>
      names(list).map((property) => ({ object, property, message: later(`${object}.${property}`) })),
    ),
  ],
  "no-restricted-syntax": [
    "error",
    ...names(LATER_METHODS).map((name) => ({
      selector: `CallExpression[callee.property.name="${name}"]`,
      message: later(`.${name}()`),
    })),
    { selector: "Literal[regex.pattern=/\\(\\?<[=!]/]", message: later("Looking behind in patterns") },
  ],
};

const globals = (list) => Object.fromEntries(list.map((name) => [name, "readonly"]));

const checked = (files, known) => ({
  files,
  languageOptions: { ecmaVersion: 2021, sourceType: "module", globals: globals(known) },
  linterOptions: { reportUnusedDisableDirectives: "error" },
  rules: RULES,
});

const NODE = names("AbortSignal Buffer DOMException SubtleCrypto");

// The verifier runs in Node as well: it knows no page. Its tests run there alone.
export default [
  checked(["api/pages/static/js/**/*.js"], [...BOTH, ...PAGE]),
  checked(["verifier/*.js"], BOTH),
  checked(["verifier/test/*.js"], [...BOTH, ...NODE]),
];
