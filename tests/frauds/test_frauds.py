"""The frauds of the field, one by one: refused with a code, or shown with a flag.

What the ledger cannot do about them stands in docs/trust.md; every fraud has its section there.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.core.kinds.registry import KINDS
from ledger.core.records.decode import decode_record
from ledger.core.records.record import Entry, Record, record_to_json
from ledger.core.verify.record import verify
from ledger.errors import Refused
from ledger.operations.audit import audit
from ledger.operations.hours import drafts, signed_by
from ledger.operations.prove import bundle
from ledger.operations.read import account, find_service
from ledger.operations.seal import seal
from ledger.rules.days import local_hour
from tests.builders.ledgers import open_book, settle
from tests.builders.records import DAY, POLICY, START, Town, address, key

NINE = START + DAY + 10_000
"""Nine in the morning of the second day, in UTC+8."""


class Street:
    """The settled town, whose clock stands on the tenth day."""

    def __init__(self, folder: Path, **policy: object) -> None:
        self.folder = folder
        self.town = Town(policy=replace(POLICY, **policy))  # type: ignore[arg-type]
        self.book = open_book(self.town, folder)
        self.activity = settle(self.town, self.book)

    def code(self, record: Record) -> str:
        try:
            self.book.append(record)
        except Refused as refusal:
            return refusal.code.value
        return "accepted"

    def flags(self, record: Record) -> tuple[str, ...]:
        service = find_service(self.book, self.town.id(record))
        assert service is not None
        return service.flags

    def verdict(self, record: Record) -> str:
        return verify(bundle(self.book, self.town.id(record), lambda _: [])).verdict

    def close(self) -> None:
        self.book.close()
        self.book.engine.dispose()


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    made = Street(tmp_path)
    yield made
    made.close()


def test_f1_hours_that_an_administrator_types_in_never_mint_and_show_it(street: Street) -> None:
    town = street.town
    assert street.code(town.credit("org", "ann", street.activity, NINE, 300)) == "PAIR_UNKNOWN"
    alone = town.honour("org", "org", "ann", NINE, 300)
    assert street.code(alone) == "APPROVER_NOT_SECOND"
    without_leave = town.honour("org", "second", "ann", NINE, 300, permit=key("no permit"))
    assert street.code(without_leave) == "PERMIT_UNKNOWN"
    without_evidence = town.honour("org", "second", "ann", NINE, 300, evidence=())
    assert street.code(without_evidence) == "NO_EVIDENCE"
    town.now += (22 - local_hour(town.now, POLICY)) % 24 * 3600
    typed = town.honour("org", "second", "ann", NINE, 300)
    assert street.code(typed) == "accepted"
    assert {"NO_ACTIVITY", "NIGHT_ENTRY"} <= set(street.flags(typed))
    found = account(street.book, address("ann"))
    assert (found.honour_minutes, found.credit_minutes, found.minted) == (300, 0, 0)


def test_f1_a_permit_has_a_ceiling(street: Street) -> None:
    town = street.town
    permit = town.permit("org", minutes_max=100, issued_at=town.now)
    street.book.append(permit)
    bought = [
        town.honour("org", "second", "ann", NINE + n * DAY, 60, permit=town.id(permit))
        for n in range(2)
    ]
    assert [street.code(record) for record in bought] == ["accepted", "PERMIT_SPENT"]


def test_f2_a_fake_activity_has_no_room_for_more_people_than_seats(street: Street) -> None:
    town = street.town
    small = town.activity("org", town.now + 3600, town.now + 4 * 3600, seats=1)
    street.book.append(small)
    start = town.now + 3600
    town.now = start
    for name, code in (("ann", "accepted"), ("bob", "SEATS_FULL")):
        assert street.code(town.clock_event("org", name, town.id(small), "in", start)) == code


def test_f2_whoever_was_to_be_served_can_say_that_nothing_was(street: Street) -> None:
    town = street.town
    activity = town.activity(
        "org", town.now + 3600, town.now + 4 * 3600, recipient=address("grandmother")
    )
    street.book.append(activity)
    start = town.now + 3600
    town.now += 5 * 3600
    hours = town.served(street.book, "org", "ann", town.id(activity), start, 60)
    denied = town.confirmation(hours.body.clock_out, "grandmother", "not_served")  # type: ignore[attr-defined]
    own = town.confirmation(hours.body.clock_out, "org")  # type: ignore[attr-defined]
    assert street.code(own) == "CONFIRMATION_TARGET"
    assert street.code(denied) == "accepted"
    assert street.code(hours) == "NOT_SERVED"
    (draft,) = drafts(street.book, town.id(activity))
    assert draft.refusal is not None


def test_f2_an_activity_made_after_its_start_is_flagged_and_gives_no_earlier_hours(
    street: Street,
) -> None:
    town = street.town
    late = town.activity("org", town.now - 3600, town.now + 7200)
    street.book.append(late)
    before = town.clock_event("org", "ann", town.id(late), "in", town.now - 1800)
    assert street.code(before) == "ACTIVITY_LATE"
    start = town.now
    town.now += 3600
    hours = town.served(street.book, "org", "ann", town.id(late), start, 60)
    assert street.code(hours) == "accepted"
    assert street.flags(hours) == ("CREATED_AFTER_START",)


def test_f3_duty_is_no_service(street: Street) -> None:
    town = street.town
    meeting = town.activity("org", town.now + 60, town.now + 7200, category="meeting")
    wanted = town.request("bob", "org", category="meeting")
    assert [street.code(r) for r in (meeting, wanted)] == ["CATEGORY_BLOCKED"] * 2


def test_f4_one_phone_for_two_people_is_shown_on_both(street: Street) -> None:
    town = street.town
    for name in ("ann", "bob"):
        for event in town.pair("org", name, street.activity, NINE, 60):
            lent = replace(event.body, device=key("one phone"))  # type: ignore[type-var]
            signed = town.record(lent, ("volunteer", name), ("station", "station"))
            street.book.append(signed)
    found = [draft.body for draft in drafts(street.book, street.activity)]
    records = [town.record(body, ("organisation", "org")) for body in found]
    assert [street.code(record) for record in records] == ["accepted", "accepted"]
    assert [street.flags(record) for record in records] == [("SAME_DEVICE",)] * 2


def test_f4_nobody_is_at_two_places_at_once(street: Street) -> None:
    town = street.town
    other = town.activity("org", START + 3600, START + 864000, title="elsewhere")
    street.book.append(town.honour("org", "second", "ann", NINE, 120))
    street.book.append(other)
    clocked = town.served(street.book, "org", "ann", street.activity, NINE + 3600, 60)
    assert street.code(clocked) == "OVERLAP"


def test_f5_a_position_outside_the_fence_needs_the_code_of_the_place(street: Street) -> None:
    town = street.town
    fenced = town.activity("org", town.now + 3600, town.now + 8 * 3600, fence_metres=100)
    street.book.append(fenced)
    town.now += 3600
    away = town.clock_event("org", "ann", town.id(fenced), "in", town.now, distance="beyond_1_km")
    assert street.code(away) == "OUTSIDE_FENCE"
    shown = town.clock_event(
        "org",
        "ann",
        town.id(fenced),
        "in",
        town.now,
        distance="beyond_1_km",
        methods=("gps", "site_code"),
    )
    assert street.code(shown) == "accepted"


def test_f5_hours_without_any_sign_of_the_place_are_flagged(street: Street) -> None:
    town = street.town
    for event in town.pair("org", "ann", street.activity, NINE, 60):
        unplaced = replace(event.body, distance="unknown", accuracy="unknown", methods=("face",))  # type: ignore[type-var]
        street.book.append(town.record(unplaced, ("volunteer", "ann"), ("station", "station")))
    (draft,) = drafts(street.book, street.activity)
    hours = town.record(draft.body, ("organisation", "org"))
    assert street.code(hours) == "accepted"
    assert street.flags(hours) == ("POSITION_UNCHECKED",)


def test_f6_no_client_chooses_the_time(tmp_path: Path) -> None:
    street = Street(tmp_path, clock_answer_seconds=120)
    town = street.town
    now = town.now
    assert street.code(town.clock_event("org", "ann", street.activity, "in", NINE)) == "CLOCK_STALE"
    ahead = town.clock_event("org", "ann", street.activity, "in", now + 121)
    assert street.code(ahead) == "FROM_THE_FUTURE"
    own = town.clock_event("org", "ann", street.activity, "in", now)
    unwitnessed = town.record(own.body, ("volunteer", "ann"), ("station", "org"))
    assert street.code(unwitnessed) == "SIGNER_NOT_ALLOWED"
    both = town.grant("org", "clerk", "clock", "service")
    assert street.code(both) == "DELEGATION_ACTION"
    street.close()


def test_f7_what_a_stolen_account_entered_shows_it_and_can_be_voided(street: Street) -> None:
    town = street.town
    street.book.append(town.grant("org", "clerk", "service"))
    stolen = town.record(
        town.honour("org", "second", "ann", NINE, 60).body,
        ("organisation", "clerk"),
        ("approver", "second"),
    )
    assert street.code(stolen) == "accepted"
    town.now += DAY
    street.book.append(town.grant("org", "clerk", "service", action="revoke", valid_from=NINE))
    later = town.record(
        town.honour("org", "second", "ann", NINE + DAY, 60).body,
        ("organisation", "clerk"),
        ("approver", "second"),
    )
    assert street.code(later) == "SIGNER_NOT_ALLOWED"
    seal(street.book, town.log_key)
    assert street.verdict(stolen) == "disputed"
    (found,) = signed_by(street.book, address("org"), address("clerk"), NINE)
    assert street.code(town.void(found.record_id, "org", reason="key_compromised")) == "accepted"
    seal(street.book, town.log_key)
    assert street.verdict(stolen) == "void"


def test_f8_a_padded_or_back_dated_paper_does_not_verify(street: Street) -> None:
    town = street.town
    hours = town.served(street.book, "org", "ann", street.activity, NINE, 60)
    street.book.append(hours)
    seal(street.book, town.log_key)
    paper = bundle(street.book, town.id(hours), lambda _: [])
    for old, new in (('"minutes": 60', '"minutes": 600'), (address("ann"), address("eve"))):
        padded = json.loads(json.dumps(paper).replace(old, new))
        assert verify(padded).verdict == "invalid"
    earlier = json.loads(json.dumps(paper))
    earlier["record"]["entry"]["accepted_at"] -= DAY
    assert verify(earlier).verdict == "invalid"


def test_f9_whoever_edits_or_deletes_history_is_found(street: Street) -> None:
    town = street.town
    street.book.append(town.served(street.book, "org", "ann", street.activity, NINE, 60))
    seal(street.book, town.log_key)
    assert audit(street.book.engine).sound
    with closing(sqlite3.connect(street.folder / "ledger.sqlite")) as raw, raw:
        raw.execute("DROP TRIGGER entry_delete")
        raw.execute("DELETE FROM entry WHERE kind = 'clock'")
    (found,) = audit(street.book.engine).findings
    assert found.where == "entry 8"


def test_f10_one_hour_counts_once(street: Street) -> None:
    town = street.town
    hours = town.served(street.book, "org", "ann", street.activity, NINE, 60)
    assert street.code(hours) == "accepted"
    assert street.book.append(hours).duplicate
    again = replace(hours.body, content=key("the same, told differently"))  # type: ignore[type-var]
    assert street.code(town.record(again, ("organisation", "org"))) == "PAIR_USED"
    assert street.code(town.honour("org", "second", "ann", NINE + 600, 30)) == "OVERLAP"
    assert account(street.book, address("ann")).credit_minutes == 60


def test_f11_a_list_typed_in_at_once_and_late_is_flagged_and_bounded(tmp_path: Path) -> None:
    street = Street(tmp_path, bulk_entries_hour=2)
    town = street.town
    town.now = NINE + 30 * DAY
    rows = [town.honour("org", "second", "ann", NINE + n * 3600, 60) for n in range(3)]
    assert [street.code(row) for row in rows] == ["accepted"] * 3
    assert ["BULK_ENTRY" in street.flags(row) for row in rows] == [False, False, True]
    assert all("LATE" in street.flags(row) for row in rows)
    small = town.activity("org", town.now, town.now + 60, honour_minutes_max=90)
    street.book.append(small)
    more = [
        town.honour("org", "second", "bob", NINE + n * 3600, 60, activity=town.id(small))
        for n in range(2)
    ]
    assert [street.code(row) for row in more] == ["accepted", "HONOUR_CEILING"]
    street.close()


def test_f12_coins_cannot_be_printed_or_moved_by_staff(street: Street) -> None:
    town = street.town
    assert "mint" not in KINDS
    plain = record_to_json(town.transfer("ann", "bob", 1))
    with pytest.raises(Refused):
        decode_record({**plain, "kind": "mint"})
    assert street.code(town.transfer("ann", "bob", 1)) == "NO_COINS"
    by_staff = town.record(town.transfer("ann", "bob", 1, 2).body, ("sender", "authority"))
    assert street.code(by_staff) == "SIGNER_NOT_ALLOWED"
    seal(street.book, town.log_key)
    with closing(sqlite3.connect(street.folder / "ledger.sqlite")) as raw, raw:
        raw.execute("UPDATE account SET credit_minutes = 6000")
    assert {found.check for found in audit(street.book.engine).findings} == {"state"}


def test_f13_an_old_proof_says_as_of_when_it_is_and_a_fresh_one_says_void(street: Street) -> None:
    town = street.town
    hours = town.served(street.book, "org", "ann", street.activity, NINE, 60)
    street.book.append(hours)
    seal(street.book, town.log_key)
    old = bundle(street.book, town.id(hours), lambda _: [])
    street.book.append(town.void(town.id(hours), None))
    seal(street.book, town.log_key)
    shown = verify(old)
    assert shown.facts["as_of"]["batch"] == 1
    assert any("as of the batch" in said["en"] for said in shown.facts["does_not_prove"])
    assert street.verdict(hours) == "void"


def test_f15_a_strangers_key_changes_no_verdict(street: Street) -> None:
    town = street.town
    hours = town.served(street.book, "org", "ann", street.activity, NINE, 60)
    street.book.append(hours)
    seal(street.book, town.log_key)
    proof = bundle(street.book, town.id(hours), lambda _: [])
    assert street.code(town.void(town.id(hours), "eve")) == "VOID_NOT_YOURS"
    for record in (town.void(town.id(hours), "eve"), town.objection(town.id(hours), "eve")):
        entry = Entry(10**6, town.now, record).to_json()
        report = verify({**proof, "change": entry})
        assert report.verdict == "invalid"
        (reason,) = [check.reason for check in report.checks if check.ok is False]
        assert address("eve") in reason
    assert street.verdict(hours) == "pending"


def test_every_fraud_has_its_section_in_the_book_of_trust() -> None:
    page = (Path(__file__).parents[2] / "docs" / "trust.md").read_text(encoding="utf-8")
    names = (re.match(r"test_f(\d+)_", name) for name in globals())
    numbers = {int(found[1]) for found in names if found}
    assert numbers >= set(range(1, 14))
    for number in numbers:
        assert f"\n## F{number} " in page
