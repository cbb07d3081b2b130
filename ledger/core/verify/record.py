"""The verifier: every check by name, one verdict. This is the code that strangers must trust.

     1 format      the file is a bundle, every value in its one spelling
     2 signatures  every signature recovers to the address that claims it
     3 roles       the signers are those whom the kind of record demands, and a service rests on
                   its clock events or its permit
     4 leaf        the proof's index is the entry's own
     5 inclusion   the entry's leaf leads to the checkpoint's root, and all that stands behind it
     6 checkpoint  the log key that the genesis names signed that root
     7 anchor      a chain holds that root for that size
     8 times       served, signed, accepted, sealed and anchored in this order
     9 issuer      an authority certified the organisation for the time of the service
    10 status      the state tree under that root says: recorded, disputed, amended or void; and no
                   key behind it is shown to be revoked from before it on

Pure: no clock, no network, no database. Chains are asked through the port `AnchorLookup`.
A missing check fails closed; what could not be asked is `unchecked`, never green, never invalid.
"""

from __future__ import annotations

from typing import Final

from ledger.core.kinds.registry import Seal
from ledger.core.proofs.bundle import Bundle, leaves_below, parse_bundle
from ledger.core.records.record import home_ledger, ledger_id, record_id
from ledger.core.records.signing import check_signatures
from ledger.core.state.totals import RECORDED, Status, record_name
from ledger.core.trees.merkle import verify_inclusion, verify_inclusions
from ledger.core.trees.notes import Checkpoint, open_checkpoint
from ledger.core.trees.patricia import Leaf
from ledger.core.trees.patricia_proof import Path, verify_present
from ledger.core.verify.changes import changed
from ledger.core.verify.checks import AnchorFinding, AnchorLookup, Check, Report, Run, ask_chain
from ledger.core.verify.facts import UNSIGNED, facts_of
from ledger.core.verify.revocations import check_revocations
from ledger.core.verify.signers import check_issuer, check_roles
from ledger.core.verify.times import check_times
from ledger.errors import ProofError

CHECKS: Final = (
    "format",
    "signatures",
    "roles",
    "leaf",
    "inclusion",
    "checkpoint",
    "anchor",
    "times",
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
    run.make("roles", lambda: check_roles(parsed, ledger))
    run.make("issuer", lambda: check_issuer(parsed))
    checkpoint = _log_checks(run, parsed)
    finding = ask_chain(run, parsed.anchors, ledger, checkpoint, chain)
    run.make("times", lambda: _times(parsed, finding))
    status = _status(run, parsed, ledger, checkpoint)
    verdict = _verdict(run.all(), parsed, finding, status)
    if verdict == "invalid":
        return Report(verdict, run.all(), {})
    block_time = finding.block_time if finding else None
    return Report(verdict, run.all(), facts_of(parsed, ledger, checkpoint, block_time))


def _signatures(bundle: Bundle, ledger: bytes) -> str:
    entries = [bundle.record.entry, *bundle.others()]
    if bundle.seal is not None:
        entries.append(bundle.seal)
    records = [entry.record for entry in entries]
    records += bundle.basis.records(bundle.record.entry.record.body)
    for record in records:
        if home_ledger(record, ledger) != ledger:
            raise ProofError("signatures", "a record belongs to another ledger")
        check_signatures(ledger, record)
    count = sum(len(record.signatures) for record in records)
    return f"{count} signatures recover to their signers"


def _log_checks(run: Run, bundle: Bundle) -> Checkpoint | None:
    proof = bundle.record.proof
    if proof is None:
        if bundle.path or bundle.seal is not None or bundle.status is not None:
            run.note("inclusion", False, "there is no checkpoint that this could be proved by")
            return None
        for name in ("leaf", "inclusion", "checkpoint"):
            run.note(name, None, UNSIGNED)
        return None
    genesis, found = bundle.genesis, []

    def check_note() -> str:
        found.append(open_checkpoint(proof.checkpoint, genesis.origin, genesis.log_key))
        return f"{found[0].origin} signed the head of {found[0].size} entries"

    if not run.make("checkpoint", check_note):
        return None
    entry = bundle.record.entry

    def check_leaf() -> str:
        if proof.index != entry.index:
            raise ProofError("leaf", "the proof is for another index than the entry's")
        return f"entry {entry.index} hashes to the leaf that is proved"

    def check_paths() -> str:
        verify_inclusion(entry.leaf(), entry.index, found[0].size, proof.path, found[0].root)
        others = _leaves(bundle, found[0].size)
        verify_inclusions(others, found[0].size, bundle.path, found[0].root)
        return f"{1 + len(others)} entries are in the log of {found[0].size}"

    run.make("leaf", check_leaf)
    run.make("inclusion", check_paths)
    return found[0]


def _leaves(bundle: Bundle, size: int) -> dict[int, bytes]:
    """Index → leaf of all entries that must be in the log of a size; some may be newer."""
    if bundle.seal is None:
        raise ProofError("inclusion", "the seal of the batch is missing")
    certification = [bundle.certification] if bundle.certification else []
    return leaves_below(size, [bundle.seal, *certification], bundle.late())


def _times(bundle: Bundle, finding: AnchorFinding | None) -> str:
    entry = bundle.record.entry
    beside = ((r, entry.accepted_at) for r in bundle.basis.records(entry.record.body))
    return check_times(bundle.genesis, (entry, *bundle.others()), bundle.seal, finding, beside)


def _status(run: Run, bundle: Bundle, ledger: bytes, head: Checkpoint | None) -> str | None:
    proof, found = bundle.status, list[str]()
    record = record_id(ledger, bundle.record.entry.record.body)
    unsealed = bundle.record.proof is None and proof is None and bundle.seal is None
    if unsealed and bundle.change is None and not bundle.revocations:
        run.note("status", None, UNSIGNED)
        return None

    def check() -> str:
        revoked = check_revocations(bundle)
        stated = RECORDED
        if not unsealed:
            stated = _proved_status(bundle, record, head)
        size = head.size if head else 0
        word = changed(bundle.record.entry, bundle.change, ledger, record, stated, size)
        found.append("disputed" if revoked and word == "recorded" else word)
        return _status_reason(bundle, stated, word, revoked)

    return found[0] if run.make("status", check) else None


def _proved_status(bundle: Bundle, record: bytes, head: Checkpoint | None) -> Status:
    proof, seal = bundle.status, bundle.seal
    if proof is None or seal is None or head is None:
        raise ProofError("status", "the status is not proved")
    if not isinstance(seal.record.body, Seal) or seal.index != head.size - 1:
        raise ProofError("status", "the state is not that of the checkpoint")
    leaf = Leaf(record_name(record), proof.status.value())
    verify_present(seal.record.body.state_root, Path(leaf, proof.steps))
    return proof.status


def _status_reason(bundle: Bundle, stated: Status, word: str, revoked: bool) -> str:
    body = bundle.seal.record.body if bundle.seal else None
    if isinstance(body, Seal):
        since = "" if word == stated.word else f"; {word} since by what its signers say"
        reason = f"{stated.word} as of batch {body.batch}{since}"
    else:
        reason = f"{word} by what the signers say; {UNSIGNED}"
    return reason + ("; entered with a key that was revoked from before then on" if revoked else "")


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
