"""The life of an hour over HTTP: the acceptance scenarios, end to end."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from anchoring.reader import ChainReader
from anchoring.web3_chain import close, connect
from ledger.core.documents import verify_bytes
from ledger.core.format.structs import decode_body
from ledger.core.kinds.registry import Service, Void
from ledger.core.verify.attestation import Gate, gate_hash
from ledger.operations.audit import audit
from tests.builders.http_people import Scene, at, scene
from tests.builders.records import ZERO, address, key
from tests.builders.trusting import everybody

judged = partial(verify_bytes, pins=everybody)


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as made:
        yield made


def opened(
    play: Scene, start: str, end: str, organisation: str = "org", **changes: object
) -> bytes:
    """An activity, published now."""
    record = play.town.activity(organisation, at(start), at(end), **changes)
    assert play.post(record) == "accepted"
    return play.town.id(record)


@contextmanager
def reader(play: Scene) -> Iterator[ChainReader]:
    web3 = connect(f"embedded:{play.home.chain_path}", read_only=True)
    yield ChainReader(web3)
    close(web3)


def test_s1_a_morning_is_clocked_signed_minted_and_proved(play: Scene) -> None:
    morning = opened(play, "20 09:00", "20 12:00")
    play.visit("ann", morning, at("20 09:00"), at("20 11:30"))
    (draft,) = play.drafts(morning)
    assert (draft["body"]["minutes"], draft["working_days_left"]) == (150, 11)
    assert play.sign_all(morning) == ["accepted"]
    account = play.account("ann")
    assert (account["credit_minutes"], account["yibi"]["minted"]) == (150, 2)
    record = draft["record_id"]
    assert judged(play.proof(record)).verdict == "pending"
    play.seal(anchored=False)
    assert judged(play.proof(record)).verdict == "pending"
    play.home.anchor_pending()
    proof = play.proof(record)
    assert judged(proof).verdict == "unchecked"
    with reader(play) as chain:
        report = judged(proof, chain)
    assert report.verdict == "valid"
    assert (report.facts["hour_class"], report.facts["flags"]) == ("credit", [])
    assert [b["direction"] for b in report.facts["basis"]] == ["in", "out"]


def test_s2_a_clock_in_without_a_clock_out_counts_nothing(play: Scene) -> None:
    morning = opened(play, "20 09:00", "20 12:00", honour_minutes_max=120)
    assert play.clock("ann", morning, "in", at("20 09:00"))[0] == "accepted"
    play.town.now = at("20 18:00")
    assert play.clock("ann", morning, "out", at("20 18:00"))[0] == "OUTSIDE_ACTIVITY"
    assert play.drafts(morning) == []
    too_long = play.town.honour("org", "second", "ann", at("20 09:00"), 150, activity=morning)
    assert play.post(too_long) == "HONOUR_CEILING"
    typed = play.town.honour("org", "second", "ann", at("20 09:00"), 120, activity=morning)
    assert play.post(typed) == "accepted"
    account = play.account("ann")
    assert (account["credit_minutes"], account["honour_minutes"]) == (0, 120)
    assert account["yibi"]["minted"] == 0


def test_s3_an_activity_made_up_at_night_gives_no_credit_and_is_flagged(play: Scene) -> None:
    play.town.now = at("20 23:08")
    made_up = opened(play, "20 16:00", "20 21:00")
    play.town.now = at("20 23:10")
    typed = play.town.credit("org", "ann", made_up, at("20 16:00"), 300)
    assert play.post(typed) == "PAIR_UNKNOWN"
    alone = play.town.honour("org", "org", "ann", at("20 16:00"), 300, activity=made_up)
    assert play.post(alone) == "APPROVER_NOT_SECOND"
    honour = play.town.honour("org", "second", "ann", at("20 16:00"), 300, activity=made_up)
    assert play.post(honour) == "accepted"
    shown = play.service("0x" + play.town.id(honour).hex())
    assert (shown["hour_class"], shown["flags"]) == (
        "honour",
        ["CREATED_AFTER_START", "NIGHT_ENTRY"],
    )
    assert play.account("ann")["yibi"]["minted"] == 0


def tamper(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as raw, raw:
        for trigger in ("entry_update", "entry_delete", "batch_update", "batch_delete"):
            raw.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            assert raw.execute(statement).rowcount > 0


def test_s4_an_edited_row_breaks_its_proof_and_the_audit_names_it(
    play: Scene, tmp_path: Path
) -> None:
    morning = opened(play, "20 09:00", "20 12:00")
    play.visit("ann", morning, at("20 09:00"), at("20 11:30"))
    record = play.drafts(morning)[0]["record_id"]
    play.sign_all(morning)
    play.seal()
    index = play.client.get(f"/v1/records/{record}").json()["entry"]["index"]
    changed = "CAST(replace(CAST(data AS TEXT), '\"minutes\":150', '\"minutes\":151') AS BLOB)"
    tamper(tmp_path, f'UPDATE entry SET data = {changed} WHERE "index" = {index}')
    with reader(play) as chain:
        assert judged(play.proof(record), chain).verdict == "invalid"
    report = audit(play.home.ledger.engine)
    assert not report.sound
    assert report.findings[0].where == f"entry {index}"


def test_s5_a_rewritten_batch_differs_from_the_chain_and_a_deleted_one_leaves_a_gap(
    play: Scene, tmp_path: Path
) -> None:
    for day in (20, 21):
        morning = opened(play, f"{day} 09:00", f"{day} 12:00")
        play.visit("ann", morning, at(f"{day} 09:00"), at(f"{day} 11:30"))
        play.sign_all(morning)
        play.seal()
    home = play.home
    with reader(play) as chain:
        assert audit(home.ledger.engine, chain, home.anchors_for).sound
        tamper(tmp_path, "UPDATE batch SET root = zeroblob(32) WHERE number = 1")
        found = audit(home.ledger.engine, chain, home.anchors_for).findings[0]
        assert found.where == "batch 1"
        with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as raw, raw:
            raw.execute("DELETE FROM batch WHERE number = 1")
        found = audit(home.ledger.engine, chain, home.anchors_for).findings[0]
        assert "batch" in found.where


def test_s6_a_stolen_key_taints_what_it_signed_since_and_can_be_voided_in_bulk(play: Scene) -> None:
    assert play.post(play.town.grant("org", "clerk", "service")) == "accepted"
    records = {}
    for day in (16, 20, 22):
        morning = opened(play, f"{day} 09:00", f"{day} 12:00")
        play.visit("ann", morning, at(f"{day} 09:00"), at(f"{day} 10:00"))
        records[day] = play.drafts(morning)[0]["record_id"]
        assert play.sign_all(morning, "clerk") == ["accepted"]
    stolen = play.town.grant("org", "clerk", "service", action="revoke", valid_from=at("20 00:00"))
    assert play.post(stolen) == "accepted"
    play.seal()
    assert judged(play.proof(records[16])).verdict == "unchecked"
    for day in (20, 22):
        report = judged(play.proof(records[day]))
        assert (report.verdict, report.facts["flags"]) == ("disputed", ["KEY_REVOKED"])
        assert play.service(records[day])["flags"] == ["KEY_REVOKED"]
    assert play.service(records[16])["flags"] == []
    path = f"/organisations/{address('org')}/signed?signer={address('clerk')}"
    listed = play.ask("GET", f"{path}&since={at('20 00:00')}", "org").json()["items"]
    assert [item["record_id"] for item in listed] == [records[20], records[22]]
    voids = [
        Void(
            bytes.fromhex(item["record_id"][2:]),
            address("org"),
            "key_compromised",
            ZERO,
            play.town.now,
        )
        for item in listed
    ]
    assert play.post_sheet(list(voids), "organisation", "org") == ["accepted", "accepted"]
    assert play.account("ann")["credit_minutes"] == 60
    assert judged(play.proof(records[20])).verdict == "void"


def test_s8_who_asks_to_be_forgotten_withdrew_and_forged_nothing(play: Scene) -> None:
    identity = play.vault.put(address("ann"), "identity", {"name": "安"})
    assert identity
    morning = opened(play, "20 09:00", "20 12:00")
    for name in ("ann", "bob"):
        play.visit(
            name,
            morning,
            at("20 09:00") if name == "ann" else at("20 11:01"),
            at("20 11:00") if name == "ann" else at("20 12:00"),
        )
    mine, others = (draft["record_id"] for draft in play.drafts(morning))
    play.sign_all(morning)
    play.seal()
    total, before = play.account("ann"), judged(play.proof(others)).verdict
    play.vault.forget(address("ann"), address("ann"))
    shown = play.client.get(f"/v1/records/{mine}").json()
    assert shown["holder_withdrew"] == play.town.now
    assert judged(play.proof(mine)).verdict == before
    assert judged(play.proof(others)).verdict == before
    assert play.client.get(f"/v1/records/{others}").json()["holder_withdrew"] is None
    assert play.account("ann") == total


def test_s12_two_organisations_cannot_count_the_same_hour(play: Scene) -> None:
    first = opened(play, "20 09:00", "20 12:00")
    second = opened(play, "20 11:00", "20 13:00", "other")
    play.visit("ann", first, at("20 09:00"), at("20 12:00"))
    # A helper clocked her in elsewhere while she served here.
    town = play.town
    pair = [
        replace(event.body, clocked_at=when, device=key("no phone"))
        for event, when in zip(
            town.pair("other", "ann", second, 0, 1), (at("20 12:01"), at("20 13:00")), strict=True
        )
    ]
    for body in pair:
        play.town.now = body.clocked_at
        signed = town.record(body, ("volunteer", "ann"), ("station", "station"))
        assert play.post(signed) == "accepted"
    assert play.sign_all(first) == ["accepted"]
    overlapping = town.honour("other", "second", "ann", at("20 11:00"), 120)
    assert play.post(overlapping) == "OVERLAP"
    (draft,) = play.drafts(second, "other")
    assert draft["refused"] is None
    assert play.post_sheet([decode_body(Service, draft["body"])], "organisation", "other") == [
        "accepted"
    ]
    assert play.account("ann")["credit_minutes"] == 180 + 59


def earned(play: Scene, hours: int) -> None:
    day = opened(play, "20 09:00", "20 17:00")
    play.visit("ann", day, at("20 09:00"), at("20 09:00") + hours * 3600)
    assert play.sign_all(day) == ["accepted"]


def test_s13_thanks_move_coins_and_make_no_hours(play: Scene) -> None:
    earned(play, 4)
    assert play.post(play.town.transfer("ann", "bob", 3)) == "accepted"
    ann, bob = play.account("ann"), play.account("bob")
    assert (ann["yibi"]["balance"], bob["yibi"]["balance"]) == (1, 3)
    assert (ann["credit_minutes"], bob["credit_minutes"], bob["honour_minutes"]) == (240, 0, 0)


def test_s15_of_two_devices_that_spend_the_last_coin_one_is_refused(play: Scene) -> None:
    earned(play, 1)
    outcomes: list[str] = []
    threads = [
        threading.Thread(
            target=lambda n=n: outcomes.append(play.post(play.town.transfer("ann", "bob", 1, n)))
        )
        for n in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NO_COINS", "accepted"]


def test_s17_an_hour_that_was_never_served_is_disputed_answered_and_voided(play: Scene) -> None:
    typed = play.town.honour("org", "second", "ann", at("20 09:00"), 60)
    play.town.now = at("21 10:00")
    assert play.post(typed) == "accepted"
    record, objection = play.town.id(typed), play.town.objection(play.town.id(typed), "ann")
    assert play.post(objection) == "accepted"
    shown = f"0x{record.hex()}"
    assert play.service(shown)["status"] == "disputed"
    play.seal()
    assert judged(play.proof(shown)).verdict == "disputed"
    early = play.town.decision(play.town.id(objection), record, "org", "upheld")
    assert play.post(early) == "DECISION_NOT_DONE"
    assert play.post(play.town.void(record, "org")) == "accepted"
    assert play.post(early) == "accepted"
    assert play.service(shown)["status"] == "void"
    assert play.account("ann")["honour_minutes"] == 0


def test_a_transcript_is_for_the_person_and_proves_itself_complete(play: Scene) -> None:
    for day in (20, 21):
        morning = opened(play, f"{day} 09:00", f"{day} 12:00")
        play.visit("ann", morning, at(f"{day} 09:00"), at(f"{day} 11:30"))
        play.sign_all(morning)
        play.seal()
    path = f"/accounts/{address('ann')}/transcript?from={at('21 00:00')}"
    for caller, status in (("", 401), ("bob", 403), ("other", 403)):
        assert play.ask("GET", path, caller).status_code == status
    answer = play.ask("GET", path, "ann")
    assert answer.headers["content-type"] == "application/vnd.hourledger.transcript+json"
    with reader(play) as chain:
        report = judged(answer.content, chain)
    assert report.verdict == "valid", report.checks
    assert report.facts["minutes"] == {"credit": 150, "honour": 0}
    assert report.facts["totals"]["credit_minutes"] == 300


def test_hours_are_disclosed_by_the_person_alone_and_without_a_record(play: Scene) -> None:
    morning = opened(play, "20 09:00", "20 12:00")
    play.visit("ann", morning, at("20 09:00"), at("20 11:30"))
    play.sign_all(morning)
    play.seal()
    path = f"/accounts/{address('ann')}/disclosure?from=2023-10&to=2023-12"
    for caller, status in (("", 401), ("bob", 403), ("other", 403)):
        assert play.ask("GET", path, caller).status_code == status
    answer = play.ask("GET", path, "ann")
    assert answer.headers["content-type"] == "application/vnd.hourledger.disclosure+json"
    with reader(play) as chain:
        report = judged(answer.content, chain)
    assert report.verdict == "valid", report.checks
    assert report.facts["minutes"] == {"credit": 150, "honour": 0}
    other = play.ask("GET", path + "&category=school", "ann")
    assert judged(other.content).facts["hidden"] == 1
    for wrong in ("from=2023-13&to=2023-12", "from=2023-12&to=2023-11", "from=2023-10"):
        found = play.ask("GET", f"/accounts/{address('ann')}/disclosure?{wrong}", "ann")
        assert found.status_code == 400


def test_a_gate_learns_yes_and_nothing_else(play: Scene) -> None:
    morning = opened(play, "20 09:00", "20 12:00")
    play.visit("ann", morning, at("20 09:00"), at("20 11:30"))
    play.sign_all(morning)
    play.seal()
    path = f"/accounts/{address('ann')}/attestations"
    gate = "0x" + gate_hash("museum.example", "a nonce of the museum").hex()
    asked = {"condition": "balance", "at_least": 2, "presenter": address("fresh"), "gate": gate}
    asked |= {"seconds": 300, "as_of": None}
    for caller, status in (("", 401), ("bob", 403), ("other", 403)):
        assert play.ask("POST", path, caller, **asked).status_code == status
    answer = play.ask("POST", path, "ann", **asked)
    assert answer.status_code == 201
    assert address("ann") not in answer.text
    door = Gate("museum.example", "a nonce of the museum", play.town.now + 10)
    assert judged(answer.content, gate=door).verdict == "valid"
    assert judged(answer.content).verdict == "unchecked"
    other = Gate("shop.example", "a nonce of the museum", play.town.now + 10)
    assert judged(answer.content, gate=other).verdict == "invalid"
    more = play.ask("POST", path, "ann", **{**asked, "at_least": 3})
    assert (more.status_code, more.json()["code"]) == (422, "CONDITION_NOT_MET")
    for name, wrong in (("gate", "x"), ("seconds", 901), ("as_of", -1), ("condition", "head")):
        found = play.ask("POST", path, "ann", **{**asked, name: wrong})
        assert (found.status_code, found.json()["code"]) == (400, "BAD_VALUE")
