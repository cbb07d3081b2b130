"""A transcript is complete: nothing can be left out, added, or put in another place."""

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.core.documents import verify_bytes
from ledger.core.format.limits import FILE_BYTES_MAX
from ledger.core.proofs.transcript import CHAIN, PATHS
from ledger.core.verify.transcript import CHECKS, verify_transcript
from ledger.errors import NotFound
from ledger.operations.transcript import transcript
from tests.builders.bundles import AnchoredLedger
from tests.builders.mutations import mutations
from tests.builders.records import DAY, START, address
from tests.builders.transcripts import EVER, Months
from tests.builders.trusting import everybody

OTHER = "0x" + "77" * 32


@pytest.fixture
def months(tmp_path: Path) -> Iterator[Months]:
    months = Months(tmp_path)
    yield months
    months.ledger.close()
    months.ledger.engine.dispose()


def failed(months: Months, found: dict[str, Any]) -> set[str]:
    report = verify_transcript(found, months.chain)
    assert report.verdict == "invalid"
    assert report.facts == {}
    return {check.name for check in report.checks if check.ok is False}


def test_all_hours_of_a_person_with_their_status_and_sums_by_class(months: Months) -> None:
    found = months.transcript()
    report = verify_transcript(found, months.chain)
    assert report.verdict == "valid", report.checks
    assert [check.name for check in report.checks] == list(CHECKS)
    facts = report.facts
    statuses = [service["status"] for service in facts["services"]]
    assert statuses == ["recorded", "void", "amended", "recorded", "recorded"]
    assert facts["minutes"] == {"credit": 60 + 60 + 20, "honour": 0}
    assert facts["totals"]["credit_minutes"] == 140
    assert facts["totals_before"] is None
    assert verify_bytes(json.dumps(found).encode(), months.chain, pins=everybody).verdict == "valid"
    assert verify_transcript(found).verdict == "unchecked"


def test_a_period_begins_at_a_batch_and_counts_what_began_in_it(months: Months) -> None:
    found = months.transcript(start=months.middle)
    assert found["before"] is not None
    report = verify_transcript(found, months.chain)
    assert report.verdict == "valid", report.checks
    assert report.facts["since_batch"] == 1
    assert report.facts["totals_before"]["credit_minutes"] == 120
    assert report.facts["services"] == []
    days = months.transcript(start=START + 90000 + 2 * DAY, end=START + 90000 + 3 * DAY)
    shown = verify_transcript(days, months.chain).facts["services"]
    assert [service["status"] for service in shown] == ["amended", "recorded"]


def test_a_period_does_not_begin_before_the_earlier_batch(months: Months) -> None:
    """Who says so leaves out what was entered between the two."""
    found = months.transcript(start=months.middle)
    sealed_at = found["before"]["seal"]["record"]["body"]["sealed_at"]
    report = verify_transcript({**found, "from": sealed_at + 3600})
    assert [c.name for c in report.checks if c.ok is False] == ["completeness"]


def test_whom_nothing_concerns_has_an_empty_transcript(months: Months) -> None:
    found = months.transcript("nobody")
    assert found["entries"] == []
    report = verify_transcript(found, months.chain)
    assert report.verdict == "valid", report.checks
    assert report.facts["totals"] is None
    later = months.transcript("nobody", start=months.middle)
    assert verify_transcript(later, months.chain).verdict == "valid"


FORGE: dict[str, Callable[[list[Any], list[Any]], list[Any]]] = {
    "the first left out": lambda own, _: own[1:],
    "the last left out": lambda own, _: own[:-1],
    "the void left out": lambda own, _: [e for e in own if e["record"]["kind"] != "void"],
    "another's added": lambda own, other: sorted([*own, other[3]], key=lambda e: e["index"]),
    "one exchanged": lambda own, other: sorted([*own[1:], other[3]], key=lambda e: e["index"]),
    "two swapped": lambda own, _: [own[1], own[0], *own[2:]],
    "one doubled": lambda own, _: [own[0], own[0], *own[1:]],
    "none": lambda own, _: [],
}


@pytest.mark.parametrize("name", FORGE)
def test_no_other_list_of_entries_is_complete(months: Months, name: str) -> None:
    found, other = months.transcript(), months.transcript("bob")
    forged = copy.deepcopy(found)
    forged["entries"] = FORGE[name](found["entries"], other["entries"])
    assert "completeness" in failed(months, months.rehung(forged))


def test_totals_and_seals_of_other_batches_and_accounts_do_not_fit(months: Months) -> None:
    found, other = months.transcript(start=months.middle), months.transcript("bob")
    for part in ("before", "after"):
        for swapped in ({**found, part: other[part] or found["after"]}, {**found, part: None}):
            assert failed(months, swapped)
    assert failed(months, {**found, "account": address("bob")})
    newer = {**found, "before": {**found["before"], "seal": found["after"]["seal"]["entry"]}}
    assert failed(months, newer)


def test_statuses_are_those_of_the_tree(months: Months) -> None:
    found = months.transcript()
    assert len(found["statuses"]) == 5
    for place, status in enumerate(found["statuses"]):
        for said in (
            {"status": "void", "changed_by": OTHER, "opening": OTHER},
            {"status": "recorded", "changed_by": OTHER, "opening": OTHER},
            status and {**status, "opening": OTHER},
            None,
            found["statuses"][place - 1],
        ):
            if said != status:
                statuses = [*found["statuses"][:place], said, *found["statuses"][place + 1 :]]
                assert failed(months, {**found, "statuses": statuses}) == {"state"}
    for statuses in (found["statuses"][1:], [*found["statuses"], found["statuses"][0]], []):
        assert failed(months, {**found, "statuses": statuses}) == {"state"}


def test_an_older_state_does_not_hide_a_correction(months: Months) -> None:
    found = months.transcript(start=months.middle)
    older = {name: found["before"][name] for name in ("totals", "proof")}
    forged = {**found, "after": {**found["after"], **older}, "statuses": []}
    assert failed(months, forged) == {"state", "completeness"}


def test_the_short_form_leaves_out_the_paths_and_says_so(months: Months) -> None:
    for start in (0, months.middle):
        whole, short = months.transcript(start=start), months.transcript(start=start, held_by=CHAIN)
        assert short["entries"] == whole["entries"]
        report = verify_transcript(short, months.chain)
        assert report.verdict == "valid", report.checks
        inclusion = next(check for check in report.checks if check.name == "inclusion")
        assert "held by the chain alone" in inclusion.reason
        assert report.facts["held_by"] == CHAIN
        assert verify_transcript(whole, months.chain).facts["held_by"] == PATHS
        assert failed(months, {**short, "held_by": PATHS})
        assert failed(months, {**whole, "held_by": CHAIN})
        assert failed(months, {**short, "entries": short["entries"][1:]}) >= {"completeness"}


def test_a_packed_file_is_read_and_a_broken_one_is_not(months: Months) -> None:
    data = gzip.compress(json.dumps(months.transcript()).encode())
    assert verify_bytes(data, months.chain, pins=everybody).verdict == "valid"
    bomb = gzip.compress(bytes(FILE_BYTES_MAX + 10_000_000))
    for broken in (data[:-9], data + b"x", data + data, data[:40], b"\x1f\x8b"):
        assert verify_bytes(broken, months.chain).verdict == "damaged"
    assert verify_bytes(bomb, months.chain).verdict == "no_proof"


def test_every_mutation_of_a_transcript_is_not_valid_or_says_the_same(months: Months) -> None:
    found = months.transcript(start=START + 90000 + 2 * DAY)
    told = verify_transcript(found, months.chain).facts
    passed = []
    tried = 0
    for place, (name, changed) in enumerate(mutations(found)):
        # Each kind of place is met often enough; every ninth change keeps the suite short.
        if place % 9 or json.dumps(changed) == json.dumps(found):
            continue
        tried += 1
        report = verify_transcript(changed, months.chain)
        period = name.split()[0].split("[")[0] in ("from", "to")
        if report.verdict == "valid" and not period and report.facts != told:
            passed.append(name)
    assert passed == []
    assert tried > 1000


def test_there_is_none_before_the_first_batch(tmp_path: Path) -> None:
    world = AnchoredLedger(tmp_path)
    with pytest.raises(NotFound):
        transcript(world.ledger, address("ann"), 0, EVER, world._anchors)
    world.ledger.close()
    world.ledger.engine.dispose()
