"""A yes of the ledger: to the right question, for one gate, for some minutes, without amounts."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.core.documents import verify_bytes
from ledger.core.format.structs import body_to_json
from ledger.core.records.record import jcs
from ledger.core.trees.notes import Checkpoint, open_checkpoint, sign_note
from ledger.core.verify.attestation import (
    CHECKS,
    FORMAT,
    SECONDS_MAX,
    SKEW_SECONDS,
    Gate,
    gate_hash,
    verify_attestation,
)
from ledger.core.verify.pinned import only
from ledger.errors import NotFound, ProofError, Refused
from ledger.operations.attest import attest
from tests.builders.bundles import AnchoredLedger
from tests.builders.mutations import mutations
from tests.builders.records import DAY, START, Town, address, key
from tests.builders.saved_files import ways
from tests.builders.trusting import everybody

SHOP = ("shop.example", "c2hvcCBvbmNl")
FRESH = address("a key for one day")


class Spring(AnchoredLedger):
    """Ann has 100 hours of credit in 20 days, 2 of honour, and gave 3 yibi away in batch 2."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        town, ledger = self.town, self.ledger
        activity = town.activity("org", town.now + 3600, START + 99 * DAY)
        ledger.append(activity)
        town.now = START + 60 * DAY
        for day in range(20):
            start = START + (20 + day) * DAY
            ledger.append(town.served(ledger, "org", "ann", town.id(activity), start, 300))
        ledger.append(town.honour("org", "second", "ann", START + 50 * DAY, 120))
        self.seal()
        self.first_day = town.now
        town.now += DAY
        ledger.append(town.transfer("ann", "bob", 3))
        self.seal()

    def attest(self, condition: str, at_least: int, name: str = "ann", **options: Any) -> Any:
        asked = {
            "condition": condition,
            "at_least": at_least,
            "presenter": FRESH,
            "gate": "0x" + gate_hash(*SHOP).hex(),
        }
        return attest(self.ledger, self.town.log_key, address(name), asked, **options)

    def gate(self, **changes: Any) -> Gate:
        return replace(Gate(*SHOP, self.town.now + 60), **changes)


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spring]:
    spring = Spring(tmp_path_factory.mktemp("spring"))
    yield spring
    spring.ledger.close()
    spring.ledger.engine.dispose()


def failed(found: object, gate: Gate | None) -> set[str]:
    report = verify_attestation(found, gate)
    assert report.verdict == "invalid"
    assert report.facts == {}
    return {check.name for check in report.checks if check.ok is False}


@pytest.mark.parametrize(
    ("condition", "most"),
    [("credit_hours", 100), ("honour_hours", 2), ("stars", 1), ("balance", 97)],
)
def test_the_answer_is_yes_up_to_what_is_there(spring: Spring, condition: str, most: int) -> None:
    for at_least in (1, most):
        found = spring.attest(condition, at_least)
        report = verify_attestation(found, spring.gate())
        assert report.verdict == "valid", report.checks
        assert [check.name for check in report.checks] == list(CHECKS)
        assert (report.facts["condition"], report.facts["at_least"]) == (condition, at_least)
        assert report.facts["as_of"]["batch"] == 2
    with pytest.raises(Refused) as refused:
        spring.attest(condition, most + 1)
    assert refused.value.code.value == "CONDITION_NOT_MET"
    # Nor does the refusal say how much there is.
    assert refused.value.detail == ""


def test_it_says_yes_and_no_amount_account_or_gate(spring: Spring) -> None:
    ann, bob = spring.attest("balance", 3), spring.attest("balance", 3, name="bob")
    # Ann has 97 and bob has 3: to whoever reads it they are one.
    assert ann == bob
    for told in (address("ann"), address("bob"), *SHOP):
        assert told not in json.dumps(ann)


def test_it_is_as_of_a_day(spring: Spring) -> None:
    found = spring.attest("balance", 100, as_of=spring.first_day)
    report = verify_attestation(found, spring.gate())
    assert report.facts["as_of"]["batch"] == 1
    with pytest.raises(Refused):
        spring.attest("balance", 100)
    with pytest.raises(NotFound):
        spring.attest("balance", 1, as_of=START)


def test_whom_the_ledger_does_not_know_meets_nothing(spring: Spring) -> None:
    for condition in ("credit_hours", "honour_hours", "stars", "balance"):
        with pytest.raises(Refused):
            spring.attest(condition, 1, name="nobody")


def test_another_gate_visit_or_presenter_is_refused(spring: Spring) -> None:
    found = spring.attest("stars", 1)
    assert failed(found, spring.gate(audience="other.example")) == {"gate"}
    assert failed(found, spring.gate(nonce="YW5vdGhlcg")) == {"gate"}
    assert failed(found, spring.gate(presenter=address("bob"))) == {"gate"}
    assert verify_attestation(found, spring.gate(presenter=FRESH)).verdict == "valid"
    # A name does not run over into the random value.
    assert gate_hash("shop", "1") != gate_hash("shop1", "") != gate_hash("", "shop1")


def test_it_lives_for_some_minutes(spring: Spring) -> None:
    now = spring.town.now
    found = spring.attest("stars", 1, seconds=300)
    for moment, verdict in (
        (now - SKEW_SECONDS, "valid"),
        (now - SKEW_SECONDS - 1, "invalid"),
        (now + 299, "valid"),
        (now + 300, "invalid"),
        (now + DAY, "invalid"),
    ):
        assert verify_attestation(found, spring.gate(now=moment)).verdict == verdict
    assert failed(found, spring.gate(now=now + 300)) == {"time"}
    for seconds in (0, -1, SECONDS_MAX + 1):
        with pytest.raises(Refused):
            spring.attest("stars", 1, seconds=seconds)


def test_nobody_in_particular_learns_nothing_for_certain(spring: Spring) -> None:
    found = spring.attest("stars", 1)
    assert verify_attestation(found).verdict == "unchecked"
    data = json.dumps(found).encode()
    for way, file in ways(found).items():
        assert verify_bytes(file, gate=spring.gate(), pins=everybody).verdict == "valid", way
    by_strangers = verify_bytes(data, gate=spring.gate(), pins=only(bytes(32)))
    assert (by_strangers.verdict, by_strangers.within) == ("unpinned", "valid")


def signed(spring: Spring, text: str, by: Ed25519PrivateKey | None = None) -> dict[str, Any]:
    found = copy.deepcopy(spring.attest("stars", 1))
    found["note"] = sign_note(text, spring.town.body.origin, by or spring.town.log_key)
    return found


def stated(spring: Spring, **changes: Any) -> str:
    body = json.loads(spring.attest("stars", 1)["note"].split("\n")[1])
    return f"{FORMAT}\n{jcs({**body, **changes}).decode()}\n"


def test_another_key_signs_nothing(spring: Spring) -> None:
    thief = Ed25519PrivateKey.from_private_bytes(key("thief"))
    assert failed(signed(spring, stated(spring), thief), spring.gate()) == {"signature"}
    assert verify_attestation(signed(spring, stated(spring)), spring.gate()).verdict == "valid"


def test_what_the_log_key_signs_for_others_is_no_attestation(spring: Spring) -> None:
    town = spring.town
    origin, log_key = town.body.origin, town.body.log_key
    checkpoint = Checkpoint(origin, 7, bytes(32)).body()
    assert failed(signed(spring, checkpoint), spring.gate()) == {"signature"}
    # A ledger by the name of the format: its checkpoints have three lines, an attestation two.
    impostor = Checkpoint(FORMAT, 7, bytes(32)).body()
    assert failed(signed(spring, impostor), spring.gate()) == {"signature"}
    note = spring.attest("stars", 1)["note"]
    with pytest.raises(ProofError):
        open_checkpoint(note, origin, log_key)


def test_every_value_has_one_spelling_and_one_ledger(spring: Spring) -> None:
    body = json.loads(stated(spring).split("\n")[1])
    for text in (
        f"{FORMAT}\n{json.dumps(body)}\n",
        f"{FORMAT}\n{jcs({**body, 'amount': 7}).decode()}\n",
        f"hourledger-attestation/v2\n{jcs(body).decode()}\n",
        f"{FORMAT}\n{jcs(body).decode()}\nmore\n",
        stated(spring, ledger="0x" + "00" * 32),
        stated(spring, condition="head"),
        stated(spring, at_least=0),
    ):
        assert failed(signed(spring, text), spring.gate()) == {"signature"}
    for changes in (
        {"expires_at": spring.town.now + SECONDS_MAX + 1},
        {"expires_at": body["issued_at"]},
    ):
        assert failed(signed(spring, stated(spring, **changes)), spring.gate()) == {"time"}


def test_every_mutation_of_an_attestation_is_invalid(spring: Spring) -> None:
    found = spring.attest("credit_hours", 50)
    passed = [
        name
        for name, changed in mutations(found)
        if json.dumps(changed) != json.dumps(found)
        and verify_attestation(changed, spring.gate()).verdict == "valid"
    ]
    assert passed == []


def test_there_is_none_before_the_first_batch(tmp_path: Path) -> None:
    world = AnchoredLedger(tmp_path)
    with pytest.raises(NotFound):
        Spring.attest(world, "stars", 1)  # type: ignore[arg-type]
    world.ledger.close()
    world.ledger.engine.dispose()


def test_the_ledger_answers_for_itself_alone(spring: Spring) -> None:
    """Somebody's own ledger can say anything of itself; who pins a ledger does not hear it."""
    body = replace(Town().body, name="Mine")
    found = {**spring.attest("stars", 1), "genesis": body_to_json(body)}
    assert failed(found, spring.gate()) == {"signature"}
