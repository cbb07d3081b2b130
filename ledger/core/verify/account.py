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
    parse_proven,
    parse_totals,
    parses,
)
from ledger.core.proofs.roots import parse_root
from ledger.core.records.charters import Root
from ledger.core.state.openings import Opened
from ledger.core.state.totals import check_minted
from ledger.core.state.tree_keys import account_name
from ledger.core.trees.notes import Checkpoint
from ledger.core.trees.patricia_many import verify_many
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
    ("format", "genesis", "charters", "account", "seal", "totals", "opening", "proof", "anchors")
)
_ADDRESS = Address()


@dataclass(frozen=True, slots=True)
class Statement:
    """A parsed statement. `totals` is None, and nothing opened, where nothing concerns the account;
    `proof` is of its key."""

    root: Root
    account: str
    seal: Proven
    totals: Mapping[str, Any] | None
    opened: Opened | None
    proof: bytes
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
        value["totals"],
        parse_totals(value["totals"], value["opening"]),
        parse_base64(value["proof"], "proof"),
        parse_anchors(value["anchors"]),
    )


def verify_account(statement: object, chain: AnchorLookup | None = None) -> Report:
    """Judge a statement (a JSON object): `valid`, `pending`, `unchecked` or `invalid`."""
    run = Run(CHECKS, "account")
    found = open_document(run, statement, parse_statement, "statement")
    if isinstance(found, Report):
        return found
    parsed, ledger = found
    head = check_seal(run, parsed.root, parsed.seal)
    finding = ask_chain(run, parsed.anchors, parsed.root, ledger, head, chain)
    run.make("state", lambda: _state(parsed, head))
    run.make("times", lambda: _times(parsed, finding))
    verdict = verdict_of(run.all(), parsed.anchors, finding)
    if verdict == "invalid":
        return run.report(verdict)
    return run.report(verdict, _facts(parsed, ledger, finding))


def _state(statement: Statement, head: Checkpoint | None) -> str:
    body = lone_seal(statement.root, statement.seal.entry, head)
    opened = statement.opened
    wanted = {account_name(statement.account): None if opened is None else opened.value()}
    verify_many(body.state_root, wanted, statement.proof)
    check_minted(statement.totals, statement.root.genesis.policy.minutes_per_yibi)
    if opened is None:
        return f"nothing concerned this address as of batch {body.batch}"
    return f"these were its totals as of batch {body.batch}"


def _times(statement: Statement, finding: AnchorFinding | None) -> str:
    seal = statement.seal.entry
    check_totals(statement.root.genesis, seal, statement.totals)
    return check_times(statement.root.genesis, (), seal, finding)


def _facts(
    statement: Statement,
    ledger: bytes,
    finding: AnchorFinding | None,
) -> dict[str, Any]:
    return {
        "ledger": ledger_fact(statement.root.genesis, ledger),
        "account": statement.account,
        "totals": statement.totals,
        "as_of": as_of(statement.seal.entry),
        "anchored_at": finding.block_time if finding else None,
        "does_not_prove": not_proved("account"),
    }
