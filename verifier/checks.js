// What all verifiers share: named checks, the report, the verdict.

/** @import { Anchor, Check, Facts, Outcome, Report, SignedHead, Status, Verdict } from "./shapes.d.ts" */

// A proof that does not hold. `check` names the check that failed, where not the one being made did.
export class ProofError extends Error {
  /** @param {string} reason @param {string | null} check */
  constructor(reason, check = null) {
    super(reason);
    this.check = check;
  }
}

// A value that breaks the rule named by `code`.
export class Refused extends Error {
  /** @param {string} code @param {string} [detail] */
  constructor(code, detail = "") {
    super(`${code} ${detail}`.trim());
    this.code = code;
    this.detail = detail;
  }
}

/** @type {(holds: unknown, reason: string, check?: string | null) => asserts holds} */
export const demand = (holds, reason, check = null) => {
  if (!holds) throw new ProofError(reason, check);
};

// What `parse` gives; every way in which a file is malformed is a failure of the check `format`.
/** @template T @param {() => T} parse @returns {T} */
export function parsed(parse) {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Refused) throw new ProofError(`${error.code}: ${error.detail}`);
    throw error;
  }
}

// Collects checks: held (ok is true), failed (false) or could not be made (null), and why.
export class Run {
  // The checks with these names, on a kind of document (null: on no known one).
  /** @param {string[]} names @param {string | null} [document] */
  constructor(names, document = null) {
    this.names = names;
    this.document = document;
    /** @type {Map<string, Check>} */
    this.checks = new Map();
    /** @type {SignedHead | null} */
    this.head = null;
  }

  /** @type {(name: string, ok: boolean | null, reason: string) => void} */
  note(name, ok, reason) {
    this.checks.set(name, { name, ok, reason });
  }

  // Only what a file says wrong is caught: a defect of this program must not look like a verdict.
  /** @type {(name: string, check: () => string | Promise<string>) => Promise<boolean | null>} */
  async make(name, check) {
    try {
      this.note(name, true, await check());
    } catch (error) {
      if (!(error instanceof ProofError || error instanceof Refused)) throw error;
      this.note(name, false, error.message);
    }
    return /** @type {Check} */ (this.checks.get(name)).ok;
  }

  /** @type {() => Check[]} */
  all() {
    const missing = { ok: null, reason: "not reached: an earlier check failed" };
    return this.names.map((name) => this.checks.get(name) ?? { name, ...missing });
  }

  /** @type {(verdict: Verdict, facts?: Facts) => Report} */
  report(verdict, facts = {}) {
    return { verdict, document: this.document, checks: this.all(), facts, within: null, head: this.head };
  }
}

// The verdict that the checks come to. `status`: what became of the subject of the file, null where it has
// no status of its own or none was proved.
/**
 * @type {(
 *   checks: Check[], anchors: Anchor[], finding: Outcome | null, status?: Status | null,
 * ) => Verdict}
 */
export function verdictOf(checks, anchors, finding, status = null) {
  if (checks.some((check) => check.ok === false)) return "invalid";
  if (status !== null && status !== "recorded") return status;
  if (finding?.state === "disowned") return "disowned";
  if (anchors.length === 0 || finding?.state === "mined" || finding?.state === "absent") return "pending";
  return checks.every((check) => check.ok) ? "valid" : "unchecked";
}
