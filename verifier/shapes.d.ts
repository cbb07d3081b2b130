// The shapes of what the verifier reads, judges and says, once for all its scripts. They are for tsc and
// for who reads: no script loads this file. What the kinds of records hold follows from their table.
import type table from "./kinds_table.js";

export type * from "./credential_shapes.d.ts";
export type * from "./report_shapes.d.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

// What people sign, by the table of kinds.

// A field of a struct, or an item of a list.
export type FieldType = { type: string; least: number; item: FieldType } | Scalar;
export interface Scalar {
  type: string;
  least?: number;
  item?: undefined;
  words?: readonly unknown[];
  empty?: boolean;
  host?: boolean;
  module?: boolean;
  lines?: boolean;
  time?: boolean;
  day?: boolean;
  of?: string;
}
export type Field = FieldType & { name: string };
// The same as the table says it.
export interface DeclaredField {
  readonly name?: string;
  readonly type: string;
  readonly least?: number;
  readonly item?: DeclaredField;
}

type Table = typeof table;
type Structs = Table["structs"];
export type StructName = keyof Structs;
export type Kind = keyof Table["kinds"];

// What is declared of a kind of record (docs/spec/kinds.md).
export interface Declaration {
  readonly struct: StructName;
  readonly signed_by: readonly Signers[];
  readonly scope: Scope | null;
  readonly issuer: string | null;
  readonly parties: readonly string[];
  readonly corrects: Correction | null;
  readonly has_status: boolean;
}
export interface Correction {
  readonly field: CorrectingField;
  readonly status: Status;
  readonly when?: readonly [FieldName, string];
}
export interface Signers {
  readonly roles: readonly string[];
  readonly each?: "authorities";
  readonly quorum?: "certify_threshold" | "threshold" | "";
  readonly when?: readonly [FieldName, string];
  readonly unless?: readonly [FieldName, string];
}
type CorrectingField = "target" | "supersedes";

type Value<F> = F extends { item: infer Item }
  ? Value<Item>[]
  : F extends { words: readonly (infer Word)[] }
    ? Word
    : F extends { type: "bool" }
      ? boolean
      : F extends { type: `uint${number}` }
        ? number
        : F extends { type: infer Name extends StructName }
          ? Struct<Name>
          : string;
// The value of a struct: each field by its name.
export type Struct<Name extends StructName> = {
  [F in Structs[Name][number] as F["name"]]: Value<F>;
};
type BodyOf<K extends Kind> = Struct<Table["kinds"][K]["struct"]>;
export type FieldName = { [K in Kind]: keyof BodyOf<K> }[Kind];
// A body has the fields of its kind, and those of other kinds it has not.
export type Body<K extends Kind = Kind> = K extends Kind
  ? BodyOf<K> & { [Other in Exclude<FieldName, keyof BodyOf<K>>]?: undefined }
  : never;

export type Genesis = Struct<"Genesis">;
export type Charter = Struct<"Charter">;
export type Target = Struct<"Target">;
export type AnyCharter = Genesis | Charter;
export type Service = Struct<"Service">;
export type Certificate = Body<"certificate">;
export type Scope = Struct<"Delegation">["scopes"][number];

export interface Claim {
  role: string;
  signer: string;
  signature: string;
  sheet?: Sheet;
}
export interface Sheet {
  index: number;
  count: number;
  path: string[];
}
export type RecordOf<K extends Kind> = K extends Kind
  ? { kind: K; body: Body<K>; signatures: Claim[] }
  : never;
export type LedgerRecord = RecordOf<Kind>;
// What of a record its rules look at: also one that is put together here, whose signatures nobody asks for.
export type Unsigned<K extends Kind = Kind> = K extends Kind ? { kind: K; body: Body<K> } : never;
// What is looked at where there is no record.
export interface Nothing {
  kind?: undefined;
  body?: undefined;
}
export interface Entry {
  index: number;
  accepted_at: number;
  flags: string[];
  record: LedgerRecord;
}
// A record, entered at an index and judged at a time (Unix s).
export type Part = [record: LedgerRecord, index: number, time: number];

// The log, the state tree, anchors.

export interface TlogProof {
  index: bigint;
  path: Bytes[];
  checkpoint: string;
}
export interface Proven {
  entry: Entry;
  proof: TlogProof | null;
}
export interface Shown extends Proven {
  proof: TlogProof;
}
// What stands behind an entry: the seal of its batch, the entries that must stand under its checkpoint,
// those that may be newer, one path for all, and whether something of the state tree is stated too.
export interface Behind {
  seal: Entry | null;
  firm: Entry[];
  late: Entry[];
  path: Bytes;
  stated: boolean;
}
export interface Head {
  origin: string;
  size: bigint;
  root: Bytes;
}
// A key of the state tree with its value; null where the tree lacks it.
export type Wanted = [key: Bytes, value: Bytes | null];
export type Status = "recorded" | "disputed" | "amended" | "void";
export interface Stated {
  status: Status;
  changed_by: string;
  opening: string;
}
// What the tree says of a record, with what it says of it that nothing changed: no leaf.
export interface Told {
  status: Status;
  changed_by: string | null;
}
// What was taken back: the index of the entry that did it, and from when on (Unix s); rising in both.
export type Pair = [index: number, since: number];
// Of the organisation (null: nothing), and of each key that acts for it, as they first sign.
export interface Taken {
  organisation: { ended: Pair[]; successor: string } | null;
  revoked: Pair[][];
}
// A leaf of the state tree, and the index behind and the time from which it must stand.
export type Rest = [key: Bytes, after: number, time: number];
export interface Totals {
  credit_minutes: number;
  honour_minutes: number;
  voided_minutes: number;
  minted: number;
  received: number;
  sent: number;
  entries: number;
  head: string;
}
export interface Anchor {
  chain_id: number;
  contract: string;
  founder: string;
  size: number;
  transaction: string;
  block_number: number;
  block_hash: string;
}

export interface CharterEntry extends Entry {
  record: RecordOf<"charter">;
}
// The genesis and the charters after it, each with its path to the head of the file.
export interface Root {
  genesis: Genesis;
  charters: { entry: CharterEntry; path: Bytes[] }[];
}

// Documents, their bytes decoded.

// What a service rests on; a clock event without what its service says.
export type Witness = Pick<Struct<"Clock">, "clocked_at" | "distance" | "accuracy" | "methods" | "device"> & {
  volunteer_signature: string;
  station: string;
  station_signature: string;
};
export interface Basis {
  clocks: Witness[];
  confirmation: RecordOf<"confirmation"> | null;
  permit: RecordOf<"permit"> | null;
}
export interface Bundle {
  genesis: Genesis;
  root: Root;
  record: Proven;
  certification: Entry | null;
  delegations: Entry[];
  basis: Basis;
  change: Entry | null;
  standing: (Taken & { status: Stated | null; proof: Bytes }) | null;
  seal: Entry | null;
  path: Bytes;
  anchors: Anchor[];
}
export interface AccountStatement {
  genesis: Genesis;
  root: Root;
  account: string;
  seal: Shown;
  totals: Totals | null;
  opening: string | null;
  proof: Bytes;
  anchors: Anchor[];
}
// A batch as a transcript shows it.
export interface Batch {
  seal: Entry;
  totals: Totals | null;
  opening: string | null;
  proof: Bytes;
}
export interface Transcript {
  genesis: Genesis;
  root: Root;
  account: string;
  from: number;
  to: number;
  before: Batch | null;
  after: Batch;
  entries: Entry[];
  statuses: (Stated | null)[];
  held_by: "paths" | "chain";
  proven: Shown;
  path: Bytes;
  anchors: Anchor[];
}
// A service of the account that a transcript is of, at a place among its entries.
export interface OwnService extends Told {
  at: number;
  id: string;
  service: Service;
}
export interface CertificateProof {
  genesis: Genesis;
  root: Root;
  salt: string;
  certificate: Proven;
  services: Entry[];
  activities: Entry[];
  issuer_key: Entry;
  certifications: Entry[];
  delegations: Entry[];
  changes: Entry[];
  standing: (Taken & { statuses: (Stated | null)[]; proof: Bytes }) | null;
  seal: Entry | null;
  path: Bytes;
  anchors: Anchor[];
}
// What became of a part of a certificate, and what made it so.
export interface Found {
  word: Status;
  entry: Entry;
  change: Entry | null;
  revoked: boolean;
}
