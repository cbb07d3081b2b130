"""The verifier of transcripts: that these are all entries of an account, and none was changed.

    1 format        the file is a transcript, every value in its one spelling
    2 signatures    every signature of every entry recovers to the address that claims it
    3 leaf          the proof's index is the later seal's own
    4 inclusion     the seals and all entries lead to the checkpoint's root
    5 checkpoint    the log key that the genesis names signed that root
    6 anchor        a chain holds that root for that size
    7 state         the state trees of both seals say what is stated of the account, the later one
                    also what became of each of its services
    8 completeness  the chain of the account leads over exactly these entries from one to the other

Pure, as `ledger.core.verify`. What an organisation may sign, and whether it was certified, is what
the proof of a single record shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from ledger.core import bodies
from ledger.core.checks import AnchorLookup, Report, Run, ask_chain
from ledger.core.merkle import verify_inclusion, verify_inclusions
from ledger.core.notes import Checkpoint, open_checkpoint
from ledger.core.patricia_many import verify_many
from ledger.core.records import Entry, home_ledger, ledger_id, record_id
from ledger.core.signing import check_signatures
from ledger.core.totals import Status, account_name, chained, totals_value, volunteer_name
from ledger.core.transcript import MARGIN_SECONDS, PATHS, Standing, Transcript, parse_transcript
from ledger.core.transcript_facts import batch_of, facts_of, own_services
from ledger.core.verify_account import verdict_of
from ledger.errors import ProofError, Refused

CHECKS: Final = (
    "format",
    "signatures",
    "leaf",
    "inclusion",
    "checkpoint",
    "anchor",
    "state",
    "completeness",
)
"""The checks, in order."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A transcript after all checks: the report, the parsed file (None: it is none), the ids of its
    records in order, and those with a signature that does not hold."""

    report: Report
    transcript: Transcript | None = None
    names: tuple[bytes, ...] = ()
    badly_signed: frozenset[bytes] = frozenset()


def verify_transcript(
    transcript: object, chain: AnchorLookup | None = None, *, trusted_ledger: bytes | None = None
) -> Report:
    """Judge a transcript (a JSON object): `valid`, `pending`, `unchecked` or `invalid`."""
    return examine_transcript(transcript, chain, trusted_ledger=trusted_ledger).report


def examine_transcript(
    transcript: object, chain: AnchorLookup | None = None, *, trusted_ledger: bytes | None = None
) -> Examined:
    """As `verify_transcript`, for who goes on with what is in it."""
    run = Run(CHECKS)
    try:
        parsed = parse_transcript(transcript)
    except ProofError as error:
        run.note("format", False, error.reason)
        return Examined(Report("invalid", run.all(), {}))
    run.note("format", True, "a complete transcript, every value in its one spelling")
    ledger = ledger_id(parsed.genesis)
    if trusted_ledger is not None and ledger != trusted_ledger:
        run.note("format", False, "the transcript is of another ledger than the one trusted")
        return Examined(Report("invalid", run.all(), {}))
    names, bad = _names(parsed, ledger)
    run.make("signatures", lambda: _signatures(parsed, bad))
    head = _log_checks(run, parsed)
    finding = ask_chain(run, parsed.anchors, ledger, head, chain)
    run.make("state", lambda: _state(parsed, head, names))
    run.make("completeness", lambda: _completeness(parsed))
    verdict = verdict_of(run.all(), parsed.anchors, finding)
    anchored_at = finding.block_time if finding else None
    facts = {} if verdict == "invalid" else facts_of(parsed, ledger, names, anchored_at)
    badly_signed = frozenset(names[place] for place in bad)
    return Examined(Report(verdict, run.all(), facts), parsed, tuple(names), badly_signed)


def _names(
    transcript: Transcript, ledger: bytes
) -> tuple[list[bytes], dict[int, ProofError | Refused]]:
    """The ids of all records; and by their places what is wrong with signatures."""
    names, bad = list[bytes](), dict[int, ProofError | Refused]()
    for place, entry in enumerate(transcript.entries):
        try:
            if home_ledger(entry.record, ledger) != ledger:
                raise ProofError("signatures", "a record belongs to another ledger")
            names.append(check_signatures(ledger, entry.record))
        except (ProofError, Refused) as error:
            names.append(record_id(ledger, entry.record.body))
            bad[place] = error
    return names, bad


def _signatures(transcript: Transcript, bad: Mapping[int, ProofError | Refused]) -> str:
    for error in bad.values():
        raise error
    count = sum(len(entry.record.signatures) for entry in transcript.entries)
    return f"{count} signatures recover to their signers"


def _log_checks(run: Run, transcript: Transcript) -> Checkpoint | None:
    genesis, found = transcript.genesis, list[Checkpoint]()
    seal, proof = transcript.after.seal, transcript.proof.proof
    assert proof is not None

    def check_note() -> str:
        found.append(open_checkpoint(proof.checkpoint, genesis.origin, genesis.log_key))
        return f"{found[0].origin} signed the head of {found[0].size} entries"

    def check_leaf() -> str:
        if proof.index != seal.index:
            raise ProofError("leaf", "the proof is for another index than the entry's")
        return f"entry {seal.index} hashes to the leaf that is proved"

    def check_paths() -> str:
        size, root = found[0].size, found[0].root
        verify_inclusion(seal.leaf(), seal.index, size, proof.path, root)
        shown = list(transcript.entries) if transcript.held_by == PATHS else []
        if transcript.before is not None:
            shown.append(transcript.before.seal)
        leaves = {entry.index: entry.leaf() for entry in shown}
        if len(leaves) != len(shown):
            raise ProofError("inclusion", "an entry is given twice")
        if leaves:
            verify_inclusions(leaves, size, transcript.path, root)
        elif transcript.path:
            raise ProofError("inclusion", "the path is of no entry")
        rest = "" if transcript.held_by == PATHS else ", the others are held by the chain alone"
        return f"{len(shown) + 1} entries are in the log of {size}{rest}"

    if not run.make("checkpoint", check_note):
        return None
    run.make("leaf", check_leaf)
    run.make("inclusion", check_paths)
    return found[0]


def _state(transcript: Transcript, head: Checkpoint | None, names: list[bytes]) -> str:
    before, after = transcript.before, transcript.after
    if head is None or after.seal.index != head.size - 1:
        raise ProofError("state", "the state is not that of the checkpoint")
    if before is not None:
        if before.seal.index >= after.seal.index:
            raise ProofError("state", "the earlier batch is not the earlier one")
        _demand_stated(before, _account(transcript, before))
    services = own_services(transcript, names)
    if len(services) != len(transcript.statuses):
        raise ProofError("state", "a status for each service is needed")
    known = dict(zip(names, transcript.entries, strict=True))
    wanted = _account(transcript, after)
    for (name, _, _), status in zip(services, transcript.statuses, strict=True):
        _demand_change(name, status, known)
        wanted[volunteer_name(transcript.account, name)] = status.value()
    _demand_stated(after, wanted)
    counted = f"{len(services)} services as of batch {batch_of(after)}"
    return f"totals as of batch {batch_of(before)} and of batch {batch_of(after)}, {counted}"


def _account(transcript: Transcript, standing: Standing) -> dict[bytes, bytes | None]:
    value = None if standing.totals is None else totals_value(standing.totals)
    return {account_name(transcript.account): value}


def _demand_stated(standing: Standing, wanted: dict[bytes, bytes | None]) -> None:
    body = standing.seal.record.body
    if not isinstance(body, bodies.Seal):
        raise ProofError("state", "the seal of a batch is needed")
    verify_many(body.state_root, wanted, standing.proof)


_CHANGES: Final = {"void": bodies.Void, "amended": bodies.Amend, "disputed": bodies.Objection}


def _demand_change(name: bytes, status: Status, known: Mapping[bytes, Entry]) -> None:
    """What changed a service came after it and concerns the same account: it is shown."""
    if status.changed_by is None:
        return
    change = known.get(status.changed_by)
    body = change.record.body if change else None
    if type(body) is not _CHANGES[status.word] or getattr(body, "target", None) != name:
        raise ProofError("state", "what changed a service is not among the entries")


def _completeness(transcript: Transcript) -> str:
    before, after = transcript.before, transcript.after
    if before is not None:
        sealed = before.seal.record.body
        told_from = transcript.period[0] - MARGIN_SECONDS
        if not isinstance(sealed, bodies.Seal) or sealed.sealed_at >= told_from:
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
        return bytes(32), 0
    return bytes.fromhex(totals["head"][2:]), int(totals["entries"])
