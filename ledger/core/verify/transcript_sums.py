"""What the entries of a transcript come to, by the rules of totals, and what the trees say."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ledger.core.kinds.registry import CREDIT, HONOUR, Amend, Transfer, Void
from ledger.core.proofs.transcript import Transcript
from ledger.errors import ProofError

_CLASSES: Final = {CREDIT: "credit_minutes", HONOUR: "honour_minutes"}
_NAMES: Final = (*_CLASSES.values(), "voided_minutes", "received", "sent")


def check_sums(transcript: Transcript, names: list[bytes]) -> str:
    """The check `sums`: what the totals grew by from one tree to the other is what the entries come
    to. Of a service from before the earlier batch its minutes are not shown: what takes it away may
    explain that a class grew by less. Raises `ProofError`."""
    before, after = transcript.before and transcript.before.totals, transcript.after.totals
    left = Counter({n: (after or {}).get(n, 0) - (before or {}).get(n, 0) for n in _NAMES})
    left.subtract(_told(transcript))
    voids, amends = _earlier(transcript, set(names))
    if transcript.before is None and (voids or amends):
        raise _fail("what a correction is about is not among the entries")
    for name in ("received", "sent"):
        if left[name]:
            raise _fail(f"the entries come to another total than is stated: {name}")
    for hour_class, name in _CLASSES.items():
        most = -amends[hour_class]
        if left[name] > most or (left[name] and not voids and not most):
            raise _fail(f"the entries come to another total than is stated: {name}")
    lost = -sum(left[name] for name in _CLASSES.values()) - left["voided_minutes"]
    if left["voided_minutes"] < 0 or (left["voided_minutes"] and not voids):
        raise _fail("the entries come to another total than is stated: voided_minutes")
    if lost < amends.total() or (lost and not amends):
        raise _fail("the entries come to another total than is stated: voided_minutes")
    return "the entries come to what the totals grew by"


def _told(transcript: Transcript) -> Counter[str]:
    told: Counter[str] = Counter()
    for (_, service), status in zip(transcript.own_services(), transcript.statuses, strict=True):
        if status.word == "void":
            told["voided_minutes"] += service.minutes
        elif status.word != "amended":
            told[_CLASSES[service.hour_class]] += service.minutes
    for entry in transcript.entries:
        body = entry.record.body
        if isinstance(body, Transfer):
            told["sent"] += body.coins * (body.sender == transcript.account)
            told["received"] += body.coins * (body.recipient == transcript.account)
    return told


def _earlier(transcript: Transcript, shown: set[bytes]) -> tuple[int, Counter[str]]:
    """How many voids, and amendments of the account's own services by class, are of a record that
    is not shown."""
    voids, amends = 0, Counter[str]()
    for entry in transcript.entries:
        body = entry.record.body
        if isinstance(body, Void):
            voids += body.target not in shown
        elif isinstance(body, Amend) and body.service.volunteer == transcript.account:
            amends[body.service.hour_class] += body.target not in shown
    return voids, +amends


def _fail(reason: str) -> ProofError:
    return ProofError("sums", reason)
