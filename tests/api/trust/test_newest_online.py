"""`verify --online` of an old proof: what became of the record since is judged first, and a site
that lies cannot make good what is not."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.trust.home import home_json
from api.trust.pins import Charter
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from tests.builders.commands import Done
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import ANCHOR, START
from tests.builders.sites import HOST, Serve, TownAtHome, answering


@dataclass
class Hour:
    """The proofs of an hour: on the day it was entered, the same a batch later, and after it was
    voided; and the proof of another hour."""

    ledger: bytes
    record: bytes
    old: dict[str, Any]
    later: dict[str, Any]
    void: dict[str, Any]
    other: dict[str, Any]

    def site(self, newest: object) -> Any:
        """A site that gives this as the newest proof."""
        named = home_json(self.ledger, Charter(1, self.ledger))
        record = f"/v1/records/0x{self.record.hex()}/proof"
        return answering({"/.well-known/hourledger.json": named, record: newest})


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Hour:
    town = TownAtHome()
    ledger = opened_ledger(town, tmp_path_factory.mktemp("hour"))
    activity = settle(town, ledger)
    served = [
        town.served(ledger, "org", who, activity, START + 90000, 90) for who in ("ann", "bob")
    ]

    def sealed(which: int, record: Any = None) -> dict[str, Any]:
        if record is not None:
            ledger.append(record)
        seal(ledger, town.log_key)
        return bundle(ledger, town.id(served[which]), lambda *_: [])

    old = sealed(0, served[0])
    other = sealed(1, served[1])
    later = sealed(0)
    void = sealed(0, town.void(town.id(served[0]), "org"))
    return Hour(town.ledger, town.id(served[0]), old, later, void, other)


@pytest.fixture
def judged(
    call: Callable[..., Done], serve: Serve, tmp_path: Path, hour: Hour
) -> Callable[..., tuple[str, str | None]]:
    """Verdict on a file and what came of asking a site, and the verdict without it."""

    def of(file: dict[str, Any], newest: object) -> tuple[str, str | None]:
        path = tmp_path / "file.json"
        path.write_text(json.dumps(file), encoding="utf-8")
        at = serve(hour.site(newest), HOST)
        done = call("verify", path, "--online", "--at", at, "--json").json
        return done["verdict"], done["facts"].get("news")

    return of


def test_an_old_proof_of_a_voided_hour_reads_void(
    judged: Callable[..., tuple[str, str | None]], hour: Hour
) -> None:
    assert judged(hour.old, hour.later) == ("pending", "same")
    assert judged(hour.old, hour.void) == ("void", "newer")


def test_a_site_cannot_bring_a_voided_hour_back(
    judged: Callable[..., tuple[str, str | None]], hour: Hour
) -> None:
    for newest in (hour.old, hour.later):
        assert judged(hour.void, newest) == ("void", "unfit")


def test_what_does_not_hold_or_is_of_something_else_does_not_count(
    judged: Callable[..., tuple[str, str | None]], hour: Hour
) -> None:
    forged = {**hour.void, "seal": hour.old["seal"]}
    for newest in (hour.other, forged, b"{}", b"", {"format": "hourledger-proof/v9"}):
        assert judged(hour.old, newest) == ("pending", "unfit"), newest
    assert judged(hour.old, None) == ("pending", "missing")


def test_an_older_proof_than_the_file_is_no_news(
    judged: Callable[..., tuple[str, str | None]], hour: Hour
) -> None:
    assert judged(hour.later, hour.old) == ("pending", "unfit")


def test_what_is_invalid_by_itself_is_not_asked_about(
    judged: Callable[..., tuple[str, str | None]], hour: Hour
) -> None:
    assert judged({**hour.old, "surplus": 1}, hour.later) == ("invalid", None)


def test_what_came_of_asking_is_said(
    call: Callable[..., Done], serve: Serve, tmp_path: Path, hour: Hour
) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(hour.old), encoding="utf-8")
    done = call("verify", path, "--online", "--at", serve(hour.site(hour.void), HOST))
    assert done.code == 1
    said = " ".join(done.out.replace("│", " ").split())
    assert "VOID" in said
    assert "holds a newer proof of the same" in said
    assert ANCHOR["contract"] not in said
