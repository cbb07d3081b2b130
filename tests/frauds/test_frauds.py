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
from ledger.operations.read import account
from ledger.operations.seal import seal
from ledger.refusals import Code
from ledger.rules.days import local_hour
from tests.builders.records import DAY, POLICY, START, ZERO, address, key
from tests.builders.settled import NINE, SettledLedger, settled_ledger


def verdict(settled: SettledLedger, record: Record) -> str:
    return verify(bundle(settled.ledger, settled.town.id(record), lambda *_: [])).verdict


@pytest.fixture
def settled(tmp_path: Path) -> Iterator[SettledLedger]:
    made = settled_ledger(tmp_path)
    yield made
    made.close()


def test_f1_hours_that_an_administrator_types_in_never_mint_and_show_it(
    settled: SettledLedger,
) -> None:
    town = settled.town
    assert settled.code(town.credit("org", "ann", settled.activity, NINE, 300)) == "PAIR_UNKNOWN"
    alone = town.honour("org", "org", "ann", NINE, 300)
    assert settled.code(alone) == "APPROVER_NOT_SECOND"
    without_leave = town.honour("org", "second", "ann", NINE, 300, permit=key("no permit"))
    assert settled.code(without_leave) == "PERMIT_UNKNOWN"
    without_evidence = town.honour("org", "second", "ann", NINE, 300, evidence=())
    assert settled.code(without_evidence) == "NO_EVIDENCE"
    town.now += (22 - local_hour(town.now, POLICY)) % 24 * 3600
    typed = town.honour("org", "second", "ann", NINE, 300)
    assert settled.code(typed) == "accepted"
    assert {"NO_ACTIVITY", "NIGHT_ENTRY"} <= set(settled.flags(typed))
    found = account(settled.ledger, address("ann"))
    assert (found.honour_minutes, found.credit_minutes, found.minted) == (300, 0, 0)


def test_f1_a_permit_has_a_ceiling(settled: SettledLedger) -> None:
    town = settled.town
    permit = town.permit("org", minutes_max=100, issued_at=town.now)
    settled.ledger.append(permit)
    bought = [
        town.honour("org", "second", "ann", NINE + n * DAY, 60, permit=town.id(permit))
        for n in range(2)
    ]
    assert [settled.code(record) for record in bought] == ["accepted", "PERMIT_SPENT"]


def test_f2_a_fake_activity_has_no_room_for_more_people_than_seats(settled: SettledLedger) -> None:
    town = settled.town
    small = town.activity("org", town.now + 3600, town.now + 4 * 3600, seats=1)
    settled.ledger.append(small)
    start = town.now + 3600
    town.now = start
    for name, code in (("ann", "accepted"), ("bob", "SEATS_FULL")):
        assert settled.code(town.clock_event("org", name, town.id(small), "in", start)) == code


def test_f2_whoever_was_to_be_served_can_say_that_nothing_was(settled: SettledLedger) -> None:
    town = settled.town
    activity = town.activity(
        "org", town.now + 3600, town.now + 4 * 3600, recipient=address("grandmother")
    )
    settled.ledger.append(activity)
    start = town.now + 3600
    town.now += 5 * 3600
    hours = town.served(settled.ledger, "org", "ann", town.id(activity), start, 60)
    denied = town.confirmation(hours.body.clock_out, "grandmother", "not_served")  # type: ignore[attr-defined]
    own = town.confirmation(hours.body.clock_out, "org")  # type: ignore[attr-defined]
    assert settled.code(own) == "CONFIRMATION_TARGET"
    assert settled.code(denied) == "accepted"
    assert settled.code(hours) == "NOT_SERVED"
    (draft,) = drafts(settled.ledger, town.id(activity))
    assert draft.refusal is not None


def test_f2_an_activity_made_after_its_start_is_flagged_and_gives_no_earlier_hours(
    settled: SettledLedger,
) -> None:
    town = settled.town
    late = town.activity("org", town.now - 3600, town.now + 7200)
    settled.ledger.append(late)
    before = town.clock_event("org", "ann", town.id(late), "in", town.now - 1800)
    assert settled.code(before) == "ACTIVITY_LATE"
    start = town.now
    town.now += 3600
    hours = town.served(settled.ledger, "org", "ann", town.id(late), start, 60)
    assert settled.code(hours) == "accepted"
    assert settled.flags(hours) == ("CREATED_AFTER_START",)


def test_f3_duty_is_no_service(settled: SettledLedger) -> None:
    town = settled.town
    meeting = town.activity("org", town.now + 60, town.now + 7200, category="meeting")
    wanted = town.request("bob", "org", category="meeting")
    assert [settled.code(r) for r in (meeting, wanted)] == ["CATEGORY_BLOCKED"] * 2


def test_f4_one_phone_for_two_people_is_shown_on_both(settled: SettledLedger) -> None:
    town = settled.town
    for name in ("ann", "bob"):
        for event in town.pair("org", name, settled.activity, NINE, 60):
            lent = replace(event.body, device=key("one phone"))  # type: ignore[type-var]
            signed = town.record(lent, ("volunteer", name), ("station", "station"))
            settled.ledger.append(signed)
    found = [draft.body for draft in drafts(settled.ledger, settled.activity)]
    records = [town.record(body, ("organisation", "org")) for body in found]
    assert [settled.code(record) for record in records] == ["accepted", "accepted"]
    assert [settled.flags(record) for record in records] == [("SAME_DEVICE",)] * 2


def test_f4_nobody_is_at_two_places_at_once(settled: SettledLedger) -> None:
    town = settled.town
    other = town.activity("org", START + 3600, START + 864000, title="elsewhere")
    settled.ledger.append(town.honour("org", "second", "ann", NINE, 120))
    settled.ledger.append(other)
    clocked = town.served(settled.ledger, "org", "ann", settled.activity, NINE + 3600, 60)
    assert settled.code(clocked) == "OVERLAP"


def test_f5_a_position_outside_the_fence_needs_the_code_of_the_place(
    settled: SettledLedger,
) -> None:
    town = settled.town
    fenced = town.activity("org", town.now + 3600, town.now + 8 * 3600, fence_metres=100)
    settled.ledger.append(fenced)
    town.now += 3600
    away = town.clock_event("org", "ann", town.id(fenced), "in", town.now, distance="beyond_1_km")
    assert settled.code(away) == "OUTSIDE_FENCE"
    shown = town.clock_event(
        "org",
        "ann",
        town.id(fenced),
        "in",
        town.now,
        distance="beyond_1_km",
        methods=("gps", "site_code"),
    )
    assert settled.code(shown) == "accepted"


def test_f5_hours_without_any_sign_of_the_place_are_flagged(settled: SettledLedger) -> None:
    town = settled.town
    for event in town.pair("org", "ann", settled.activity, NINE, 60):
        unplaced = replace(event.body, distance="unknown", accuracy="unknown", methods=("face",))  # type: ignore[type-var]
        settled.ledger.append(town.record(unplaced, ("volunteer", "ann"), ("station", "station")))
    (draft,) = drafts(settled.ledger, settled.activity)
    hours = town.record(draft.body, ("organisation", "org"))
    assert settled.code(hours) == "accepted"
    assert settled.flags(hours) == ("POSITION_UNCHECKED",)


def test_f6_no_client_chooses_the_time(tmp_path: Path) -> None:
    settled = settled_ledger(tmp_path, clock_answer_seconds=120)
    town = settled.town
    now = town.now
    assert (
        settled.code(town.clock_event("org", "ann", settled.activity, "in", NINE)) == "CLOCK_STALE"
    )
    ahead = town.clock_event("org", "ann", settled.activity, "in", now + 121)
    assert settled.code(ahead) == "FROM_THE_FUTURE"
    own = town.clock_event("org", "ann", settled.activity, "in", now)
    unwitnessed = town.record(own.body, ("volunteer", "ann"), ("station", "org"))
    assert settled.code(unwitnessed) == "SIGNER_NOT_ALLOWED"
    both = town.grant("org", "clerk", "clock", "service")
    assert settled.code(both) == "DELEGATION_ACTION"
    settled.close()


def test_f7_what_a_stolen_account_entered_shows_it_and_can_be_voided(
    settled: SettledLedger,
) -> None:
    town = settled.town
    settled.ledger.append(town.grant("org", "clerk", "service"))
    stolen = town.record(
        town.honour("org", "second", "ann", NINE, 60).body,
        ("organisation", "clerk"),
        ("approver", "second"),
    )
    assert settled.code(stolen) == "accepted"
    town.now += DAY
    settled.ledger.append(town.grant("org", "clerk", "service", action="revoke", valid_from=NINE))
    later = town.record(
        town.honour("org", "second", "ann", NINE + DAY, 60).body,
        ("organisation", "clerk"),
        ("approver", "second"),
    )
    assert settled.code(later) == "SIGNER_NOT_ALLOWED"
    seal(settled.ledger, town.log_key)
    assert verdict(settled, stolen) == "disputed"
    (found,) = signed_by(settled.ledger, address("org"), address("clerk"), NINE)
    assert settled.code(town.void(found.record_id, "org", reason="key_compromised")) == "accepted"
    seal(settled.ledger, town.log_key)
    assert verdict(settled, stolen) == "void"


def test_f8_a_padded_or_back_dated_paper_does_not_verify(settled: SettledLedger) -> None:
    town = settled.town
    hours = town.served(settled.ledger, "org", "ann", settled.activity, NINE, 60)
    settled.ledger.append(hours)
    seal(settled.ledger, town.log_key)
    paper = bundle(settled.ledger, town.id(hours), lambda *_: [])
    for old, new in (('"minutes": 60', '"minutes": 600'), (address("ann"), address("eve"))):
        padded = json.loads(json.dumps(paper).replace(old, new))
        assert verify(padded).verdict == "invalid"
    earlier = json.loads(json.dumps(paper))
    earlier["record"]["entry"]["accepted_at"] -= DAY
    assert verify(earlier).verdict == "invalid"


def test_f9_whoever_edits_or_deletes_history_is_found(settled: SettledLedger) -> None:
    town = settled.town
    settled.ledger.append(town.served(settled.ledger, "org", "ann", settled.activity, NINE, 60))
    seal(settled.ledger, town.log_key)
    assert audit(settled.ledger.engine).sound
    with closing(sqlite3.connect(str(settled.ledger.engine.url.database))) as raw, raw:
        raw.execute("DROP TRIGGER entry_delete")
        raw.execute("DELETE FROM entry WHERE kind = 'clock'")
    (found,) = audit(settled.ledger.engine).findings
    assert found.where == "entry 8"


def test_f10_one_hour_counts_once(settled: SettledLedger) -> None:
    town = settled.town
    hours = town.served(settled.ledger, "org", "ann", settled.activity, NINE, 60)
    assert settled.code(hours) == "accepted"
    assert settled.ledger.append(hours).duplicate
    again = replace(hours.body, content=key("the same, told differently"))  # type: ignore[type-var]
    assert settled.code(town.record(again, ("organisation", "org"))) == "PAIR_USED"
    assert settled.code(town.honour("org", "second", "ann", NINE + 600, 30)) == "OVERLAP"
    assert account(settled.ledger, address("ann")).credit_minutes == 60


def test_f11_a_list_typed_in_at_once_and_late_is_flagged_and_bounded(tmp_path: Path) -> None:
    settled = settled_ledger(tmp_path, bulk_entries_hour=2)
    town = settled.town
    town.now = NINE + 30 * DAY
    rows = [town.honour("org", "second", "ann", NINE + n * 3600, 60) for n in range(3)]
    assert [settled.code(row) for row in rows] == ["accepted"] * 3
    assert ["BULK_ENTRY" in settled.flags(row) for row in rows] == [False, False, True]
    assert all("LATE" in settled.flags(row) for row in rows)
    small = town.activity("org", town.now, town.now + 60, honour_minutes_max=90)
    settled.ledger.append(small)
    more = [
        town.honour("org", "second", "bob", NINE + n * 3600, 60, activity=town.id(small))
        for n in range(2)
    ]
    assert [settled.code(row) for row in more] == ["accepted", "HONOUR_CEILING"]
    settled.close()


def test_f12_coins_cannot_be_printed_or_moved_by_staff(settled: SettledLedger) -> None:
    town = settled.town
    assert "mint" not in KINDS
    plain = record_to_json(town.transfer("ann", "bob", 1))
    with pytest.raises(Refused):
        decode_record({**plain, "kind": "mint"})
    assert settled.code(town.transfer("ann", "bob", 1)) == "NO_COINS"
    by_staff = town.record(town.transfer("ann", "bob", 1, 2).body, ("sender", "authority"))
    assert settled.code(by_staff) == "SIGNER_NOT_ALLOWED"
    seal(settled.ledger, town.log_key)
    with closing(sqlite3.connect(str(settled.ledger.engine.url.database))) as raw, raw:
        raw.execute("UPDATE account SET credit_minutes = 6000")
    assert {found.check for found in audit(settled.ledger.engine).findings} == {"state"}


def test_f13_an_old_proof_says_as_of_when_it_is_and_a_fresh_one_says_void(
    settled: SettledLedger,
) -> None:
    town = settled.town
    hours = town.served(settled.ledger, "org", "ann", settled.activity, NINE, 60)
    settled.ledger.append(hours)
    seal(settled.ledger, town.log_key)
    old = bundle(settled.ledger, town.id(hours), lambda *_: [])
    settled.ledger.append(town.void(town.id(hours), None))
    seal(settled.ledger, town.log_key)
    shown = verify(old)
    assert shown.facts["as_of"]["batch"] == 1
    assert any("as of the batch" in said["en"] for said in shown.facts["does_not_prove"])
    assert verdict(settled, hours) == "void"


def test_f15_a_strangers_key_changes_no_verdict(settled: SettledLedger) -> None:
    town = settled.town
    hours = town.served(settled.ledger, "org", "ann", settled.activity, NINE, 60)
    settled.ledger.append(hours)
    seal(settled.ledger, town.log_key)
    proof = bundle(settled.ledger, town.id(hours), lambda *_: [])
    assert settled.code(town.void(town.id(hours), "eve")) == "VOID_NOT_YOURS"
    for record in (town.void(town.id(hours), "eve"), town.objection(town.id(hours), "eve")):
        entry = Entry(10**6, town.now, record).to_json()
        report = verify({**proof, "change": entry})
        assert report.verdict == "invalid"
        (reason,) = [check.reason for check in report.checks if check.ok is False]
        assert address("eve") in reason
    assert verdict(settled, hours) == "pending"


def test_f16_nobody_signs_approves_or_witnesses_for_himself(settled: SettledLedger) -> None:
    town = settled.town
    settled.take(town.enrol("org"), town.grant("org", "ann", "service", "approve"))
    clocked = town.clock_event("org", "org", settled.activity, "in", NINE)
    assert settled.code(clocked) == "SIGNER_IS_VOLUNTEER"
    hours = settled.visit("ann", NINE, 60)
    own = town.record(hours.body, ("organisation", "ann"))
    assert settled.code(own) == "SIGNER_IS_VOLUNTEER"
    typed = town.honour("org", "ann", "ann", NINE + DAY, 60)
    assert settled.code(typed) == "SIGNER_IS_VOLUNTEER"
    assert settled.code(hours) == "accepted"
    assert settled.flags(hours) == ("STAFF",)


def test_f17_only_a_third_person_says_that_somebody_served(settled: SettledLedger) -> None:
    town = settled.town
    start, end = town.now, town.now + 2 * 3600
    visits = {}
    for name in ("ann", "second", "eve"):
        where = settled.published(start, end + DAY, recipient=address(name))
        town.now += 2 * 3600
        visits[name] = settled.visit("ann", town.now - 3600, 60, where)
    confirmed = {
        name: town.confirmation(hours.body.clock_out, name)  # type: ignore[attr-defined]
        for name, hours in visits.items()
    }
    assert {name: settled.code(record) for name, record in confirmed.items()} == {
        "ann": "RECIPIENT_NOT_THIRD",
        "second": "RECIPIENT_NOT_THIRD",
        "eve": "accepted",
    }


def test_f18_coins_pay_for_nothing_that_no_rule_binds(settled: SettledLedger) -> None:
    town = settled.town
    settled.ledger.append(settled.visit("ann", NINE, 120))
    words = ("redeem", "refund", "donate", "thanks")
    sent = [town.transfer("ann", "org", 1, n, purpose=word) for n, word in enumerate(words)]
    assert [settled.code(record) for record in sent] == ["TRANSFER_PURPOSE"] * 3 + ["accepted"]


def test_f19_one_identity_opens_one_account_and_nothing_is_no_evidence(
    settled: SettledLedger,
) -> None:
    town = settled.town
    assert settled.code(town.enrol("eve", identity=key("identity ann"))) == "PERSON_KNOWN"
    nobody = record_to_json(town.enrol("eve", identity=ZERO))
    empty = record_to_json(town.honour("org", "second", "ann", NINE, 60, evidence=(ZERO,)))
    for plain in (nobody, empty):
        with pytest.raises(Refused) as refused:
            decode_record(plain)
        assert refused.value.code is Code.BAD_VALUE
    assert settled.code(town.enrol("eve")) == "accepted"


def test_f20_a_request_is_answered_once_and_in_its_time(settled: SettledLedger) -> None:
    town = settled.town
    asked = [town.request("school", "org", wanted_from=START + n) for n in range(4)]
    once, declined, withdrawn, late = map(town.id, map(settled.take, asked))

    def answer(request: bytes, title: str = "help") -> str:
        named = {"recipient": address("school"), "request": request, "title": title}
        return settled.code(town.activity("org", town.now + 60, town.now + 3600, **named))

    settled.take(town.request_end(declined, "school", "org"))
    settled.take(town.request_end(withdrawn, "school"))
    assert [answer(once), answer(once, "again")] == ["accepted", "REQUEST_TAKEN"]
    assert [answer(declined), answer(withdrawn)] == ["REQUEST_CLOSED"] * 2
    town.now += DAY
    assert answer(late) == "REQUEST_CLOSED"


def test_f21_who_keeps_a_signed_gift_cannot_hand_it_in_later(settled: SettledLedger) -> None:
    town = settled.town
    kept = [town.transfer("ann", "bob", 1, n, expires_at=town.now + DAY) for n in range(2)]
    settled.ledger.append(settled.visit("ann", NINE, 120))
    town.now += DAY - 1
    assert settled.code(kept[0]) == "accepted"
    town.now += 1
    assert settled.code(kept[1]) == "EXPIRED"


def test_f21_who_keeps_a_grant_cannot_hand_it_in_after_the_revocation(
    settled: SettledLedger,
) -> None:
    town = settled.town
    kept = town.grant("org", "clerk", "service", valid_from=NINE)
    settled.take(town.grant("org", "clerk", "service"))
    town.now += DAY
    settled.take(town.grant("org", "clerk", "service", action="revoke", valid_from=town.now))
    assert settled.code(kept) == "EXPIRED"
    again = town.grant("org", "clerk", "service", valid_from=NINE)
    assert settled.code(again) == "accepted"


def test_every_fraud_has_its_section_in_the_ledger_of_trust() -> None:
    page = (Path(__file__).parents[2] / "docs" / "trust.md").read_text(encoding="utf-8")
    names = (re.match(r"test_f(\d+)_", name) for name in globals())
    numbers = {int(found[1]) for found in names if found}
    assert numbers >= set(range(1, 14))
    for number in numbers:
        assert f"\n## F{number} " in page
