// Who stands behind a record (docs/spec/records.md, "Who may sign"): roles, delegations, certification.
import { basisRecords, checkBasis, timeOf } from "./basis.js";
import { checkAuthor } from "./changes.js";
import { charterAt } from "./charters.js";
import { demand } from "./checks.js";
import { ZERO_ADDRESS } from "./fields.js";
import { DECLARED, ROLE_SCOPES, SELVES } from "./kinds.js";
import { checkQuorum, meets, signedBy } from "./quorum.js";
import { serviceOf } from "./records.js";

/**
 * @import {
 *   AnyCharter, Bundle, Claim, Entry, JsonObject, LedgerRecord, Part, Root, Scope
 * } from "./shapes.d.ts"
 */

// The value at a path of fields, `service.organisation`.
/** @type {(body: object, path: string) => string} */
const at = (body, path) =>
  /** @type {string} */ (
    path
      .split(".")
      .reduce((value, name) => /** @type {JsonObject} */ (value)[name], /** @type {unknown} */ (body))
  );

// The organisation that answers for a record, or null.
/** @type {(record: LedgerRecord) => string | null} */
export function issuerOf({ kind, body }) {
  const { issuer } = DECLARED[kind];
  const named = issuer === null ? ZERO_ADDRESS : at(body, issuer);
  return named === ZERO_ADDRESS ? null : named;
}

// Whether a record may carry these roles, in this order.
/** @type {(record: LedgerRecord, given: string[]) => boolean} */
const allows = (record, given) =>
  signedBy(record).some(({ roles, each, quorum }) => {
    const many = quorum !== undefined && given.length > 1;
    const wanted = each ? /** @type {string[]} */ (record.body[each]).flatMap(() => roles) : roles;
    return `${many ? [...new Set(given)] : given}` === `${wanted}`;
  });

/** @type {(entry: Entry | null) => entry is Entry} */
const isShown = (entry) => entry !== null;

// Those entries behind a record that may be newer than the checkpoint: a grant that is so serves no entry
// older than itself.
/** @type {(bundle: Bundle) => Entry[]} */
export const lateOf = ({ delegations, change }) => [...delegations, change].filter(isShown);

// All entries but the record's own, without the seal.
/** @type {(bundle: Bundle) => Entry[]} */
export const othersOf = (bundle) => [bundle.certification, ...lateOf(bundle)].filter(isShown);

/** @type {(bundle: Bundle, ledger: string) => string} */
export function checkRoles(bundle, ledger) {
  const { entry: first } = bundle.record;
  /** @type {Part[]} */
  const entries = [first, ...othersOf(bundle)].map((e) => [e.record, e.index, e.accepted_at]);
  /** @type {Part[]} */
  const basis = basisRecords(bundle).map((record) => beside(bundle.root, first.index, record));
  checkSigners(bundle, [...entries, ...basis], bundle.change === null ? [] : [[first, bundle.change]]);
  checkBasis(bundle, ledger);
  const roles = first.record.signatures.map((claim) => claim.role).join(", ");
  return `signed by ${roles || "the engine"} as the kind demands`;
}

// A record that an entry at an index rests on, and where it is judged. It has no index of its own: a permit
// may be by the authorities of any charter before.
/** @type {(root: Root, index: number, record: LedgerRecord) => Part} */
function beside(root, index, record) {
  const time = timeOf(record);
  const earlier = root.charters.map(({ entry }) => entry.index).filter((one) => one < index);
  const place = [index, ...earlier.reverse()].find((one) => meets(charterAt(root, one), record, time));
  return [record, place ?? index, time];
}

// Each [record, index, time], entered at an index and judged at a time (Unix s), is signed by whom its
// kind demands; of each [entry, its change] the change by who may; each grant shown is needed.
/**
 * @type {(
 *   shown: { root: Root, delegations: Entry[] }, parts: Part[], changes: [Entry, Entry][],
 * ) => void}
 */
export function checkSigners({ root, delegations }, parts, changes) {
  /** @type {Set<number | null>} */
  const used = new Set();
  for (const part of parts) addUsed(root, delegations, part, used);
  for (const [entry, change] of changes) used.add(checkAuthor(entry, change, delegations));
  used.delete(null);
  demand(used.size === delegations.length, "the proof carries a delegation that no signer needs");
}

/** @type {(root: Root, delegations: Entry[], part: Part, used: Set<number | null>) => void} */
function addUsed(root, delegations, [record, before, time], used) {
  const issuer = issuerOf(record);
  for (const claim of delegated(charterAt(root, before), record, time)) {
    const place = delegations.findIndex(
      (grant) =>
        grant.index < before && grants(grant.record, issuer, claim.signer, scopeOf(record, claim), time),
    );
    demand(place >= 0, stranger(claim));
    used.add(place);
  }
}

/** @type {(claim: Claim) => string} */
const stranger = ({ signer }) => `${signer} is neither the organisation nor shown to be its delegate`;

// The scope that a delegate needs to sign in a role; null where no delegate can.
/** @type {(record: LedgerRecord, claim: Claim) => Scope | null} */
export const scopeOf = ({ kind }, { role }) =>
  ROLE_SCOPES[role] ?? (role === "organisation" ? DECLARED[kind].scope : null);

// The signatures that need a grant, of a record, judged at a time (Unix s), that is otherwise signed in the
// roles of its kind by those whom its body or the charter in force names, by as many authorities as must.
/** @type {(charter: AnyCharter, record: LedgerRecord, time: number) => Claim[]} */
export function delegated(charter, record, time) {
  const claims = record.signatures;
  const roles = claims.map((claim) => claim.role);
  demand(allows(record, roles), `a ${record.kind} is not signed by ${roles.join(", ") || "nobody"}`);
  const keys = new Set(claims.map((claim) => claim.signer));
  demand(keys.size === claims.length, "one key signs in two roles");
  demandAnother(record);
  const issuer = issuerOf(record);
  /** @type {Claim[]} */
  const found = [];
  for (const claim of claims) {
    const { role, signer } = claim;
    const isAuthority = charter.authorities.includes(signer);
    if (role === "authority") demand(isAuthority, `${signer} is no authority of this ledger`);
    else if (SELVES.includes(role)) {
      demand(
        signer === /** @type {JsonObject} */ (record.body)[role],
        `the ${role} is another than the body names`,
      );
    } else if (!(role === "approver" && isAuthority) && (signer !== issuer || role === "station")) {
      demand(issuer !== null && scopeOf(record, claim) !== null, stranger(claim));
      found.push(claim);
    }
  }
  checkQuorum(charter, record, time);
  return found;
}

// Nobody signs for himself, nor does the organisation whose own key the volunteer is. Who is the guardian
// of a child no proof shows.
/** @type {(record: LedgerRecord) => void} */
function demandAnother(record) {
  const { kind, body, signatures } = record;
  const path = DECLARED[kind].parties.find((party) => /^(.*\.)?volunteer$/.test(party));
  const others = signatures.filter(({ role }) => !SELVES.includes(role)).map(({ signer }) => signer);
  if (!path || others.length === 0) return;
  const volunteer = at(body, path);
  const himself = `a ${kind} is signed by ${volunteer}, the volunteer, for himself`;
  demand(![...others, issuerOf(record)].includes(volunteer), himself);
}

/**
 * @type {(
 *   record: LedgerRecord, issuer: string | null, signer: string, scope: Scope | null, time: number,
 * ) => boolean}
 */
export function grants({ kind, body }, issuer, signer, scope, time) {
  if (kind !== "delegation" || !body.scopes.includes(/** @type {Scope} */ (scope))) return false;
  const whose = body.organisation === issuer && body.delegate === signer && body.action === "grant";
  return whose && body.valid_from <= time && (body.valid_until === 0 || time < body.valid_until);
}

/** @type {(bundle: Bundle) => string} */
export function checkIssuer({ genesis, certification, record: { entry } }) {
  if (issuerOf(entry.record) === null) {
    const none = "this kind of record has no issuing organisation";
    demand(certification === null, none);
    return none;
  }
  demand(certification !== null, "the organisation's certification is missing");
  const name = certifiedName(entry, certification);
  return `${name} was certified for that time by an authority of ${genesis.name}`;
}

// The name under which the issuer of an entry was certified, before it and for its time.
/** @type {(entry: Entry, certification: Entry) => string} */
export function certifiedName(entry, certification) {
  demand(certification.index < entry.index, "the certification is later than the record");
  const service = serviceOf(entry.record);
  const [start, end] = service
    ? [service.started_at, service.ended_at]
    : [entry.accepted_at, entry.accepted_at];
  const { kind, body } = certification.record;
  const certifies = kind === "organisation" && body.action === "certify";
  const until = /** @type {number} */ (body.valid_until);
  const covers =
    /** @type {number} */ (body.valid_from) <= start && (until === 0 || (start < until && end <= until));
  const right = certifies && body.organisation === issuerOf(entry.record) && covers;
  demand(right, "what is given does not certify the organisation for that time");
  return body.name;
}
