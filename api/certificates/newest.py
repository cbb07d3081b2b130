"""A file is of its day: its ledger's site is asked for the newest proof of the same record, and
that is judged, too. The twin of `api/pages/static/js/verify/newest.js`.

It counts only if it holds, is of the same ledger, record and claims, and is no older: a site that
lies can keep news back, but cannot make good what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from api.certificates.signed import ledger_proof_of
from api.certificates.stored import fetch_code
from ledger.core.records.record import jcs
from ledger.core.verify.checks import Report
from ledger.errors import Unavailable

ENDED: Final = ("void", "amended")
"""What never counts again."""

CHANGED: Final = (*ENDED, "disputed")

PARTS_MAX: Final = 60
"""How many records of a certificate are asked for one by one."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A report, and what the file holds that it is about: a JSON value."""

    report: Report
    value: Any


Ask = Callable[[str, str | None], Judged | None]
"""Asks the site for the proof of a record by its id, of a certificate for its file by the code, and
judges it; None where the site has none. Raises `Unavailable`."""


def is_of_record(report: Report) -> bool:
    """Whether there may be a newer proof of what a file is about."""
    judged = report.verdict not in ("invalid", "unpinned", "no_proof", "damaged")
    return judged and report.document in ("record", "certificate")


def newest_of(own: Judged, ask: Ask) -> tuple[Report, str]:
    """The report that counts, and what came of asking: `same`, `newer`, `missing` (the site has
    none), `unfit` (what it gave does not hold, or is of something else) or `silent`."""
    try:
        found = _certificate_now(own, ask) if _is_paper(own) else ask(_id(own.report), None)
    except Unavailable:
        return own.report, "silent"
    if found is None:
        return own.report, "missing"
    mine, theirs = own.report.verdict, found.report.verdict
    if theirs == "unchecked":
        return own.report, "same" if mine == "unchecked" else "silent"
    if not _follows(own, found):
        return own.report, "unfit"
    # The newest batch may wait for its chain while an older one, of the file, is there already.
    if (mine, theirs) == ("valid", "pending"):
        return own.report, "same"
    return found.report, "same" if mine == theirs else "newer"


def _is_paper(judged: Judged) -> bool:
    return judged.report.document == "certificate"


def _id(report: Report) -> str:
    return str(report.facts.get("record_id"))


def _certificate_now(own: Judged, ask: Ask) -> Judged | None:
    proof: Any = ledger_proof_of(own.value)
    whole = ask(_id(own.report), fetch_code(bytes.fromhex(proof["salt"][2:])))
    return whole or _parts_now(own, ask)


def _parts_now(own: Judged, ask: Ask) -> Judged | None:
    """An issuer may be elsewhere, or its holder may have had the file destroyed: that must not
    bring a revoked certificate back. So its record, and that of each service in it, is asked for
    alone."""
    facts = own.report.facts
    parts = [_id(own.report), *(str(row["record_id"]) for row in facts["rows"])]
    if len(parts) > PARTS_MAX:
        return None
    for part in parts:
        found = ask(part, None)
        if found is None or not _same(own.report, found.report, part):
            return None
        if found.report.verdict in CHANGED:
            return _changed_by(own, part, found.report)
        if found.report.verdict not in ("valid", "pending"):
            return None
    return own


def _changed_by(own: Judged, part: str, found: Report) -> Judged:
    """The report on a certificate of which one part has changed since."""
    facts: dict[str, Any] = {**own.report.facts, "as_of": found.facts["as_of"]}
    if "change" in found.facts:
        facts["change"] = {**found.facts["change"], "of": part}
    changed = replace(
        own.report, verdict=found.verdict, checks=found.checks, facts=facts, head=found.head
    )
    return Judged(changed, own.value)


def _same(own: Report, found: Report, record: str) -> bool:
    ledgers = [report.facts.get("ledger", {}).get("id") for report in (own, found)]
    return found.verdict != "invalid" and _id(found) == record and ledgers[0] == ledgers[1]


def _follows(own: Judged, found: Judged) -> bool:
    lasting = own.report.verdict not in ENDED or found.report.verdict in ENDED
    same = _same(own.report, found.report, _id(own.report)) and _claims(own) == _claims(found)
    return same and lasting and _size(found.report) >= _size(own.report)


def _size(report: Report) -> int:
    return report.head.size if report.head else 0


def _claims(judged: Judged) -> bytes:
    """All that the issuer of a certificate signed; a record itself is what its id names."""
    if not _is_paper(judged):
        return b""
    value: Mapping[str, Any] = judged.value
    return jcs({name: member for name, member in value.items() if name != "proof"})
