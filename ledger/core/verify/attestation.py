"""A yes from the ledger: somebody meets a condition, said to one gate, for some minutes.

For who may not see records, a shop or a venue: the answer holds no amount, no record and, unless
the holder wants that, no account. It is a C2SP signed note by the log key with two lines of text,
a name that no checkpoint has and a JSON object in JCS. Media type
`application/vnd.hourledger.attestation+json`; this is the file and its verifier.

    1 format     the file is an attestation, every value in its one spelling
    2 signature  the log key of the newest charter signed it
    3 gate       it was made for this gate's name and its own random value
    4 time       it is in force now

Unlike all other proofs it rests on the ledger's word. It names the state that it was read from, so
a false yes is evidence against the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.core.format.fields import Address, Bytes32, Choice, UInt
from ledger.core.format.structs import Body, body_to_json, decode_body
from ledger.core.kinds.registry import Genesis
from ledger.core.proofs.parts import parses
from ledger.core.proofs.roots import parse_root, root_json
from ledger.core.records.charters import Root
from ledger.core.records.decode import parse_json
from ledger.core.records.record import jcs, ledger_id
from ledger.core.trees.notes import open_note, sign_note
from ledger.core.verify.checks import Report, Run, SignedHead
from ledger.core.verify.facts import batch_fact, ledger_fact
from ledger.core.verify.log_checks import UNPROVABLE
from ledger.core.verify.not_proved import not_proved
from ledger.core.verify.opening import open_document
from ledger.errors import ProofError

FORMAT: Final = "hourledger-attestation/v1"
"""Value of the file's `format` field, and first line of what is signed."""

CHECKS: Final = ("format", "signature", "gate", "time")
"""The checks, in order."""

SECONDS_MAX: Final = 900
"""Longest life: long enough to walk to the gate, too short to be handed round."""

SKEW_SECONDS: Final = 120
"""How far a gate's clock may be behind the ledger's."""

CONDITIONS: Final = ("credit_hours", "honour_hours", "stars", "balance")
"""What can be asked: at least so many whole hours of a class, stars, or yibi."""


@dataclass(frozen=True, slots=True)
class Attestation(Body):
    """What is signed. `presenter` is whatever address the holder named: the account's own, or a
    fresh one; `size` and `root` are the log's head that the answer was read from."""

    kind: ClassVar[str] = ""
    primary_type: ClassVar[str] = "Attestation"
    ledger: Annotated[bytes, Bytes32()]
    presenter: Annotated[str, Address()]
    condition: Annotated[str, Choice(*CONDITIONS)]
    at_least: Annotated[int, UInt(32, minimum=1)]
    gate: Annotated[bytes, Bytes32()]
    batch: Annotated[int, UInt(53, minimum=1)]
    size: Annotated[int, UInt(53, minimum=1)]
    root: Annotated[bytes, Bytes32()]
    sealed_at: Annotated[int, UInt(53)]
    issued_at: Annotated[int, UInt(53)]
    expires_at: Annotated[int, UInt(53)]


@dataclass(frozen=True, slots=True)
class Gate:
    """Who looks: its name, the random value it gave out for this visit, its clock (Unix s) and,
    where it knows one, the address that it saw the holder sign with."""

    audience: str
    nonce: str
    now: int
    presenter: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A parsed file: the ledger, and the note in which it states an attestation."""

    root: Root
    note: str


def gate_hash(audience: str, nonce: str) -> bytes:
    """What an attestation says of its gate: the ledger signs it and cannot tell whose it is."""
    return sha256(jcs(["hourledger-gate/v1", audience, nonce])).digest()


def met(
    condition: str, at_least: int, totals: Mapping[str, Any], star_hours: tuple[int, ...]
) -> bool:
    """Whether the totals of an account meet a condition."""
    credit = totals["credit_minutes"]
    held = {
        "credit_hours": credit // 60,
        "honour_hours": totals["honour_minutes"] // 60,
        "stars": sum(credit >= hours * 60 for hours in star_hours),
        "balance": totals["minted"] + totals["received"] - totals["sent"],
    }
    return bool(held[condition] >= at_least)


def attested(root: Root, stated: Attestation, log_key: Ed25519PrivateKey) -> dict[str, Any]:
    """The file as a JSON object, signed by the log key of the newest charter."""
    text = f"{FORMAT}\n{jcs(body_to_json(stated)).decode()}\n"
    note = sign_note(text, root.newest().origin, log_key)
    return {"format": FORMAT, **root_json(root), "note": note}


def verify_attestation(value: object, gate: Gate | None = None) -> Report:
    """Judge an attestation (a JSON object): `valid` or `invalid` for a gate, `unchecked` for nobody
    in particular."""
    run, found = Run(CHECKS, "attestation"), list[Attestation]()
    opened = open_document(run, value, parse_attestation, "attestation")
    if isinstance(opened, Report):
        return opened
    signed = opened[0]

    def check_note() -> str:
        found.append(_opened(signed))
        return f"{signed.root.newest().origin} signed it"

    if not run.make("signature", check_note):
        return run.report("invalid")
    stated = found[0]
    run.head = SignedHead(stated.size, stated.root, signed.note)
    if gate is None:
        run.note("gate", None, "no gate was named")
        run.note("time", None, "no time was named")
    else:
        run.make("gate", lambda: _gate(stated, gate))
        run.make("time", lambda: _time(stated, gate.now))
    held = [check.ok for check in run.all()]
    if False in held:
        return run.report("invalid")
    return run.report("valid" if all(held) else "unchecked", _facts(signed.root.genesis, stated))


@parses
def parse_attestation(value: object) -> Signed:
    """A file from its JSON object; `ProofError("format", …)` for anything else."""
    if type(value) is not dict or value.keys() != {"format", "genesis", "charters", "note"}:
        raise ProofError("format", f"not an attestation of the form {FORMAT}")
    if value["format"] != FORMAT or type(value["note"]) is not str:
        raise ProofError("format", f"not an attestation of the form {FORMAT}")
    return Signed(parse_root(value), value["note"])


def _opened(signed: Signed) -> Attestation:
    if any(signed.root.paths):
        raise ProofError("signature", UNPROVABLE)
    charter = signed.root.newest()
    lines = open_note(signed.note, charter.origin, charter.log_key).split("\n")
    if len(lines) != 3 or lines[0] != FORMAT or lines[2]:
        raise ProofError("signature", "what was signed is no attestation")
    data = lines[1].encode()
    stated = decode_body(Attestation, parse_json(data), "attestation")
    if jcs(body_to_json(stated)) != data:
        raise ProofError("signature", "what was signed is not in its one spelling")
    if stated.ledger != ledger_id(signed.root.genesis):
        raise ProofError("signature", "it is of another ledger")
    return stated


def _gate(stated: Attestation, gate: Gate) -> str:
    if stated.gate != gate_hash(gate.audience, gate.nonce):
        raise ProofError("gate", "it was made for another gate or another visit")
    if gate.presenter not in (None, stated.presenter):
        raise ProofError("gate", "it was made for another presenter")
    return f"made for {gate.audience} and this visit"


def _time(stated: Attestation, now: int) -> str:
    if not 0 < stated.expires_at - stated.issued_at <= SECONDS_MAX:
        raise ProofError("time", f"an attestation lives at most {SECONDS_MAX} seconds")
    if now < stated.issued_at - SKEW_SECONDS:
        raise ProofError("time", "it is of the future")
    if now >= stated.expires_at:
        raise ProofError("time", "it is no longer in force")
    return f"in force for {stated.expires_at - now} seconds more"


def _facts(genesis: Genesis, stated: Attestation) -> dict[str, Any]:
    return {
        "ledger": ledger_fact(genesis, stated.ledger),
        "presenter": stated.presenter,
        "condition": stated.condition,
        "at_least": stated.at_least,
        "as_of": batch_fact(stated.batch, stated.size, stated.sealed_at),
        "issued_at": stated.issued_at,
        "expires_at": stated.expires_at,
        "does_not_prove": not_proved("attestation"),
    }
