"""Cosignatures of witnesses on checkpoints: C2SP tlog-cosignature, over Ed25519 and ML-DSA-44.

A cosignature says that at its time this was the largest head which the witness had seen of the log,
and that it extends all that the witness had seen before. It does not say that an entry is true.
A cosigner whose name ends in `/audited` says besides that it replayed every entry below the head.

Lines of both sorts are read; this program writes those over Ed25519 alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.core.trees.notes import (
    Checkpoint,
    key_id,
    parse_any_vkey,
    parse_checkpoint,
    parse_note,
    signature_line,
    vkey,
)
from ledger.errors import ProofError

COSIGNATURE: Final = b"\x04"
"""Signature type byte of an Ed25519 cosignature."""

ML_DSA: Final = b"\x06"
"""Signature type byte of an ML-DSA-44 cosignature."""

TIME_MAX: Final = 2**63 - 1
"""Latest time that a cosignature can state (Unix s)."""

NAME_MAX: Final = 255
"""Longest name of a cosigner and of a log in bytes, where the signed bytes hold them."""

_AUDITED: Final = "/audited"


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness or an auditor: the name, the public key and the type of its lines."""

    name: str
    public: bytes
    of: bytes = COSIGNATURE

    @classmethod
    def parse(cls, text: str) -> Cosigner:
        """From the text form of its key. Raises `ProofError("checkpoint", …)`."""
        name, of, public = parse_any_vkey(text)
        if of not in _SORTS or len(public) != _SORTS[of].key_bytes:
            raise ProofError("checkpoint", "the key is not one that cosigns")
        return cls(name, public, of)

    @property
    def is_auditor(self) -> bool:
        """Whether it signs only what it replayed."""
        return self.name.endswith(_AUDITED)

    def key_id(self) -> bytes:
        """The four bytes by which its lines are known."""
        return key_id(self.name, self.public, self.of)

    def vkey(self) -> str:
        """The text form of its key."""
        return vkey(self.name, self.public, self.of)


def cosign(text: str, name: str, private: Ed25519PrivateKey, time: int) -> str:
    """The signature line, with its newline, of a checkpoint's text (its lines, and no signature) as
    seen at a time (Unix s)."""
    cosigner = Cosigner(name, private.public_key().public_bytes_raw())
    signed = cosigner.key_id() + time.to_bytes(8, "big") + private.sign(_lines(text, time))
    return signature_line(name, signed)


def cosigned(note: str, cosigners: Iterable[Cosigner]) -> dict[Cosigner, int]:
    """Which of them cosigned a note, and when (Unix s): the latest time of each. Lines of strangers
    are ignored; one that claims to be of a known key and is not raises `ProofError`."""
    text, signatures = parse_note(note)
    known = {(c.name, c.key_id()): c for c in cosigners}
    found: dict[Cosigner, int] = {}
    for name, signature in signatures:
        cosigner = known.get((name, signature[:4]))
        if cosigner is not None:
            time = _time(cosigner, text, signature[4:])
            found[cosigner] = max(time, found.get(cosigner, 0))
    return found


def _time(cosigner: Cosigner, text: str, signed: bytes) -> int:
    time, sort = int.from_bytes(signed[:8], "big"), _SORTS[cosigner.of]
    try:
        if len(signed) != 8 + sort.signature_bytes or time > TIME_MAX:
            raise ValueError("not a timestamped signature")
        sort.verify(cosigner, text, time, signed[8:])
    except (InvalidSignature, ValueError) as error:
        reason = f"the cosignature of {cosigner.name[:100]} does not hold"
        raise ProofError("checkpoint", reason) from error
    return time


def _lines(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _subtree(name: str, head: Checkpoint, time: int) -> bytes:
    named = [part.encode() for part in (name, head.origin)]
    if not all(0 < len(part) <= NAME_MAX for part in named):
        raise ValueError("a name is too long to be cosigned")
    cosigner, origin = (bytes([len(part)]) + part for part in named)
    size = head.size.to_bytes(8, "big")
    stamp = time.to_bytes(8, "big")
    return b"subtree/v1\n\0" + cosigner + stamp + origin + bytes(8) + size + head.root


def _verify_lines(cosigner: Cosigner, text: str, time: int, signature: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(cosigner.public).verify(signature, _lines(text, time))


def _verify_subtree(cosigner: Cosigner, text: str, time: int, signature: bytes) -> None:
    # Imported here: few logs have such a witness, and every verifier starts without it.
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

    key = MLDSA44PublicKey.from_public_bytes(cosigner.public)
    key.verify(signature, _subtree(cosigner.name, parse_checkpoint(text), time))


@dataclass(frozen=True, slots=True)
class _Sort:
    key_bytes: int
    signature_bytes: int
    verify: Callable[[Cosigner, str, int, bytes], None]


_SORTS: Final[Mapping[bytes, _Sort]] = MappingProxyType(
    {COSIGNATURE: _Sort(32, 64, _verify_lines), ML_DSA: _Sort(1312, 2420, _verify_subtree)}
)
