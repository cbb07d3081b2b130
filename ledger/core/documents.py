"""What is in a proof file, the verifier for it, and whose it is: one table for all forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.credits.report import FORMAT as REPORT
from ledger.core.credits.verify import verify_credit_report
from ledger.core.files.proof_file import read_file
from ledger.core.files.unreadable import FOREIGN, NEWER, Unreadable, no_proof
from ledger.core.proofs.bundle import FORMAT as BUNDLE
from ledger.core.proofs.transcript import FORMAT as TRANSCRIPT
from ledger.core.verify.account import FORMAT as ACCOUNT
from ledger.core.verify.account import verify_account
from ledger.core.verify.anchor import AnchorLookup
from ledger.core.verify.attestation import FORMAT as ATTESTATION
from ledger.core.verify.attestation import Gate, verify_attestation
from ledger.core.verify.checks import Check, Report, Run
from ledger.core.verify.disclosure import FORMAT as DISCLOSURE
from ledger.core.verify.disclosure import verify_disclosure
from ledger.core.verify.pinned import Pins, nobody, with_ledger
from ledger.core.verify.receipt import FORMAT as RECEIPT
from ledger.core.verify.receipt import verify_receipt
from ledger.core.verify.record import CHECKS, verify
from ledger.core.verify.transcript import verify_transcript
from ledger.errors import Refused

OURS: Final = "hourledger-"
"""How all our forms are called."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file is judged by, beside itself: the chain, who names ledgers, of an attestation the
    gate that asks, and of a receipt the time (Unix s)."""

    chain: AnchorLookup | None = None
    pins: Pins = nobody
    gate: Gate | None = None
    now: int | None = None


Verifier = Callable[[Any, Asked], Report]
"""Judges what a file of one form holds: its JSON value, or its lines."""


def _by(judge: Callable[..., Report]) -> Verifier:
    return lambda held, by: judge(held, by.chain)


VERIFIERS: Final[Mapping[str, Verifier]] = {
    BUNDLE: _by(verify),
    ACCOUNT: _by(verify_account),
    TRANSCRIPT: _by(verify_transcript),
    DISCLOSURE: _by(verify_disclosure),
    REPORT: _by(verify_credit_report),
    ATTESTATION: lambda held, by: verify_attestation(held, by.gate),
    RECEIPT: lambda held, by: verify_receipt(held, by.chain, now=by.now),
}
"""Form → verifier. Credentials are judged where JSON-LD is known (`api.certificates.checking`)."""


def verify_file(
    parts: Iterable[bytes], asked: Asked, verifiers: Mapping[str, Verifier] = VERIFIERS
) -> Report:
    """Judge a file by its bytes, in parts of any length: a credit report is longer than memory."""
    try:
        form, held = read_file(parts)
        if form not in verifiers:
            raise no_proof(NEWER if form.startswith(OURS) else FOREIGN)
        return with_ledger(verifiers[form](held, asked), asked.pins)
    except Unreadable as error:
        return Report(error.verdict, (Check("format", None, error.reason),), {})
    except Refused as error:
        run = Run(CHECKS)
        run.note("format", False, f"{error.code.value} {error.detail}".strip())
        return run.report("invalid")


def verify_bytes(
    data: bytes,
    chain: AnchorLookup | None = None,
    *,
    pins: Pins = nobody,
    gate: Gate | None = None,
    now: int | None = None,
) -> Report:
    """Judge the bytes of a file of any form but a credential's."""
    return verify_file([data], Asked(chain, pins, gate, now))
