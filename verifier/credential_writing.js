// A credential written from what it states, in its one form (docs/spec/certificates.md).
import { concat, hex, sha256, utf8 } from "./bytes.js";
import { demand } from "./checks.js";
import { checkAddress, checkField } from "./fields.js";
import { readMultikey } from "./integrity.js";
import { canonical, hasOwn } from "./json.js";
import WORDINGS from "./wording.js";

/** @import { JsonObject, Opening, Row, Statement } from "./shapes.d.ts" */

const CONTEXTS = [
  "https://www.w3.org/ns/credentials/v2",
  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
];
const ROWS_MAX = 1000;
const OPENED_MAX = 4096;
const LIST_URL = /^https?:\/\/[a-z0-9.:[\]-]{1,200}\/[A-Za-z0-9._~/-]{0,160}$/;
export const HOLDER = "did:pkh:eip155:1:";

/** @type {(seconds: number) => string} */
export const stamp = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

// The unsigned credential of what is stated; `Refused` for what it cannot state.
/** @type {(stated: Statement) => Promise<JsonObject>} */
export async function writeCredential(stated) {
  checkStatement(stated);
  const { rows, language } = stated;
  const wording = WORDINGS[/** @type {keyof typeof WORDINGS} */ (language)];
  const address = {
    type: "IdentifierEntry",
    identifier: stated.organisation,
    identifierType: "ext:HourledgerAddress",
  };
  /** @type {JsonObject} */
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
    credentialSubject: await writeSubject(stated),
    "hourledger:ledger": { "hourledger:ledgerId": stated.ledger, name: stated.ledgerName },
    evidence: rows.map(writeRow),
  };
  if (stated.supersedes !== null) document["hourledger:supersedes"] = stated.supersedes;
  if (stated.status !== null) document.credentialStatus = writeStatus(stated.status);
  return document;
}

// Whom it is of and what it states in sums: those of the two classes, never added up.
/** @type {(stated: Statement) => Promise<JsonObject>} */
async function writeSubject(stated) {
  const { rows, language } = stated;
  const wording = WORDINGS[/** @type {keyof typeof WORDINGS} */ (language)];
  const classes = [];
  for (const kind of /** @type {const} */ (["credit", "honour"])) {
    const minutes = rows.filter((row) => row.hourClass === kind).map((row) => BigInt(row.minutes));
    const total = minutes.reduce((sum, one) => sum + one, 0n);
    classes.push({ id: await nameOf(stated, `${kind}_minutes`), name: wording[kind], value: `${total}` });
  }
  /** @type {JsonObject} */
  const subject = {
    id: HOLDER + stated.holder,
    type: ["AchievementSubject"],
    licenseNumber: stated.number,
    "hourledger:purpose": stated.purpose,
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
  return subject;
}

/** @type {(row: Row) => JsonObject} */
function writeRow(row) {
  /** @type {(opening: Opening | null) => JsonObject | null} */
  const opened = (opening) =>
    opening && { "hourledger:fields": canonical(opening.fields), "hourledger:salt": opening.salt };
  /** @type {JsonObject} */
  const evidence = {
    type: ["Evidence"],
    "hourledger:record": row.record,
    "hourledger:hourClass": row.hourClass,
    "hourledger:startedAt": stamp(row.startedAt),
    "hourledger:endedAt": stamp(row.endedAt),
    "hourledger:minutes": row.minutes,
    "hourledger:acceptedAt": stamp(row.acceptedAt),
    "hourledger:flags": row.flags,
    "hourledger:evidenceCount": row.evidence,
  };
  const optional = {
    name: row.activity || null,
    genre: row.category || null,
    "hourledger:content": opened(row.content),
    "hourledger:personInCharge": opened(row.charge),
  };
  for (const [name, value] of Object.entries(optional)) if (value !== null) evidence[name] = value;
  return evidence;
}

/** @type {(status: { list: string, index: number }) => JsonObject} */
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

/** @type {(stated: Statement) => void} */
function checkStatement(stated) {
  const { rows } = stated;
  demand(rows.length > 0 && rows.length <= ROWS_MAX, `one to ${ROWS_MAX} rows are stated`);
  demand(hasOwn(WORDINGS, stated.language), "language: zh-Hans, zh-Hant or en is needed");
  /** @type {(value: string, path: string, empty?: boolean) => void} */
  const check = (value, path, empty = false) => checkField({ type: "string", empty }, value, path);
  checkAddress(stated.organisation, "organisation");
  for (const path of /** @type {const} */ (["ledgerName", "number", "organisationName", "purpose"]))
    check(stated[path], path);
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
/** @type {(named: Pick<Statement, "issuer" | "organisation">) => string} */
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
/** @type {(named: Pick<Statement, "ledger" | "organisation">, what: string) => Promise<string>} */
async function nameOf({ ledger, organisation }, what) {
  const parts = canonical({ ledger, organisation, what });
  const data = (await sha256(concat(utf8("hourledger-certificate/v1"), utf8(parts)))).subarray(0, 16);
  data[6] = (data[6] & 0x0f) | 0x80;
  data[8] = (data[8] & 0x3f) | 0x80;
  return `urn:uuid:${hex(data)
    .slice(2)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`;
}
