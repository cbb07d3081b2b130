"""Signed notes, checkpoints and proof files as C2SP signed-note, tlog-checkpoint and tlog-proof.

Every malformed byte form is a `ProofError("checkpoint", …)`; nothing else is raised.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.errors import ProofError

ED25519: Final = b"\x01"
"""Signature type byte of Ed25519 (C2SP signed-note)."""

NOTE_MAX: Final = 65536
"""Longest note in bytes: a checkpoint with a few witnesses is below 10,000."""

SIGNATURES_MAX: Final = 64
"""Most signature lines that are read."""

PATH_MAX: Final = 63
"""Longest inclusion path: trees have fewer than 2**63 leaves."""

PROOF_HEADER: Final = "c2sp.org/tlog-proof@v1"
"""First line of a proof file."""

_DASH: Final = "\u2014 "


def _fail(reason: str) -> ProofError:
    return ProofError("checkpoint", reason)


def _base64(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _fail("bad base64") from error
    if base64.b64encode(data).decode() != text:
        raise _fail("base64 is not in its one spelling")
    return data


def _integer(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or str(int(text)) != text:
        raise _fail("a number is not in its one spelling")
    return int(text)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: whose log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class TlogProof:
    """An inclusion path with the checkpoint that it leads to."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str


def key_id(name: str, public: bytes, of: bytes = ED25519) -> bytes:
    """Four bytes that say which key signed (C2SP signed-note). `of`: the type of its signatures."""
    return sha256(name.encode() + b"\n" + of + public).digest()[:4]


def vkey(name: str, public: bytes, of: bytes = ED25519) -> str:
    """The text form of a verifier key: name, key id and key."""
    key = base64.b64encode(of + public).decode()
    return f"{name}+{key_id(name, public, of).hex()}+{key}"


def parse_vkey(text: str) -> tuple[str, bytes]:
    """(name, public key) of the text form of a log's verifier key."""
    name, of, public = parse_any_vkey(text)
    if of != ED25519 or len(public) != 32:
        raise _fail("the key is not one that signs logs")
    return name, public


def parse_any_vkey(text: str) -> tuple[str, bytes, bytes]:
    """(name, type of signature, public key) of the text form of a verifier key of any type."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise _fail("a verifier key has three parts")
    key = _base64(parts[2])
    if len(key) < 33 or key_id(parts[0], key[1:], key[:1]).hex() != parts[1]:
        raise _fail("the verifier key contradicts itself")
    return parts[0], key[:1], key[1:]


def sign_note(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """A note: the text (ending in a newline), a blank line, one signature line."""
    public = private.public_key().public_bytes_raw()
    signature = key_id(name, public) + private.sign(text.encode())
    return f"{text}\n{signature_line(name, signature)}"


def open_note(note: str, name: str, public: bytes) -> str:
    """The text of a note that `name` signed; unknown signatures are ignored, a bad one is not."""
    text, signatures = parse_note(note)
    wanted, signed = key_id(name, public), False
    for signer, signature in signatures:
        if signer == name and signature[:4] == wanted:
            _check(public, signature[4:], text)
            signed = True
    if not signed:
        raise _fail(f"no signature of {name[:100]}")
    return text


def parse_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and who signs it: name, and key id with signature. No signature of them
    was checked."""
    try:
        size = len(note.encode())
    except UnicodeEncodeError as error:
        raise _fail("the note is not UTF-8") from error
    split = note.rfind("\n\n")
    if size > NOTE_MAX or split < 0 or not note.endswith("\n"):
        raise _fail("not a signed note")
    if any(c < " " and c != "\n" for c in note):
        raise _fail("the note has control characters")
    text, lines = note[: split + 1], note[split + 2 : -1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise _fail("the note has too many signatures")
    return text, [_signature_line(line) for line in lines]


def signature_line(name: str, signature: bytes) -> str:
    """The line by which a note names its signer, with the newline. `signature` begins with the id
    of the key."""
    return f"{_DASH}{name} {base64.b64encode(signature).decode()}\n"


def _signature_line(line: str) -> tuple[str, bytes]:
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2 or not parts[0]:
        raise _fail("a signature line is malformed")
    signature = _base64(parts[1])
    if len(signature) < 5:
        raise _fail("a signature is too short")
    return parts[0], signature


def _check(public: bytes, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except (InvalidSignature, ValueError) as error:
        raise _fail("the log's signature does not hold") from error


def parse_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from its three lines; extension lines are refused."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise _fail("a checkpoint has exactly three lines")
    root = _base64(lines[2])
    if len(root) != 32:
        raise _fail("a root has 32 bytes")
    return Checkpoint(lines[0], _integer(lines[1]), root)


def open_checkpoint(note: str, origin: str, public: bytes) -> Checkpoint:
    """The verified checkpoint of a note; its origin must be the one expected."""
    checkpoint = parse_checkpoint(open_note(note, origin, public))
    if checkpoint.origin != origin:
        raise _fail("the checkpoint is of another log")
    return checkpoint


def render_tlog_proof(proof: TlogProof) -> str:
    """A proof file (C2SP tlog-proof)."""
    hashes = "".join(base64.b64encode(h).decode() + "\n" for h in proof.path)
    return f"{PROOF_HEADER}\nindex {proof.index}\n{hashes}\n{proof.checkpoint}"


def parse_tlog_proof(text: str) -> TlogProof:
    """A proof file; the `extra` line, unauthenticated by its specification, is refused."""
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or len(lines) < 2 or lines[0] != PROOF_HEADER:
        raise _fail("not a tlog-proof file")
    if not lines[1].startswith("index ") or len(lines) - 2 > PATH_MAX:
        raise _fail("the proof's index or path is malformed")
    path = tuple(_base64(line) for line in lines[2:])
    if any(len(h) != 32 for h in path):
        raise _fail("a hash of the path is not 32 bytes")
    return TlogProof(_integer(lines[1].removeprefix("index ")), path, checkpoint)
