"""The request by which a log asks a witness to cosign: C2SP tlog-witness, `add-checkpoint`."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from ledger.core.trees.notes import NOTE_MAX, PATH_MAX
from ledger.errors import ProofError

REQUEST_MAX: Final = NOTE_MAX + 4096
"""Longest request in bytes: a checkpoint, and a consistency proof of 63 hashes."""

SIZE_TYPE: Final = "text/x.tlog.size"
"""Media type of the answer that says how far the witness is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the size that its proof begins at, the proof, and the checkpoint's note."""

    old: int
    proof: tuple[bytes, ...]
    note: str


def parse_request(data: bytes) -> Asked:
    """A request from its bytes. Raises `ProofError("checkpoint", …)`."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ProofError("checkpoint", "the request is not UTF-8") from error
    lines, blank, note = text.partition("\n\n")
    first, *hashes = lines.split("\n")
    old = first.removeprefix("old ")
    if not blank or old == first or not (old.isascii() and old.isdigit()) or len(old) > 19:
        raise ProofError("checkpoint", "a request begins with the old size and ends its proof")
    if str(int(old)) != old or len(hashes) > PATH_MAX:
        raise ProofError("checkpoint", "the old size or the proof is malformed")
    return Asked(int(old), tuple(_hash(line) for line in hashes), note)


def render_request(asked: Asked) -> bytes:
    """The bytes of a request."""
    hashes = "".join(base64.b64encode(each).decode() + "\n" for each in asked.proof)
    return f"old {asked.old}\n{hashes}\n{asked.note}".encode()


def _hash(line: str) -> bytes:
    try:
        found = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProofError("checkpoint", "a hash of the proof is not base64") from error
    if len(found) != 32 or base64.b64encode(found).decode() != line:
        raise ProofError("checkpoint", "a hash of the proof has not 32 bytes")
    return found
