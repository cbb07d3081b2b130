// Written by `python -m api.renew.script_tables`: the models of api/http.
export interface Account {
  address: string;
  credit_minutes: number;
  honour_minutes: number;
  voided_minutes: number;
  yibi: Yibi;
  stars: number;
  entries: number;
}
export interface CertificateForm {
  record_id: string;
  number: string;
  organisation: string;
  organisation_name: string;
  served_from: number;
  served_until: number;
  services: number;
  credit_minutes: number;
  honour_minutes: number;
  issued_at: number;
  accepted_at: number;
  state: "pending" | "valid" | "disputed" | "amended" | "void";
  progress: "issued" | "sealed" | "anchored";
  changed_by: string | null;
}
export interface Certificates {
  items: Array<CertificateForm>;
}
export interface Challenge {
  message: string;
  explanation: Record<string, string>;
  expires_in: number;
}
export interface ChangeForm {
  row: number;
  student: Record<string, string>;
  before: number | null;
  after: number | null;
  records: Array<Record<string, unknown>>;
}
export interface Changes {
  batch: number;
  items: Array<ChangeForm>;
}
export interface EntryForm {
  index: number;
  accepted_at: number;
  flags: Array<string>;
  record: RecordForm;
}
export interface Issued {
  record_id: string;
  number: string;
  rows: number;
  credit_minutes: number;
  honour_minutes: number;
}
export interface JobForm {
  job: string;
  total: number;
  done: number;
  run: string | null;
  problem: string | null;
  problem_detail: string;
}
export interface LineForm {
  row: number;
  student: Record<string, string>;
  match_status: string;
  match_code: string | null;
  account: string | null;
  evaluation: Record<string, unknown> | null;
}
export interface LinePage {
  items: Array<LineForm>;
  next: number | null;
}
export interface Mandate {
  organisation: string;
  scopes: Array<string>;
  certified: boolean;
}
export interface Me {
  address: string;
  volunteer_number: string;
  authority: boolean;
  volunteer: boolean;
  mandates: Array<Mandate>;
  account: Account;
}
export interface MyEntry {
  record_id: string;
  entry: EntryForm;
  organisation_name: string;
  service: ServiceFacts | null;
}
export interface NewShare {
  path: string;
  share: ShareForm;
}
export interface NoteForm {
  code: string;
  zh: string;
  en: string;
  about: string;
}
export interface OwnLine {
  run: RunForm;
  university: string;
  title: Record<string, string>;
  line: LineForm;
  objections: Array<SaidForm>;
}
export interface OwnLines {
  items: Array<OwnLine>;
}
export interface PreviewForm {
  form: string;
  unknown_columns: Array<string>;
  notes: Array<NoteForm>;
  total: number;
  statuses: Record<string, number>;
  short_student_numbers: Array<string>;
  rows: Array<RowForm>;
  diff: RosterDiff | null;
}
export interface RecordForm {
  kind: string;
  body: Record<string, unknown>;
  signatures: Array<SheetSignature | Signature>;
}
export interface Recorder {
  organisation: string;
  name: string;
  issues: boolean;
}
export interface Recorders {
  items: Array<Recorder>;
}
export interface RosterDiff {
  run: string;
  file_name: string;
  new: Array<string>;
  gone: Array<string>;
  changed: Record<string, Array<string>>;
}
export interface RowForm {
  row: number;
  student: Record<string, string>;
  match_status: string;
  match_code: string | null;
  account: string | null;
}
export interface RulesForm {
  scheme: string;
  version: string;
  title: Record<string, string>;
  hash: string;
  text: string;
}
export interface RulesList {
  items: Array<RulesForm>;
}
export interface RunDetails {
  run: RunForm;
  rules: Record<string, unknown>;
  statement: Record<string, unknown>;
  anchored: boolean;
  objections: Array<SaidForm>;
}
export interface RunForm {
  run: string;
  organisation: string;
  scheme: string;
  version: string;
  stage: string;
  file_name: string;
  form: string;
  unknown_columns: Array<string>;
  report_id: string;
  made_at: number;
  objections_until: number;
  final_at: number;
}
export interface RunList {
  items: Array<RunForm>;
}
export interface SaidForm {
  number: number;
  student_no: string;
  text: string;
  made_at: number;
  answer: string;
  answered_at: number;
}
export interface ServiceFacts {
  hour_class: "credit" | "honour";
  minutes: number;
  delay_seconds: number;
  evidence_count: number;
  status: "recorded" | "disputed" | "amended" | "void";
  changed_by: string | null;
  flags: Array<string>;
}
export interface ShareForm {
  share_id: string;
  record_id: string;
  name: string;
  issued_at: number;
  expires_at: number;
  revoked_at: number;
  views: Array<View>;
}
export interface ShareList {
  items: Array<ShareForm>;
}
export interface SheetPlace {
  index: number;
  count: number;
  path: Array<string>;
}
export interface SheetSignature {
  role: string;
  signer: string;
  signature: string;
  sheet: SheetPlace;
}
export interface Signature {
  role: string;
  signer: string;
  signature: string;
}
export interface SignedIn {
  address: string;
  secret: string;
  expires_in: number;
}
export interface View {
  seen_at: number;
  network: string;
}
export interface Yibi {
  minted: number;
  received: number;
  sent: number;
  balance: number;
}
