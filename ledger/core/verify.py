"""The verifier: every check by name, one verdict. This is the code that strangers must trust.

    1 format      the file is a bundle, every value in its one spelling
    2 signatures  every signature recovers to the address that claims it
    3 roles       the signers are those whom the kind of record demands
    4 leaf        the proof's index is the entry's own
    5 inclusion   the entry's leaf leads to the checkpoint's root
    6 checkpoint  the log key that the genesis names signed that root
    7 anchor      a chain holds that root for that size
    8 issuer      an authority certified the organisation for the time of the service
    9 status      the state tree under that root says: recorded, disputed, amended or void

Pure: no clock, no network, no database. Chains are asked through the port `AnchorLookup`.
A missing check fails closed; what could not be asked is `unchecked`, never green, never invalid.
"""

from __future__ import annotations

from typing import Final

from ledger.core.bodies import Seal
from ledger.core.bundle import Bundle, Proven, parse_bundle
from ledger.core.checks import AnchorFinding, AnchorLookup, Check, Report, Run, ask_chain
from ledger.core.facts import facts_of
from ledger.core.merkle import verify_inclusion
from ledger.core.notes import Checkpoint, TlogProof, open_checkpoint
from ledger.core.patricia import Leaf
from ledger.core.patricia_proof import Path, verify_present
from ledger.core.records import Entry, home_ledger, ledger_id, record_id
from ledger.core.signing import check_signatures
from ledger.core.standing import check_change, check_issuer, check_roles
from ledger.core.totals import RECORDED, record_name
from ledger.errors import ProofError

CHECKS: Final = (
    "format",
    "signatures",
    "roles",
    "leaf",
    "inclusion",
    "checkpoint",
    "anchor",
    "issuer",
    "status",
)
"""The checks, in order."""


def verify(
    bundle: object, chain: AnchorLookup | None = None, *, trusted_ledger: bytes | None = None
) -> Report:
    """Judge a bundle (a JSON object). With `trusted_ledger`, only that ledger's proofs hold."""
    run = Run(CHECKS)
    try:
        parsed = parse_bundle(bundle)
    except ProofError as error:
        run.note("format", False, error.reason)
        return Report("invalid", run.all(), {})
    run.note("format", True, "a complete bundle, every value in its one spelling")
    ledger = ledger_id(parsed.genesis)
    if trusted_ledger is not None and ledger != trusted_ledger:
        run.note("format", False, "the bundle is of another ledger than the one trusted")
        return Report("invalid", run.all(), {})
    run.make("signatures", lambda: _signatures(parsed, ledger))
    run.make("roles", lambda: check_roles(parsed))
    run.make("issuer", lambda: check_issuer(parsed))
    checkpoint = _log_checks(run, parsed)
    finding = ask_chain(run, parsed.anchors, ledger, checkpoint, chain)
    status = _status(run, parsed, ledger, checkpoint)
    verdict = _verdict(run.all(), parsed, finding, status)
    block_time = finding.block_time if finding else None
    return Report(verdict, run.all(), facts_of(parsed, ledger, checkpoint, block_time))


def _parts(bundle: Bundle) -> list[Proven]:
    seal = bundle.status.seal if bundle.status else None
    parts = (bundle.record, bundle.certification, *bundle.delegations, bundle.change, seal)
    return [part for part in parts if part is not None]


def _proven(bundle: Bundle) -> list[tuple[Entry, TlogProof]]:
    return [(part.entry, part.proof) for part in _parts(bundle) if part.proof is not None]


def _signatures(bundle: Bundle, ledger: bytes) -> str:
    count = 0
    for entry in (part.entry for part in _parts(bundle)):
        if home_ledger(entry.record, ledger) != ledger:
            raise ProofError("signatures", "a record belongs to another ledger")
        check_signatures(ledger, entry.record)
        count += len(entry.record.signatures)
    return f"{count} signatures recover to their signers"


def _log_checks(run: Run, bundle: Bundle) -> Checkpoint | None:
    proof = bundle.record.proof
    if proof is None:
        for name in ("leaf", "inclusion", "checkpoint"):
            run.note(name, None, "the record is accepted but not in a sealed batch yet")
        return None
    genesis, found = bundle.genesis, []

    def check_note() -> str:
        found.append(open_checkpoint(proof.checkpoint, genesis.origin, genesis.log_key))
        return f"{found[0].origin} signed the head of {found[0].size} entries"

    if not run.make("checkpoint", check_note):
        return None
    proven = _proven(bundle)

    def check_leaves() -> str:
        for entry, claim in proven:
            if claim.index != entry.index:
                raise ProofError("leaf", "the proof is for another index than the entry's")
            if claim.checkpoint != proof.checkpoint:
                raise ProofError("leaf", "the parts of the bundle rest on different checkpoints")
        return f"entry {bundle.record.entry.index} hashes to the leaf that is proved"

    def check_paths() -> str:
        for entry, claim in proven:
            verify_inclusion(entry.leaf(), entry.index, found[0].size, claim.path, found[0].root)
        return f"{len(proven)} entries are in the log of {found[0].size}"

    run.make("leaf", check_leaves)
    run.make("inclusion", check_paths)
    return found[0]


def _status(run: Run, bundle: Bundle, ledger: bytes, head: Checkpoint | None) -> str | None:
    proof, found = bundle.status, list[str]()
    record = record_id(ledger, bundle.record.entry.record.body)
    unsealed = bundle.record.proof is None and proof is None
    if unsealed and bundle.change is None:
        run.note("status", None, "the record is accepted but not in a sealed batch yet")
        return None

    def check() -> str:
        if unsealed:
            found.append(check_change(bundle, ledger, record, RECORDED))
            return f"{found[0]}, not in a sealed batch yet"
        if proof is None or proof.seal.proof is None or head is None:
            raise ProofError("status", "the status is not proved")
        seal = proof.seal.entry
        if not isinstance(seal.record.body, Seal) or seal.index != head.size - 1:
            raise ProofError("status", "the state is not that of the checkpoint")
        leaf = Leaf(record_name(record), proof.status.value())
        verify_present(seal.record.body.state_root, Path(leaf, proof.steps))
        found.append(check_change(bundle, ledger, record, proof.status))
        since = "" if found[0] == proof.status.word else f"; {found[0]} since, not sealed yet"
        return f"{proof.status.word} as of batch {seal.record.body.batch}{since}"

    return found[0] if run.make("status", check) else None


def _verdict(
    checks: tuple[Check, ...],
    bundle: Bundle,
    finding: AnchorFinding | None,
    status: str | None,
) -> str:
    if any(check.ok is False for check in checks):
        return "invalid"
    if status not in (None, "recorded"):
        return str(status)
    if bundle.record.proof is None or not bundle.anchors:
        return "pending"
    if finding is not None and finding.state == "mined":
        return "pending"
    return "valid" if all(check.ok for check in checks) else "unchecked"
