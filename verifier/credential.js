// A credential (docs/spec/certificates.md): what it states is taken out, then the document is written
// again from that and must be the one that was read. So nothing can stand in it that no check sees.
import { concat, hex, sha256, unhex, utf8 } from "./bytes.js";
import { demand, parsed, ProofError, Refused } from "./checks.js";
import { checkAddress, checkField, isHash } from "./fields.js";
import { checkProof, issuersProof, multikey, proofsOf, readMethod, readMultikey } from "./integrity.js";
import { canonical, hasOwn, isObject, parseJson } from "./json.js";
import WORDINGS from "./wording.js";

const LEDGER_PROOF = "HourledgerProof2026";
const CONTEXTS = [
  "https://www.w3.org/ns/credentials/v2",
  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
  "https://www.w3.org/ns/credentials/undefined-terms/v2",
];
const ROWS_MAX = 1000;
const OPENED_MAX = 4096;
const RECORD_BYTES_MAX = 32768;
const LIST_URL = /^https?:\/\/[a-z0-9.:[\]-]{1,200}\/[A-Za-z0-9._~/-]{0,160}$/;
const HOLDER = "did:pkh:eip155:1:";

// The ledger's proof in a credential, carried in its one form.
export function ledgerProofOf(document) {
  const proofs = proofsOf(document);
  const [found, ...more] = proofs.filter(({ type }) => type === LEDGER_PROOF);
  const one = found !== undefined && more.length === 0;
  demand(one, "the credential does not carry the ledger's proof");
  demand(proofs.length > 1, "one to 16 proofs are needed");
  const key = found.ledgerProof?.genesis?.log_key;
  demand(isHash(key), "the ledger's proof has no log key");
  const name = multikey(unhex(key));
  const right =
    isObject(found, ["type", "proofPurpose", "verificationMethod", "ledgerProof"]) &&
    found.proofPurpose === "ledgerInclusion" &&
    found.verificationMethod === `did:key:${name}#${name}`;
  demand(right, "the ledger's proof is carried in another form");
  return found.ledgerProof;
}

// What a credential states, with the key whose signature over it holds. Throws `ProofError` whose
// check is `credential`, or none for the form.
export async function readCredential(document) {
  const { proof: _, ...bare } = document;
  const stated = parsed(() => read(bare));
  const written = canonical(await parsedLater(() => write(stated)));
  const text = canonical(bare);
  demand(written === text, "the credential has members that are not of its form");
  demand(Array.isArray(document.proof), "proof is not a list");
  const proof = issuersProof(document);
  const others = proofsOf(document).filter((other) => other !== proof);
  const ours = others.length <= 1 && others.every(({ type }) => type === LEDGER_PROOF);
  demand(ours, "a proof is neither the issuer's nor the ledger's");
  const [issuer, key] = readMethod(proof.verificationMethod);
  demand(issuer === stated.issuer, "the credential is signed by another than its issuer", "credential");
  await checkProof(document, proof, key);
  const rows = [];
  for (const row of stated.rows) {
    rows.push({ ...row, content: await commitment(row.content), charge: await commitment(row.charge) });
  }
  return { ...stated, rows, key: hex(key), document: utf8(text) };
}

async function parsedLater(make) {
  try {
    return await make();
  } catch (error) {
    throw error instanceof Refused ? new ProofError(error.message) : error;
  }
}

const commitment = async (opening) =>
  opening && hex(await sha256(unhex(opening.salt), utf8(canonical(opening.fields))));

// A member of a type; throws for another.
function take(parent, name, type) {
  const value = hasOwn(parent, name) ? parent[name] : undefined;
  const right = {
    text: () => typeof value === "string",
    integer: () => typeof value === "number",
    object: () => value !== null && typeof value === "object" && !Array.isArray(value),
    hash: () => isHash(value),
    time: () => secondsOf(value) !== null,
    list: () =>
      Array.isArray(value) &&
      value.every((one) => one !== null && typeof one === "object" && !Array.isArray(one)),
    words: () => Array.isArray(value) && value.every((one) => typeof one === "string"),
  }[type];
  demand(right(), `${name} is missing or of another form`);
  return type === "time" ? secondsOf(value) : value;
}

function only(parent, name) {
  const found = take(parent, name, "list");
  demand(found.length === 1, `${name} is missing or of another form`);
  return found[0];
}

// Seconds of a time in its one spelling, or null.
function secondsOf(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return null;
  const seconds = Date.parse(text) / 1000;
  return seconds >= 0 && stamp(seconds) === text ? seconds : null;
}

const stamp = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

const maybe = (parent, name, read) => (hasOwn(parent, name) ? read(parent, name) : null);
const text = (parent, name) => take(parent, name, "text");

function read(document) {
  const [issuer, subject, ledger] = ["issuer", "credentialSubject", "ledger"].map((name) =>
    take(document, name, "object"),
  );
  const achievement = take(subject, "achievement", "object");
  const holder = hasOwn(subject, "id") ? subject.id : null;
  const named = typeof holder === "string" && holder.startsWith(HOLDER);
  demand(named, "the holder is not named by did:pkh:eip155:1");
  checkAddress(holder.slice(HOLDER.length), "address");
  return {
    ledger: take(ledger, "ledgerId", "hash"),
    ledgerName: text(ledger, "name"),
    number: text(subject, "licenseNumber"),
    organisation: text(only(issuer, "otherIdentifier"), "identifier"),
    organisationName: text(issuer, "name"),
    holder: holder.slice(HOLDER.length),
    holderName: maybe(subject, "identifier", (_, name) => text(only(subject, name), "identityHash")) ?? "",
    purpose: text(subject, "purpose"),
    language: text(achievement, "inLanguage"),
    servedFrom: take(subject, "activityStartDate", "time"),
    servedUntil: take(subject, "activityEndDate", "time"),
    issuedAt: take(document, "validFrom", "time"),
    rows: take(document, "evidence", "list").map(readRow),
    supersedes: maybe(document, "supersedes", (_, name) => take(document, name, "hash")),
    status: maybe(document, "credentialStatus", readStatus),
    issuer: text(issuer, "id"),
  };
}

function readRow(evidence) {
  return {
    record: take(evidence, "record", "hash"),
    hourClass: text(evidence, "hourClass"),
    activity: maybe(evidence, "name", text) ?? "",
    category: maybe(evidence, "genre", text) ?? "",
    startedAt: take(evidence, "startedAt", "time"),
    endedAt: take(evidence, "endedAt", "time"),
    minutes: take(evidence, "minutes", "integer"),
    acceptedAt: take(evidence, "acceptedAt", "time"),
    flags: take(evidence, "flags", "words"),
    evidence: take(evidence, "evidenceCount", "integer"),
    content: maybe(evidence, "content", readOpening),
    charge: maybe(evidence, "personInCharge", readOpening),
  };
}

function readOpening(evidence, name) {
  const opening = take(evidence, name, "object");
  const fields = parseJson(utf8(text(opening, "fields")), RECORD_BYTES_MAX);
  const object = fields !== null && typeof fields === "object" && !Array.isArray(fields);
  const opens = object && Object.values(fields).every((value) => typeof value === "string");
  demand(opens, `${name} does not open a commitment`);
  return { fields, salt: take(opening, "salt", "hash") };
}

function readStatus(document, name) {
  const status = take(document, name, "object");
  const index = text(status, "statusListIndex");
  demand(/^[0-9]{1,10}$/.test(index), "statusListIndex is no index");
  return { list: text(status, "statusListCredential"), index: Number(index) };
}

// The unsigned credential of what is stated; `Refused` for what it cannot state.
async function write(stated) {
  checkStatement(stated);
  const { rows, language } = stated;
  const wording = WORDINGS[language];
  const classes = [];
  for (const kind of ["credit", "honour"]) {
    const minutes = rows.filter((row) => row.hourClass === kind).map((row) => BigInt(row.minutes));
    const total = minutes.reduce((sum, one) => sum + one, 0n);
    classes.push({ id: await nameOf(stated, `${kind}_minutes`), name: wording[kind], value: `${total}` });
  }
  const subject = {
    id: HOLDER + stated.holder,
    type: ["AchievementSubject"],
    licenseNumber: stated.number,
    purpose: stated.purpose,
    activityStartDate: stamp(stated.servedFrom),
    activityEndDate: stamp(stated.servedUntil),
    achievement: {
      id: await nameOf(stated, "achievement"),
      type: ["Achievement"],
      achievementType: "CommunityService",
      name: wording.title,
      description: wording.description,
      inLanguage: language,
      criteria: { narrative: wording.criteria },
      resultDescription: classes.map(({ id, name }) => ({
        ...{ id, type: ["ResultDescription"], name, resultType: "ext:Minutes" },
      })),
    },
    result: classes.map(({ id, value }) => ({ type: ["Result"], resultDescription: id, value })),
  };
  if (stated.holderName) {
    const identity = {
      type: "IdentityObject",
      identityHash: stated.holderName,
      identityType: "name",
      hashed: false,
    };
    subject.identifier = [identity];
  }
  const address = {
    type: "IdentifierEntry",
    identifier: stated.organisation,
    identifierType: "ext:HourledgerAddress",
  };
  const document = {
    "@context": CONTEXTS,
    id: await nameOf(stated, `number/${stated.number}`),
    type: ["VerifiableCredential", "OpenBadgeCredential"],
    name: wording.title,
    issuer: {
      id: stated.issuer,
      type: ["Profile"],
      name: stated.organisationName,
      otherIdentifier: [address],
    },
    validFrom: stamp(stated.issuedAt),
    credentialSubject: subject,
    ledger: { ledgerId: stated.ledger, name: stated.ledgerName },
    evidence: rows.map(writeRow),
  };
  if (stated.supersedes !== null) document.supersedes = stated.supersedes;
  if (stated.status !== null) document.credentialStatus = writeStatus(stated.status);
  return document;
}

function writeRow(row) {
  const opened = (opening) => opening && { fields: canonical(opening.fields), salt: opening.salt };
  const evidence = {
    type: ["Evidence"],
    record: row.record,
    hourClass: row.hourClass,
    startedAt: stamp(row.startedAt),
    endedAt: stamp(row.endedAt),
    minutes: row.minutes,
    acceptedAt: stamp(row.acceptedAt),
    flags: row.flags,
    evidenceCount: row.evidence,
  };
  const optional = {
    name: row.activity || null,
    genre: row.category || null,
    content: opened(row.content),
    personInCharge: opened(row.charge),
  };
  for (const [name, value] of Object.entries(optional)) if (value !== null) evidence[name] = value;
  return evidence;
}

function writeStatus({ list, index }) {
  demand(LIST_URL.test(list) && index < 2 ** 31, "status: the address of a list and an index are needed");
  return {
    id: `${list}#${index}`,
    type: "BitstringStatusListEntry",
    statusPurpose: "revocation",
    statusListIndex: `${index}`,
    statusListCredential: list,
  };
}

function checkStatement(stated) {
  const { rows } = stated;
  demand(rows.length > 0 && rows.length <= ROWS_MAX, `one to ${ROWS_MAX} rows are stated`);
  demand(hasOwn(WORDINGS, stated.language), "language: zh-Hans, zh-Hant or en is needed");
  const check = (value, path, empty = false) => checkField({ type: "string", empty }, value, path);
  checkAddress(stated.organisation, "organisation");
  for (const path of ["ledgerName", "number", "organisationName", "purpose"]) check(stated[path], path);
  check(stated.holderName, "holderName", true);
  for (const row of rows) {
    demand(["credit", "honour"].includes(row.hourClass), "hour_class: credit or honour is needed");
    demand(row.minutes >= 0 && row.evidence >= 0, "minutes: a whole number is needed");
    check(row.activity, "activity", true);
    check(row.category, "category", true);
    for (const flag of row.flags) check(flag, "flags");
    for (const opening of [row.content, row.charge]) {
      const size = opening ? utf8(canonical(opening.fields)).length : 0;
      demand(size <= OPENED_MAX, `content: at most ${OPENED_MAX} bytes are opened`);
    }
  }
  domainOf(stated);
}

// The domain of an issuer's did:web for its organisation; empty for a did:key.
export function domainOf({ issuer, organisation }) {
  demand(issuer.length <= 400, "the issuer is not named by a DID");
  if (issuer.startsWith("did:key:")) {
    readMultikey(issuer.slice("did:key:".length));
    return "";
  }
  const [prefix, tail] = ["did:web:", `:organisations:${organisation}`];
  const web =
    issuer.startsWith(prefix) && issuer.endsWith(tail) && issuer.length > prefix.length + tail.length;
  demand(web, "the issuer is not a did:key, or did:web of the organisation");
  const domain = issuer.slice(prefix.length, -tail.length);
  checkField({ type: "string", host: true, empty: false }, domain, "domain");
  return domain;
}

// A name that follows from what it names: a UUID of version 8.
async function nameOf({ ledger, organisation }, what) {
  const parts = canonical({ ledger, organisation, what });
  const data = (await sha256(concat(utf8("hourledger-certificate/v1"), utf8(parts)))).subarray(0, 16);
  data[6] = (data[6] & 0x0f) | 0x80;
  data[8] = (data[8] & 0x3f) | 0x80;
  return `urn:uuid:${hex(data)
    .slice(2)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`;
}
