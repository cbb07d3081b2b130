"""The verifier of transcripts: that these are all entries of an account, and none was changed.

     1 format        the file is a transcript, every value in its one spelling
     2 signatures    every signature of every entry recovers to the address that claims it
     3 roles         each entry is signed as its kind demands, and credit hours have clock events
     4 leaf          the proof's index is the later seal's own
     5 inclusion     the seals and all entries lead to the checkpoint's root
     6 checkpoint    the log key that the genesis names signed that root
     7 anchor        a chain holds that root for that size
     8 times         served, signed, accepted, sealed and anchored in this order
     9 state         the state trees of both seals say what is stated of the account, the later one
                     also what became of each of its services
    10 completeness  the chain of the account leads over exactly these entries from one to the other
    11 sums          the entries come to what the totals grew by

Pure, as `ledger.core.verify.record`. Which keys an organisation let sign for it, and whether it was
certified, is what the proof of a single record shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from ledger.core.format.fields import ZERO_HASH
from ledger.core.kinds import registry as bodies
from ledger.core.proofs.transcript import (
    MARGIN_SECONDS,
    PATHS,
    Standing,
    Transcript,
    parse_transcript,
)
from ledger.core.state.totals import (
    FINAL,
    RECORDED,
    Status,
    chained,
    check_minted,
)
from ledger.core.state.tree_keys import account_name, status_name
from ledger.core.trees.notes import Checkpoint
from ledger.core.trees.patricia_many import verify_many
from ledger.core.verify.anchor import AnchorFinding, AnchorLookup, ask_chain
from ledger.core.verify.changes import brings, target_of
from ledger.core.verify.checks import Report, Run, verdict_of
from ledger.core.verify.log_checks import check_log, demand_all_included, demand_last, demand_sealed
from ledger.core.verify.opening import open_document
from ledger.core.verify.signatures import check_signed, recovered
from ledger.core.verify.signers import delegated
from ledger.core.verify.times import check_times, check_totals
from ledger.core.verify.transcript_facts import batch_of, facts_of
from ledger.core.verify.transcript_signers import Signed, signed_by
from ledger.core.verify.transcript_sums import check_sums
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
    "state",
    "completeness",
    "sums",
)
"""The checks, in order."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A transcript after all checks: the report, the parsed file (None: it is none), the ids of its
    records in order, and those that are not signed as their kind demands."""

    report: Report
    transcript: Transcript | None = None
    names: tuple[bytes, ...] = ()
    badly_signed: frozenset[bytes] = frozenset()


def verify_transcript(
    transcript: object, chain: AnchorLookup | None = None, *, of: bytes | None = None
) -> Report:
    """Judge a transcript (a JSON object): `valid`, `pending`, `unchecked` or `invalid`."""
    return examine_transcript(transcript, chain, of=of).report


def examine_transcript(
    transcript: object, chain: AnchorLookup | None = None, *, of: bytes | None = None
) -> Examined:
    """As `verify_transcript`, for who goes on with what is in it."""
    run = Run(CHECKS, "transcript")
    opened = open_document(run, transcript, parse_transcript, "transcript", of=of)
    if isinstance(opened, Report):
        return Examined(opened)
    parsed, ledger = opened
    signed = signed_by(parsed, ledger)
    run.make("signatures", lambda: _signatures(parsed, ledger, signed))
    run.make("roles", lambda: _roles(parsed, signed))
    head = check_log(run, parsed.root, parsed.proof, lambda head: _shown(parsed, head))
    finding = ask_chain(run, parsed.anchors, parsed.root, ledger, head, chain)
    run.make("times", lambda: _times(parsed, finding))
    if run.make("state", lambda: _state(parsed, head, signed.names)):
        run.make("sums", lambda: check_sums(parsed, signed.names))
    run.make("completeness", lambda: _completeness(parsed, signed.names))
    verdict = verdict_of(run.all(), parsed.anchors, finding)
    anchored_at = finding.block_time if finding else None
    facts = {} if verdict == "invalid" else facts_of(parsed, ledger, signed, anchored_at)
    report = run.report(verdict, facts)
    return Examined(report, parsed, tuple(signed.names), signed.bad())


def _signatures(transcript: Transcript, ledger: bytes, signed: Signed) -> str:
    for error in signed.unsigned.values():
        raise error
    for seal in transcript.seals():
        check_signed(ledger, seal.record)
    return recovered(e.record for e in (*transcript.entries, *transcript.seals()))


def _roles(transcript: Transcript, signed: Signed) -> str:
    for error in signed.unnamed.values():
        raise error
    for seal in transcript.seals():
        delegated(transcript.root.at(seal.index), seal.record, seal.accepted_at)
    count = sum(signed.unshown.values())
    rest = f"; {count} signatures rest on grants that are not shown here" if count else ""
    return f"every record is signed as its kind demands{rest}"


def _times(transcript: Transcript, finding: AnchorFinding | None) -> str:
    for standing in (transcript.before, transcript.after):
        if standing is not None:
            check_totals(transcript.root.genesis, standing.seal, standing.totals)
    earlier = transcript.seals()[:-1]
    shown = (*transcript.entries, *earlier)
    return check_times(transcript.root.genesis, shown, transcript.after.seal, finding)


def _shown(transcript: Transcript, head: Checkpoint) -> str:
    by_paths = transcript.held_by == PATHS
    shown = [*(transcript.entries if by_paths else ()), *transcript.seals()[:-1]]
    demand_all_included(shown, transcript.path, head)
    rest = "" if by_paths else ", the others are held by the chain alone"
    return f"{len(shown) + 1} entries are in the log of {head.size}{rest}"


def _state(transcript: Transcript, head: Checkpoint | None, names: list[bytes]) -> str:
    before, after = transcript.before, transcript.after
    unit = transcript.root.genesis.policy.minutes_per_yibi
    demand_last(after.seal, head)
    for seal in transcript.seals():
        demand_sealed(transcript.root, seal)
    if before is not None:
        if before.seal.index >= after.seal.index:
            raise ProofError("state", "the earlier batch is not the earlier one")
        _demand_stated(before, _account(transcript, before))
        check_minted(before.totals, unit)
    check_minted(after.totals, unit)
    services = transcript.own_services()
    if len(services) != len(transcript.statuses):
        raise ProofError("state", "a status for each service is needed")
    stated = {
        names[place]: status
        for (place, _), status in zip(services, transcript.statuses, strict=True)
    }
    _demand_changes(transcript, names, stated)
    wanted = _account(transcript, after)
    wanted |= {
        status_name(transcript.account, name): status.value() for name, status in stated.items()
    }
    _demand_stated(after, wanted)
    counted = f"{len(services)} services as of batch {batch_of(after)}"
    return f"totals as of batch {batch_of(before)} and of batch {batch_of(after)}, {counted}"


def _account(transcript: Transcript, standing: Standing) -> dict[bytes, bytes | None]:
    opened = standing.opened
    return {account_name(transcript.account): None if opened is None else opened.value()}


def _demand_stated(standing: Standing, wanted: dict[bytes, bytes | None]) -> None:
    body = standing.seal.record.body
    if not isinstance(body, bodies.Seal):
        raise ProofError("state", "the seal of a batch is needed")
    verify_many(body.state_root, wanted, standing.proof)


def _demand_changes(
    transcript: Transcript, names: list[bytes], stated: Mapping[bytes, Status]
) -> None:
    """All that changed a service concerns the same account and came after it, so it is shown: what
    the entries make of each is its status."""
    made: dict[bytes, Status] = {}
    for by, entry in zip(names, transcript.entries, strict=True):
        target, word = target_of(entry.record), brings(entry.record)
        if target is None or word is None or made.get(target, RECORDED).word in FINAL:
            continue
        made[target] = Status(word, by)
    told = {name: Status(status.word, status.changed_by) for name, status in stated.items()}
    if any(status != made.get(name, RECORDED) for name, status in told.items()):
        raise ProofError("state", "the status of a service is not what the entries make of it")


def _completeness(transcript: Transcript, names: list[bytes]) -> str:
    if len(set(names)) != len(names):
        raise ProofError("completeness", "the ledger takes a record once, and one is here twice")
    before, after = transcript.before, transcript.after
    if before is not None:
        sealed = before.seal.record.body
        history_start = transcript.period[0] - MARGIN_SECONDS
        if not isinstance(sealed, bodies.Seal) or sealed.sealed_at >= history_start:
            raise ProofError("completeness", "the earlier batch was not sealed before the period")
    first = before.seal.index if before else -1
    indices = [first, *(e.index for e in transcript.entries), after.seal.index]
    if any(a >= b for a, b in pairwise(indices)):
        raise ProofError("completeness", "the entries are not in the order of the log")
    head, count = _chain(before.totals if before else None)
    for entry in transcript.entries:
        head = chained(head, entry.leaf())
    wanted, total = _chain(after.totals)
    if count + len(transcript.entries) != total or head != wanted:
        raise ProofError("completeness", "an entry is left out, added or in another place")
    return f"these {len(transcript.entries)} entries are all there are between the two batches"


def _chain(totals: Mapping[str, Any] | None) -> tuple[bytes, int]:
    if totals is None:
        return ZERO_HASH, 0
    return bytes.fromhex(totals["head"][2:]), int(totals["entries"])
