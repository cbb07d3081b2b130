"""Whether a record's id opens its entry to anybody who names it.

An id is the hash of a body. It is a secret as long as the body holds something that cannot be
guessed: a salted commitment, a random value, or the id of such a record. Then it serves as a link,
and stands in proofs for that. A body that says only who, what and when can be rebuilt by whoever
knows these three, so its id opens nothing: the entry is for its parties. What concerns no person
is everybody's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ledger.core.format.structs import Body

_ZERO: Final = bytes(32)

OF_NO_PERSON: Final = frozenset(
    (
        *("genesis", "policy", "calendar", "organisation", "permit", "issuer_key"),
        *("activity", "activity_change", "seal"),
    )
)
"""Kinds that name no person."""

# fmt: off
HIDDEN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "volunteer": ("identity",),
    "delegation": (),
    "request": ("details",),
    "signup": (),
    # A mark that the station makes with a secret of its own.
    "clock": ("device",),
    "confirmation": (),
    "approval": ("details",),
    "service": ("content", "evidence"),
    "void": ("details",),
    "amend": ("details",),
    "objection": ("details",),
    "decision": ("details",),
    "transfer": ("nonce",),
    "certificate": ("credential",),
    "consent": (),
    "credit_decision": ("details",),
})
# fmt: on
"""Kind → the fields that commit to what nobody guesses, or are random, each unless it is zero."""

NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "confirmation": "clock_out",
        "service": "clock_in",
        "void": "target",
        "amend": "target",
        "objection": "target",
        "decision": "target",
    }
)
"""Kind → the field that names another record: who cannot guess that one cannot guess this one."""


def opens(body: Body, find: Callable[[bytes], Body | None]) -> bool:
    """Whether the id of a body is known to those alone who were given it, or the body concerns no
    person. `find` gives the body of another record, if there is one."""
    return body.kind in OF_NO_PERSON or _is_secret(body, find)


def _is_secret(body: Body, find: Callable[[bytes], Body | None]) -> bool:
    for field in HIDDEN.get(body.kind, ()):
        value = getattr(body, field)
        if any(part != _ZERO for part in (value if isinstance(value, tuple) else (value,))):
            return True
    other = NAMED.get(body.kind)
    named = None if other is None else find(getattr(body, other))
    return named is not None and _is_secret(named, find)
