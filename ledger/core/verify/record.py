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
    10 status      the state tree under that root says: recorded, disputed, amended or void; and
                   whether a key behind it, or its organisation, was revoked from before it on

Pure: no clock, no network, no database. Chains are asked through the port `AnchorLookup`.
A missing check fails closed; what could not be asked is `unchecked`, never green, never invalid.
"""

from __future__ import annotations

from typing import Final

from ledger.core.kinds.registry import Seal
from ledger.core.proofs.bundle import Bundle, parse_bundle
from ledger.core.records.record import Record, record_id
from ledger.core.state.totals import RECORDED, Status
from ledger.core.trees.notes import Checkpoint
from ledger.core.verify.anchor import AnchorFinding, AnchorLookup, ask_chain
from ledger.core.verify.changes import changed
from ledger.core.verify.checks import Report, Run, verdict_of
from ledger.core.verify.facts import facts_of
from ledger.core.verify.log_checks import UNSIGNED, Behind, check_batch, state_under
from ledger.core.verify.opening import open_document
from ledger.core.verify.signatures import check_all_signed
from ledger.core.verify.signers import check_issuer, check_roles, issuer_of
from ledger.core.verify.standing import is_taken, rests_of, taken_leaves
from ledger.core.verify.statuses import demand_statuses, status_values
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


def verify(bundle: object, chain: AnchorLookup | None = None, *, of: bytes | None = None) -> Report:
    """Judge a bundle (a JSON object). `of`: the ledger of the file that it is a part of, if
    it is one."""
    run = Run(CHECKS, "record")
    opened = open_document(run, bundle, parse_bundle, "bundle", of=of)
    if isinstance(opened, Report):
        return opened
    parsed, ledger = opened
    run.make("signatures", lambda: check_all_signed(ledger, _records(parsed)))
    run.make("roles", lambda: check_roles(parsed, ledger))
    run.make("issuer", lambda: check_issuer(parsed))
    checkpoint = check_batch(run, parsed.root, parsed.record, _behind(parsed))
    finding = ask_chain(run, parsed.anchors, parsed.root, ledger, checkpoint, chain)
    run.make("times", lambda: _times(parsed, finding))
    status = _status(run, parsed, ledger, checkpoint)
    verdict = verdict_of(run.all(), parsed.anchors, finding, status)
    if verdict == "invalid":
        return run.report(verdict)
    block_time = finding.block_time if finding else None
    return run.report(verdict, facts_of(parsed, ledger, checkpoint, block_time))


def _records(bundle: Bundle) -> list[Record]:
    seal = (bundle.seal,) if bundle.seal else ()
    entries = (bundle.record.entry, *bundle.others(), *seal)
    beside = bundle.basis.records(bundle.record.entry.record.body)
    return [*(entry.record for entry in entries), *beside]


def _behind(bundle: Bundle) -> Behind:
    standing = (bundle.certification,) if bundle.certification else ()
    stated = bundle.standing is not None
    return Behind(bundle.seal, standing, bundle.late(), bundle.path, stated)


def _times(bundle: Bundle, finding: AnchorFinding | None) -> str:
    entry = bundle.record.entry
    beside = ((r, entry.accepted_at) for r in bundle.basis.records(entry.record.body))
    return check_times(bundle.root.genesis, (entry, *bundle.others()), bundle.seal, finding, beside)


def _status(run: Run, bundle: Bundle, ledger: bytes, head: Checkpoint | None) -> str | None:
    found = list[str]()
    record = record_id(ledger, bundle.record.entry.record.body)
    shown = (bundle.record.proof, bundle.standing, bundle.seal)
    unsealed = shown == (None, None, None)
    if unsealed and bundle.change is None:
        run.note("status", None, UNSIGNED)
        return None

    def check() -> str:
        stated, revoked = RECORDED, False
        if not unsealed:
            stated, revoked = _proved_standing(bundle, ledger, head)
        size = head.size if head else 0
        word = changed(bundle.record.entry, bundle.change, ledger, record, stated, size)
        found.append("disputed" if revoked and word == "recorded" else word)
        return _status_reason(bundle, stated, word, revoked)

    return found[0] if run.make("status", check) else None


def _proved_standing(bundle: Bundle, ledger: bytes, head: Checkpoint | None) -> tuple[Status, bool]:
    """The status of the record, and whether something that it rests on was taken back."""
    standing, seal, entry = bundle.standing, bundle.seal, bundle.record.entry
    if standing is None or seal is None or head is None:
        raise ProofError("status", "the status is not proved")
    organisation = issuer_of(entry.record)
    rests = rests_of(bundle)
    wanted, taken = taken_leaves(organisation, rests, standing.taken)
    found = status_values(ledger, [(entry.record, standing.status)])
    demand_statuses(
        state_under(bundle.root, seal, head).state_root, {**wanted, **found}, standing.proof
    )
    return standing.status, is_taken(taken, rests)


def _status_reason(bundle: Bundle, stated: Status, word: str, revoked: bool) -> str:
    body = bundle.seal.record.body if bundle.seal else None
    if isinstance(body, Seal):
        since = "" if word == stated.word else f"; {word} since by what its signers say"
        reason = f"{stated.word} as of batch {body.batch}{since}"
    else:
        reason = f"{word} by what the signers say; {UNSIGNED}"
    return reason + ("; entered with a key that was revoked from before then on" if revoked else "")
