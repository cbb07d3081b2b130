// What a chain says of an anchor, and the verifier of a file: its checks, and the facts beside its verdict.
import type { Anchor, Bytes, Kind, Service, Status, Totals, Transcript } from "./shapes.d.ts";

export interface Finding {
  // It stands, for good or while it may be taken back; not deep enough; not there; taken back; another stands,
  // while that may be taken back or for good; the node cannot say.
  state:
    "final" | "settling" | "mined" | "absent" | "disowned" | "contested" | "contradicted" | "unreachable";
  reason: string;
  blockTime: number | null;
}
// The finding that counts; of a checkpoint that is on no chain yet only that it waits.
export type Outcome = Pick<Finding, "state"> & Partial<Finding>;
// Asks about one anchor.
export type Chain = (anchor: Anchor, ledger: string, size: bigint, root: Bytes) => Promise<Finding>;

export type Verdict =
  | Exclude<Status, "recorded">
  | "valid"
  | "pending"
  | "unchecked"
  | "invalid"
  | "no_proof"
  | "damaged"
  | "unpinned"
  | "broken"
  | "disowned";
// A check held (true), failed (false), or could not be made (null).
export interface Check {
  name: string;
  ok: boolean | null;
  reason: string;
}
export interface Report {
  verdict: Verdict;
  document: string | null;
  checks: Check[];
  facts: Facts;
  // What an unpinned file would be.
  within: Verdict | null;
  // The head that the file shows, if the log's key signed one.
  head: SignedHead | null;
}
export interface SignedHead {
  size: number;
  root: string;
  note: string;
}
// By whom a ledger was named: by its id, or by its own site, that of `host`; and the newest head seen of it.
export interface Pin {
  by: "hand" | "site";
  host: string;
  newest: SignedHead | null;
}
// A ledger's id, and the host that it calls its home or "" → its pin, or why there is none.
export type Pins = (ledger: string, home: string) => Pin | string;
export interface Signer {
  role: string;
  signer: string;
}
export interface ChangeFact {
  status?: Status;
  of?: string;
  kind: Kind;
  action: string | null;
  reason: string | null;
  by: { role: string; address: string };
  signers: Signer[];
  record_id: string;
  accepted_at: number | null;
  issued_at: number | null;
}
export interface BasisFact {
  kind: Kind;
  record_id: string;
  [shown: string]: unknown;
}
export interface RowFact extends Pick<Service, "hour_class" | "minutes" | "started_at" | "ended_at"> {
  record_id: string;
  activity: string;
  status: Status | null;
  flags: string[];
  delay_seconds: number | null;
  organisation?: string;
  changed_by?: string | null;
  grants_not_shown?: number;
  category?: string;
  accepted_at?: number | null;
  evidence_count?: number;
  signers?: Signer[];
}
// What stands beside a verdict: a document has those that its kind is about. Times in Unix seconds.
export interface Facts {
  ledger?: {
    name: string;
    home: string;
    id: string;
    utc_offset_minutes: number;
    // Null where nobody who is trusted named it.
    named?: Pick<Pin, "by" | "host"> | null;
  };
  record_id?: string;
  kind?: Kind;
  index?: number | null;
  accepted_at?: number | null;
  sealed_by?: number;
  claimed?: { index: number; accepted_at: number };
  signers?: Signer[];
  issuer?: string | null;
  issuer_name?: string;
  log_size?: number | null;
  anchored_at?: number | null;
  as_of?: { batch: number; size: number; time: number } | null;
  amends?: string;
  change?: ChangeFact;
  hour_class?: Service["hour_class"];
  volunteer?: string;
  minutes?: number | Record<Service["hour_class"], number>;
  started_at?: number;
  ended_at?: number;
  delay_seconds?: number | null;
  evidence_count?: number;
  mints?: boolean;
  flags?: string[] | null;
  basis?: BasisFact[];
  number?: string;
  served_from?: number;
  served_until?: number;
  issued_at?: number;
  credit_minutes?: number;
  honour_minutes?: number;
  rows?: RowFact[];
  account?: string;
  period?: { from: number; to: number };
  since_batch?: number;
  totals_before?: Totals | null;
  totals?: Totals | null;
  entries?: number;
  held_by?: Transcript["held_by"];
  grants_not_shown?: number;
  services?: RowFact[];
}
