"""Hours of a period by class and category, without a single record: the file and its verifier.

    1 format      the file is a disclosure, every value in its one spelling
    2 leaf        the proof's index is the seal's own
    3 inclusion   the seal's leaf leads to the checkpoint's root
    4 checkpoint  the log key that the genesis names signed that root
    5 anchor      a chain holds that root for that size
    6 times       the seal lies between the genesis and the block, and no month has more minutes
                  than it had
    7 state       the state tree holds each month of the period with these cells, or no such month

A month has one leaf, and a leaf one list of cells: nothing is counted twice, left out unseen, or
larger than what the ledger committed to. That this is the right sum is what an audit recomputes.
Pure, as `ledger.core.verify.record`. Media type `application/vnd.hourledger.disclosure+json`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from ledger.core.format.fields import Address, Bytes32, Choice, Text, UInt
from ledger.core.format.limits import CELLS_MAX, MONTHS_MAX
from ledger.core.kinds.registry import CREDIT, HONOUR
from ledger.core.proofs.parts import Proven, parse_anchors, parse_base64, parse_proven, parses
from ledger.core.proofs.roots import parse_root
from ledger.core.records.charters import Root
from ledger.core.state.hours_by_month import (
    Cell,
    cell_hash,
    month_value,
    months_between,
)
from ledger.core.state.tree_keys import month_name
from ledger.core.trees.notes import Checkpoint
from ledger.core.trees.patricia_many import verify_many
from ledger.core.verify.anchor import AnchorFinding, AnchorLookup, ask_chain
from ledger.core.verify.checks import Report, Run, verdict_of
from ledger.core.verify.facts import as_of, ledger_fact
from ledger.core.verify.log_checks import check_seal, lone_seal
from ledger.core.verify.not_proved import not_proved
from ledger.core.verify.opening import open_document
from ledger.core.verify.times import check_month, check_times
from ledger.errors import ProofError

FORMAT: Final = "hourledger-disclosure/v1"
"""Value of the file's `format` field."""

CHECKS: Final = ("format", "leaf", "inclusion", "checkpoint", "anchor", "times", "state")
"""The checks, in order."""

_FIELDS: Final = frozenset(
    ("format", "genesis", "charters", "account", "from", "to", "seal", "months", "proof", "anchors")
)
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z")
_CLASS: Final = Choice(CREDIT, HONOUR)
_CATEGORY: Final = Text(empty_allowed=True)
_MINUTES: Final = UInt(32, minimum=1)
_HASH: Final = Bytes32()
_ADDRESS: Final = Address()


@dataclass(frozen=True, slots=True)
class Month:
    """The cells of a month that are shown, and the hashes of all its cells in order; None where
    the account has none."""

    name: str
    cells: tuple[Cell, ...]
    hashes: tuple[bytes, ...] | None

    @property
    def hidden(self) -> int:
        """How many cells are not shown."""
        return len(self.hashes or ()) - len(self.cells)

    def value(self) -> bytes | None:
        """What the tree holds of it."""
        return None if self.hashes is None else month_value(self.hashes)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A parsed file: the months of the period, each of them, in order."""

    root: Root
    account: str
    seal: Proven
    months: tuple[Month, ...]
    proof: bytes
    anchors: tuple[Mapping[str, Any], ...]


def period_of(first: object, last: object) -> list[str]:
    """The local months ("YYYY-MM") of a period, both ends counted. Raises `ProofError`."""
    if not (
        type(first) is str and type(last) is str and _MONTH.match(first) and _MONTH.match(last)
    ):
        raise ProofError("format", "a month is written YYYY-MM")
    months = months_between(first, last) if first <= last else []
    if not 1 <= len(months) <= MONTHS_MAX:
        raise ProofError("format", f"a period has 1 to {MONTHS_MAX} months")
    return months


@parses
def parse_disclosure(value: object) -> Disclosure:
    """A disclosure from its JSON object; `ProofError("format", …)` for anything else."""
    if type(value) is not dict or value.keys() != _FIELDS or value["format"] != FORMAT:
        raise ProofError("format", f"not a disclosure of the form {FORMAT}")
    seal = parse_proven(value["seal"])
    if seal is None or seal.proof is None:
        raise ProofError("format", "the seal with its proof is needed")
    names, told = period_of(value["from"], value["to"]), value["months"]
    if type(told) is not list or len(told) != len(names):
        raise ProofError("format", "each month of the period is needed")
    return Disclosure(
        root=parse_root(value),
        account=_ADDRESS.decode(value["account"], "account"),
        seal=seal,
        months=tuple(_month(*pair) for pair in zip(names, told, strict=True)),
        proof=parse_base64(value["proof"], "proof"),
        anchors=parse_anchors(value["anchors"]),
    )


def _month(name: str, told: object) -> Month:
    if told is None:
        return Month(name, (), None)
    if type(told) is not list or len(told) > CELLS_MAX:
        raise ProofError("format", f"a month has at most {CELLS_MAX} cells")
    cells, hashes = list[Cell](), list[bytes]()
    for place, value in enumerate(told):
        if type(value) is str:
            hashes.append(_HASH.decode(value, f"{name}[{place}]"))
            continue
        cell, salt = _cell(value, f"{name}[{place}]")
        cells.append(cell)
        hashes.append(cell_hash(cell, salt))
    places = [(cell.hour_class, cell.category) for cell in cells]
    if any(a >= b for a, b in pairwise(places)):
        raise ProofError("format", "the cells of a month stand by class, then by category")
    return Month(name, tuple(cells), tuple(hashes))


def _cell(value: object, path: str) -> tuple[Cell, bytes]:
    if type(value) is not dict or value.keys() != {"hour_class", "category", "minutes", "salt"}:
        raise ProofError("format", "a cell has hour_class, category, minutes and salt")
    cell = Cell(
        _CLASS.decode(value["hour_class"], f"{path}.hour_class"),
        _CATEGORY.decode(value["category"], f"{path}.category"),
        _MINUTES.decode(value["minutes"], f"{path}.minutes"),
    )
    return cell, _HASH.decode(value["salt"], f"{path}.salt")


def verify_disclosure(disclosure: object, chain: AnchorLookup | None = None) -> Report:
    """Judge a disclosure (a JSON object): `valid`, `pending`, `unchecked` or `invalid`."""
    run = Run(CHECKS, "disclosure")
    found = open_document(run, disclosure, parse_disclosure, "disclosure")
    if isinstance(found, Report):
        return found
    parsed, ledger = found
    head = check_seal(run, parsed.root, parsed.seal)
    finding = ask_chain(run, parsed.anchors, parsed.root, ledger, head, chain)
    run.make("times", lambda: _times(parsed, finding))
    run.make("state", lambda: _state(parsed, head))
    verdict = verdict_of(run.all(), parsed.anchors, finding)
    if verdict == "invalid":
        return run.report(verdict)
    return run.report(verdict, _facts(parsed, ledger, finding))


def _times(disclosure: Disclosure, finding: AnchorFinding | None) -> str:
    genesis, seal = disclosure.root.genesis, disclosure.seal.entry
    for month in disclosure.months:
        minutes = sum(cell.minutes for cell in month.cells)
        check_month(genesis, seal, month.name, minutes)
    return check_times(genesis, (), seal, finding)


def _state(disclosure: Disclosure, head: Checkpoint | None) -> str:
    body = lone_seal(disclosure.root, disclosure.seal.entry, head)
    wanted = {month_name(disclosure.account, m.name): m.value() for m in disclosure.months}
    verify_many(body.state_root, wanted, disclosure.proof)
    return f"all {len(wanted)} months of the period, as of batch {body.batch}"


def _facts(disclosure: Disclosure, ledger: bytes, finding: AnchorFinding | None) -> dict[str, Any]:
    months, sums = disclosure.months, Counter[tuple[str, str]]()
    for cell in (cell for month in months for cell in month.cells):
        sums[cell.hour_class, cell.category] += cell.minutes
    return {
        "ledger": ledger_fact(disclosure.root.genesis, ledger),
        "account": disclosure.account,
        "period": {"from": months[0].name, "to": months[-1].name},
        "hours": [
            {"hour_class": hour_class, "category": category, "minutes": sums[hour_class, category]}
            for hour_class, category in sorted(sums)
        ],
        "minutes": {
            word: sum(minutes for (hour_class, _), minutes in sums.items() if hour_class == word)
            for word in (CREDIT, HONOUR)
        },
        "hidden": sum(month.hidden for month in months),
        "as_of": as_of(disclosure.seal.entry),
        "anchored_at": finding.block_time if finding else None,
        "does_not_prove": not_proved("disclosure"),
    }
