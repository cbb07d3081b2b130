// The shapes that scripts of the pages share, beside what the server answers (answers.d.ts) and what the
// verifier knows. They are for tsc and for who reads: no script loads this file.
import type { LineForm, MyEntry, OwnLine, RunDetails } from "./answers.d.ts";
import type {
  Chain,
  Check,
  Entry,
  Facts,
  JsonObject,
  Kind,
  Service,
  SignedHead,
  Verdict,
} from "../verifier/shapes.d.ts";

// What a page was given beside its words: that of one who signs in has `ledger`, a registrar's `codes`.
export interface PageData {
  now: number;
  offset_minutes: number;
  reasons: Record<string, string>;
  ledger: string;
  minutes_per_yibi: number;
  sealed: number;
  anchored: number;
  flags: Record<string, string>;
  codes: Record<string, string>;
}

// Who signs: texts, and records of a kind under a ledger's id. `code` gives a key that can be written down.
export interface Signer {
  address: string;
  signText: (text: string) => Promise<string>;
  signRecord: (ledger: string, kind: Kind, body: object) => Promise<string>;
  code?: () => Uint8Array<ArrayBuffer>;
}

// An entry that concerns me, and the hour that it is of, or that two clock events make.
export type Item = MyEntry & { entry: Entry };
export type State = "unsigned" | "signed" | "waiting" | "anchored" | "amended" | "void" | "disputed";
export type Hour = Item & { state: State; started_at: number; ended_at: number } & Partial<
    Omit<Service, "started_at" | "ended_at">
  >;
// What moved my yibi; with a service, how many credit minutes there were by then.
export interface Moved {
  item: Item;
  coins: number;
  minutes?: number;
}

// What is counted for a student.
export interface Evaluation {
  credit_hundredths: number;
  credit_minutes: number;
  honour_minutes: number;
  excluded: Record<string, number>;
}
export type Line = LineForm & { evaluation: Evaluation | null };
export type Own = OwnLine & { line: { evaluation: Evaluation } };
export type Run = RunDetails & {
  rules: { scheme: string; version: string; title: { zh: string; en: string } };
  statement: Omit<Evaluation, "excluded"> & { matched: number; count: number; batch: number };
};

// What the page of the verifier shows: a report, or what became of looking for one.
export interface Shown {
  verdict: Verdict | "unknown";
  document: string | null;
  checks: Check[];
  facts: Known;
  // What an unpinned file would be.
  within?: Verdict | null;
  head?: SignedHead | null;
  // What this page itself has to say.
  note?: string | null;
  // Two notes of the log that contradict each other: the one seen before, and that of the file.
  evidence?: [known: string, shown: string] | null;
  // Whether the site was asked for what is newest.
  fresh?: boolean;
  // What the file of a record or a certificate holds.
  value?: JsonObject;
}
// Facts as they are where a document has them; of a certificate also what it says in words.
export type Known = { [N in Exclude<keyof Facts, "basis" | "minutes">]-?: NonNullable<Facts[N]> } & {
  minutes: number;
  basis: Basis[];
  stated?: { name?: string; purpose?: string; issuer?: string };
};
// A clock event, what the recipient said, or a permit.
export type Basis = {
  kind: Kind;
  record_id: string;
  direction: string;
  clocked_at: number;
  distance: string;
  methods: string[];
  answer: string;
  reason: string;
  minutes_max: number;
};
// A node by its name, whether it is this site's, and whether it was asked.
export interface Asked {
  name: string;
  site: boolean;
  asked: boolean;
  read: Chain;
}
// What a link or a typed text names: a record, or a whole file.
export type Named =
  | { record: string; ledger: string | null; code: string | null; file?: undefined }
  | { file: Uint8Array<ArrayBuffer> };
