// A second verifier, written from docs/spec alone: node for SHA-256 and Ed25519, ethers for EIP-712
// and address recovery. It asks no chain itself: `held(anchor, ledgerId, size, root)` says whether
// one holds an anchor. Sheets are left out.
const { createHash, createPublicKey, verify: verifySignature } = require("node:crypto");
const { ethers } = require("hardhat");
const published = require("../vectors/records.json");

const TYPES = new Map(published.records.map((record) => [record.kind, record.types]));
const FIELDS =
  "anchors,basis,certification,change,delegations,format,genesis,path,record,revocations,seal,status";
const SCOPES = {
  activity: "activity",
  activity_change: "activity",
  approval: "approve",
  service: "service",
  amend: "service",
  void: "void",
  decision: "void",
};
const NOBODY = "0x" + "0".repeat(40);
const NOTHING = "0x" + "0".repeat(64);
const SELVES = ["volunteer", "guardian", "sender", "requester", "recipient"];
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
  const numbers = types[primary].filter((field) => field.type.startsWith("uint"));
  demand(numbers.every(({ name }) => Number.isSafeInteger(body[name])), "numbers of the body");
  const domain = { name: "Hourledger", version: "1", salt: ledgerId };
  return ethers.TypedDataEncoder.hash(domain, types, body);
}

function checkSignatures(ledgerId, { kind, body, signatures }) {
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
  demand(/^(— [^ \n]+ [^ \n]+\n)+$/.test(note.slice(split + 2)), "signature lines");
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

// One path for many leaves: [index, leaf] in order; null where no more hashes are left.
function rootOfMany(leaves, size, path) {
  const left = [...path];
  const walk = (start, stop, inside) => {
    if (inside.length === 0) return left.shift() ?? fail("path too short");
    if (stop - start === 1) return inside[0][1];
    let split = 1;
    while (split * 2 < stop - start) split *= 2;
    const middle = start + split;
    const lower = walk(start, middle, inside.filter(([index]) => index < middle));
    const upper = walk(middle, stop, inside.filter(([index]) => index >= middle));
    return sha256(Buffer.from([1]), lower, upper);
  };
  demand(leaves.every(([index]) => index < size), "index");
  const root = walk(0, size, leaves);
  return left.length === 0 ? root : fail("path too long");
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
const ROLES = {
  policy: ["authority"],
  calendar: ["authority"],
  organisation: ["authority"],
  permit: ["authority"],
  request: ["requester"],
  signup: ["volunteer"],
  clock: ["volunteer", "station"],
  confirmation: ["recipient"],
  amend: ["organisation", "approver"],
  objection: ["volunteer"],
  transfer: ["sender"],
  consent: ["volunteer"],
  seal: [],
};

function rolesOf(kind, body, genesis) {
  if (kind === "genesis") return [genesis.authorities.map(() => "authority")];
  if (kind === "volunteer") return [body.guardian === NOBODY ? ["volunteer"] : ["volunteer", "guardian"]];
  if (kind === "service" && body.hour_class === "honour") return [["organisation", "approver"]];
  if (kind === "approval") return [[body.parent === NOBODY ? "authority" : "organisation"]];
  if (kind === "void" || kind === "decision") return [["organisation"], ["authority"]];
  return [ROLES[kind] ?? ["organisation"]];
}

function issuerOf({ kind, body }) {
  if (kind === "amend") return body.service.organisation;
  const acts = ["activity", "activity_change", "clock", "service", "delegation", "void", "decision",
    "issuer_key", "certificate", "credit_decision"];
  const issuer = kind === "approval" ? body.parent : acts.includes(kind) ? body.organisation : NOBODY;
  return issuer === NOBODY ? null : issuer;
}

function checkRoles(bundle, record, index, time, used) {
  const roles = record.signatures.map((claim) => claim.role);
  const allowed = rolesOf(record.kind, record.body, bundle.genesis);
  demand(allowed.some((list) => list.join() === roles.join()), "roles");
  demand(new Set(record.signatures.map((claim) => claim.signer)).size === roles.length, "two roles");
  for (const { role, signer } of record.signatures) {
    const authority = bundle.genesis.authorities.includes(signer);
    if (role === "authority" || (role === "approver" && authority)) demand(authority, "authority");
    else if (SELVES.includes(role)) demand(record.body[role] === signer, role);
    else if (issuerOf(record) !== signer || role === "station") {
      const scope = { approver: "approve", station: "clock" }[role] ?? SCOPES[record.kind];
      const place = bundle.delegations.findIndex(({ index: i, record: { body } }) =>
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
  const at = bundle.certification ?? fail("certification");
  const { body } = at.record;
  const service = entry.record.body.service ?? entry.record.body;
  const start = service.started_at ?? entry.accepted_at;
  const end = service.ended_at ?? entry.accepted_at;
  const covers = body.valid_from <= start &&
    (body.valid_until === 0 || (start < body.valid_until && end <= body.valid_until));
  demand(at.index < entry.index && at.record.kind === "organisation", "certification");
  return demand(body.action === "certify" && body.organisation === issuer && covers, "certification");
}

// docs/spec/proofs.md, "What hours rest on": [record, time] of each, clock events put together again
function basisOf({ record, basis }) {
  demand(Object.keys(basis).sort().join() === "clocks,confirmation,permit", "basis");
  const { kind, body } = record.entry.record;
  const service = kind === "amend" ? body.service : body;
  const { activity, organisation, volunteer } = service;
  const clocks = basis.clocks.map((clock, place) => {
    const { volunteer_signature: own, station, station_signature: theirs, ...rest } = clock;
    const direction = ["in", "out"][place];
    const signatures = [
      { role: "volunteer", signer: volunteer, signature: own },
      { role: "station", signer: station, signature: theirs },
    ];
    const event = { activity, organisation, volunteer, direction, ...rest };
    return [{ kind: "clock", body: event, signatures }, rest.clocked_at];
  });
  const others = [basis.confirmation, basis.permit].filter((other) => other !== null);
  return [...clocks, ...others.map((other) => [other, other.body.issued_at])];
}

function checkBasis(bundle, ledgerId) {
  const { kind, body } = bundle.record.entry.record;
  const { clocks, confirmation, permit } = bundle.basis;
  const service = kind === "amend" ? body.service : body;
  if (kind !== "service" && kind !== "amend") {
    return demand(clocks.length === 0 && confirmation === null && permit === null, "basis");
  }
  const parts = basisOf(bundle).map(([part]) => part);
  const ids = parts.map((part) => recordId(ledgerId, part.kind, part.body));
  if (service.hour_class === "honour") {
    demand(parts.length === 1 && permit?.kind === "permit" && ids[0] === service.permit, "permit");
    const { organisation, served_from: from, served_until: until } = permit.body;
    return demand(organisation === service.organisation && from <= service.started_at && service.ended_at <= until, "permit");
  }
  demand(clocks.length === 2 && permit === null, "clocks");
  demand(ids[0] === service.clock_in && ids[1] === service.clock_out, "another clock event");
  const [start, end] = clocks.map((clock) => clock.clocked_at);
  demand(start <= service.started_at && service.ended_at <= end, "times");
  demand(kind === "amend" || (start === service.started_at && end === service.ended_at), "times");
  const named = confirmation === null ? NOTHING : ids[2];
  return demand(named === service.confirmation, "confirmation");
}

// docs/spec/proofs.md, "Revocations"
function checkRevocations(bundle) {
  const { record, index: first, accepted_at: accepted } = bundle.record.entry;
  const parts = [[record, accepted], ...basisOf(bundle)];
  for (const { index, record: { kind, body } } of bundle.revocations) {
    const concerns = parts.some(([part, time]) => {
      if (part === record && index <= first) return false;
      if (body.organisation !== issuerOf(part) || body.valid_from > time) return false;
      if (kind === "organisation") return body.action !== "certify";
      const keys = part.signatures.map((claim) => claim.signer);
      return kind === "delegation" && body.action === "revoke" && keys.includes(body.delegate);
    });
    demand(concerns, "revocation");
  }
}

function checkStatus(bundle, ledgerId, id, size) {
  const { value, path } = bundle.status ?? fail("status");
  const { record, index } = bundle.seal;
  demand(record.kind === "seal" && index === size - 1, "seal");
  demand(Object.keys(value).sort().join() === "changed_by,flags,status", "value");
  const key = Buffer.concat([Buffer.from("record/"), raw(id)]);
  const root = stateRoot(key, Buffer.from(canonical(value)), base64(path));
  demand(root.equals(raw(record.body.state_root)), "state root");
  checkRevocations(bundle);
  const word = changeOf(bundle, ledgerId, id, value, size);
  return word === "recorded" && bundle.revocations.length > 0 ? "disputed" : word;
}

function changeOf(bundle, ledgerId, id, value, size) {
  if (bundle.change === null) return value.changed_by === null ? value.status : fail("change");
  const { record, index } = bundle.change;
  const word = CHANGES[record.kind] ?? fail("change");
  demand(record.body.target === id && index > bundle.record.entry.index, "change");
  const same = recordId(ledgerId, record.kind, record.body) === value.changed_by;
  demand(index >= size || (same && word === value.status), "change");
  return word;
}

function checkInclusion(bundle, others, head) {
  const { entry, tlog_proof: text } = bundle.record;
  const leafOf = (shown) => sha256(Buffer.from([0]), Buffer.from(canonical(shown)));
  const { index, path } = parseProof(text);
  demand(index === entry.index, "leaf");
  demand(rootOf(leafOf(entry), index, head.size, path).equals(head.root), "inclusion");
  const late = (shown) => shown === bundle.change || bundle.revocations.includes(shown);
  const leaves = new Map();
  for (const shown of others.filter((other) => other.index < head.size || !late(other))) {
    const known = leaves.get(shown.index) ?? leafOf(shown);
    demand(known.equals(leafOf(shown)), "two entries");
    leaves.set(shown.index, known);
  }
  const sorted = [...leaves].sort(([a], [b]) => a - b);
  const hashes = base64(bundle.path);
  demand(hashes.length % 32 === 0, "32 bytes");
  const shared = Array.from({ length: hashes.length / 32 }, (_, at) => hashes.subarray(32 * at, 32 * at + 32));
  demand(rootOfMany(sorted, head.size, shared).equals(head.root), "inclusion");
}

function judge(bundle, { ledgerId: trusted, held }) {
  demand(Object.keys(bundle).sort().join() === FIELDS, "fields");
  demand(bundle.format === "hourledger-proof/v1", "format");
  const ledgerId = "0x" + sha256(Buffer.from(canonical(bundle.genesis))).toString("hex");
  demand(ledgerId === trusted, "another ledger");
  const behind = [bundle.certification, ...bundle.delegations, bundle.change];
  const others = [...behind, ...bundle.revocations, bundle.seal].filter((entry) => entry !== null);
  const shown = [bundle.record.entry, ...others];
  const rests = basisOf(bundle);
  const id = shown.map((entry) => checkSignatures(ledgerId, entry.record))[0];
  rests.forEach(([record]) => checkSignatures(ledgerId, record));
  const used = new Set();
  shown.forEach(({ record, index, accepted_at: time }) => checkRoles(bundle, record, index, time, used));
  rests.forEach(([record, time]) => checkRoles(bundle, record, bundle.record.entry.index, time, used));
  demand(used.size === bundle.delegations.length, "unused delegation");
  checkBasis(bundle, ledgerId);
  checkIssuer(bundle);
  if (bundle.record.tlog_proof === null) {
    demand(bundle.status === null && bundle.seal === null && bundle.path === "", "status");
    checkRevocations(bundle);
    const word = changeOf(bundle, ledgerId, id, { status: "recorded", changed_by: null }, 0);
    return word !== "recorded" ? word : bundle.revocations.length > 0 ? "disputed" : "pending";
  }
  const head = openCheckpoint(parseProof(bundle.record.tlog_proof).checkpoint, bundle.genesis);
  checkInclusion(bundle, others, head);
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
