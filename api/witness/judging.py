"""What a witness answers to a checkpoint that it is asked to cosign (C2SP tlog-witness).

Pure: what the witness has cosigned before is given, and what it must keep now is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ledger.core.trees.merkle import verify_consistency
from ledger.core.trees.notes import (
    Checkpoint,
    key_id,
    open_note,
    parse_checkpoint,
    parse_note,
    signature_line,
)
from ledger.core.trees.witness_request import SIZE_TYPE, parse_request
from ledger.errors import ProofError

_EMPTY: Final = Checkpoint("", 0, b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. `keep`: what must be on disk before: the text that was cosigned and the
    note with the cosignature; None where nothing was. `is_evidence`: the log's key signed something
    that does not follow from what it signed before."""

    status: int
    body: str
    media_type: str = "text/plain; charset=utf-8"
    keep: tuple[Checkpoint, str] | None = None
    is_evidence: bool = False


def judge(
    data: bytes,
    logs: Mapping[str, bytes],
    latest: Callable[[str], Checkpoint | None],
    sign: Callable[[str], str],
) -> Answer:
    """The answer to a request. `logs`: origin → public key of the logs that are witnessed;
    `latest`: what was cosigned of an origin last; `sign`: a text → the cosignature line."""
    try:
        asked = parse_request(data)
        text, signatures = parse_note(asked.note)
        head = parse_checkpoint(text)
    except ProofError as error:
        return Answer(400, f"{error.reason}\n")
    if head.origin not in logs:
        return Answer(404, "this log is not witnessed here\n")
    public = logs[head.origin]
    try:
        open_note(asked.note, head.origin, public)
    except ProofError as error:
        return Answer(403, f"{error.reason}\n")
    if asked.old > head.size:
        return Answer(400, "the proof begins behind the checkpoint\n")
    before = latest(head.origin) or _EMPTY
    if asked.old != before.size:
        return Answer(409, f"{before.size}\n", SIZE_TYPE)
    try:
        _demand_follows(before, head, asked.proof)
    except ProofError as error:
        return Answer(422, f"{error.reason}\n", is_evidence=True)
    line, log = sign(text), key_id(head.origin, public)
    own = next(s for name, s in signatures if name == head.origin and s[:4] == log)
    # Only what was checked is kept: lines of others are many, and anybody's.
    kept = f"{text}\n{signature_line(head.origin, own)}{line}"
    return Answer(200, line, keep=(head, kept))


def _demand_follows(before: Checkpoint, head: Checkpoint, proof: tuple[bytes, ...]) -> None:
    """The head extends the one before. Raises `ProofError`."""
    if before.size == 0:
        if proof:
            raise ProofError("consistency", "a proof from nothing is empty")
    elif before.size == head.size:
        if proof or before.root != head.root:
            reason = f"another root was cosigned of {head.size} entries"
            raise ProofError("consistency", reason)
    else:
        verify_consistency(before.size, head.size, before.root, head.root, proof)
