"""Who may change a record, and what a file may claim of itself: what signatures alone decide."""

import copy
import json
from typing import Any

import pytest

from ledger.core.proofs.bundle import parse_bundle
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Entry, Record
from ledger.core.state.totals import STATES, Status
from ledger.core.verify.changes import changed, check_author
from ledger.core.verify.checks import Report
from ledger.core.verify.record import verify
from ledger.errors import ProofError
from tests.builders.forged_bundles import resealed
from tests.builders.records import START, Town, address
from tests.vectors.bundles import FILE

PUBLISHED: dict[str, Any] = {
    vector["name"]: vector["bundle"]
    for vector in json.loads(FILE.read_text(encoding="utf-8"))["bundles"]
}
TOWN = Town(now=START + 20 * 86400)


def published(name: str) -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(PUBLISHED[name])
    return found


def failed(report: Report) -> list[str]:
    return [check.name for check in report.checks if check.ok is False]


def record_of(name: str) -> tuple[Entry, bytes]:
    """The entry of a published bundle's record, and its id."""
    entry = decode_entry(PUBLISHED[name]["record"]["entry"])
    return entry, TOWN.id(entry.record)


def later(record: Record, index: int = 1000) -> Entry:
    return Entry(index, TOWN.now, record)


@pytest.mark.parametrize(
    ("name", "field", "role"),
    [("voided service", "organisation", "void"), ("disputed service", "volunteer", "objection")],
)
def test_a_strangers_change_is_invalid_even_where_the_tree_names_it(
    name: str, field: str, role: str
) -> None:
    """Whoever holds the log key can put it into a tree; not the organisation's name under it."""
    bundle = published(name)
    assert verify(resealed(copy.deepcopy(bundle))).verdict in ("void", "disputed")
    change = bundle["change"]["record"]
    assert change["kind"] == role
    change["body"][field] = address("eve")
    change["signatures"][0]["signer"] = address("eve")
    report = verify(resealed(bundle))
    assert report.verdict == "invalid"
    assert failed(report) == ["roles"]
    assert report.facts == {}


def test_the_reason_says_who_signed_and_who_may() -> None:
    entry, target = record_of("credit service")
    with pytest.raises(ProofError) as refused:
        check_author(entry, later(TOWN.void(target, "eve")), ())
    assert address("eve") in refused.value.reason
    assert address("org") in refused.value.reason
    assert "an authority may void it" in refused.value.reason
    with pytest.raises(ProofError) as refused:
        check_author(entry, later(TOWN.objection(target, "eve")), ())
    assert address("eve") in refused.value.reason
    assert address("ann") in refused.value.reason


def test_a_successor_voids_by_the_succession_shown_and_older_than_the_void() -> None:
    entry, target = record_of("credit service")
    void = later(TOWN.void(target, "heir"))
    named = TOWN.certify("org", action="succeed", successor=address("heir"), valid_from=TOWN.now)
    elder, junior = later(named, 999), later(named, 1001)
    assert check_author(entry, void, (later(TOWN.certify("heir"), 998), elder)) == 1
    ended = later(TOWN.certify("org", action="suspend", valid_from=TOWN.now), 999)
    for grants in ((), (junior,), (ended,)):
        with pytest.raises(ProofError):
            check_author(entry, void, grants)


@pytest.mark.parametrize("word", STATES)
def test_nothing_newer_softens_what_the_tree_says(word: str) -> None:
    """Every change that is newer than the tree gives a status at least as grave, or none."""
    entry, target = record_of("credit service")
    status = Status(word, None if word == "recorded" else bytes(32))
    for change in (TOWN.void(target, "org"), TOWN.objection(target, "ann")):
        if word in ("amended", "void"):
            with pytest.raises(ProofError, match="nothing newer changes that"):
                changed(entry, later(change), TOWN.ledger, target, status, 900)
        else:
            found = changed(entry, later(change), TOWN.ledger, target, status, 900)
            assert STATES.index(found) >= STATES.index(word)


def test_a_grant_newer_than_the_batch_serves_no_older_entry() -> None:
    bundle = published("honour service with a delegate")
    report = verify(bundle)
    assert report.verdict == "unchecked"
    last = bundle["seal"]["index"]
    bundle["delegations"][0]["index"] = last + 1
    assert "roles" in failed(verify(bundle))


def test_two_entries_of_one_index_are_refused_even_when_newer() -> None:
    bundle = published("disputed service, voided since by a new delegate")
    assert verify(bundle).verdict == "void"
    grant = next(e for e in bundle["delegations"] if e["index"] > bundle["seal"]["index"])
    bundle["change"]["index"] = grant["index"] + 1
    assert verify(bundle).verdict == "void"
    bundle["change"]["index"] = grant["index"]
    assert "inclusion" in failed(verify(bundle))


@pytest.mark.parametrize("name", ["credit service", "voided service", "disputed service"])
def test_a_file_without_its_batch_states_no_acceptance(name: str) -> None:
    """What the log signed nothing of is the file's own claim, whatever became of the record."""
    bundle = published(name)
    bundle["record"]["tlog_proof"] = None
    bundle |= {"change": None, "seal": None, "path": "", "standing": None, "anchors": []}
    claimed = {"index": 10**9, "accepted_at": bundle["record"]["entry"]["accepted_at"] + 5}
    bundle["record"]["entry"] |= claimed
    report = verify(bundle)
    assert report.verdict == "pending"
    told = [report.facts[fact] for fact in ("index", "accepted_at", "delay_seconds", "log_size")]
    assert told == [None] * 4
    assert report.facts["claimed"] == claimed
    reasons = {check.name: check.reason for check in report.checks}
    for check in ("leaf", "inclusion", "checkpoint", "status"):
        assert "the log has signed nothing of this file" in reasons[check]
        assert "accepted" not in reasons[check]


def test_a_change_that_is_in_no_batch_has_no_time_of_acceptance() -> None:
    since = verify(published("credit service, voided since by a successor")).facts
    assert since["change"]["accepted_at"] is None
    assert since["change"]["issued_at"] is not None
    assert since["accepted_at"] is not None, "the record itself is in the log"
    sealed = verify(published("credit service, voided by a successor")).facts
    assert sealed["change"]["accepted_at"] is not None


@pytest.mark.parametrize(
    ("name", "role", "who"),
    [
        ("voided service", "organisation", "org"),
        ("disputed service, voided since by a new delegate", "organisation", "org"),
        ("disputed service", "volunteer", "ann"),
        ("amended service", "organisation", "org"),
        ("credit service, voided by a successor", "organisation", "heir"),
        ("honour service, voided by an authority", "authority", "authority"),
    ],
)
def test_a_verdict_says_who_changed_the_record(name: str, role: str, who: str) -> None:
    change = verify(published(name)).facts["change"]
    assert change["by"] == {"role": role, "address": address(who)}
    assert change["signers"][0]["role"] == role


def test_no_fact_is_the_first_policys_alone() -> None:
    """A later policy may have changed it, and no file of a record shows that none did."""
    policy = parse_bundle(published("credit service")).root.genesis.policy
    facts = verify(published("credit service")).facts
    assert policy.late_working_days == 10
    assert 10 not in facts.values()
    assert not [name for name in facts if "limit" in name]
