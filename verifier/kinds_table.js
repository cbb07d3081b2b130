// Written by `python -m ledger.kinds_page`: the declarations of ledger/core/kinds.
export default /** @type {const} */ ({
"structs": {
"Policy": [
{"name": "minutes_per_yibi", "type": "uint32", "least": 1},
{"name": "session_minutes_max", "type": "uint32", "least": 1},
{"name": "day_minutes_max", "type": "uint32", "least": 1},
{"name": "day_minutes_parent_max", "type": "uint32", "least": 1},
{"name": "clock_in_early_minutes", "type": "uint32"},
{"name": "clock_out_late_minutes", "type": "uint32"},
{"name": "clock_pairs_max", "type": "uint32"},
{"name": "clock_answer_seconds", "type": "uint32"},
{"name": "late_working_days", "type": "uint32"},
{"name": "bulk_entries_hour", "type": "uint32"},
{"name": "night_from_hour", "type": "uint32"},
{"name": "night_until_hour", "type": "uint32"},
{"name": "honour_evidence_min", "type": "uint32"},
{"name": "clock_skew_seconds", "type": "uint32"},
{"name": "utc_offset_minutes", "type": "uint32"},
{"name": "star_hours", "type": "uint32[]", "item": {"type": "uint32", "least": 1}},
{"name": "blocked_categories", "type": "string[]", "item": {"type": "string"}}
],
"Target": [
{"name": "chain_id", "type": "uint64", "least": 1},
{"name": "anchor", "type": "address"},
{"name": "founder", "type": "address"},
{"name": "nature", "type": "string", "words": ["public", "consortium", "demonstration"]},
{"name": "every_seconds", "type": "uint32", "least": 1}
],
"Activity": [
{"name": "organisation", "type": "address"},
{"name": "title", "type": "string"},
{"name": "category", "type": "string"},
{"name": "starts_at", "type": "uint64", "time": true},
{"name": "ends_at", "type": "uint64", "time": true},
{"name": "seats", "type": "uint32", "least": 1},
{"name": "person_in_charge", "type": "bytes32", "of": "commitment"},
{"name": "place", "type": "bytes32", "of": "commitment"},
{"name": "fence_metres", "type": "uint32"},
{"name": "recipient", "type": "address", "empty": true},
{"name": "request", "type": "bytes32", "of": "record"},
{"name": "honour_minutes_max", "type": "uint32"},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"ActivityChange": [
{"name": "activity", "type": "bytes32", "of": "record"},
{"name": "organisation", "type": "address"},
{"name": "action", "type": "string", "words": ["change", "cancel"]},
{"name": "starts_at", "type": "uint64", "time": true},
{"name": "ends_at", "type": "uint64", "time": true},
{"name": "seats", "type": "uint32", "least": 1},
{"name": "place", "type": "bytes32", "of": "commitment"},
{"name": "fence_metres", "type": "uint32"},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Request": [
{"name": "requester", "type": "address"},
{"name": "organisation", "type": "address"},
{"name": "category", "type": "string"},
{"name": "wanted_from", "type": "uint64", "time": true},
{"name": "wanted_until", "type": "uint64", "time": true},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"RequestEnd": [
{"name": "request", "type": "bytes32", "of": "record"},
{"name": "requester", "type": "address"},
{"name": "organisation", "type": "address", "empty": true},
{"name": "outcome", "type": "string", "words": ["declined", "withdrawn"]},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Signup": [
{"name": "activity", "type": "bytes32", "of": "record"},
{"name": "volunteer", "type": "address"},
{"name": "action", "type": "string", "words": ["join", "leave"]},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Clock": [
{"name": "activity", "type": "bytes32", "of": "record"},
{"name": "organisation", "type": "address"},
{"name": "volunteer", "type": "address"},
{"name": "direction", "type": "string", "words": ["in", "out"]},
{"name": "clocked_at", "type": "uint64", "time": true},
{"name": "distance", "type": "string", "words": ["unknown", "inside", "under_200_m", "under_1_km", "beyond_1_km"]},
{"name": "accuracy", "type": "string", "words": ["unknown", "under_20_m", "under_100_m", "beyond_100_m"]},
{"name": "methods", "type": "string[]", "item": {"type": "string", "words": ["gps", "site_code", "face"]}, "least": 1},
{"name": "device", "type": "bytes32", "least": 1}
],
"Confirmation": [
{"name": "clock_out", "type": "bytes32", "of": "record"},
{"name": "recipient", "type": "address"},
{"name": "answer", "type": "string", "words": ["served", "not_served"]},
{"name": "issued_at", "type": "uint64", "time": true}
],
"IssuerKey": [
{"name": "organisation", "type": "address"},
{"name": "action", "type": "string", "words": ["bind", "revoke"]},
{"name": "public_key", "type": "bytes32"},
{"name": "domain", "type": "string", "empty": true, "host": true},
{"name": "valid_from", "type": "uint64", "time": true},
{"name": "valid_until", "type": "uint64", "time": true},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Certificate": [
{"name": "organisation", "type": "address"},
{"name": "volunteer", "type": "address"},
{"name": "number", "type": "string"},
{"name": "credential", "type": "bytes32", "least": 1},
{"name": "services", "type": "bytes32", "least": 1},
{"name": "count", "type": "uint32", "least": 1},
{"name": "credit_minutes", "type": "uint32"},
{"name": "honour_minutes", "type": "uint32"},
{"name": "served_from", "type": "uint64", "time": true},
{"name": "served_until", "type": "uint64", "time": true},
{"name": "supersedes", "type": "bytes32", "of": "record"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Consent": [
{"name": "volunteer", "type": "address"},
{"name": "grantee", "type": "address"},
{"name": "action", "type": "string", "words": ["grant", "withdraw"]},
{"name": "purpose", "type": "string", "words": ["practice_credits"]},
{"name": "served_from", "type": "uint64", "time": true},
{"name": "served_until", "type": "uint64", "time": true},
{"name": "valid_until", "type": "uint64", "time": true},
{"name": "issued_at", "type": "uint64", "time": true}
],
"CreditDecision": [
{"name": "organisation", "type": "address"},
{"name": "volunteer", "type": "address"},
{"name": "scheme", "type": "string"},
{"name": "rules", "type": "bytes32", "least": 1},
{"name": "report", "type": "bytes32", "least": 1},
{"name": "services", "type": "bytes32[]", "item": {"type": "bytes32", "of": "record", "least": 1}},
{"name": "minutes", "type": "uint32"},
{"name": "credit_hundredths", "type": "uint32"},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Genesis": [
{"name": "name", "type": "string"},
{"name": "home", "type": "string", "empty": true, "host": true},
{"name": "origin", "type": "string"},
{"name": "log_key", "type": "bytes32"},
{"name": "authorities", "type": "address[]", "item": {"type": "address"}, "least": 1},
{"name": "threshold", "type": "uint32"},
{"name": "certify_threshold", "type": "uint32"},
{"name": "targets", "type": "Target[]", "item": {"type": "Target"}, "least": 1},
{"name": "witness_policy", "type": "string", "empty": true, "lines": true},
{"name": "modules", "type": "string[]", "item": {"type": "string", "module": true}, "least": 1},
{"name": "next", "type": "bytes32[]", "item": {"type": "bytes32"}},
{"name": "policy", "type": "Policy"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Charter": [
{"name": "version", "type": "uint32", "least": 2},
{"name": "previous", "type": "bytes32"},
{"name": "home", "type": "string", "empty": true, "host": true},
{"name": "origin", "type": "string"},
{"name": "log_key", "type": "bytes32"},
{"name": "authorities", "type": "address[]", "item": {"type": "address"}, "least": 1},
{"name": "threshold", "type": "uint32"},
{"name": "certify_threshold", "type": "uint32"},
{"name": "targets", "type": "Target[]", "item": {"type": "Target"}, "least": 1},
{"name": "witness_policy", "type": "string", "empty": true, "lines": true},
{"name": "modules", "type": "string[]", "item": {"type": "string", "module": true}, "least": 1},
{"name": "next", "type": "bytes32[]", "item": {"type": "bytes32"}},
{"name": "chain_lost", "type": "bool"},
{"name": "reason", "type": "string"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"PolicyChange": [
{"name": "policy", "type": "Policy"},
{"name": "version", "type": "uint32", "least": 2},
{"name": "reason", "type": "string"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Calendar": [
{"name": "year", "type": "uint32"},
{"name": "holidays", "type": "uint32[]", "item": {"type": "uint32", "day": true}},
{"name": "workdays", "type": "uint32[]", "item": {"type": "uint32", "day": true}},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Organisation": [
{"name": "organisation", "type": "address"},
{"name": "action", "type": "string", "words": ["certify", "suspend", "succeed"]},
{"name": "name", "type": "string"},
{"name": "category", "type": "string"},
{"name": "parent", "type": "address", "empty": true},
{"name": "successor", "type": "address", "empty": true},
{"name": "valid_from", "type": "uint64", "time": true},
{"name": "valid_until", "type": "uint64", "time": true},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Delegation": [
{"name": "organisation", "type": "address"},
{"name": "delegate", "type": "address"},
{"name": "action", "type": "string", "words": ["grant", "revoke"]},
{"name": "scopes", "type": "string[]", "item": {"type": "string", "words": ["activity", "certificate", "credit", "verify_identity", "approve", "service", "void", "clock"]}, "least": 1},
{"name": "valid_from", "type": "uint64", "time": true},
{"name": "valid_until", "type": "uint64", "time": true},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Volunteer": [
{"name": "volunteer", "type": "address"},
{"name": "identity", "type": "bytes32", "of": "commitment", "least": 1},
{"name": "guardian", "type": "address", "empty": true},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Accreditation": [
{"name": "organisation", "type": "address"},
{"name": "role", "type": "string", "words": ["merchant", "machine_operator", "insurer", "trainer", "skill_issuer", "foundation", "government", "awarder", "identity_verifier", "university"]},
{"name": "action", "type": "string", "words": ["grant", "revoke"]},
{"name": "region", "type": "string", "empty": true},
{"name": "details", "type": "bytes32"},
{"name": "valid_from", "type": "uint64", "time": true},
{"name": "valid_until", "type": "uint64", "time": true},
{"name": "issued_at", "type": "uint64", "time": true}
],
"IdentityCheck": [
{"name": "volunteer", "type": "address"},
{"name": "verifier", "type": "address"},
{"name": "person", "type": "bytes32", "least": 1},
{"name": "level", "type": "string", "words": ["real_name", "document", "face"]},
{"name": "valid_until", "type": "uint64", "time": true},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Seal": [
{"name": "batch", "type": "uint64", "least": 1},
{"name": "state_root", "type": "bytes32"},
{"name": "charter", "type": "bytes32"},
{"name": "sealed_at", "type": "uint64", "time": true}
],
"Permit": [
{"name": "organisation", "type": "address"},
{"name": "served_from", "type": "uint64", "time": true},
{"name": "served_until", "type": "uint64", "time": true},
{"name": "enter_until", "type": "uint64", "time": true},
{"name": "minutes_max", "type": "uint32", "least": 1},
{"name": "reason", "type": "string", "words": ["before_platform", "outage", "dispatched", "paper", "other"]},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Approval": [
{"name": "organisation", "type": "address"},
{"name": "parent", "type": "address", "empty": true},
{"name": "volunteer", "type": "address"},
{"name": "day", "type": "uint32", "day": true},
{"name": "minutes_max", "type": "uint32", "least": 1},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Service": [
{"name": "hour_class", "type": "string", "words": ["credit", "honour"]},
{"name": "volunteer", "type": "address"},
{"name": "organisation", "type": "address"},
{"name": "activity", "type": "bytes32", "of": "record"},
{"name": "clock_in", "type": "bytes32", "of": "record"},
{"name": "clock_out", "type": "bytes32", "of": "record"},
{"name": "confirmation", "type": "bytes32", "of": "record"},
{"name": "permit", "type": "bytes32", "of": "record"},
{"name": "started_at", "type": "uint64", "time": true},
{"name": "ended_at", "type": "uint64", "time": true},
{"name": "minutes", "type": "uint32", "least": 1},
{"name": "content", "type": "bytes32", "of": "commitment"},
{"name": "evidence", "type": "bytes32[]", "item": {"type": "bytes32", "of": "commitment", "least": 1}},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Void": [
{"name": "target", "type": "bytes32", "of": "record"},
{"name": "organisation", "type": "address", "empty": true},
{"name": "reason", "type": "string", "words": ["entered_in_error", "not_served", "duplicate", "key_compromised", "other"]},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Amend": [
{"name": "target", "type": "bytes32", "of": "record"},
{"name": "service", "type": "Service"},
{"name": "reason", "type": "string", "words": ["wrong_time", "wrong_minutes", "wrong_content", "other"]},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Objection": [
{"name": "target", "type": "bytes32", "of": "record"},
{"name": "volunteer", "type": "address"},
{"name": "reason", "type": "string", "words": ["not_served", "wrong_time", "wrong_class", "other"]},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Decision": [
{"name": "objection", "type": "bytes32", "of": "record"},
{"name": "target", "type": "bytes32", "of": "record"},
{"name": "organisation", "type": "address", "empty": true},
{"name": "outcome", "type": "string", "words": ["upheld", "rejected"]},
{"name": "details", "type": "bytes32", "of": "commitment"},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Transfer": [
{"name": "sender", "type": "address"},
{"name": "recipient", "type": "address"},
{"name": "coins", "type": "uint64", "least": 1},
{"name": "purpose", "type": "string", "words": ["thanks", "redeem", "donate", "refund"]},
{"name": "reference", "type": "bytes32"},
{"name": "nonce", "type": "bytes32", "of": "chance"},
{"name": "expires_at", "type": "uint64", "time": true},
{"name": "issued_at", "type": "uint64", "time": true}
],
"Sheet": [
{"name": "root", "type": "bytes32"},
{"name": "count", "type": "uint32", "least": 1}
]
},
"kinds": {
"accreditation": {
"struct": "Accreditation",
"signed_by": [{"roles": ["authority"], "quorum": "certify_threshold"}],
"scope": null,
"issuer": null,
"parties": ["organisation"],
"through": [],
"corrects": null,
"has_status": false
},
"activity": {
"struct": "Activity",
"signed_by": [{"roles": ["organisation"]}],
"scope": "activity",
"issuer": "organisation",
"parties": ["organisation", "recipient"],
"through": [],
"corrects": null,
"has_status": false
},
"activity_change": {
"struct": "ActivityChange",
"signed_by": [{"roles": ["organisation"]}],
"scope": "activity",
"issuer": "organisation",
"parties": ["organisation"],
"through": [],
"corrects": null,
"has_status": false
},
"amend": {
"struct": "Amend",
"signed_by": [{"roles": ["organisation", "approver"]}],
"scope": "service",
"issuer": "service.organisation",
"parties": ["service.volunteer", "service.organisation"],
"through": [],
"corrects": {"field": "target", "status": "amended"},
"has_status": true
},
"approval": {
"struct": "Approval",
"signed_by": [{"roles": ["authority"], "when": ["parent", "0x0000000000000000000000000000000000000000"]}, {"roles": ["organisation"], "unless": ["parent", "0x0000000000000000000000000000000000000000"]}],
"scope": "approve",
"issuer": "parent",
"parties": ["volunteer", "organisation", "parent"],
"through": [],
"corrects": null,
"has_status": false
},
"calendar": {
"struct": "Calendar",
"signed_by": [{"roles": ["authority"]}],
"scope": null,
"issuer": null,
"parties": [],
"through": [],
"corrects": null,
"has_status": false
},
"certificate": {
"struct": "Certificate",
"signed_by": [{"roles": ["organisation"]}],
"scope": "certificate",
"issuer": "organisation",
"parties": ["volunteer", "organisation"],
"through": [],
"corrects": {"field": "supersedes", "status": "amended"},
"has_status": true
},
"charter": {
"struct": "Charter",
"signed_by": [{"roles": ["authority"], "quorum": "threshold"}],
"scope": null,
"issuer": null,
"parties": [],
"through": [],
"corrects": null,
"has_status": false
},
"clock": {
"struct": "Clock",
"signed_by": [{"roles": ["volunteer", "station"]}],
"scope": null,
"issuer": "organisation",
"parties": ["volunteer", "organisation"],
"through": [],
"corrects": null,
"has_status": false
},
"confirmation": {
"struct": "Confirmation",
"signed_by": [{"roles": ["recipient"]}],
"scope": null,
"issuer": null,
"parties": ["recipient"],
"through": ["clock_out"],
"corrects": null,
"has_status": false
},
"consent": {
"struct": "Consent",
"signed_by": [{"roles": ["volunteer"]}],
"scope": null,
"issuer": null,
"parties": ["volunteer", "grantee"],
"through": [],
"corrects": null,
"has_status": false
},
"credit_decision": {
"struct": "CreditDecision",
"signed_by": [{"roles": ["organisation"]}],
"scope": "credit",
"issuer": "organisation",
"parties": ["volunteer", "organisation"],
"through": [],
"corrects": null,
"has_status": false
},
"decision": {
"struct": "Decision",
"signed_by": [{"roles": ["organisation"]}, {"roles": ["authority"]}],
"scope": "void",
"issuer": "organisation",
"parties": [],
"through": ["target"],
"corrects": {"field": "target", "status": "recorded", "when": ["outcome", "rejected"]},
"has_status": false
},
"delegation": {
"struct": "Delegation",
"signed_by": [{"roles": ["organisation"]}],
"scope": null,
"issuer": "organisation",
"parties": ["organisation", "delegate"],
"through": [],
"corrects": null,
"has_status": false
},
"genesis": {
"struct": "Genesis",
"signed_by": [{"roles": ["authority"], "each": "authorities"}],
"scope": null,
"issuer": null,
"parties": [],
"through": [],
"corrects": null,
"has_status": false
},
"identity": {
"struct": "IdentityCheck",
"signed_by": [{"roles": ["organisation"]}],
"scope": "verify_identity",
"issuer": "verifier",
"parties": ["volunteer", "verifier"],
"through": [],
"corrects": null,
"has_status": false
},
"issuer_key": {
"struct": "IssuerKey",
"signed_by": [{"roles": ["organisation"]}],
"scope": null,
"issuer": "organisation",
"parties": ["organisation"],
"through": [],
"corrects": null,
"has_status": false
},
"objection": {
"struct": "Objection",
"signed_by": [{"roles": ["volunteer"]}],
"scope": null,
"issuer": null,
"parties": [],
"through": ["target"],
"corrects": {"field": "target", "status": "disputed"},
"has_status": false
},
"organisation": {
"struct": "Organisation",
"signed_by": [{"roles": ["authority"], "unless": ["action", "suspend"], "quorum": "certify_threshold"}, {"roles": ["authority"], "when": ["action", "suspend"], "quorum": ""}],
"scope": null,
"issuer": null,
"parties": ["organisation", "successor"],
"through": [],
"corrects": null,
"has_status": false
},
"permit": {
"struct": "Permit",
"signed_by": [{"roles": ["authority"], "quorum": "certify_threshold"}],
"scope": null,
"issuer": null,
"parties": ["organisation"],
"through": [],
"corrects": null,
"has_status": false
},
"policy": {
"struct": "PolicyChange",
"signed_by": [{"roles": ["authority"], "quorum": "threshold"}],
"scope": null,
"issuer": null,
"parties": [],
"through": [],
"corrects": null,
"has_status": false
},
"request": {
"struct": "Request",
"signed_by": [{"roles": ["requester"]}],
"scope": null,
"issuer": null,
"parties": ["requester", "organisation"],
"through": [],
"corrects": null,
"has_status": false
},
"request_end": {
"struct": "RequestEnd",
"signed_by": [{"roles": ["organisation"], "when": ["outcome", "declined"]}, {"roles": ["requester"], "unless": ["outcome", "declined"]}],
"scope": "activity",
"issuer": "organisation",
"parties": ["requester", "organisation"],
"through": ["request"],
"corrects": null,
"has_status": false
},
"seal": {
"struct": "Seal",
"signed_by": [{"roles": []}],
"scope": null,
"issuer": null,
"parties": [],
"through": [],
"corrects": null,
"has_status": false
},
"service": {
"struct": "Service",
"signed_by": [{"roles": ["organisation"], "when": ["hour_class", "credit"]}, {"roles": ["organisation", "approver"], "unless": ["hour_class", "credit"]}],
"scope": "service",
"issuer": "organisation",
"parties": ["volunteer", "organisation"],
"through": [],
"corrects": null,
"has_status": true
},
"signup": {
"struct": "Signup",
"signed_by": [{"roles": ["volunteer"]}],
"scope": null,
"issuer": null,
"parties": ["volunteer"],
"through": ["activity"],
"corrects": null,
"has_status": false
},
"transfer": {
"struct": "Transfer",
"signed_by": [{"roles": ["sender"]}],
"scope": null,
"issuer": null,
"parties": ["sender", "recipient"],
"through": [],
"corrects": null,
"has_status": false
},
"void": {
"struct": "Void",
"signed_by": [{"roles": ["organisation"]}, {"roles": ["authority"]}],
"scope": "void",
"issuer": "organisation",
"parties": [],
"through": ["target"],
"corrects": {"field": "target", "status": "void"},
"has_status": false
},
"volunteer": {
"struct": "Volunteer",
"signed_by": [{"roles": ["volunteer"], "when": ["guardian", "0x0000000000000000000000000000000000000000"]}, {"roles": ["volunteer", "guardian"], "unless": ["guardian", "0x0000000000000000000000000000000000000000"]}],
"scope": null,
"issuer": null,
"parties": ["volunteer", "guardian"],
"through": [],
"corrects": null,
"has_status": false
}
},
"selves": [
"volunteer",
"guardian",
"sender",
"requester",
"recipient"
],
"role_scopes": {
"approver": "approve",
"station": "clock"
},
"hidden": [
"0000-001F",
"007F-009F",
"00AD-00AD",
"061C-061C",
"180E-180E",
"200B-200F",
"2028-202E",
"2060-206F",
"D800-F8FF",
"FDD0-FDEF",
"FEFF-FEFF",
"FFF0-FFFB",
"FFFE-FFFF",
"1FFFE-1FFFF",
"2FFFE-2FFFF",
"3FFFE-3FFFF",
"4FFFE-4FFFF",
"5FFFE-5FFFF",
"6FFFE-6FFFF",
"7FFFE-7FFFF",
"8FFFE-8FFFF",
"9FFFE-9FFFF",
"AFFFE-AFFFF",
"BFFFE-BFFFF",
"CFFFE-CFFFF",
"DFFFE-DFFFF",
"EFFFE-EFFFF",
"E0000-E00FF",
"E01F0-E0FFF",
"F0000-10FFFF"
]
});
