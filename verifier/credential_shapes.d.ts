// The shapes of credentials, as certificates come in.
import type { Bytes } from "./shapes.d.ts";

export type JsonObject = Record<string, unknown>;
export interface Opening {
  fields: JsonObject;
  salt: string;
}
// A row as a credential states it; what commitments open to, or the commitments.
export interface Row<Opened = Opening> {
  record: string;
  hourClass: string;
  activity: string;
  category: string;
  startedAt: number;
  endedAt: number;
  minutes: number;
  acceptedAt: number;
  flags: string[];
  evidence: number;
  content: Opened | null;
  charge: Opened | null;
}
export interface Statement<Opened = Opening> {
  ledger: string;
  ledgerName: string;
  number: string;
  organisation: string;
  organisationName: string;
  holder: string;
  holderName: string;
  purpose: string;
  language: string;
  servedFrom: number;
  servedUntil: number;
  issuedAt: number;
  rows: Row<Opened>[];
  supersedes: string | null;
  status: { list: string; index: number } | null;
  issuer: string;
}
// A statement whose signature holds, by a key (0x-hex; null where none of its proofs could be checked), with
// the bytes that it is of, and the names of the proofs that were not checked.
export type Claims = Statement<string> & { key: string | null; ignored: string[]; document: Bytes };
