"""What the kinds of records are called, for people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.words import mark

KIND_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accreditation": mark("accreditation"),
        "activity": mark("activity"),
        "activity_change": mark("change of an activity"),
        "amend": mark("amendment"),
        "approval": mark("approval"),
        "calendar": mark("calendar"),
        "certificate": mark("certificate"),
        "charter": mark("charter"),
        "clock": mark("clock event"),
        "confirmation": mark("confirmation"),
        "consent": mark("consent"),
        "credit_decision": mark("decision on credits"),
        "decision": mark("decision"),
        "delegation": mark("delegation"),
        "genesis": mark("genesis"),
        "identity": mark("check of a person"),
        "issuer_key": mark("key of an issuer"),
        "objection": mark("objection"),
        "organisation": mark("certification of an organisation"),
        "permit": mark("permit"),
        "policy": mark("policy"),
        "request": mark("request"),
        "request_end": mark("end of a request"),
        "seal": mark("seal"),
        "service": mark("service"),
        "signup": mark("sign-up"),
        "transfer": mark("transfer"),
        "void": mark("voiding"),
        "volunteer": mark("enrolment"),
    }
)
"""Kind → its word. Scripts have the same from here: `python -m api.renew.script_tables .`."""
