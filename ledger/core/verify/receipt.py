"""The receipt of a record: what the log key promised when the record was accepted, and whether a
head of the log kept it.

Media type `application/vnd.hourledger.receipt+json`; this is the file and its verifier.

    1 format      the file is a receipt, every value in its one spelling
    2 signatures  each signature of the record recovers to its signer
    3 note        the log key promised this very entry, by this time
    4 leaf, inclusion, checkpoint, anchor: of the head that is shown, and of the leaf in it that
      stands where the entry was promised
    5 promise     that head holds the entry

Two signatures of one key judge a broken promise; no chain and no other witness is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.core.format.limits import SKEW_SECONDS
from ledger.core.kinds.registry import Seal
from ledger.core.proofs.parts import (
    Proven,
    parse_anchors,
    parse_hashes,
    parse_hex,
    parse_proven,
    parses,
)
from ledger.core.proofs.roots import parse_root, root_json
from ledger.core.records.charters import Root
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Entry, jcs, ledger_id, record_id
from ledger.core.trees.merkle import verify_inclusion
from ledger.core.trees.notes import PATH_MAX, Checkpoint, open_note, sign_note
from ledger.core.verify.anchor import AnchorLookup, ask_chain
from ledger.core.verify.checks import Report, Run, verdict_of
from ledger.core.verify.facts import as_of, ledger_fact, signers_of
from ledger.core.verify.log_checks import UNPROVABLE, check_log, lone_seal
from ledger.core.verify.not_proved import not_proved
from ledger.core.verify.opening import open_document
from ledger.core.verify.signatures import check_all_signed
from ledger.errors import ProofError

FORMAT: Final = "hourledger-receipt/v1"
"""Value of the file's `format` field, and first line of what is signed."""

CHECKS: Final = (
    "format",
    "signatures",
    "note",
    "leaf",
    "inclusion",
    "checkpoint",
    "anchor",
    "promise",
)
"""The checks, in order."""

SECONDS_MAX: Final = 86400
"""Longest time in which a head may be promised: one without end could not be broken."""

NO_HEAD: Final = "no later head of the log is shown"
BROKEN: Final = "two notes by the log key contradict each other, whatever a chain holds"


@dataclass(frozen=True, slots=True)
class Later:
    """A later head: the seal that it ends with, and the leaf at the promised index with its path;
    no leaf where the log ends before it."""

    seal: Proven
    leaf: bytes | None
    path: tuple[bytes, ...]
    anchors: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A parsed file: the promise that an entry stands in all heads from `sealed_by` (Unix s) on."""

    root: Root
    entry: Entry
    sealed_by: int
    note: str
    later: Later | None


def promise_text(ledger: bytes, entry: Entry, sealed_by: int) -> str:
    """What the log key signs: the whole text follows from the entry and the time."""
    promised = {
        "ledger": "0x" + ledger.hex(),
        "record": "0x" + record_id(ledger, entry.record.body).hex(),
        "leaf": "0x" + entry.leaf().hex(),
        "index": entry.index,
        "accepted_at": entry.accepted_at,
        "sealed_by": sealed_by,
    }
    return f"{FORMAT}\n{jcs(promised).decode()}\n"


def promised(
    root: Root,
    entry: Entry,
    sealed_by: int,
    log_key: Ed25519PrivateKey,
    later: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The file as a JSON object; `later` is its member `head`."""
    text = promise_text(ledger_id(root.genesis), entry, sealed_by)
    return {
        "format": FORMAT,
        **root_json(root),
        "entry": entry.to_json(),
        "sealed_by": sealed_by,
        "note": sign_note(text, root.at(entry.index + 1).origin, log_key),
        "head": later,
    }


def verify_receipt(
    value: object,
    chain: AnchorLookup | None = None,
    *,
    now: int | None = None,
) -> Report:
    """Judge a receipt (a JSON object) by the verifier's clock (Unix s); None: it has none."""
    run = Run(CHECKS, "receipt")
    opened = open_document(run, value, parse_receipt, "receipt")
    if isinstance(opened, Report):
        return opened
    receipt, ledger = opened
    run.make("signatures", lambda: check_all_signed(ledger, [receipt.entry.record]))
    run.make("note", lambda: _check_note(receipt, ledger))
    head = _check_head(run, receipt)
    if any(check.ok is False for check in run.all()):
        return run.report("invalid")
    later, (kept, reason) = receipt.later, _kept(receipt, now)
    run.note("promise", kept, reason)
    if kept is None or later is None:
        run.note("anchor", None, NO_HEAD)
        verdict = "pending" if _is_awaited(receipt, now) else "unchecked"
        return run.report(verdict, _facts(receipt, ledger, None))
    if not kept:
        run.note("anchor", None, BROKEN)
        return run.report("broken", _facts(receipt, ledger, None))
    finding = ask_chain(run, later.anchors, receipt.root, ledger, head, chain)
    verdict = verdict_of(run.all(), later.anchors, finding)
    if verdict == "invalid":
        return run.report("invalid")
    return run.report(verdict, _facts(receipt, ledger, finding.block_time if finding else None))


@parses
def parse_receipt(value: object) -> Receipt:
    """A file from its JSON object; `ProofError("format", …)` for anything else."""
    names = {"format", "genesis", "charters", "entry", "sealed_by", "note", "head"}
    if type(value) is not dict or value.keys() != names or value["format"] != FORMAT:
        raise ProofError("format", f"not a receipt of the form {FORMAT}")
    entry, sealed_by = decode_entry(value["entry"]), value["sealed_by"]
    if type(value["note"]) is not str:
        raise ProofError("format", "the note is text")
    if type(sealed_by) is not int or not 0 < sealed_by - entry.accepted_at <= SECONDS_MAX:
        raise ProofError("format", "a head is promised within a day")
    return Receipt(parse_root(value), entry, sealed_by, value["note"], _parse_later(value["head"]))


def _parse_later(value: object) -> Later | None:
    if value is None:
        return None
    if type(value) is not dict or value.keys() != {"seal", "leaf", "path", "anchors"}:
        raise ProofError("format", "seal, leaf, path and anchors of the head are needed")
    seal, path = parse_proven(value["seal"]), parse_hashes(value["path"], PATH_MAX)
    if seal is None or seal.proof is None:
        raise ProofError("format", "the seal with its proof is needed")
    leaf = None if value["leaf"] is None else parse_hex(value["leaf"], "leaf")
    if leaf is None and path:
        raise ProofError("format", "the path is of no entry")
    if leaf is not None and len(leaf) != 32:
        raise ProofError("format", "leaf: 32 bytes as lower-case 0x-hex are needed")
    return Later(seal, leaf, path, parse_anchors(value["anchors"]))


def _check_note(receipt: Receipt, ledger: bytes) -> str:
    charter = receipt.root.at(receipt.entry.index + 1)
    origin = charter.origin
    signed = open_note(receipt.note, origin, charter.log_key)
    if signed != promise_text(ledger, receipt.entry, receipt.sealed_by):
        raise ProofError("note", "what was signed is not the promise of this entry")
    return f"{origin} promised entry {receipt.entry.index}"


def _check_head(run: Run, receipt: Receipt) -> Checkpoint | None:
    later = receipt.later
    if later is None:
        for name in ("leaf", "inclusion", "checkpoint"):
            run.note(name, None, NO_HEAD)
        if any(receipt.root.paths):
            run.note("inclusion", False, UNPROVABLE)
        return None
    return check_log(run, receipt.root, later.seal, lambda h: _check_place(receipt, later, h))


def _check_place(receipt: Receipt, later: Later, head: Checkpoint) -> str:
    index = receipt.entry.index
    lone_seal(receipt.root, later.seal.entry, head)
    if later.leaf is None:
        if index < head.size:
            raise ProofError("inclusion", "the leaf at the promised index is not shown")
        return f"the seal is in the log of {head.size}"
    verify_inclusion(later.leaf, index, head.size, later.path, head.root)
    return f"2 entries are in the log of {head.size}"


def _kept(receipt: Receipt, now: int | None) -> tuple[bool | None, str]:
    """Whether the promise was kept: None where the file does not tell. Its checks have held."""
    index, later = receipt.entry.index, receipt.later
    if later is None:
        return None, _waiting(receipt, now)
    size, seal = later.seal.entry.index + 1, later.seal.entry.record.body
    if later.leaf == receipt.entry.leaf():
        return True, f"entry {index} stands in the log of {size}, as promised"
    if later.leaf is not None:
        return False, f"another entry stands at index {index} than the one promised"
    if isinstance(seal, Seal) and seal.sealed_at >= receipt.sealed_by:
        return False, f"the log of {size} should hold entry {index}, and ends before it"
    return None, _waiting(receipt, now)


def _is_awaited(receipt: Receipt, now: int | None) -> bool:
    if now is None:
        return False
    return receipt.entry.accepted_at - SKEW_SECONDS <= now < receipt.sealed_by


def _waiting(receipt: Receipt, now: int | None) -> str:
    if now is None:
        return "no time was named"
    if _is_awaited(receipt, now):
        return "the time for it has not passed yet"
    if now < receipt.sealed_by:
        return "it is of the future"
    return "the time for it has passed: a head that was sealed since shows whether it was kept"


def _facts(receipt: Receipt, ledger: bytes, anchored_at: int | None) -> dict[str, Any]:
    entry, later = receipt.entry, receipt.later
    return {
        "ledger": ledger_fact(receipt.root.genesis, ledger),
        "record_id": "0x" + record_id(ledger, entry.record.body).hex(),
        "index": entry.index,
        "accepted_at": entry.accepted_at,
        "sealed_by": receipt.sealed_by,
        "signers": signers_of(entry),
        "as_of": as_of(later.seal.entry) if later else None,
        "anchored_at": anchored_at,
        "does_not_prove": not_proved("receipt"),
    }
