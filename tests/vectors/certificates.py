"""Certificates as their holders keep them, true and forged, each with its verdict.

`python -m tests.vectors.certificates` writes `certificates.json` beside this file, the same bytes
each time. The forgeries are changes of the certificate or of a service by people who may not make
them; `anchors` is what a chain would say.
"""

import base64
import copy
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger.core.records.record import Entry, Record
from ledger.core.trees.merkle import inclusion_paths
from ledger.store import tiles
from ledger.store.engine import snapshot
from tests.builders.certificate_files import IssuingLedger, issuing_ledger
from tests.builders.certificate_records import certificate
from tests.builders.records import START, Town, address
from tests.vectors.false_changes import LATER

FILE = Path(__file__).with_suffix(".json")


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    with TemporaryDirectory() as folder, issuing_ledger(Path(folder)) as made:
        found = [*_all(made)]
        anchors = {str(size): anchor for size, (anchor, _, _) in made.chain.held.items()}
        return {
            "format": "hourledger-certificates/v1",
            "ledger_id": "0x" + made.town.ledger.hex(),
            "anchors": anchors,
            "certificates": found,
        }


def _all(made: IssuingLedger) -> Iterator[dict[str, Any]]:
    town, ledger = made.town, made.ledger
    first, second, third = (made.issue(f"2023-{n}") for n in (1, 2, 3))
    made.seal()
    valid = made.file(first)
    yield {"name": "valid", "verdict": "valid", "file": valid}
    services, names = made.hours, [town.id(record) for record in (first, second, third)]
    strangers: dict[str, Record] = {
        "a stranger's void": town.void(names[0], "eve"),
        "a stranger's void of a service": town.void(services[0], "eve"),
        "a stranger's objection to a service": town.objection(services[0], "eve"),
        "the volunteer's objection to the paper": town.objection(names[0], "ann"),
        "a stranger's newer certificate": _newer(town, "eve", "ann", names[0]),
        "a newer certificate of another": _newer(town, "org", "bob", names[0]),
    }
    for name, record in strangers.items():
        yield _false(name, "roles", with_changes(made, valid, [record]))
    own = town.void(names[0], None)
    yield _false("a void and another", "status", with_changes(made, valid, [own, _own(town, own)]))
    yield _false("a revocation that the tree does not hold", "status", with_revoked(valid))
    ledger.append(town.void(names[1], None))
    yield {"name": "void since by an authority", "verdict": "void", "file": made.file(second)}
    ledger.append(town.void(services[0], "org"))
    made.seal()
    for of, record, target in (("paper", second, names[1]), ("service", first, services[0])):
        void = made.file(record)
        yield {"name": f"{of} void", "verdict": "void", "file": void}
        softer = _newer(town, "org", "ann", target)
        if of == "service":
            softer = town.objection(target, "ann")
        yield _false(f"{of} void, softened", "status", with_changes(made, void, [softer]))
    ledger.append(town.certify("heir"))
    ledger.append(
        town.certify("org", action="succeed", successor=address("heir"), valid_from=town.now)
    )
    ledger.append(town.void(names[2], "heir"))
    yield {"name": "void since by a successor", "verdict": "void", "file": made.file(third)}
    made.seal()
    yield {"name": "void by a successor", "verdict": "void", "file": made.file(third)}
    hidden = copy.deepcopy(made.file(third))
    hidden["proof"][-1]["ledgerProof"]["standing"]["organisation"] = None
    yield _false("the succession left out of the standing", "status", hidden)


def _newer(town: Town, organisation: str, volunteer: str, old: bytes) -> Record:
    return certificate(town, organisation, volunteer, (old,), number="2024-1", supersedes=old)


def _own(town: Town, void: Record) -> Record:
    return town.void(void.body.target, None, reason="other")  # type: ignore[attr-defined]


def _false(name: str, check: str, file: dict[str, Any]) -> dict[str, Any]:
    return {"name": f"with {name}", "verdict": "invalid", "fails": check, "file": file}


def with_revoked(file: dict[str, Any]) -> dict[str, Any]:
    """A certificate whose issuer's key is said to be revoked."""
    found = copy.deepcopy(file)
    standing = found["proof"][-1]["ledgerProof"]["standing"]
    standing["revoked"][0] = [[9999, START]]
    return found


def with_changes(
    made: IssuingLedger,
    file: dict[str, Any],
    changes: Sequence[Record],
) -> dict[str, Any]:
    """A certificate with other changes, newer than its batch, under a path that fits again."""
    found = copy.deepcopy(file)
    proof = found["proof"][-1]["ledgerProof"]
    last = proof["seal"]["index"]
    entries = [
        Entry(last + LATER + place, made.town.now + LATER, record).to_json()
        for place, record in enumerate(changes)
    ]
    proof["changes"] = entries
    lists = ("services", "activities", "certifications", "delegations")
    shown = [proof["seal"], proof["issuer_key"], *(e for name in lists for e in proof[name])]
    inside = sorted({entry["index"] for entry in shown})
    with snapshot(made.ledger.engine) as connection:
        path = inclusion_paths(tiles.reader(connection), inside, last + 1)
    proof["path"] = base64.b64encode(b"".join(path)).decode()
    return found


def rendered() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {len(json.loads(FILE.read_text())['certificates'])} certificates")
