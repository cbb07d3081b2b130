// Written by `python -m api.renew.script_tables`: api/pages/kind_words.py.
import { t } from "../words.js";

/** @type {Record<string, string>} */
export const KIND_WORDS = {
  activity: t("activity"),
  activity_change: t("change of an activity"),
  amend: t("amendment"),
  approval: t("approval"),
  calendar: t("calendar"),
  certificate: t("certificate"),
  charter: t("charter"),
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
