// The root document of a ledger and its versions (docs/spec/charters.md): which is in force where, and
// what may follow one. A charter at index c is sealed at once, in a batch of c + 2 entries, and everything
// of it begins there.
import { hex, sha256, unhex, utf8 } from "./bytes.js";
import { demand, Refused } from "./checks.js";
import { checkStruct, keccak } from "./fields.js";
import { canonical, isObject } from "./json.js";
import { checkInclusion } from "./merkle.js";
import { PATH_MAX } from "./note.js";
import { parseHashes } from "./parts.js";
import { checkSound, rising, signersOf } from "./quorum.js";
import { checkEntry, leafOf } from "./records.js";
import { checkSignatures } from "./signatures.js";

/** @import { AnyCharter, Bytes, Charter, CharterEntry, Entry, Head, JsonObject, Root, Target } from "./shapes.d.ts" */

const CHARTERS_MAX = 64;
const SEALED_AFTER = 2;
const MODULES = ["hours/2"];

// The members `genesis` and `charters` of a file; each charter with its path to the file's head.
/** @type {(value: JsonObject) => Root} */
export function parseRoot(value) {
  const has = "genesis" in value && "charters" in value;
  demand(has, "genesis and charters are needed");
  const { genesis, charters } = value;
  const list = Array.isArray(charters) && charters.length <= CHARTERS_MAX;
  demand(list, `charters are a list of at most ${CHARTERS_MAX}`);
  const shown = charters.map(parseCharter);
  checkStruct("Genesis", genesis, "genesis");
  return { genesis, charters: shown };
}

/** @type {(value: unknown) => Root["charters"][number]} */
function parseCharter(value) {
  demand(isObject(value, ["entry", "path"]), "entry and path of a charter are needed");
  const { entry } = value;
  checkEntry(entry);
  demand(isCharter(entry), "a charter is needed");
  const path = parseHashes(value.path, PATH_MAX);
  const hashes = Array.from({ length: path.length / 32 }, (_, at) => path.subarray(32 * at, 32 * at + 32));
  return { entry, path: hashes };
}

/** @type {(entry: Entry) => entry is CharterEntry} */
const isCharter = (entry) => entry.record.kind === "charter";

/** @type {(root: Root, holds: (entry: CharterEntry) => boolean) => AnyCharter} */
const last = ({ genesis, charters }, holds) =>
  charters
    .map(({ entry }) => entry)
    .filter(holds)
    .pop()?.record.body ?? genesis;

// The newest charter with c + 2 <= `place`: of an index, who may sign that entry; of a size, whose log key
// signs that head.
/** @type {(root: Root, place: number) => AnyCharter} */
export const charterAt = (root, place) => last(root, ({ index }) => index <= place - SEALED_AFTER);

// The contracts that hold the head of a size: those of the charter for its last entry.
/** @type {(root: Root, size: bigint) => Target[]} */
export const targetsOf = (root, size) => charterAt(root, Number(size) - 1).targets;

/** @type {(root: Root) => AnyCharter} */
export const newest = (root) => last(root, () => true);

/** @type {(charter: AnyCharter) => number} */
export const versionOf = (charter) => ("version" in charter ? charter.version : 1);

// SHA-256 of the canonical form; of the genesis it is the ledger id.
/** @type {(charter: AnyCharter) => Promise<string>} */
const hashOf = async (charter) => hex(await sha256(utf8(canonical(charter))));

// The first charter that names a module which this program does not know, in words; else null.
/** @type {(root: Root) => string | null} */
export function unknownModule({ genesis, charters }) {
  for (const charter of [genesis, ...charters.map(({ entry }) => entry.record.body)]) {
    const strange = charter.modules.find((module) => !MODULES.includes(module));
    const version = versionOf(charter);
    if (strange) return `charter ${version} names ${strange}, which this program does not know`;
  }
  return null;
}

// Each charter follows the one before, signed in this ledger, as the engine takes them: none before the
// last was sealed, none at an earlier time.
/** @type {(root: Root, ledger: string) => Promise<void>} */
export async function checkCharters({ genesis, charters }, ledger) {
  checkSound(genesis);
  /** @type {AnyCharter} */
  let before = genesis;
  let [least, since] = [1, 0];
  for (const { entry } of charters) {
    const { body, signatures } = entry.record;
    const alone = signatures.every(({ role }) => role === "authority");
    demand(alone, "authorities alone sign a charter");
    await checkNext(before, body, signersOf(entry.record));
    await checkSignatures(ledger, [entry.record]);
    const later = entry.index >= least && entry.accepted_at >= since;
    demand(later, "a charter stands before the one that it follows");
    [before, least, since] = [body, entry.index + SEALED_AFTER, entry.accepted_at];
  }
}

/** @type {(holds: unknown, code: string, why: string) => void} */
const need = (holds, code, why) => {
  if (!holds) throw new Refused(code, why);
};

// The next version of a charter, within its bounds, signed by as many authorities of the one before as it
// says and by each that is new.
/** @type {(before: AnyCharter, body: Charter, signers: string[]) => Promise<void>} */
async function checkNext(before, body, signers) {
  const version = versionOf(before) + 1;
  const follows = body.version === version && body.previous === (await hashOf(before));
  need(follows, "CHARTER_NOT_NEXT", `the next version is ${version}`);
  need(version <= CHARTERS_MAX + 1, "CHARTER_LIMIT", `at most ${CHARTERS_MAX} follow the genesis`);
  checkSound(body);
  const committed = (/** @type {string} */ one) =>
    before.next.includes(hex(keccak(unhex(one.toLowerCase()))));
  const kept = before.next.length === 0 || body.authorities.every(committed);
  need(kept, "CHARTER_COMMITTED", "an authority is none of those committed to");
  const old = (/** @type {string} */ one) => before.authorities.includes(one);
  const known = signers.every((one) => old(one) || body.authorities.includes(one));
  need(known, "SIGNER_NOT_ALLOWED", "not an authority of this ledger");
  need(rising(signers), "WRONG_ROLES", "authorities sign in rising order, each once");
  const whole = body.authorities.every((one) => old(one) || signers.includes(one));
  need(whole, "QUORUM", "a new authority has not signed");
  const count = signers.filter(old).length;
  need(count >= before.threshold, "QUORUM", `${count} of ${before.threshold} authorities signed`);
}

// The batch of each charter is under a head that the log key of the newest signed: so that key is the one
// for its size.
/** @type {(root: Root, head: Head) => void} */
export function checkKey(root, { size }) {
  const entry = root.charters[root.charters.length - 1]?.entry;
  if (entry === undefined) return;
  const least = BigInt(entry.index) + BigInt(SEALED_AFTER);
  const version = versionOf(entry.record.body);
  demand(size >= least, `the log key of charter ${version} signs no head below ${least}`);
}

// Each charter stands in the log where the file says.
/** @type {(root: Root, head: Head) => Promise<void>} */
export async function checkIncluded({ charters }, head) {
  for (const { entry, path } of charters) await checkInclusion(await leafOf(entry), entry.index, head, path);
}

// Whether a file shows paths of charters, which are nothing without a head.
/** @type {(root: Root) => boolean} */
export const hasPaths = ({ charters }) => charters.some(({ path }) => path.length > 0);

// The charters shown are all that the log held before a seal.
/** @type {(root: Root, seal: Entry) => Promise<void>} */
export async function checkSealed(root, { index, record }) {
  const known = await hashOf(last(root, (entry) => entry.index < index));
  const right = record.kind === "seal" && record.body.charter === known;
  demand(right, "the seal is of other charters than the file shows");
}
