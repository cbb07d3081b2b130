"""What a witness keeps: each log's newest checkpoint that it cosigned, and what contradicts it.

A checkpoint is on disk before its cosignature is handed out, and one process at a time keeps a
folder: so no two heads that do not follow from each other are ever cosigned.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.node.files import write_durably
from api.node.policy_file import read_policy
from api.witness.judging import Answer, judge
from ledger.core.trees.cosignatures import Cosigner, cosign, cosigned
from ledger.core.trees.notes import NOTE_MAX, Checkpoint, parse_checkpoint, parse_note
from ledger.errors import Damaged, ProofError
from ledger.store.lock import alone

LOGS: Final = "logs.policy"
"""The file that names the logs: C2SP tlog-policy."""

LOCK: Final = "witness.lock"
CHECKPOINTS: Final = "checkpoints"
EVIDENCE: Final = "evidence"

EVIDENCE_MAX: Final = 1000
"""Most requests that are kept as evidence: whoever holds a log's key could fill a disk."""


class Witnessing:
    """One witness: its name and key, the logs that it witnesses, and its folder."""

    def __init__(
        self, folder: Path, name: str, key: Ed25519PrivateKey, clock: Callable[[], int]
    ) -> None:
        """Over a folder that `alone` is held of. Raises `WrongUse` for a list of logs that cannot
        be read and `Damaged` for a checkpoint that this key did not cosign."""
        self.cosigner = Cosigner(name, key.public_key().public_bytes_raw())
        self._folder = folder
        self._key = key
        self._clock = clock
        self._lock = threading.Lock()
        self._logs = dict(read_policy(folder / LOGS).logs)
        for part in (CHECKPOINTS, EVIDENCE):
            (folder / part).mkdir(mode=0o700, exist_ok=True)
        self._latest = {origin: self._read(origin) for origin in self._logs}

    def ask(self, data: bytes) -> Answer:
        """The answer to a request to cosign, as bytes of HTTP; on disk when this returns."""
        with self._lock:
            answer = judge(data, self._logs, self._latest.get, self._sign)
            if answer.keep is not None:
                head, note = answer.keep
                write_durably(self._place(head.origin), note.encode())
                self._latest[head.origin] = head
            elif answer.is_evidence:
                self._keep_evidence(data)
        return answer

    def checkpoint(self, name: str) -> str | None:
        """The newest cosigned checkpoint of the log whose origin has this SHA-256, in hex."""
        for origin, head in self._latest.items():
            if head is not None and _name(origin) == name:
                return self._place(origin).read_text(encoding="utf-8")
        return None

    def _sign(self, text: str) -> str:
        return cosign(text, self.cosigner.name, self._key, self._clock())

    def _place(self, origin: str) -> Path:
        return self._folder / CHECKPOINTS / _name(origin)

    def _read(self, origin: str) -> Checkpoint | None:
        try:
            data = self._place(origin).read_bytes()
        except FileNotFoundError:
            return None
        try:
            note = data[: NOTE_MAX + 1].decode()
            head = parse_checkpoint(parse_note(note)[0])
            if head.origin == origin and self.cosigner in cosigned(note, [self.cosigner]):
                return head
        except (ProofError, UnicodeDecodeError):
            pass
        raise Damaged("witness", f"the checkpoint kept of {origin} is not one that was cosigned")

    def _keep_evidence(self, data: bytes) -> None:
        folder = self._folder / EVIDENCE
        place = folder / sha256(data).hexdigest()
        if not place.exists() and len(list(folder.iterdir())) < EVIDENCE_MAX:
            write_durably(place, data)


def hold(folder: Path) -> AbstractContextManager[None]:
    """Be the only process that keeps a folder. Raises `Unavailable` while another does."""
    return alone(folder / LOCK)


def _name(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()
