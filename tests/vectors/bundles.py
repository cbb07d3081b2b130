"""The published proof bundles: one of each verdict, what a chain would say of their anchors, and
forgeries, each with the check that it fails.

`python -m tests.vectors.bundles` writes `bundles.json` beside this file, the same bytes each time.
The anchor that the bundles name exists on no chain: `anchors` is what a chain would say of it.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger.core.kinds.registry import Service
from ledger.core.records.record import Record
from ledger.operations.ledger import Ledger
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import ANCHOR, START, Town, address
from tests.vectors.false_changes import false_changes

FILE = Path(__file__).with_name("bundles.json")


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    with TemporaryDirectory() as folder:
        town = Town()
        ledger = opened_ledger(town, Path(folder))
        activity = settle(town, ledger)
        start = START + 90000
        credit, voided, amended, disputed = (
            town.served(ledger, "org", "ann", activity, start + day * 86400, 90) for day in range(4)
        )
        honour = town.honour("org", "second", "bob", start, 45)
        assert isinstance(amended.body, Service)
        amend = town.amend(town.id(amended), replace(amended.body, minutes=60))
        assert isinstance(credit.body, Service)
        compromised = _by_a_clerk(town, ledger, activity, start + 5 * 86400)
        confirmed = _confirmed(town, ledger)
        for record in (credit, voided, amended, disputed, honour, compromised, confirmed):
            ledger.append(record)
        seal(ledger, town.log_key)
        early = bundle(ledger, town.id(voided), _anchors)
        standings = _standings(town, ledger, start)
        for record in (
            town.void(town.id(voided), "org"),
            amend,
            town.objection(town.id(disputed), "ann"),
            town.grant("org", "clerk", "service", action="revoke", valid_from=START),
        ):
            ledger.append(record)
        batch = seal(ledger, town.log_key)
        assert batch is not None
        late = town.served(ledger, "org", "bob", activity, start + 86400, 30)
        undone = town.honour("org", "second", "bob", start + 2 * 86400, 30)
        for record in (late, undone, town.void(town.id(undone), "org")):
            ledger.append(record)
        named = {
            "credit service": (town.id(credit), "valid"),
            "honour service with a delegate": (town.id(honour), "valid"),
            "service that its recipient confirmed": (town.id(confirmed), "valid"),
            "service by a revoked key": (town.id(compromised), "disputed"),
            "clock event": (confirmed.body.clock_out, "valid"),
            "amendment": (town.id(amend), "valid"),
            "certification": (town.id(town_certification(town)), "valid"),
            "voided service": (town.id(voided), "void"),
            "amended service": (town.id(amended), "amended"),
            "disputed service": (town.id(disputed), "disputed"),
            "service in no batch": (town.id(late), "pending"),
            "service in no batch, voided": (town.id(undone), "void"),
            **standings,
        }
        found = [
            {"name": name, "verdict": verdict, "bundle": bundle(ledger, record, _anchors)}
            for name, (record, verdict) in named.items()
        ]
        found.append({"name": "voided service, before", "verdict": "valid", "bundle": early})
        false = [*false_changes(town, ledger, {v["name"]: v["bundle"] for v in found})]
        found += [
            *_by_others(town, ledger, town.id(credit), town.id(honour), town.id(disputed)),
            *false,
        ]
        ledger.close()
        ledger.engine.dispose()
        return {
            "format": "hourledger-bundles/v1",
            "ledger_id": "0x" + town.ledger.hex(),
            "anchors": {str(size): {**ANCHOR, "size": size} for size in _sizes(found)},
            "bundles": found,
        }


def _by_others(
    town: Town, ledger: Ledger, first: bytes, second: bytes, third: bytes
) -> Iterator[dict[str, Any]]:
    """Voids by those who may beside the organisation that recorded the hours."""

    def void(name: str, record: bytes) -> dict[str, Any]:
        return {"name": name, "verdict": "void", "bundle": bundle(ledger, record, _anchors)}

    ledger.append(town.grant("org", "third", "void"))
    ledger.append(town.record(town.void(third, "org").body, ("organisation", "third")))
    yield void("disputed service, voided since by a new delegate", third)
    ledger.append(town.void(second, None))
    ledger.append(town.certify("heir"))
    named = {"action": "succeed", "successor": address("heir"), "valid_from": town.now}
    ledger.append(town.certify("org", **named))
    ledger.append(town.void(first, "heir"))
    yield void("credit service, voided since by a successor", first)
    seal(ledger, town.log_key)
    yield void("credit service, voided by a successor", first)
    yield void("honour service, voided by an authority", second)


def _by_a_clerk(town: Town, ledger: Ledger, activity: bytes, start: int) -> Record:
    """Hours that a delegate signs, whose key will be revoked from before then on."""
    ledger.append(town.grant("org", "clerk", "service"))
    body = town.served(ledger, "org", "ann", activity, start, 60).body
    return town.record(body, ("organisation", "clerk"))


def _standings(town: Town, ledger: Ledger, start: int) -> dict[str, tuple[bytes, str]]:
    """Hours of a clerk around revocations, all in one batch, by what they prove."""

    def signed(day: int) -> bytes:
        body = town.honour("org", "second", "bob", start + day * 86400 + 14400, 20).body
        record = town.record(body, ("organisation", "helper"), ("approver", "second"))
        ledger.append(record)
        return town.id(record)

    def said(action: str, since: int) -> None:
        town.now += 1
        ledger.append(town.grant("org", "helper", "service", action=action, valid_from=since))

    said("grant", START)
    kept = signed(0)
    said("revoke", town.now + 1)
    said("grant", START)
    found = {
        "service before a revocation that is not backdated": (kept, "valid"),
        "service after a revocation and another grant": (signed(1), "valid"),
    }
    town.now += 100
    undone = signed(2)
    said("revoke", town.now - 50)
    seal(ledger, town.log_key)
    found["service before a backdated revocation, in one batch"] = (undone, "disputed")
    return found


def _confirmed(town: Town, ledger: Ledger) -> Record:
    """Hours of an activity that somebody asked for, and who says that they were served."""
    request = town.request("eve", "org")
    ledger.append(request)
    activity = town.activity(
        "org",
        town.now + 3600,
        town.now + 9 * 3600,
        recipient=address("eve"),
        request=town.id(request),
    )
    ledger.append(activity)
    start = town.now + 3600
    town.now += 4 * 3600
    _, went = town.pair("org", "bob", town.id(activity), start, 120)
    said = town.confirmation(town.id(went), "eve")
    service = town.served(
        ledger, "org", "bob", town.id(activity), start, 120, confirmation=town.id(said)
    )
    ledger.append(said)
    return service


def town_certification(town: Town) -> Any:
    """The certification that `settle` appended, when the clock stood at the start."""
    then = Town(now=START)
    assert then.ledger == town.ledger
    return then.certify("org")


def _anchors(_smallest: int, largest: int) -> list[dict[str, Any]]:
    return [{**ANCHOR, "size": largest}]


def _sizes(found: list[dict[str, Any]]) -> list[int]:
    return sorted({a["size"] for vector in found for a in vector["bundle"]["anchors"]})


def rendered() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {len(json.loads(FILE.read_text())['bundles'])} bundles")
