// What people sign: the fields of every struct of docs/spec/records.md, in order, with their types.
// `a|b` or `a|`: one of these words. `?`: the zero address or the empty text too. `host`: the name
// of a host, or empty. `:n`: the least number, the fewest items. A test holds this against the
// library's own declaration.
const FIELDS = {
  Policy: `
    minutes_per_yibi uint32:1, session_minutes_max uint32:1, day_minutes_max uint32:1,
    day_minutes_parent_max uint32:1, clock_in_early_minutes uint32, clock_out_late_minutes uint32,
    clock_pairs_max uint32, clock_answer_seconds uint32, late_working_days uint32,
    bulk_entries_hour uint32, night_from_hour uint32, night_until_hour uint32,
    honour_evidence_min uint32, clock_skew_seconds uint32, utc_offset_minutes uint32,
    star_hours uint32:1[], blocked_categories string[]
  `,
  Genesis: `
    name string, origin string, log_key bytes32, authorities address[]:1, policy Policy,
    issued_at uint64
  `,
  PolicyChange: `
    policy Policy, version uint32:2, reason string, issued_at uint64
  `,
  Calendar: `
    year uint32, holidays uint32[], workdays uint32[], issued_at uint64
  `,
  Organisation: `
    organisation address, action certify|suspend|succeed, name string, category string,
    parent address?, successor address?, valid_from uint64, valid_until uint64, issued_at uint64
  `,
  Delegation: `
    organisation address, delegate address, action grant|revoke,
    scopes activity|service|approve|void|certificate|credit|clock[]:1, valid_from uint64,
    valid_until uint64, issued_at uint64
  `,
  Volunteer: `
    volunteer address, identity bytes32, guardian address?, issued_at uint64
  `,
  Activity: `
    organisation address, title string, category string, starts_at uint64, ends_at uint64,
    seats uint32:1, person_in_charge bytes32, place bytes32, fence_metres uint32,
    recipient address?, request bytes32, honour_minutes_max uint32, details bytes32,
    issued_at uint64
  `,
  ActivityChange: `
    activity bytes32, organisation address, action change|cancel, starts_at uint64,
    ends_at uint64, seats uint32:1, place bytes32, fence_metres uint32, details bytes32,
    issued_at uint64
  `,
  Request: `
    requester address, organisation address, category string, wanted_from uint64,
    wanted_until uint64, details bytes32, issued_at uint64
  `,
  Signup: `
    activity bytes32, volunteer address, action join|leave, issued_at uint64
  `,
  Clock: `
    activity bytes32, organisation address, volunteer address, direction in|out,
    clocked_at uint64, distance unknown|inside|under_200_m|under_1_km|beyond_1_km,
    accuracy unknown|under_20_m|under_100_m|beyond_100_m, methods gps|site_code|face[]:1,
    device bytes32
  `,
  Confirmation: `
    clock_out bytes32, recipient address, answer served|not_served, issued_at uint64
  `,
  Permit: `
    organisation address, served_from uint64, served_until uint64, enter_until uint64,
    minutes_max uint32:1, reason before_platform|outage|dispatched|paper|other, details bytes32,
    issued_at uint64
  `,
  Approval: `
    organisation address, parent address?, volunteer address, day uint32, minutes_max uint32:1,
    details bytes32, issued_at uint64
  `,
  Service: `
    hour_class credit|honour, volunteer address, organisation address, activity bytes32,
    clock_in bytes32, clock_out bytes32, confirmation bytes32, permit bytes32, started_at uint64,
    ended_at uint64, minutes uint32:1, content bytes32, evidence bytes32[], issued_at uint64
  `,
  Void: `
    target bytes32, organisation address?,
    reason entered_in_error|not_served|duplicate|key_compromised|other, details bytes32,
    issued_at uint64
  `,
  Amend: `
    target bytes32, service Service, reason wrong_time|wrong_minutes|wrong_content|other,
    details bytes32, issued_at uint64
  `,
  Objection: `
    target bytes32, volunteer address, reason not_served|wrong_time|wrong_class|other,
    details bytes32, issued_at uint64
  `,
  Decision: `
    objection bytes32, target bytes32, organisation address?, outcome upheld|rejected,
    details bytes32, issued_at uint64
  `,
  Transfer: `
    sender address, recipient address, coins uint64:1, purpose thanks|redeem|donate|refund,
    reference bytes32, nonce bytes32, issued_at uint64
  `,
  IssuerKey: `
    organisation address, action bind|revoke, public_key bytes32, domain host, valid_from uint64,
    valid_until uint64, issued_at uint64
  `,
  Certificate: `
    organisation address, volunteer address, number string, credential bytes32, services bytes32,
    count uint32:1, credit_minutes uint32, honour_minutes uint32, served_from uint64,
    served_until uint64, supersedes bytes32, issued_at uint64
  `,
  Consent: `
    volunteer address, grantee address, action grant|withdraw, purpose practice_credits|,
    served_from uint64, served_until uint64, valid_until uint64, issued_at uint64
  `,
  CreditDecision: `
    organisation address, volunteer address, scheme string, rules bytes32, report bytes32,
    services bytes32[], minutes uint32, credit_hundredths uint32, details bytes32,
    issued_at uint64
  `,
  Seal: `
    batch uint64:1, state_root bytes32, sealed_at uint64
  `,
  Sheet: `
    root bytes32, count uint32:1
  `,
};

// Each parsed field: {name, type, item, least, words}; `type` is the one of EIP-712.
function field(text) {
  const [name, spelled] = text.trim().split(" ");
  const [, item, list, fewest] = /^(.+?)(\[\](?::([0-9]+))?)?$/.exec(spelled);
  const [bare, least] = item.split(":");
  const words = bare.includes("|") ? bare.split("|").filter(Boolean) : null;
  const host = bare === "host";
  const type = words || host ? "string" : bare.replace("?", "");
  const one = { name, type, words, host, empty: host || bare.endsWith("?"), least: Number(least ?? 0) };
  return list ? { name, type: `${type}[]`, item: one, least: Number(fewest ?? 0) } : one;
}

// Struct name → its fields.
export const STRUCTS = Object.fromEntries(
  Object.entries(FIELDS).map(([name, text]) => [name, text.split(",").map(field)]),
);

const snake = (name) => name.replace(/(?!^)[A-Z]/g, (capital) => `_${capital}`).toLowerCase();

// Kind of record → name of its body's struct. Of a policy record it is not the policy itself.
export const KINDS = Object.assign(
  Object.create(null),
  Object.fromEntries(Object.keys(FIELDS).map((name) => [snake(name), name])),
  { policy: "PolicyChange" },
);
for (const inner of ["policy_change", "sheet"]) delete KINDS[inner];
