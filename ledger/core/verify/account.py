"""The statement of an account: the totals of one address, all of them, as of one batch.

    1 format      the file is a statement, every value in its one spelling
    2 leaf        the proof's index is the seal's own
    3 inclusion   the seal's leaf leads to the checkpoint's root
    4 checkpoint  the log key that the genesis names signed that root
    5 anchor      a chain holds that root for that size
    6 times       the seal lies between the genesis and the block, and so do the credit hours
    7 state       the state tree that the seal commits to holds these totals, or no such account

It shows that the ledger committed to these totals for everybody to see; that they are the right
sums of the entries is what an audit finds. Pure, as `ledger.core.verify.record`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.format.fields import Address
from ledger.core.proofs.parts import (
    Proven,
    parse_anchors,
    parse_base64,
    parse_hex,
    parse_proven,
    parses,
)
from ledger.core.proofs.roots import parse_root
from ledger.core.records.charters import Root
from ledger.core.records.decode import parse_json
from ledger.core.state.totals import account_name, check_minted, totals_value
from ledger.core.trees.notes import Checkpoint
from ledger.core.trees.patricia import Leaf
from ledger.core.trees.patricia_proof import Path, decode_steps, verify_absent, verify_present
from ledger.core.verify.anchor import AnchorFinding, AnchorLookup, ask_chain
from ledger.core.verify.checks import Report, Run, verdict_of
from ledger.core.verify.facts import as_of, ledger_fact
from ledger.core.verify.log_checks import check_seal, lone_seal
from ledger.core.verify.not_proved import not_proved
from ledger.core.verify.opening import open_document
from ledger.core.verify.times import check_times, check_totals
from ledger.errors import ProofError

FORMAT: Final = "hourledger-account/v1"
"""Value of the statement's `format` field."""

CHECKS: Final = ("format", "leaf", "inclusion", "checkpoint", "anchor", "times", "state")
"""The checks, in order."""

_FIELDS: Final = frozenset(
    ("format", "genesis", "charters", "account", "seal", "leaf", "path", "anchors")
)
_ADDRESS = Address()


@dataclass(frozen=True, slots=True)
class Statement:
    """A parsed statement. `leaf` is the account's own, or the one where a lookup of it ends."""

    root: Root
    account: str
    seal: Proven
    path: Path | None
    anchors: tuple[Mapping[str, Any], ...]


@parses
def parse_statement(value: object) -> Statement:
    """A statement from its JSON object; `ProofError("format", …)` for anything else."""
    if type(value) is not dict or value.keys() != _FIELDS or value["format"] != FORMAT:
        raise ProofError("format", f"not a statement of the form {FORMAT}")
    seal = parse_proven(value["seal"])
    if seal is None or seal.proof is None:
        raise ProofError("format", "the seal with its proof is needed")
    return Statement(
        parse_root(value),
        _ADDRESS.decode(value["account"], "account"),
        seal,
        parse_path(value["leaf"], value["path"]),
        parse_anchors(value["anchors"]),
    )


def parse_path(leaf: object, steps: object) -> Path | None:
    """Where a lookup in the tree ends, from its JSON values; raises `ProofError`."""
    if leaf is None and steps == "":
        return None
    if type(leaf) is not dict or leaf.keys() != {"key", "value"}:
        raise ProofError("format", "a leaf has key and value")
    return Path(
        Leaf(parse_hex(leaf["key"], "key"), parse_hex(leaf["value"], "value")),
        decode_steps(parse_base64(steps, "path")),
    )


def verify_account(statement: object, chain: AnchorLookup | None = None) -> Report:
    """Judge a statement (a JSON object): `valid`, `pending`, `unchecked` or `invalid`."""
    run = Run(CHECKS, "account")
    found = open_document(run, statement, parse_statement, "statement")
    if isinstance(found, Report):
        return found
    parsed, ledger = found
    head = check_seal(run, parsed.root, parsed.seal)
    finding = ask_chain(run, parsed.anchors, ledger, head, chain)
    totals: list[dict[str, Any] | None] = []
    run.make("state", lambda: _state(parsed, head, totals))
    run.make("times", lambda: _times(parsed, finding, totals))
    verdict = verdict_of(run.all(), parsed.anchors, finding)
    if verdict == "invalid":
        return run.report(verdict)
    return run.report(verdict, _facts(parsed, ledger, totals[0], finding))


def _state(
    statement: Statement, head: Checkpoint | None, totals: list[dict[str, Any] | None]
) -> str:
    body = lone_seal(statement.root, statement.seal.entry, head)
    totals.append(stated_totals(body.state_root, statement.account, statement.path))
    check_minted(totals[0], statement.root.genesis.policy.minutes_per_yibi)
    if totals[0] is None:
        return f"nothing concerned this address as of batch {body.batch}"
    return f"these were its totals as of batch {body.batch}"


def _times(
    statement: Statement, finding: AnchorFinding | None, totals: list[dict[str, Any] | None]
) -> str:
    seal = statement.seal.entry
    for proven in totals:
        check_totals(statement.root.genesis, seal, proven)
    return check_times(statement.root.genesis, (), seal, finding)


def stated_totals(root: bytes, account: str, path: Path | None) -> dict[str, Any] | None:
    """The totals that the tree with a root holds of an address; None where it has none. Raises
    `ProofError`."""
    name = account_name(account)
    if path is None or path.leaf.key != name:
        verify_absent(root, name, path)
        return None
    verify_present(root, path)
    value = parse_json(path.leaf.value)
    if totals_value(value) != path.leaf.value:
        raise ProofError("state", "the totals are not in their one spelling")
    assert isinstance(value, dict)
    return value


def _facts(
    statement: Statement,
    ledger: bytes,
    totals: Mapping[str, Any] | None,
    finding: AnchorFinding | None,
) -> dict[str, Any]:
    return {
        "ledger": ledger_fact(statement.root.genesis, ledger),
        "account": statement.account,
        "totals": totals,
        "as_of": as_of(statement.seal.entry),
        "anchored_at": finding.block_time if finding else None,
        "does_not_prove": not_proved("account"),
    }
