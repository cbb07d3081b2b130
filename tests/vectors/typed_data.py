"""The EIP-712 types of every record, written by hand: a second spelling beside the library's.

Nothing here reads `ledger.core.format.fields`, so a wrong type string there shows up as a wrong
digest.
"""

from typing import Any

Members = list[dict[str, str]]
Types = dict[str, Members]


def _members(text: str) -> Members:
    """`"address sender, uint64 coins"` → the member list of EIP-712."""
    pairs = (member.split() for member in text.split(","))
    return [{"name": name, "type": solidity} for solidity, name in pairs]


DOMAIN = _members("string name, string version, bytes32 salt")

POLICY = _members(
    "uint32 minutes_per_yibi, uint32 session_minutes_max, uint32 day_minutes_max, "
    "uint32 day_minutes_parent_max, uint32 clock_in_early_minutes, uint32 clock_out_late_minutes, "
    "uint32 clock_pairs_max, uint32 clock_answer_seconds, uint32 late_working_days, "
    "uint32 bulk_entries_hour, uint32 night_from_hour, uint32 night_until_hour, "
    "uint32 honour_evidence_min, uint32 clock_skew_seconds, uint32 utc_offset_minutes, "
    "uint32[] star_hours, string[] blocked_categories"
)

SERVICE = _members(
    "string hour_class, address volunteer, address organisation, bytes32 activity, "
    "bytes32 clock_in, bytes32 clock_out, bytes32 confirmation, bytes32 permit, "
    "uint64 started_at, uint64 ended_at, uint32 minutes, bytes32 content, bytes32[] evidence, "
    "uint64 issued_at"
)

TYPES: dict[str, tuple[str, Types]] = {
    "genesis": (
        "Genesis",
        {
            "Genesis": _members(
                "string name, string origin, bytes32 log_key, address[] authorities, "
                "Policy policy, uint64 issued_at"
            ),
            "Policy": POLICY,
        },
    ),
    "policy": (
        "PolicyChange",
        {
            "PolicyChange": _members(
                "Policy policy, uint32 version, string reason, uint64 issued_at"
            ),
            "Policy": POLICY,
        },
    ),
    "organisation": (
        "Organisation",
        {
            "Organisation": _members(
                "address organisation, string action, string name, string category, "
                "address parent, address successor, uint64 valid_from, uint64 valid_until, "
                "uint64 issued_at"
            )
        },
    ),
    "delegation": (
        "Delegation",
        {
            "Delegation": _members(
                "address organisation, address delegate, string action, string[] scopes, "
                "uint64 valid_from, uint64 valid_until, uint64 issued_at"
            )
        },
    ),
    "volunteer": (
        "Volunteer",
        {
            "Volunteer": _members(
                "address volunteer, bytes32 identity, address guardian, uint64 issued_at"
            )
        },
    ),
    "activity": (
        "Activity",
        {
            "Activity": _members(
                "address organisation, string title, string category, uint64 starts_at, "
                "uint64 ends_at, uint32 seats, bytes32 person_in_charge, bytes32 place, "
                "uint32 fence_metres, address recipient, bytes32 request, "
                "uint32 honour_minutes_max, bytes32 details, uint64 issued_at"
            )
        },
    ),
    "calendar": (
        "Calendar",
        {
            "Calendar": _members(
                "uint32 year, uint32[] holidays, uint32[] workdays, uint64 issued_at"
            )
        },
    ),
    "activity_change": (
        "ActivityChange",
        {
            "ActivityChange": _members(
                "bytes32 activity, address organisation, string action, uint64 starts_at, "
                "uint64 ends_at, uint32 seats, bytes32 place, uint32 fence_metres, "
                "bytes32 details, uint64 issued_at"
            )
        },
    ),
    "request": (
        "Request",
        {
            "Request": _members(
                "address requester, address organisation, string category, "
                "uint64 wanted_from, uint64 wanted_until, bytes32 details, uint64 issued_at"
            )
        },
    ),
    "signup": (
        "Signup",
        {
            "Signup": _members(
                "bytes32 activity, address volunteer, string action, uint64 issued_at"
            )
        },
    ),
    "clock": (
        "Clock",
        {
            "Clock": _members(
                "bytes32 activity, address organisation, address volunteer, string direction, "
                "uint64 clocked_at, string distance, string accuracy, string[] methods, "
                "bytes32 device"
            )
        },
    ),
    "confirmation": (
        "Confirmation",
        {
            "Confirmation": _members(
                "bytes32 clock_out, address recipient, string answer, uint64 issued_at"
            )
        },
    ),
    "permit": (
        "Permit",
        {
            "Permit": _members(
                "address organisation, uint64 served_from, uint64 served_until, "
                "uint64 enter_until, uint32 minutes_max, string reason, bytes32 details, "
                "uint64 issued_at"
            )
        },
    ),
    "approval": (
        "Approval",
        {
            "Approval": _members(
                "address organisation, address parent, address volunteer, uint32 day, "
                "uint32 minutes_max, bytes32 details, uint64 issued_at"
            )
        },
    ),
    "service": ("Service", {"Service": SERVICE}),
    "void": (
        "Void",
        {
            "Void": _members(
                "bytes32 target, address organisation, string reason, bytes32 details, "
                "uint64 issued_at"
            )
        },
    ),
    "amend": (
        "Amend",
        {
            "Amend": _members(
                "bytes32 target, Service service, string reason, bytes32 details, uint64 issued_at"
            ),
            "Service": SERVICE,
        },
    ),
    "objection": (
        "Objection",
        {
            "Objection": _members(
                "bytes32 target, address volunteer, string reason, bytes32 details, "
                "uint64 issued_at"
            )
        },
    ),
    "decision": (
        "Decision",
        {
            "Decision": _members(
                "bytes32 objection, bytes32 target, address organisation, string outcome, "
                "bytes32 details, uint64 issued_at"
            )
        },
    ),
    "transfer": (
        "Transfer",
        {
            "Transfer": _members(
                "address sender, address recipient, uint64 coins, string purpose, "
                "bytes32 reference, bytes32 nonce, uint64 issued_at"
            )
        },
    ),
    "issuer_key": (
        "IssuerKey",
        {
            "IssuerKey": _members(
                "address organisation, string action, bytes32 public_key, string domain, "
                "uint64 valid_from, uint64 valid_until, uint64 issued_at"
            )
        },
    ),
    "certificate": (
        "Certificate",
        {
            "Certificate": _members(
                "address organisation, address volunteer, string number, bytes32 credential, "
                "bytes32 services, uint32 count, uint32 credit_minutes, uint32 honour_minutes, "
                "uint64 served_from, uint64 served_until, bytes32 supersedes, uint64 issued_at"
            )
        },
    ),
    "consent": (
        "Consent",
        {
            "Consent": _members(
                "address volunteer, address grantee, string action, string purpose, "
                "uint64 served_from, uint64 served_until, uint64 valid_until, uint64 issued_at"
            )
        },
    ),
    "credit_decision": (
        "CreditDecision",
        {
            "CreditDecision": _members(
                "address organisation, address volunteer, string scheme, bytes32 rules, "
                "bytes32 report, bytes32[] services, uint32 minutes, uint32 credit_hundredths, "
                "bytes32 details, uint64 issued_at"
            )
        },
    ),
    "seal": ("Seal", {"Seal": _members("uint64 batch, bytes32 state_root, uint64 sealed_at")}),
}
"""Kind → (primary type, all its types)."""

SHEET: tuple[str, Types] = ("Sheet", {"Sheet": _members("bytes32 root, uint32 count")})
"""What is signed for many records at once."""


def domain(ledger: bytes) -> dict[str, str]:
    """The EIP-712 domain of a ledger."""
    return {"name": "Hourledger", "version": "1", "salt": "0x" + ledger.hex()}


def typed_data(ledger: bytes, typed: tuple[str, Types], message: dict[str, Any]) -> dict[str, Any]:
    """The document that a wallet is asked to sign (`eth_signTypedData_v4`)."""
    primary_type, types = typed
    return {
        "types": {"EIP712Domain": DOMAIN, **types},
        "primaryType": primary_type,
        "domain": domain(ledger),
        "message": message,
    }
