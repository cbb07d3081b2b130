"""The checks of the log, once for all verifiers: `checkpoint`, `leaf`, `inclusion`, and that the
state which a file shows is the one under its checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.core.kinds.registry import Seal
from ledger.core.proofs.parts import Proven
from ledger.core.records.charters import SEALED_AFTER, Root, version_of
from ledger.core.records.record import Entry
from ledger.core.trees.merkle import verify_inclusion, verify_inclusions
from ledger.core.trees.notes import Checkpoint, TlogProof, open_checkpoint
from ledger.core.verify.checks import Run, SignedHead
from ledger.errors import ProofError

UNSIGNED: Final = "the log has signed nothing of this file: its record is shown in no batch"
"""Why a check of the log could not be made. A record whose batch was left out looks the same."""


UNPROVABLE: Final = "there is no checkpoint that this could be proved by"
"""Why what a file shows beside a record that is in no batch fails."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What a file shows in the log behind its subject: the seal of the batch, the entries that must
    stand under its checkpoint, those that may be newer, and one path for all of them. `stated`:
    whether it also states something of the state tree."""

    seal: Entry | None
    standing: tuple[Entry, ...]
    late: tuple[Entry, ...]
    path: tuple[bytes, ...]
    stated: bool


def check_batch(run: Run, root: Root, subject: Proven, behind: Behind) -> Checkpoint | None:
    """The three checks of an entry and of all that stands behind it; the head under which they
    stand. None where nobody signed one: then the entry waits for its batch, and nothing of the
    file may rest on one."""
    if subject.proof is not None:
        return check_log(run, root, subject, lambda head: _check_behind(head, behind))
    if behind.path or behind.seal is not None or behind.stated or any(root.paths):
        run.note("inclusion", False, UNPROVABLE)
        return None
    for name in ("leaf", "inclusion", "checkpoint"):
        run.note(name, None, UNSIGNED)
    return None


def check_seal(run: Run, root: Root, seal: Proven) -> Checkpoint | None:
    """The three checks of a seal that is proven; the head under which it stands, None where nobody
    signed it."""
    return check_log(run, root, seal, lambda head: f"the seal is in the log of {head.size}")


def check_log(
    run: Run, root: Root, proven: Proven, rest: Callable[[Checkpoint], str]
) -> Checkpoint | None:
    """The three checks of an entry with its proof; the head under which it stands, None where
    nobody signed it. `rest` demands what else must stand under the head (it raises `ProofError`)
    and says what does."""
    found, entry, proof = list[Checkpoint](), proven.entry, proven.proof
    assert proof is not None

    def check_note() -> str:
        found.append(opened(proof, root))
        return f"{found[0].origin} signed the head of {found[0].size} entries"

    def check_leaf() -> str:
        if proof.index != entry.index:
            raise ProofError("leaf", "the proof is for another index than the entry's")
        return f"entry {entry.index} hashes to the leaf that is proved"

    def check_paths() -> str:
        demand_included(entry, proof, found[0])
        demand_charters(root, found[0])
        return rest(found[0])

    if not run.make("checkpoint", check_note):
        return None
    run.head = SignedHead(found[0].size, found[0].root, proof.checkpoint)
    run.make("leaf", check_leaf)
    run.make("inclusion", check_paths)
    return found[0]


def opened(proof: TlogProof, root: Root) -> Checkpoint:
    """The head that the log key of the newest charter signed, and each charter's own batch is under
    it: so that key is the one for its size. Raises `ProofError`."""
    charter = root.newest()
    head = open_checkpoint(proof.checkpoint, charter.origin, charter.log_key)
    if root.charters and root.charters[-1].index + SEALED_AFTER > head.size:
        least = root.charters[-1].index + SEALED_AFTER
        raise ProofError(
            "checkpoint",
            f"the log key of charter {version_of(charter)} signs no head below {least}",
        )
    return head


def demand_charters(root: Root, head: Checkpoint) -> None:
    """Each charter stands in the log where the file says. Raises `ProofError`."""
    for entry, path in zip(root.charters, root.paths, strict=True):
        verify_inclusion(entry.leaf(), entry.index, head.size, path, head.root)


def demand_sealed(root: Root, seal: Entry) -> None:
    """The charters shown are all that the log held before a seal. Raises `ProofError`."""
    body = seal.record.body
    if not isinstance(body, Seal) or body.charter != root.sealed(seal.index):
        raise ProofError("state", "the seal is of other charters than the file shows")


def demand_included(entry: Entry, proof: TlogProof, head: Checkpoint) -> None:
    """An entry stands under a head, by its own path. Raises `ProofError`."""
    verify_inclusion(entry.leaf(), entry.index, head.size, proof.path, head.root)


def demand_all_included(entries: Sequence[Entry], path: Sequence[bytes], head: Checkpoint) -> None:
    """All these entries stand under a head, by one path for all; there may be none. Raises
    `ProofError`."""
    leaves = {entry.index: entry.leaf() for entry in entries}
    if len(leaves) != len(entries):
        raise ProofError("inclusion", "an entry is given twice")
    if leaves:
        verify_inclusions(leaves, head.size, path, head.root)
    elif path:
        raise ProofError("inclusion", "the path is of no entry")


def _check_behind(head: Checkpoint, behind: Behind) -> str:
    if behind.seal is None:
        raise ProofError("inclusion", "the seal of the batch is missing")
    leaves = _leaves_below(head.size, (behind.seal, *behind.standing), behind.late)
    verify_inclusions(leaves, head.size, behind.path, head.root)
    return f"{1 + len(leaves)} entries are in the log of {head.size}"


def _leaves_below(size: int, firm: Iterable[Entry], late: Iterable[Entry]) -> dict[int, bytes]:
    """Index → leaf of the entries of a proof that must be in the log of a size: the firm ones, and
    those of the late ones that are not newer. Raises `ProofError("inclusion", …)` for two entries
    of one index."""
    must, may = list(firm), list(late)
    leaves: dict[int, bytes] = {}
    for entry in (*must, *may):
        if leaves.setdefault(entry.index, entry.leaf()) != entry.leaf():
            raise ProofError("inclusion", "two entries are given for one index")
    inside = {e.index for e in must} | {e.index for e in may if e.index < size}
    return {index: leaves[index] for index in inside}


def is_last(entry: Entry, head: Checkpoint) -> bool:
    """Whether an entry is the last one under a head."""
    return entry.index == head.size - 1


def demand_last(entry: Entry, head: Checkpoint | None) -> None:
    """An entry is the last one under a head: what it commits to is the state there. Raises
    `ProofError`."""
    if head is None or not is_last(entry, head):
        raise ProofError("state", "the state is not that of the checkpoint")


def state_under(root: Root, seal: Entry, head: Checkpoint | None) -> Seal:
    """The seal's body, if it is the last entry under a head. Raises `ProofError`."""
    demand_last(seal, head)
    demand_sealed(root, seal)
    if not isinstance(seal.record.body, Seal):
        raise ProofError("state", "the state is not that of the checkpoint")
    return seal.record.body


def lone_seal(root: Root, seal: Entry, head: Checkpoint | None) -> Seal:
    """The same of a seal that no other check looks at: the checkpoint is its signature, and it has
    no other. Raises `ProofError`."""
    body = state_under(root, seal, head)
    demand_unsigned(seal)
    return body


def demand_unsigned(seal: Entry) -> None:
    """A seal has no signatures of its own. Raises `ProofError`."""
    if seal.record.signatures:
        raise ProofError("state", "nobody signs a seal but the log")
