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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.format.fields import Address, decode_body
from ledger.core.kinds.registry import Genesis, Seal
from ledger.core.proofs.bundle import Proven, parse_anchors, parse_base64, parse_hex, parse_proven
from ledger.core.records.decode import parse_json
from ledger.core.records.record import Entry, ledger_id
from ledger.core.state.totals import account_name, check_minted, totals_value
from ledger.core.trees.merkle import verify_inclusion
from ledger.core.trees.notes import Checkpoint, open_checkpoint
from ledger.core.trees.patricia import Leaf
from ledger.core.trees.patricia_proof import Path, decode_steps, verify_absent, verify_present
from ledger.core.verify.checks import AnchorFinding, AnchorLookup, Check, Report, Run, ask_chain
from ledger.core.verify.facts import ledger_fact
from ledger.core.verify.times import check_times, check_totals
from ledger.errors import ProofError, Refused

FORMAT: Final = "hourledger-account/v1"
"""Value of the statement's `format` field."""

CHECKS: Final = ("format", "leaf", "inclusion", "checkpoint", "anchor", "times", "state")
"""The checks, in order."""

NOT_PROVED: Final = (
    (
        "本声明证明账本承诺了这些总数；总数是否等于各记录之和，须由审计重算。",
        "This shows that the ledger committed to these totals; that they are the right sums of the "
        "records is what an audit recomputes.",
    ),
    (
        "签名和上链不能证明此人确实到场服务；信用时数与荣誉时数不得相加。",
        "It does not show that the person served, and hours of the two classes are never added up.",
    ),
    (
        "总数截至所示批次，且只对上述账本有效，请从可信来源核对账本编号。",
        "It is as of the batch shown, and of the ledger named; compare its id with one you trust.",
    ),
)
"""(zh, en) sentences that are shown with every verdict."""

_FIELDS: Final = frozenset(("format", "genesis", "account", "seal", "leaf", "path", "anchors"))
_ADDRESS = Address()


@dataclass(frozen=True, slots=True)
class Statement:
    """A parsed statement. `leaf` is the account's own, or the one where a lookup of it ends."""

    genesis: Genesis
    account: str
    seal: Proven
    path: Path | None
    anchors: tuple[Mapping[str, Any], ...]


def parse_statement(value: object) -> Statement:
    """A statement from its JSON object; `ProofError("format", …)` for anything else."""
    try:
        if type(value) is not dict or value.keys() != _FIELDS or value["format"] != FORMAT:
            raise ProofError("format", f"not a statement of the form {FORMAT}")
        seal = parse_proven(value["seal"])
        if seal is None or seal.proof is None:
            raise ProofError("format", "the seal with its proof is needed")
        return Statement(
            decode_body(Genesis, value["genesis"], "genesis"),
            _ADDRESS.decode(value["account"], "account"),
            seal,
            parse_path(value["leaf"], value["path"]),
            parse_anchors(value["anchors"]),
        )
    except Refused as error:
        raise ProofError("format", f"{error.code.value}: {error.detail}") from error
    except ProofError as error:
        raise ProofError("format", error.reason) from error


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


def verify_account(
    statement: object, chain: AnchorLookup | None = None, *, trusted_ledger: bytes | None = None
) -> Report:
    """Judge a statement (a JSON object): `valid`, `pending`, `unchecked` or `invalid`."""
    run = Run(CHECKS)
    try:
        parsed = parse_statement(statement)
    except ProofError as error:
        run.note("format", False, error.reason)
        return Report("invalid", run.all(), {})
    run.note("format", True, "a complete statement, every value in its one spelling")
    ledger = ledger_id(parsed.genesis)
    if trusted_ledger is not None and ledger != trusted_ledger:
        run.note("format", False, "the statement is of another ledger than the one trusted")
        return Report("invalid", run.all(), {})
    head = check_seal(run, parsed.genesis, parsed.seal)
    finding = ask_chain(run, parsed.anchors, ledger, head, chain)
    totals: list[dict[str, Any] | None] = []
    run.make("state", lambda: _state(parsed, head, totals))
    run.make("times", lambda: _times(parsed, finding, totals))
    verdict = verdict_of(run.all(), parsed.anchors, finding)
    facts = {} if verdict == "invalid" else _facts(parsed, ledger, totals[0], finding)
    return Report(verdict, run.all(), facts)


def check_seal(run: Run, genesis: Genesis, seal: Proven) -> Checkpoint | None:
    """The checks `checkpoint`, `leaf` and `inclusion` of a seal that is proven; the head under
    which it stands, None where nobody signed it."""
    found, proof = list[Checkpoint](), seal.proof
    assert proof is not None

    def check_note() -> str:
        found.append(open_checkpoint(proof.checkpoint, genesis.origin, genesis.log_key))
        return f"{found[0].origin} signed the head of {found[0].size} entries"

    def check_leaf() -> str:
        if proof.index != seal.entry.index:
            raise ProofError("leaf", "the proof is for another index than the entry's")
        return f"entry {seal.entry.index} hashes to the leaf that is proved"

    def check_path() -> str:
        head, entry = found[0], seal.entry
        verify_inclusion(entry.leaf(), entry.index, head.size, proof.path, head.root)
        return f"the seal is in the log of {head.size}"

    if not run.make("checkpoint", check_note):
        return None
    run.make("leaf", check_leaf)
    run.make("inclusion", check_path)
    return found[0]


def _state(
    statement: Statement, head: Checkpoint | None, totals: list[dict[str, Any] | None]
) -> str:
    body = demand_last(statement.seal.entry, head)
    totals.append(stated_totals(body.state_root, statement.account, statement.path))
    check_minted(totals[0], statement.genesis.policy.minutes_per_yibi)
    if totals[0] is None:
        return f"nothing concerned this address as of batch {body.batch}"
    return f"these were its totals as of batch {body.batch}"


def _times(
    statement: Statement, finding: AnchorFinding | None, totals: list[dict[str, Any] | None]
) -> str:
    seal = statement.seal.entry
    for proven in totals:
        check_totals(statement.genesis, seal, proven)
    return check_times(statement.genesis, (), seal, finding)


def demand_last(seal: Entry, head: Checkpoint | None) -> Seal:
    """The seal's body, if it is the last entry under a head: then its root is the state there. The
    checkpoint is its signature, and it has no other. Raises `ProofError`."""
    body = seal.record.body
    if head is None or not isinstance(body, Seal) or seal.index != head.size - 1:
        raise ProofError("state", "the state is not that of the checkpoint")
    if seal.record.signatures:
        raise ProofError("state", "nobody signs a seal but the log")
    return body


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
    entry = statement.seal.entry
    assert isinstance(entry.record.body, Seal)
    seal = entry.record.body
    return {
        "ledger": ledger_fact(statement.genesis, ledger),
        "account": statement.account,
        "totals": totals,
        "as_of": {"batch": seal.batch, "size": entry.index + 1, "time": seal.sealed_at},
        "anchored_at": finding.block_time if finding else None,
        "does_not_prove": [{"zh": zh, "en": en} for zh, en in NOT_PROVED],
    }


def verdict_of(
    checks: Sequence[Check], anchors: Sequence[Mapping[str, Any]], finding: AnchorFinding | None
) -> str:
    """The verdict of a file whose subject has no status of its own."""
    if any(check.ok is False for check in checks):
        return "invalid"
    if not anchors or (finding is not None and finding.state == "mined"):
        return "pending"
    return "valid" if all(check.ok for check in checks) else "unchecked"
