// What the kinds of records are called; one that has no word here stands as it is.
import { hasOwn } from "../../../verifier/json.js";
import { t } from "../words.js";

/** @type {Record<string, string>} */
const KINDS = {
  activity: t("activity"),
  activity_change: t("change of an activity"),
  amend: t("amendment"),
  approval: t("approval"),
  calendar: t("calendar"),
  certificate: t("certificate"),
  clock: t("clock event"),
  confirmation: t("confirmation"),
  consent: t("consent"),
  credit_decision: t("decision on credits"),
  decision: t("decision"),
  delegation: t("delegation"),
  genesis: t("genesis"),
  issuer_key: t("key of an issuer"),
  objection: t("objection"),
  organisation: t("certification of an organisation"),
  permit: t("permit"),
  policy: t("policy"),
  request: t("request"),
  request_end: t("end of a request"),
  seal: t("seal"),
  service: t("service"),
  signup: t("sign-up"),
  transfer: t("transfer"),
  void: t("voiding"),
  volunteer: t("enrolment"),
};

/** @type {(kind: string) => string | null} */
export const kindWord = (kind) => (hasOwn(KINDS, kind) ? KINDS[kind] : kind);
