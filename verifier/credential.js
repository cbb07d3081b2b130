// A credential (docs/spec/certificates.md): what it states is taken out, then the document is written
// again from that and must be the one that was read. So nothing can stand in it that no check sees.
import { hex, sha256, unhex, utf8 } from "./bytes.js";
import { demand, parsed, ProofError, Refused } from "./checks.js";
import { statedIn } from "./credential_reading.js";
import { writeCredential } from "./credential_writing.js";
import { isHash } from "./fields.js";
import { checkIssuer, multikey, proofsOf } from "./integrity.js";
import { canonical, isObject } from "./json.js";

/** @import { Claims, JsonObject, Opening } from "./shapes.d.ts" */

/** @typedef {{ genesis?: { log_key?: unknown } } | undefined} Carried */

const LEDGER_PROOF = "HourledgerProof2026";

// The ledger's proof in a credential, carried in its one form.
/** @type {(document: JsonObject) => unknown} */
export function ledgerProofOf(document) {
  const proofs = proofsOf(document);
  const [found, ...more] = proofs.filter(({ type }) => type === LEDGER_PROOF);
  const one = found !== undefined && more.length === 0;
  demand(one, "the credential does not carry the ledger's proof");
  demand(proofs.length > 1, "one to 16 proofs are needed");
  const key = /** @type {Carried} */ (found.ledgerProof)?.genesis?.log_key;
  demand(isHash(key), "the ledger's proof has no log key");
  const name = multikey(unhex(key));
  const right =
    isObject(found, ["type", "proofPurpose", "verificationMethod", "ledgerProof"]) &&
    found.proofPurpose === "ledgerInclusion" &&
    found.verificationMethod === `did:key:${name}#${name}`;
  demand(right, "the ledger's proof is carried in another form");
  return found.ledgerProof;
}

// What a credential states, with the key whose signature over it holds (null where none is known here), and
// what is signed in other ways. Throws `ProofError` whose
// check is `credential`, or none for the form.
/** @type {(document: JsonObject) => Promise<Claims>} */
export async function readCredential(document) {
  const { proof: _, ...bare } = document;
  const stated = parsed(() => statedIn(bare));
  const written = canonical(await parsedLater(() => writeCredential(stated)));
  const text = canonical(bare);
  demand(written === text, "the credential has members that are not of its form");
  demand(Array.isArray(document.proof), "proof is not a list");
  const { key, ignored } = await checkIssuer(document, stated.issuer, LEDGER_PROOF);
  const rows = [];
  for (const row of stated.rows) {
    rows.push({ ...row, content: await commitment(row.content), charge: await commitment(row.charge) });
  }
  return { ...stated, rows, key: key && hex(key), ignored, document: utf8(text) };
}

/** @type {<T>(make: () => Promise<T>) => Promise<T>} */
async function parsedLater(make) {
  try {
    return await make();
  } catch (error) {
    throw error instanceof Refused ? new ProofError(error.message) : error;
  }
}

/** @type {(opening: Opening | null) => Promise<string | null>} */
const commitment = async (opening) =>
  opening && hex(await sha256(unhex(opening.salt), utf8(canonical(opening.fields))));
