"""Clocking over HTTP: the station's clock, its own questions, positions that leave no trace."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.server.app import create_app
from api.station.face import LocalProvider, Question, SignedFace
from api.station.station import Station
from ledger.core.format.structs import decode_body
from ledger.core.kinds.registry import Clock
from ledger.core.records.record import Record
from ledger.core.records.signing import sign
from tests.builders.http import Client
from tests.builders.http_people import Scene, at, scene
from tests.builders.records import address, key

INSIDE = {"latitude": 30_274_200, "longitude": 120_155_200, "accuracy": 12}
FAR = {"latitude": 30_374_200, "longitude": 120_155_200, "accuracy": 12}


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as made:
        yield made


@pytest.fixture
def fenced(play: Scene) -> bytes:
    """An activity with a fence of 150 metres, from nine to twelve on the 20th."""
    answer = play.ask(
        "POST",
        f"/organisations/{address('org')}/places",
        "org",
        latitude=30_274_100,
        longitude=120_155_100,
    )
    assert answer.status_code == 201, answer.text
    place = bytes.fromhex(answer.json()["place"][2:])
    record = play.town.activity(
        "org", at("20 09:00"), at("20 12:00"), place=place, fence_metres=150
    )
    assert play.post(record) == "accepted"
    return play.town.id(record)


def body_of(play: Scene, record: str) -> dict[str, Any]:
    found: dict[str, Any] = play.client.get(f"/v1/records/{record}/entry").json()
    body: dict[str, Any] = found["record"]["body"]
    return body


def test_a_position_inside_the_fence_becomes_bands(play: Scene, fenced: bytes) -> None:
    outcome, record = play.clock(
        "ann", fenced, "in", at("20 09:00"), position=INSIDE, site_code=None
    )
    assert outcome == "accepted"
    body = body_of(play, record)
    assert (body["distance"], body["accuracy"], body["methods"]) == (
        "inside",
        "under_20_m",
        ["gps"],
    )
    assert body["clocked_at"] == at("20 09:00")


def test_outside_the_fence_the_code_of_the_place_is_needed(play: Scene, fenced: bytes) -> None:
    outside = play.clock("ann", fenced, "in", at("20 09:00"), position=FAR, site_code=None)
    assert outside[0] == "OUTSIDE_FENCE"
    nothing = play.clock("ann", fenced, "in", at("20 09:00"), site_code=None)
    assert nothing[0] == "OUTSIDE_FENCE"
    outcome, record = play.clock("ann", fenced, "in", at("20 09:01"), position=FAR)
    assert outcome == "accepted"
    body = body_of(play, record)
    assert (body["distance"], body["methods"]) == ("beyond_1_km", ["gps", "site_code"])


def test_no_position_is_left_anywhere(play: Scene, fenced: bytes, tmp_path: Path) -> None:
    for direction, time in (("in", "20 09:00"), ("out", "20 11:00")):
        play.clock("ann", fenced, direction, at(time), position=INSIDE, site_code=None)
    play.clock("bob", fenced, "in", at("20 11:30"), position=FAR, site_code=None)
    play.seal()
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for trace in (b"30274200", b"120155200", b"30374200", b"30.274", b"120.155", b"phone of"):
        assert trace not in kept


def test_a_wrong_code_is_refused_and_cannot_be_tried_for_long(play: Scene, fenced: bytes) -> None:
    play.town.now = at("20 09:00")
    right = play.code(fenced)
    wrong = str((int(right) + 1) % 1_000_000).zfill(6)
    codes = [play.clock("ann", fenced, "in", at("20 09:00"), site_code=wrong)[0] for _ in range(11)]
    assert codes == ["SITE_CODE_WRONG"] * 10 + ["TOO_OFTEN"]
    assert play.clock("ann", fenced, "in", at("20 09:00"))[0] == "TOO_OFTEN"
    assert play.clock("bob", fenced, "in", at("20 09:00"))[0] == "accepted"


def test_a_right_code_costs_no_guess(play: Scene, fenced: bytes) -> None:
    play.town.now = at("20 09:00")
    asked = play.challenge("ann", fenced, "in").json()
    found = {play.answer("ann", asked).status_code for _ in range(30)}
    assert found == {200, 201}


def test_whether_a_code_is_right_is_told_to_the_volunteer_s_signature_alone(
    play: Scene, fenced: bytes
) -> None:
    play.town.now = at("20 09:00")
    right = play.code(fenced)
    wrong = str((int(right) + 1) % 1_000_000).zfill(6)
    asked = [play.challenge("ann", fenced, "in", site_code=code) for code in (right, wrong)]
    assert [answer.status_code for answer in asked] == [200, 200]
    assert asked[0].json()["body"] == asked[1].json()["body"]
    for _ in range(20):
        told = {play.answer("bob", one.json()).json()["code"] for one in asked}
        assert told == {"BAD_SIGNATURE"}
    # What others tried in her name has used nothing up.
    assert play.answer("ann", asked[1].json()).json()["code"] == "SITE_CODE_WRONG"
    assert play.answer("ann", asked[0].json()).status_code == 201


def test_many_volunteers_together_guess_no_more_at_one_place_than_a_few(
    play: Scene, fenced: bytes
) -> None:
    town = play.town
    town.now = at("20 09:00")
    guessers = [f"sybil {n}" for n in range(12)]
    for name in guessers:
        assert play.post(town.enrol(name)) == "accepted"
    right = play.code(fenced)
    wrong = str((int(right) + 1) % 1_000_000).zfill(6)
    told: list[str] = []
    for name in guessers:
        asked = play.challenge(name, fenced, "in", site_code=wrong).json()
        told += [play.answer(name, asked).json()["code"] for _ in range(10)]
    assert told == ["SITE_CODE_WRONG"] * 100 + ["TOO_OFTEN"] * 20


def test_an_answer_that_comes_late_or_was_not_asked_for_is_refused(
    play: Scene, fenced: bytes
) -> None:
    play.town.now = at("20 09:00")
    asked = play.challenge("ann", fenced, "in").json()
    for field, value in (
        ("clocked_at", at("20 08:50")),
        ("volunteer", address("bob")),
        ("direction", "out"),
        ("distance", "inside"),
    ):
        forged = {**asked, "body": {**asked["body"], field: value}}
        answer = play.answer("ann", forged)
        assert answer.json()["code"] == "CLOCK_NOT_ASKED", field
    play.town.now += 121
    assert play.answer("ann", asked).json()["code"] == "CLOCK_STALE"


def test_another_s_key_cannot_answer_and_the_same_answer_is_one_event(
    play: Scene, fenced: bytes
) -> None:
    play.town.now = at("20 09:00")
    asked = play.challenge("ann", fenced, "in").json()
    assert play.answer("bob", asked).json()["code"] == "BAD_SIGNATURE"
    first, again = play.answer("ann", asked), play.answer("ann", asked)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["index"] == first.json()["index"]


def test_nobody_asks_where_the_organisation_has_no_station(play: Scene) -> None:
    town = play.town
    for record in (town.certify("alone"), town.enrol("eve")):
        assert play.post(record) == "accepted"
    activity = town.activity("alone", at("20 09:00"), at("20 12:00"))
    play.post(activity)
    found = play.clock("ann", town.id(activity), "in", at("20 09:00"), site_code="123456")
    assert found[0] == "SIGNER_NOT_ALLOWED"


def test_only_who_acts_for_the_organisation_sees_code_and_drafts(
    play: Scene, fenced: bytes
) -> None:
    for route in ("site-code", "drafts"):
        path = f"/activities/0x{fenced.hex()}/{route}"
        assert play.ask("GET", path, "org").status_code == 200
        assert play.ask("GET", path).status_code == 401
        for stranger in ("ann", "other", "second", "authority"):
            assert play.ask("GET", path, stranger).status_code == 403, stranger


def test_no_route_takes_credit_hours_by_hand(play: Scene, fenced: bytes) -> None:
    play.visit("ann", fenced, at("20 09:00"), at("20 10:00"))
    (draft,) = play.drafts(fenced)
    town = play.town
    town.now = at("20 18:00")
    for change in ({"minutes": 61}, {"ended_at": at("20 12:00"), "minutes": 180}, {"minutes": 59}):
        body = town.service_body("org", "ann", fenced, at("20 09:00"), 60)
        fields = {name: draft["body"][name] for name in ("clock_in", "clock_out")}
        hexed = {name: bytes.fromhex(value[2:]) for name, value in fields.items()}
        typed = town.record(replace(body, **hexed, **change), ("organisation", "org"))
        assert play.post(typed) in ("MINUTES_EXCEED_TIMES", "PAIR_UNKNOWN", "MINUTES_BY_RULE")
    assert play.account("ann")["credit_minutes"] == 0


def test_a_face_check_comes_on_top_and_is_never_the_only_way(play: Scene, fenced: bytes) -> None:
    provider = LocalProvider(Ed25519PrivateKey.from_private_bytes(key("provider")))
    face = SignedFace(key("secret"), provider.public)
    station = Station(play.home.ledger, key("station"), key("secret"), lambda *_: None, face)
    play.client = Client(create_app(play.home, access=play.access, station=station))
    play.town.now = at("20 09:00")
    asked = play.ask("POST", "/clock/face", volunteer=address("ann")).json()
    answer = provider.answer(address("ann"), Question(asked["nonce"], tuple(asked["gestures"])))
    face_alone = play.challenge("ann", fenced, "in", site_code=None, face=answer)
    assert face_alone.status_code == 200
    assert play.answer("ann", face_alone.json()).json()["code"] == "OUTSIDE_FENCE"
    with_code, record = play.clock("ann", fenced, "in", at("20 09:00"), face=answer)
    assert with_code == "accepted"
    assert body_of(play, record)["methods"] == ["site_code", "face"]
    assert play.clock("bob", fenced, "in", at("20 09:00"), face="0x00")[0] == "FACE_NOT_SHOWN"
    assert play.clock("bob", fenced, "in", at("20 09:00"))[0] == "accepted"


@pytest.fixture
def unfenced(play: Scene) -> bytes:
    """The same activity without a fence."""
    record = play.town.activity("org", at("20 09:00"), at("20 12:00"))
    assert play.post(record) == "accepted"
    return play.town.id(record)


def test_without_a_fence_a_position_is_taken_and_told_what_it_is_worth(
    play: Scene, unfenced: bytes, tmp_path: Path
) -> None:
    play.town.now = at("20 09:00")
    asked = play.challenge("ann", unfenced, "in", position=INSIDE, site_code=None)
    assert asked.status_code == 200, asked.text
    worth = asked.json()["worth"]
    assert (worth["at_place"], worth["flag"]) == (False, "POSITION_UNCHECKED")
    assert worth["zh"].endswith("。")
    assert worth["en"].endswith(".")
    body = asked.json()["body"]
    assert (body["methods"], body["distance"], body["accuracy"]) == (
        ["gps"],
        "unknown",
        "under_20_m",
    )
    for direction, time in (("in", "20 09:00"), ("out", "20 11:00")):
        way = {"position": INSIDE, "site_code": None}
        assert play.clock("ann", unfenced, direction, at(time), **way)[0] == "accepted"
    (draft,) = play.drafts(unfenced)
    assert play.sign_all(unfenced) == ["accepted"]
    assert "POSITION_UNCHECKED" in play.service(draft["record_id"])["flags"]
    play.seal()
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"30274200" not in kept


def test_without_a_fence_the_code_of_the_place_still_shows_that_one_is_there(
    play: Scene, unfenced: bytes
) -> None:
    play.town.now = at("20 09:00")
    asked = play.challenge("ann", unfenced, "in", position=FAR).json()
    assert asked["worth"] == {"at_place": True, "flag": None, "zh": "", "en": ""}
    play.visit("ann", unfenced, at("20 09:00"), at("20 11:00"))
    (draft,) = play.drafts(unfenced)
    assert play.sign_all(unfenced) == ["accepted"]
    assert "POSITION_UNCHECKED" not in play.service(draft["record_id"])["flags"]


def test_without_a_fence_nobody_is_told_to_be_outside_of_one(play: Scene, unfenced: bytes) -> None:
    play.town.now = at("20 09:00")
    answer = play.challenge("ann", unfenced, "in", site_code=None)
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_VALUE")
    assert "position, site_code, face" in answer.json()["detail"]


def test_no_station_can_claim_a_position_that_it_did_not_compare_with_the_fence(
    play: Scene, fenced: bytes
) -> None:
    """A station of the organisation's own, whose key signs whatever it likes."""
    town = play.town
    town.now = at("20 09:00")
    body = decode_body(
        Clock, play.challenge("ann", fenced, "in", position=INSIDE, site_code=None).json()["body"]
    )

    def outcome(**changes: Any) -> str:
        made = replace(body, **changes)
        claims = (
            sign(town.ledger, made, "volunteer", key("ann")),
            sign(town.ledger, made, "station", key("station")),
        )
        return str(play.client.post(Record(made, claims)).json()["code"])

    assert outcome(distance="unknown") == "BAD_VALUE"
    assert outcome(distance="inside", methods=("face",)) == "BAD_VALUE"
    assert outcome(distance="unknown", methods=("gps", "site_code")) == "BAD_VALUE"
    assert outcome(distance="unknown", methods=("face",)) == "OUTSIDE_FENCE"
