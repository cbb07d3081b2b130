"""What a proof shows of what was taken back: of the organisation, and of each key that acts for it.
Parsing only; `ledger.core.verify.standing` judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ledger.core.format.fields import Address, UInt
from ledger.core.format.limits import LIST_MAX
from ledger.core.proofs.parts import parse_list
from ledger.core.state.taken_back import Ended, Pairs
from ledger.errors import ProofError

KEYS_MAX: Final = LIST_MAX
"""Most keys that act for the organisation in one proof."""

_NUMBER: Final = UInt(53)
_ADDRESS: Final = Address(zero_allowed=True)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken back of the organisation (None: nothing), and of each of the keys (empty:
    nothing), in the order in which they first sign."""

    organisation: Ended | None
    revoked: tuple[Pairs, ...]

    def to_json(self) -> dict[str, Any]:
        """As a proof shows it."""
        return {
            "organisation": self.organisation and self.organisation.to_json(),
            "revoked": [[list(pair) for pair in pairs] for pairs in self.revoked],
        }


def parse_taken(organisation: object, revoked: object) -> Taken:
    """From the JSON values; raises `ProofError` and `Refused`."""
    keys = parse_list(revoked, "revoked", KEYS_MAX)
    return Taken(_ended(organisation), tuple(_pairs(pairs) for pairs in keys))


def _ended(value: object) -> Ended | None:
    if value is None:
        return None
    if type(value) is not dict or value.keys() != {"ended", "successor"}:
        raise ProofError("format", "ended and successor of the organisation are needed")
    found = Ended(_pairs(value["ended"]), _ADDRESS.decode(value["successor"], "successor"))
    if not found.ended:
        raise ProofError("format", "what was taken back of the organisation is needed")
    return found


def _pairs(value: object) -> Pairs:
    """Empty where nothing was taken back."""
    found: list[tuple[int, int]] = []
    for pair in parse_list(value, "pairs", LIST_MAX):
        if type(pair) is not list or len(pair) != 2:
            raise ProofError("format", "a pair has two numbers")
        index, since = (_NUMBER.decode(number, "pair") for number in pair)
        if found and not (found[-1][0] < index and found[-1][1] < since):
            raise ProofError("format", "the pairs do not rise")
        found.append((index, since))
    return tuple(found)
