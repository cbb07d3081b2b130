"""What was taken back of an organisation or of a key that acts for one, as the state tree has it.

A leaf exists only where something was: pairs of the index of the entry that did it and of the time
(Unix s) from which on it holds. A pair that a later one goes beyond is left out, so both members
rise. Nothing of these leaves is hidden: they are opened by 32 zero bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from ledger.core.format.limits import LIST_MAX
from ledger.core.format.structs import Body
from ledger.core.kinds.registry import Delegation, IssuerKey, Organisation
from ledger.core.records.record import jcs
from ledger.core.state.certificate_state import issuer_key_key
from ledger.core.state.openings import OPENING_BYTES, Opened
from ledger.core.state.state import Change, Key, State, delegation_key, organisation_key
from ledger.core.state.tree_keys import delegation_name, organisation_name

Pairs = tuple[tuple[int, int], ...]
"""(index, valid from), rising in both."""

PUBLIC: Final = bytes(OPENING_BYTES)
"""What opens these leaves."""


def is_hit(pairs: Pairs, after: int, time: int) -> bool:
    """Whether something was taken back behind an index, from a time at or before this one on."""
    return any(index > after and since <= time for index, since in pairs)


def grown(pairs: Pairs, index: int, since: int) -> Pairs:
    """The pairs after one more. A full list keeps its length: its last pair then reaches further,
    and nothing can be granted that this would wrong."""
    if len(pairs) >= LIST_MAX and since > pairs[-1][1]:
        since = pairs[-1][1]
    return (*(pair for pair in pairs if pair[1] < since), (index, since))


def is_full(pairs: Pairs) -> bool:
    """Whether so much was taken back that nothing may be given any more."""
    return len(pairs) >= LIST_MAX


@dataclass(frozen=True, slots=True)
class Ended:
    """What was taken back of an organisation, and who succeeded it (or the zero address)."""

    ended: Pairs
    successor: str

    def to_json(self) -> dict[str, Any]:
        """As a proof shows it."""
        return {"ended": [list(pair) for pair in self.ended], "successor": self.successor}

    def opened(self) -> Opened:
        """What its leaf states."""
        return Opened(PUBLIC, jcs(self.to_json()))


def revoked_leaf(pairs: Pairs) -> Opened:
    """What the leaf of a key states."""
    return Opened(PUBLIC, jcs({"revoked": [list(pair) for pair in pairs]}))


TAKING: Final = (Organisation, Delegation, IssuerKey)
"""What gives and takes back."""


def touched(body: Body) -> Key[Any] | None:
    """The value of the state of which a record gives or takes back."""
    match body:
        case Organisation():
            return organisation_key(body.organisation)
        case Delegation():
            return delegation_key(body.organisation, body.delegate)
        case IssuerKey():
            return issuer_key_key(body.organisation, body.public_key)
    return None


def taken_back(state: State, body: Body, index: int) -> list[Change]:
    """What follows from an entry that takes something back, its record judged and applied."""
    key = touched(body)
    held: Any = state.get(key) if key is not None else None
    if key is None or held is None:
        return []
    if isinstance(body, Organisation) and body.action != "certify":
        ended = grown(held.ended, index, body.valid_from)
        return [Change(key, replace(held, ended=ended))]
    if isinstance(body, Delegation | IssuerKey) and body.action == "revoke":
        revoked = grown(held.revoked, index, body.valid_from)
        return [Change(key, replace(held, revoked=revoked))]
    return []


def taken_leaves(state: State, keys: Iterable[Key[Any]]) -> dict[bytes, Opened]:
    """Key of the tree → what its leaf states, of those values of which something was taken back."""
    found = {}
    for key in keys:
        held: Any = state.get(key)
        name, rest = key.parts[0], key.parts[1:]
        if held is None:
            continue
        if key.table == "organisation" and held.ended:
            leaf = Ended(held.ended, held.successor).opened()
            found[organisation_name(str(name))] = leaf
        elif key.table != "organisation" and held.revoked:
            delegate = rest[0] if isinstance(rest[0], bytes) else str(rest[0])
            found[delegation_name(str(name), delegate)] = revoked_leaf(held.revoked)
    return found
