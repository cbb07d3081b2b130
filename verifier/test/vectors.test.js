// Judges the published vectors: `node --test test/`. A chain that has what they publish stands in for
// a node; that a real one is read rightly, the tests of the browser prove.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { only, verifyBytes } from "hourledger-verifier";
import { hex, unhex, utf8 } from "../bytes.js";
import { digest } from "../fields.js";
import { canonical, parseJson } from "../json.js";
import { checkEntry, leafOf, recordId } from "../records.js";
import { checkSignatures } from "../signatures.js";
import { verifyEd25519 } from "../note.js";

/** @import { Anchor, Bytes, Chain, LedgerRecord, Report, Unsigned, Pins } from "../shapes.d.ts" */

/**
 * @typedef {{ name: string, verdict: string }} Judged
 * @typedef {{ ledger_id: string, anchors: Record<string, Anchor> }} Anchored
 * @typedef {LedgerRecord & {
 *   name: string, primary_type: string, digest: string, entry: string, leaf_hash: string
 * }} Published
 * @typedef {{
 *   bundles: Anchored & { bundles: (Judged & { bundle: unknown })[] },
 *   certificates: Anchored & { certificates: (Judged & { file: unknown, fails?: string })[] },
 *   forged: { block_time: number, files: (Judged & { file: { format?: string }, failed: string[] })[] },
 *   receipts: Anchored & { receipts: (Judged & { file: unknown, now: number | null, fails: string[] })[] },
 *   files: { files: (Judged & { file: string, reason?: string })[] },
 *   records: { ledger_id: string, records: Published[] },
 * }} Vectors
 */

/** @type {<N extends keyof Vectors>(name: N) => Vectors[N]} */
const read = (name) =>
  JSON.parse(readFileSync(new URL(`../../tests/vectors/${name}.json`, import.meta.url), "utf8"));
/** @type {(value: unknown) => Bytes} */
const bytes = (value) => utf8(JSON.stringify(value));
/** @type {(report: Report) => string[]} */
const failed = ({ checks }) => checks.filter(({ ok }) => ok === false).map(({ name }) => name);

const LATER = 4_000_000_000;
const ELSEWHERE = "hourledger-disclosure/v1"; // `hourledger verify` checks these, this verifier does not

// A record with a signature, to be changed, and its ledger.
/** @type {() => { ledger: string, record: LedgerRecord }} */
function signed() {
  const { records, ledger_id: ledger } = read("records");
  const { entry } = /** @type {Published} */ (records.find(({ signatures }) => signatures.length > 0));
  return { ledger, record: JSON.parse(entry).record };
}

// A chain on which everything is final that stands in `anchors`.
/** @type {(anchors: Record<string, Anchor>) => Chain} */
const chainOf = (anchors) => async (anchor) => {
  const known = Object.values(anchors).some((one) => canonical(one) === canonical(anchor));
  return known
    ? { state: "final", reason: "as published", blockTime: LATER }
    : { state: "absent", reason: "not published", blockTime: null };
};

test("each published bundle has its verdict", async () => {
  const { bundles, anchors, ledger_id: ledger } = read("bundles");
  assert.notEqual(bundles.length, 0);
  for (const { name, bundle, verdict } of bundles) {
    const report = await verifyBytes(bytes(bundle), chainOf(anchors), only(ledger));
    assert.equal(report.verdict, verdict, `${name}: ${failed(report)}`);
  }
});

test("each published certificate has its verdict and fails the check that is named", async () => {
  const { certificates, anchors, ledger_id: ledger } = read("certificates");
  assert.notEqual(certificates.length, 0);
  for (const { name, file, verdict, fails } of certificates) {
    const report = await verifyBytes(bytes(file), chainOf(anchors), only(ledger));
    assert.equal(report.verdict, verdict, `${name}: ${failed(report)}`);
    if (fails) assert.equal(failed(report)[0], fails, name);
  }
});

test("no forgery that whoever holds every key could make is valid", async () => {
  const { files, block_time: blockTime } = read("forged");
  assert.notEqual(files.length, 0);
  /** @type {Chain} */
  const chain = async () => ({ state: "final", reason: "as told", blockTime });
  /** @type {Pins} */
  const everybody = () => ({ by: "hand", host: "", newest: null });
  for (const { name, file, verdict, failed: wanted } of files) {
    const report = await verifyBytes(bytes(file), chain, everybody);
    if (file.format === ELSEWHERE) {
      assert.equal(report.verdict, "unchecked", name);
      continue;
    }
    assert.equal(report.verdict, verdict, name);
    assert.deepEqual(failed(report).sort(), wanted, name);
  }
});

test("each published receipt has its verdict and fails the check that is named", async () => {
  const { receipts, anchors, ledger_id: ledger } = read("receipts");
  assert.notEqual(receipts.length, 0);
  for (const { name, file, verdict, now, fails } of receipts) {
    const report = await verifyBytes(bytes(file), chainOf(anchors), only(ledger), now);
    assert.equal(report.verdict, verdict, `${name}: ${failed(report)}`);
    if (verdict === "invalid") assert.equal(failed(report)[0], fails[0], name);
  }
});

test("each published file is read, or is called by what is wrong with it", async () => {
  const { files } = read("files");
  assert.notEqual(files.length, 0);
  for (const { name, file, verdict, reason } of files) {
    const report = await verifyBytes(Uint8Array.from(Buffer.from(file, "base64")));
    assert.equal(report.within ?? report.verdict, verdict, name);
    if (reason) assert.equal(report.checks[0].reason, reason, name);
  }
});

test("each published record has its id, entry, leaf and signers", async () => {
  const { records, ledger_id: ledger } = read("records");
  assert.notEqual(records.length, 0);
  for (const { name, kind, primary_type: type, body, digest: wanted, entry, leaf_hash: leaf } of records) {
    assert.equal(recordId(ledger, /** @type {Unsigned} */ ({ kind, body })), wanted, name);
    assert.equal(hex(digest(ledger, type, body)), wanted, name);
    const value = parseJson(utf8(entry), 10_000);
    checkEntry(value);
    assert.equal(canonical(value), entry, name);
    assert.equal(hex(await leafOf(value)), leaf, name);
    await checkSignatures(ledger, [value.record]);
  }
});

test("a published record that is changed by one bit of a signature has another signer", async () => {
  const { ledger, record } = signed();
  const [claim] = record.signatures;
  const changed = unhex(claim.signature);
  changed[40] ^= 1;
  claim.signature = hex(changed);
  await assert.rejects(checkSignatures(ledger, [record]));
});

test("a signature with the other, high s is refused", async () => {
  const { ledger, record } = signed();
  const [claim] = record.signatures;
  const { Point } = await import("@noble/secp256k1");
  const found = unhex(claim.signature);
  const s = Point.CURVE().n - BigInt(hex(found.subarray(32, 64)));
  found.set(unhex(`0x${s.toString(16).padStart(64, "0")}`), 32);
  found[64] = 55 - found[64];
  claim.signature = hex(found);
  await assert.rejects(checkSignatures(ledger, [record]), /s is not low/);
});

test("Ed25519 of the library and of WebCrypto judge alike", async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const key = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  const message = utf8("checkpoint");
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, message));
  const other = Uint8Array.from(signature, (byte, at) => byte ^ (at === 3 ? 1 : 0));
  const judge = () =>
    Promise.all([signature, other, new Uint8Array(64)].map((one) => verifyEd25519(key, one, message)));
  assert.deepEqual(await judge(), [true, false, false]);
  const { importKey } = SubtleCrypto.prototype;
  SubtleCrypto.prototype.importKey = async () => {
    throw new DOMException("", "NotSupportedError");
  };
  try {
    assert.deepEqual(await judge(), [true, false, false]);
  } finally {
    SubtleCrypto.prototype.importKey = importKey;
  }
});
