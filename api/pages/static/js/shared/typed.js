// Typed data (EIP-712) for wallets, from the table of kinds that the verifier checks by.
import { KINDS, STRUCTS } from "../../verifier/kinds.js";

/** @import { Kind } from "../../verifier/shapes.d.ts" */

const DOMAIN = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "salt", type: "bytes32" },
];

// What `eth_signTypedData_v4` takes: a body of a kind, under one ledger's id. The kinds that people
// sign here hold no structs of their own.
/** @type {(ledger: string, kind: Kind, message: object) => object} */
export const typedData = (ledger, kind, message) => ({
  types: {
    EIP712Domain: DOMAIN,
    [KINDS[kind]]: STRUCTS[KINDS[kind]].map(({ name, type }) => ({ name, type })),
  },
  primaryType: KINDS[kind],
  domain: { name: "Hourledger", version: "2", salt: ledger },
  message,
});
