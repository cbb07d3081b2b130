"""Every reason for which Hourledger refuses a record: stable code, rule, source, sentence.

The codes are part of the public interface: a code is never renamed or reused. What each says stands
in `refusals.toml`; the table in `docs/spec/refusals.md` is printed by `api.renew.refusals_page`.
"""

from __future__ import annotations

import enum
import tomllib
from importlib.resources import files
from typing import Final, Literal

Category = Literal["format", "signature", "rule", "capacity"]
"""What kind of refusal: unreadable input, a signature that does not hold, a rule of the ledger,
or input larger than a limit."""

_TEXTS: Final[dict[str, dict[str, str]]] = tomllib.loads(
    files("ledger").joinpath("refusals.toml").read_text("utf-8")
)


class Code(enum.Enum):
    """A stable refusal code with its rule, its source and an English sentence, which is the message
    by which the sentences of other languages are found.

    `remembered`: the refusal depended on the state of the ledger after all signers were proved,
    so the same record id gets the same answer for ever.
    """

    category: Category
    remembered: bool
    rule: str
    source: str
    en: str

    def __new__(cls, code: str, category: Category = "format", remembered: bool = False) -> Code:
        """Make one member whose value is the code alone."""
        member = object.__new__(cls)
        member._value_ = code
        member.category = category
        member.remembered = remembered
        text = _TEXTS[code]
        member.rule, member.source = text["rule"], text["source"]
        member.en = text["en"]
        return member

    NOT_JSON = "NOT_JSON", "format"
    TOO_LARGE = "TOO_LARGE", "capacity"
    BAD_FORM = "BAD_FORM", "format"
    UNKNOWN_KIND = "UNKNOWN_KIND", "format"
    BAD_VALUE = "BAD_VALUE", "format"
    ENGINE_ONLY = "ENGINE_ONLY", "rule"
    BAD_SIGNATURE = "BAD_SIGNATURE", "signature"
    BAD_SHEET = "BAD_SHEET", "signature"
    WRONG_ROLES = "WRONG_ROLES", "signature"
    SIGNER_NOT_ALLOWED = "SIGNER_NOT_ALLOWED", "signature"
    QUORUM = "QUORUM", "signature"
    APPROVER_NOT_SECOND = "APPROVER_NOT_SECOND", "signature"
    SIGNER_IS_VOLUNTEER = "SIGNER_IS_VOLUNTEER", "signature"
    RECIPIENT_NOT_THIRD = "RECIPIENT_NOT_THIRD", "signature"
    NOT_OPEN = "NOT_OPEN", "rule"
    ALREADY_OPEN = "ALREADY_OPEN", "rule"
    FROM_THE_FUTURE = "FROM_THE_FUTURE", "rule"
    EXPIRED = "EXPIRED", "rule"
    CHARTER_NOT_NEXT = "CHARTER_NOT_NEXT", "rule"
    CHARTER_LIMIT = "CHARTER_LIMIT", "rule"
    CHARTER_COMMITTED = "CHARTER_COMMITTED", "rule"
    POLICY_VERSION = "POLICY_VERSION", "rule", True
    POLICY_UNIT_FIXED = "POLICY_UNIT_FIXED", "rule", True
    ORG_NOT_CERTIFIED = "ORG_NOT_CERTIFIED", "rule"
    ORG_ACTION = "ORG_ACTION", "rule", True
    DELEGATION_ACTION = "DELEGATION_ACTION", "rule", True
    ACCREDITATION_ACTION = "ACCREDITATION_ACTION", "rule", True
    NOT_ACCREDITED = "NOT_ACCREDITED", "rule"
    VOLUNTEER_KNOWN = "VOLUNTEER_KNOWN", "rule", True
    PERSON_KNOWN = "PERSON_KNOWN", "rule", True
    VOLUNTEER_UNKNOWN = "VOLUNTEER_UNKNOWN", "rule"
    ACTIVITY_UNKNOWN = "ACTIVITY_UNKNOWN", "rule"
    CATEGORY_BLOCKED = "CATEGORY_BLOCKED", "rule", True
    ACTIVITY_LATE = "ACTIVITY_LATE", "rule", True
    OUTSIDE_ACTIVITY = "OUTSIDE_ACTIVITY", "rule", True
    TIMES_REVERSED = "TIMES_REVERSED", "rule"
    MINUTES_EXCEED_TIMES = "MINUTES_EXCEED_TIMES", "rule"
    OVER_SESSION_CAP = "OVER_SESSION_CAP", "rule", True
    OVER_DAY_CAP = "OVER_DAY_CAP", "rule", True
    OVERLAP = "OVERLAP", "rule", True
    PERMIT_UNKNOWN = "PERMIT_UNKNOWN", "rule"
    PERMIT_OUTSIDE = "PERMIT_OUTSIDE", "rule", True
    PERMIT_SPENT = "PERMIT_SPENT", "rule", True
    HONOUR_CEILING = "HONOUR_CEILING", "rule", True
    NO_EVIDENCE = "NO_EVIDENCE", "rule"
    WRONG_BASIS = "WRONG_BASIS", "rule"
    PAIR_UNKNOWN = "PAIR_UNKNOWN", "rule"
    PAIR_USED = "PAIR_USED", "rule", True
    NOT_SERVED = "NOT_SERVED", "rule", True
    MINUTES_BY_RULE = "MINUTES_BY_RULE", "rule", True
    CLOCK_STALE = "CLOCK_STALE", "rule", True
    CLOCK_ORDER = "CLOCK_ORDER", "rule", True
    CLOCK_PAIRS = "CLOCK_PAIRS", "rule", True
    OUTSIDE_FENCE = "OUTSIDE_FENCE", "rule"
    SITE_CODE_WRONG = "SITE_CODE_WRONG", "rule"
    FACE_NOT_SHOWN = "FACE_NOT_SHOWN", "rule"
    CLOCK_NOT_ASKED = "CLOCK_NOT_ASKED", "rule"
    CONFIRMATION_TARGET = "CONFIRMATION_TARGET", "rule"
    CONFIRMATION_LATE = "CONFIRMATION_LATE", "rule", True
    ACTIVITY_CANCELLED = "ACTIVITY_CANCELLED", "rule", True
    ACTIVITY_STARTED = "ACTIVITY_STARTED", "rule", True
    SEATS_FULL = "SEATS_FULL", "rule", True
    SIGNUP_ACTION = "SIGNUP_ACTION", "rule", True
    REQUEST_UNKNOWN = "REQUEST_UNKNOWN", "rule"
    REQUEST_CLOSED = "REQUEST_CLOSED", "rule", True
    REQUEST_TAKEN = "REQUEST_TAKEN", "rule"
    APPROVAL_BOUNDS = "APPROVAL_BOUNDS", "rule"
    CALENDAR_DAYS = "CALENDAR_DAYS", "rule"
    VOID_TARGET = "VOID_TARGET", "rule"
    VOID_NOT_YOURS = "VOID_NOT_YOURS", "signature"
    VOID_TWICE = "VOID_TWICE", "rule", True
    SUPERSEDED = "SUPERSEDED", "rule", True
    AMEND_TARGET = "AMEND_TARGET", "rule"
    AMEND_GROWS = "AMEND_GROWS", "rule"
    OBJECTION_TARGET = "OBJECTION_TARGET", "rule"
    OBJECTION_OPEN = "OBJECTION_OPEN", "rule", True
    DECISION_TARGET = "DECISION_TARGET", "rule", True
    DECISION_NOT_DONE = "DECISION_NOT_DONE", "rule"
    ISSUER_KEY = "ISSUER_KEY", "rule", True
    CERTIFICATE_NUMBER = "CERTIFICATE_NUMBER", "rule", True
    CERTIFICATE_TARGET = "CERTIFICATE_TARGET", "rule"
    NO_CONSENT = "NO_CONSENT", "rule"
    CREDIT_TARGET = "CREDIT_TARGET", "rule"
    ALREADY_CREDITED = "ALREADY_CREDITED", "rule", True
    CREDIT_MINUTES = "CREDIT_MINUTES", "rule"
    TRANSFER_PURPOSE = "TRANSFER_PURPOSE", "rule"
    NO_COINS = "NO_COINS", "rule", True
    RECIPIENT_UNKNOWN = "RECIPIENT_UNKNOWN", "rule"
    ROW_SHAPE = "ROW_SHAPE", "format"
    ROW_VALUE = "ROW_VALUE", "format"
    ROW_REPEATED = "ROW_REPEATED", "rule"
    HOLDER_WITHDREW = "HOLDER_WITHDREW", "rule"
    CONDITION_NOT_MET = "CONDITION_NOT_MET", "rule"
