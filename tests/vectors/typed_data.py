"""The EIP-712 types of every record, written by hand: a second spelling beside the library's.

Nothing here reads `ledger.core.fields`, so a wrong type string there shows up as a wrong digest.
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
    "uint32 clock_in_early_minutes, uint32 clock_out_late_minutes, uint32 late_working_days, "
    "uint32 clock_skew_seconds, uint32 utc_offset_minutes, uint32[] star_hours, "
    "string[] blocked_categories"
)

SERVICE = _members(
    "string hour_class, address volunteer, address organisation, bytes32 activity, "
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
                "address successor, uint64 valid_from, uint64 valid_until, uint64 issued_at"
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
        {"Volunteer": _members("address volunteer, bytes32 identity, uint64 issued_at")},
    ),
    "activity": (
        "Activity",
        {
            "Activity": _members(
                "address organisation, string title, string category, uint64 starts_at, "
                "uint64 ends_at, uint32 seats, bytes32 place, bytes32 details, uint64 issued_at"
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
