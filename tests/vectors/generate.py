"""The published records: what another implementation must reproduce byte for byte.

`python -m tests.vectors.generate` writes `records.json` beside this file; a second run writes the
same bytes. The types are those of `typed_data`, written by hand. All keys are public test keys.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from ledger.core.format.structs import Body, body_to_json, struct_hash
from ledger.core.kinds.registry import Calendar, PolicyChange, Seal, Service, SheetBody
from ledger.core.records.record import Entry, Record, digest, domain_separator, record_to_json
from ledger.core.records.signing import leaf_of, sign_sheet
from ledger.core.trees.merkle import EMPTY_ROOT, root
from tests.builders import certificate_records
from tests.builders.records import POLICY, START, Town, address, key
from tests.vectors.typed_data import SHEET, TYPES, Types, domain

FILE = Path(__file__).with_name("records.json")
SIGNERS = ("authority", "org", "second", "station", "ann", "bob", "child", "school")

CALENDAR = Calendar(2023, (19612, 19613), (19615,), START)
"""A free Tuesday and Wednesday in September 2023, and a Friday of work."""


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    town = Town()
    records = _records(town)
    return {
        "format": "hourledger-records/v1",
        "about": "Body, EIP-712 types, digests, signatures, entry bytes and leaf of every kind.",
        "domain": domain(town.ledger),
        "domain_separator": _hex(domain_separator(town.ledger)),
        "ledger_id": _hex(town.ledger),
        "signing_keys": {address(name): _hex(key(name)) for name in SIGNERS},
        "sheet": _sheet(town, [record.body for name, record in records if "sheet" in name]),
        "records": [_vector(town, i, *named) for i, named in enumerate(records)],
    }


def _records(town: Town) -> list[tuple[str, Record]]:
    activity = town.activity("org", START + 3600, START + 864000, title="河岸清洁 – Elbe")
    at, start = town.id(activity), START + 90000
    credit = town.credit("org", "ann", at, start, 90)
    assert isinstance(credit.body, Service)
    objection = town.objection(town.id(credit), "ann")
    change = PolicyChange(replace(POLICY, day_minutes_max=480), 2, "shorter days", START)
    return [
        ("genesis", town.genesis()),
        ("policy", town.record(change, ("authority", "authority"))),
        ("organisation, certified", town.certify("org")),
        ("delegation, granted", town.grant("org", "second", "service", "approve")),
        ("volunteer", town.enrol("ann")),
        ("volunteer under 14", town.enrol("child", guardian="ann")),
        ("calendar", town.record(CALENDAR, ("authority", "authority"))),
        ("request", town.request("bob", "org")),
        ("activity", activity),
        ("activity, changed", town.change(at, "org")),
        ("signup", town.signup(at, "ann")),
        *zip(("clock, in", "clock, out"), town.pair("org", "ann", at, start, 90), strict=True),
        ("confirmation", town.confirmation(town.id(activity), "bob")),
        ("permit", town.permit("org")),
        ("approval by an authority", town.approval("org", "ann", 19676, 800)),
        ("approval by a parent", town.approval("org", "ann", 19676, 700, parent="second")),
        ("service, credit", credit),
        ("service, honour", town.honour("org", "second", "ann", start, 45, evidence=(at,))),
        *_on_one_sheet(town, at),
        ("void by an authority", town.void(town.id(credit), None)),
        ("amend", town.amend(town.id(credit), replace(credit.body, minutes=60))),
        ("objection", objection),
        ("decision", town.decision(town.id(objection), town.id(credit), "org", "rejected")),
        ("transfer", town.transfer("ann", "bob", 1, nonce=1)),
        ("issuer_key", certificate_records.issuer_key(town, "org")),
        ("certificate", certificate_records.certificate(town, "org", "ann", (town.id(credit),))),
        ("consent", certificate_records.consent(town, "ann", "school")),
        (
            "credit_decision",
            certificate_records.decision(town, "school", "ann", (town.id(credit),)),
        ),
        ("seal", Record(Seal(1, EMPTY_ROOT, START), ())),
    ]


def _on_one_sheet(town: Town, activity: bytes) -> list[tuple[str, Record]]:
    """Three services for which the organisation signed one sheet."""
    bodies = [
        town.service_body("org", "ann", activity, START + day * 86400, 60) for day in (2, 3, 4)
    ]
    claims = sign_sheet(town.ledger, bodies, "organisation", key("org"))
    return [
        (f"service on a sheet, {place + 1} of 3", Record(body, (claims[place],)))
        for place, body in enumerate(bodies)
    ]


def _vector(town: Town, index: int, name: str, record: Record) -> dict[str, Any]:
    entry = Entry(index, START + index, record)
    return {
        "name": name,
        "kind": record.kind,
        **_signed(town, TYPES[record.kind], record.body),
        "signatures": record_to_json(record)["signatures"],
        "entry": entry.to_bytes().decode(),
        "leaf_hash": _hex(entry.leaf()),
    }


def _sheet(town: Town, bodies: list[Body]) -> dict[str, Any]:
    leaves = [leaf_of(digest(town.ledger, body)) for body in bodies]
    claim = sign_sheet(town.ledger, bodies, "organisation", key("org"))[0]
    return {
        **_signed(town, SHEET, SheetBody(root(leaves), len(leaves))),
        "signer": claim.signer,
        "signature": _hex(claim.signature),
    }


def _signed(town: Town, typed: tuple[str, Types], body: Body) -> dict[str, Any]:
    return {
        "primary_type": typed[0],
        "types": typed[1],
        "body": body_to_json(body),
        "struct_hash": _hex(struct_hash(body)),
        "digest": _hex(digest(town.ledger, body)),
    }


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def rendered() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {len(vectors()['records'])} records")
