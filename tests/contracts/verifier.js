// A second verifier, written from docs/spec alone: node for SHA-256 and Ed25519, ethers for EIP-712
// and address recovery. It asks no chain itself: `held(anchor, ledgerId, size, root)` says whether
// one holds an anchor. Sheets are left out.
const { createHash, createPublicKey, verify: verifySignature } = require("node:crypto");
const { ethers } = require("hardhat");
const published = require("../vectors/records.json");

const TYPES = new Map(published.records.map((record) => [record.kind, record.types]));
const FIELDS = "anchors,certification,change,delegations,format,genesis,record,status";
const SCOPES = { activity: "activity", service: "service", amend: "service", void: "void", decision: "void" };
const CHANGES = { void: "void", amend: "amended", objection: "disputed" };
const HALF = BigInt("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const fail = (reason) => {
  throw new Error(reason);
};
const demand = (holds, reason) => holds || fail(reason);
const raw = (hex) => demand(/^0x([0-9a-f]{2})*$/.test(hex), "hex") && Buffer.from(hex.slice(2), "hex");

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") {
    demand(typeof value !== "number" || (Number.isSafeInteger(value) && value >= 0), "no such number");
    return JSON.stringify(value);
  }
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

// docs/spec/records.md
function recordId(ledgerId, kind, body) {
  const types = TYPES.get(kind) ?? fail("unknown kind");
  const primary = ethers.TypedDataEncoder.from(types).primaryType;
  const names = types[primary].map((field) => field.name).sort();
  demand(Object.keys(body).sort().join() === names.join(), "fields of the body");
  const domain = { name: "Hourledger", version: "1", salt: ledgerId };
  return ethers.TypedDataEncoder.hash(domain, types, body);
}

function checkSignatures(ledgerId, entry) {
  const { kind, body, signatures } = entry.record;
  const id = recordId(ledgerId, kind, body);
  for (const { signer, signature } of signatures) {
    demand(/^0x[0-9a-f]{130}$/.test(signature), "65 bytes");
    const s = BigInt("0x" + signature.slice(66, 130));
    demand(s > 0n && s <= HALF && ["1b", "1c"].includes(signature.slice(130)), "low s, v 27 or 28");
    demand(ethers.recoverAddress(id, signature) === signer, "another signer");
  }
  return id;
}

// docs/spec/batches.md
function openCheckpoint(note, genesis) {
  const key = raw(genesis.log_key);
  const split = note.lastIndexOf("\n\n");
  const text = note.slice(0, split + 1);
  const keyId = sha256(Buffer.from(`${genesis.origin}\n\x01`), key).subarray(0, 4);
  const line = note.slice(split + 2).split("\n").find((l) => l.startsWith(`— ${genesis.origin} `));
  const signature = base64((line ?? fail("not signed")).split(" ")[2]);
  demand(signature.subarray(0, 4).equals(keyId), "another key");
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  demand(verifySignature(null, Buffer.from(text), publicKey, signature.subarray(4)), "bad signature");
  const [origin, size, root, rest] = text.split("\n");
  demand(origin === genesis.origin && rest === "" && /^[1-9][0-9]*$/.test(size), "three lines");
  return { size: Number(size), root: base64(root) };
}

function base64(text) {
  const data = Buffer.from(text, "base64");
  return data.toString("base64") === text ? data : fail("base64");
}

function parseProof(text) {
  const split = text.indexOf("\n\n");
  const [header, index, ...path] = text.slice(0, split).split("\n");
  demand(header === "c2sp.org/tlog-proof@v1" && /^index (0|[1-9][0-9]*)$/.test(index), "tlog-proof");
  const hashes = path.map(base64);
  demand(hashes.every((hash) => hash.length === 32), "32 bytes");
  return { index: Number(index.slice(6)), path: hashes, checkpoint: text.slice(split + 2) };
}

// RFC 9162 2.1.3.2
function rootOf(leaf, index, size, path) {
  demand(index < size, "index");
  let [fn, sn, r] = [index, size - 1, leaf];
  for (const p of path) {
    demand(sn > 0, "path too long");
    if (fn % 2 === 1 || fn === sn) {
      r = sha256(Buffer.from([1]), p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
    } else r = sha256(Buffer.from([1]), r, p);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? r : fail("path too short");
}

function varint(number) {
  const out = [];
  for (; number >= 128; number = Math.floor(number / 128)) out.push((number % 128) + 128);
  return Buffer.from([...out, number]);
}

function stateRoot(key, value, steps) {
  let hash = sha256(Buffer.from([0]), varint(key.length), key, varint(value.length), value);
  for (let at = 0, last = Infinity; at < steps.length; ) {
    let [bit, shift, byte] = [0, 1, 128];
    for (; byte >= 128; shift *= 128) bit += ((byte = steps[at++]) % 128) * shift;
    demand(bit < last && at + 32 <= steps.length, "steps");
    const sibling = steps.subarray(at, (at += 32));
    const side = (key[bit >> 3] >> (7 - (bit & 7))) & 1;
    hash = sha256(Buffer.from([1]), varint(bit), ...(side ? [sibling, hash] : [hash, sibling]));
    last = bit;
  }
  return hash;
}

// docs/spec/records.md, "Who may sign"
function rolesOf(kind, body, genesis) {
  if (kind === "genesis") return [genesis.authorities.map(() => "authority")];
  if (kind === "service" && body.hour_class === "credit") return [["organisation", "volunteer"]];
  if (kind === "service" || kind === "amend") return [["organisation", "approver"]];
  if (kind === "void" || kind === "decision") return [["organisation"], ["authority"]];
  if (kind === "policy" || kind === "organisation") return [["authority"]];
  if (kind === "volunteer" || kind === "objection") return [["volunteer"]];
  if (kind === "transfer") return [["sender"]];
  return kind === "seal" ? [[]] : [["organisation"]];
}

function issuerOf({ kind, body }) {
  if (kind === "amend") return body.service.organisation;
  if (["activity", "service", "delegation"].includes(kind)) return body.organisation;
  const acts = (kind === "void" || kind === "decision") && !/^0x0{40}$/.test(body.organisation);
  return acts ? body.organisation : null;
}

function checkRoles(bundle, entry, used) {
  const { record, index, accepted_at: time } = entry;
  const roles = record.signatures.map((claim) => claim.role);
  const allowed = rolesOf(record.kind, record.body, bundle.genesis);
  demand(allowed.some((list) => list.join() === roles.join()), "roles");
  demand(new Set(record.signatures.map((claim) => claim.signer)).size === roles.length, "two roles");
  for (const { role, signer } of record.signatures) {
    const authority = bundle.genesis.authorities.includes(signer);
    if (role === "authority" || (role === "approver" && authority)) demand(authority, "authority");
    else if (role === "volunteer" || role === "sender") demand(record.body[role] === signer, role);
    else if (issuerOf(record) !== signer) {
      const scope = role === "approver" ? "approve" : SCOPES[record.kind];
      const place = bundle.delegations.findIndex(({ entry: { index: i, record: { body } } }) =>
        i < index && body.action === "grant" && body.organisation === issuerOf(record) &&
        body.delegate === signer && body.scopes.includes(scope) && body.valid_from <= time &&
        (body.valid_until === 0 || time < body.valid_until));
      used.add(place === -1 ? fail("no delegate") : place);
    }
  }
}

function checkIssuer(bundle) {
  const { entry } = bundle.record;
  const issuer = issuerOf(entry.record);
  if (issuer === null) return demand(bundle.certification === null, "issuer");
  const { entry: at } = bundle.certification ?? fail("certification");
  const { body } = at.record;
  const service = entry.record.body.service ?? entry.record.body;
  const start = service.started_at ?? entry.accepted_at;
  const end = service.ended_at ?? entry.accepted_at;
  const covers = body.valid_from <= start &&
    (body.valid_until === 0 || (start < body.valid_until && end <= body.valid_until));
  demand(at.index < entry.index && at.record.kind === "organisation", "certification");
  return demand(body.action === "certify" && body.organisation === issuer && covers, "certification");
}

function checkStatus(bundle, ledgerId, id, size) {
  const { seal, value, path } = bundle.status ?? fail("status");
  const { record, index } = seal.entry;
  demand(record.kind === "seal" && index === size - 1 && seal.tlog_proof !== null, "seal");
  demand(Object.keys(value).sort().join() === "changed_by,status", "value");
  const key = Buffer.concat([Buffer.from("record/"), raw(id)]);
  const root = stateRoot(key, Buffer.from(canonical(value)), raw(path));
  demand(root.equals(raw(record.body.state_root)), "state root");
  if (bundle.change === null) return value.changed_by === null ? value.status : fail("change");
  const { entry, tlog_proof: proof } = bundle.change;
  const word = CHANGES[entry.record.kind] ?? fail("change");
  demand(entry.record.body.target === id && entry.index > bundle.record.entry.index, "change");
  const same = recordId(ledgerId, entry.record.kind, entry.record.body) === value.changed_by;
  demand(proof === null || (same && word === value.status), "change");
  return word;
}

function judge(bundle, { ledgerId: trusted, held }) {
  demand(Object.keys(bundle).sort().join() === FIELDS, "fields");
  demand(bundle.format === "hourledger-proof/v1", "format");
  const ledgerId = "0x" + sha256(Buffer.from(canonical(bundle.genesis))).toString("hex");
  demand(ledgerId === trusted, "another ledger");
  const parts = [bundle.record, bundle.certification, ...bundle.delegations, bundle.change, bundle.status?.seal];
  const shown = parts.filter((part) => part);
  const id = shown.map(({ entry }) => checkSignatures(ledgerId, entry))[0];
  const used = new Set();
  shown.forEach(({ entry }) => checkRoles(bundle, entry, used));
  demand(used.size === bundle.delegations.length, "unused delegation");
  checkIssuer(bundle);
  if (bundle.record.tlog_proof === null) return demand(bundle.status === null, "status") && "pending";
  const { checkpoint } = parseProof(bundle.record.tlog_proof);
  const head = openCheckpoint(checkpoint, bundle.genesis);
  for (const part of shown) {
    if (part.tlog_proof === null && part === bundle.change) continue;
    const proof = parseProof(part.tlog_proof);
    demand(proof.checkpoint === checkpoint && proof.index === part.entry.index, "leaf");
    const leaf = sha256(Buffer.from([0]), Buffer.from(canonical(part.entry)));
    demand(rootOf(leaf, proof.index, head.size, proof.path).equals(head.root), "inclusion");
  }
  const status = checkStatus(bundle, ledgerId, id, head.size);
  const anchored = bundle.anchors.every((anchor) => held(anchor, ledgerId, head.size, head.root));
  demand(anchored, "anchor");
  if (status !== "recorded") return status;
  return bundle.anchors.length > 0 ? "valid" : "pending";
}

// The verdict, and why where it is `invalid`.
function verify(bundle, context) {
  try {
    return { verdict: judge(bundle, context), reason: "" };
  } catch (error) {
    return { verdict: "invalid", reason: error.message };
  }
}

module.exports = { verify };
