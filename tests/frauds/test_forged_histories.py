"""A ledger whose operator took a rule out of the program: the log, the tree and every signature
hold, and whoever replays the entries finds the first one that no ledger would have taken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.core.records.record import Record
from ledger.operations.audit import audit
from ledger.operations.seal import seal
from tests.builders.records import ZERO, address, key
from tests.builders.settled import NINE, SettledLedger, new_version, settled_ledger


def _self_signed(s: SettledLedger) -> Record:
    s.take(s.town.grant("org", "ann", "service"))
    return s.town.record(s.visit("ann", NINE, 60).body, ("organisation", "ann"))


def _self_confirmed(s: SettledLedger) -> Record:
    where = s.published(s.town.now, s.town.now + 7200, recipient=address("ann"))
    s.town.now += 7200
    hours = s.visit("ann", s.town.now - 3600, 60, where)
    return s.town.confirmation(new_version(hours).clock_out, "ann")


def _signed_by_who_confirmed(s: SettledLedger) -> Record:
    where = s.published(s.town.now, s.town.now + 7200, recipient=address("eve"))
    s.town.now += 7200
    hours = s.visit("ann", s.town.now - 3600, 60, where)
    said = s.take(s.town.confirmation(new_version(hours).clock_out, "eve"))
    s.take(s.town.grant("org", "eve", "service"))
    named = new_version(hours, confirmation=s.town.id(said))
    return s.town.record(named, ("organisation", "eve"))


def _refunded(s: SettledLedger) -> Record:
    s.take(s.visit("ann", NINE, 60))
    return s.town.transfer("ann", "bob", 1, purpose="refund")


def _somebody_again(s: SettledLedger) -> Record:
    return s.town.enrol("eve", identity=key("identity ann"))


def _answered_twice(s: SettledLedger) -> Record:
    request = s.town.id(s.take(s.town.request("school", "org")))
    start, named = s.town.now + 60, {"recipient": address("school"), "request": request}
    s.take(s.town.activity("org", start, start + 3600, **named))
    return s.town.activity("org", start + 1, start + 3600, **named)


def _kept(s: SettledLedger) -> Record:
    s.take(s.visit("ann", NINE, 60))
    return s.town.transfer("ann", "bob", 1, issued_at=1, expires_at=2)


def _kept_grant(s: SettledLedger) -> Record:
    kept = s.town.grant("org", "eve", "service", valid_from=NINE)
    s.take(s.town.grant("org", "eve", "service"))
    s.town.now += 1
    s.take(s.town.grant("org", "eve", "service", action="revoke"))
    return kept


CROOKED: dict[str, tuple[str, Callable[[SettledLedger], Record], str]] = {
    "hours signed by their volunteer": (
        "judging.demand_another",
        _self_signed,
        "SIGNER_IS_VOLUNTEER",
    ),
    "hours confirmed by their volunteer": (
        "clocks.demand_third",
        _self_confirmed,
        "RECIPIENT_NOT_THIRD",
    ),
    "hours signed by who confirmed them": (
        "hours.demand_no_recipient",
        _signed_by_who_confirmed,
        "RECIPIENT_NOT_THIRD",
    ),
    "one person twice": ("members._demand_own_identity", _somebody_again, "PERSON_KNOWN"),
    "a request answered twice": (
        "activities._demand_unanswered",
        _answered_twice,
        "REQUEST_TAKEN",
    ),
    "a gift kept for years": ("judging.demand_in_time", _kept, "EXPIRED"),
    "a grant handed in after the revocation": ("judging.demand_no_newer", _kept_grant, "EXPIRED"),
    "a refund of nothing": ("coins._demand_purpose", _refunded, "TRANSFER_PURPOSE"),
}
"""What is told → the rule that the operator took out, the record, and the code of the audit."""


@pytest.mark.parametrize("name", CROOKED)
def test_an_audit_finds_what_no_rule_allows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule, make, code = CROOKED[name]
    settled = settled_ledger(tmp_path)
    record = make(settled)
    with monkeypatch.context() as crooked:
        crooked.setattr(f"ledger.rules.{rule}", lambda *_: None)
        settled.take(record)
        seal(settled.ledger, settled.town.log_key)
        assert audit(settled.ledger.engine).sound
    (found,) = audit(settled.ledger.engine).findings
    settled.close()
    assert (found.check, found.reason.split()[0]) == ("rules", code)


@pytest.mark.parametrize("field", ["identity", "evidence"])
def test_an_audit_reads_no_commitment_to_nothing(field: str, tmp_path: Path) -> None:
    """No decoder stands before the operator's own ledger."""
    settled = settled_ledger(tmp_path)
    town = settled.town
    typed = town.honour("org", "second", "ann", NINE, 60, evidence=(ZERO,))
    here = settled.ledger.size
    settled.take(town.enrol("eve", identity=ZERO) if field == "identity" else typed)
    seal(settled.ledger, town.log_key)
    (found,) = audit(settled.ledger.engine).findings
    settled.close()
    assert (found.check, found.where) == ("log", f"entry {here}")
    assert "BAD_VALUE" in found.reason
