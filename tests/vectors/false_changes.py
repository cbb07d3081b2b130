"""Changes that the ledger would not have taken, put into true proofs by people with other keys.

What is newer than the checkpoint has no proof but its signatures, so anybody can put such an entry
into a file: who signed it, and what the tree says already, must decide what it counts for.
"""

import base64
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.registry import Amend, Service, service_of
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Entry, Record
from ledger.core.trees.merkle import inclusion_paths
from ledger.operations.ledger import Ledger
from ledger.store import tiles
from ledger.store.engine import snapshot
from tests.builders.certificate_records import certificate
from tests.builders.records import ZERO, Town, address

LATER = 60
"""Seconds, and places in the log, between a proof and what is put into it."""

Make = Callable[[Town, Service, bytes], Record]


def _stranger_void(town: Town, _: Service, target: bytes) -> Record:
    return town.void(target, "eve")


def _stranger_objection(town: Town, _: Service, target: bytes) -> Record:
    return town.objection(target, "eve")


def _own_objection(town: Town, _: Service, target: bytes) -> Record:
    return town.objection(target, "ann")


def _decision(by: str, outcome: str) -> Make:
    def make(town: Town, _: Service, target: bytes) -> Record:
        return town.decision(ZERO, target, by, outcome)

    return make


def _authority_for_somebody(town: Town, _: Service, target: bytes) -> Record:
    return town.record(town.void(target, "org").body, ("authority", "authority"))


def _clerk_without_a_grant(town: Town, _: Service, target: bytes) -> Record:
    return town.record(town.void(target, "org").body, ("organisation", "eve"))


def _certificate(town: Town, _: Service, target: bytes) -> Record:
    return certificate(town, "org", "ann", (target,), supersedes=target)


def _amend(by: str, second: str, **changes: Any) -> Make:
    def make(town: Town, service: Service, target: bytes) -> Record:
        body = Amend(target, replace(service, **changes), "wrong_time", ZERO, town.now)
        return town.record(body, ("organisation", by), ("approver", second))

    return make


FALSE: tuple[tuple[str, str, Make, str], ...] = (
    ("credit service", "a stranger's void", _stranger_void, "roles"),
    ("credit service", "a stranger's objection", _stranger_objection, "roles"),
    (
        "credit service",
        "a stranger's amendment",
        _amend("eve", "authority", organisation=address("eve")),
        "roles",
    ),
    ("credit service", "an authority's void for another", _authority_for_somebody, "roles"),
    ("credit service", "a void by a key without a grant", _clerk_without_a_grant, "roles"),
    ("credit service", "a certificate in its place", _certificate, "roles"),
    ("credit service", "more hours", _amend("org", "authority", minutes=91), "roles"),
    (
        "credit service",
        "the hours of another",
        _amend("org", "authority", volunteer=address("bob")),
        "roles",
    ),
    ("clock event", "the organisation's void", lambda t, _, x: t.void(x, "org"), "roles"),
    ("service in no batch", "a stranger's void", _stranger_void, "roles"),
    ("disputed service", "a stranger's void", _stranger_void, "roles"),
    ("disputed service", "a stranger's decision", _decision("eve", "rejected"), "roles"),
    ("disputed service", "a decision that no batch holds", _decision("org", "rejected"), "status"),
    ("disputed service", "a decision that upheld it", _decision("org", "upheld"), "status"),
    ("voided service", "a stranger's objection", _stranger_objection, "roles"),
    ("voided service", "the volunteer's objection", _own_objection, "status"),
    ("voided service", "an amendment", _amend("org", "authority"), "status"),
    ("amended service", "the volunteer's objection", _own_objection, "status"),
    ("amended service", "another amendment", _amend("org", "authority", minutes=50), "status"),
)
"""Name of the published bundle, what is put into it, the record, and the check that fails."""


def false_changes(
    town: Town, ledger: Ledger, bundles: dict[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Each as a vector: a name, the verdict, the check that fails, the file."""
    for of, what, make, check in FALSE:
        found = bundles[of]
        entry = decode_entry(found["record"]["entry"])
        service, target = service_of(entry.record.body), town.id(entry.record)
        nothing = town.service_body("org", "ann", ZERO, 0, 0)
        forged = with_change(town, ledger, found, make(town, service or nothing, target))
        yield _vector(f"{of}, with {what}", check, forged)
    yield from _other_standings(bundles["credit service"], bundles["service by a revoked key"])
    found = bundles["credit service"]
    target = town.id(decode_entry(found["record"]["entry"]).record)
    named = town.certify("org", action="succeed", successor=address("eve"), valid_from=town.now)
    alone = town.record(named.body, ("authority", "eve"))
    for what, grants in (("that appointed itself", [alone]), ("of somebody else", [_other(town)])):
        forged = with_change(town, ledger, found, town.void(target, "eve"), grants)
        yield _vector(f"credit service, with the void of a successor {what}", "roles", forged)
    forged = with_change(town, ledger, found, town.void(target, "org"), [named])
    yield _vector("credit service, with a succession that nothing needs", "roles", forged)


def _other_standings(clean: dict[str, Any], revoked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Of what was taken back neither more nor less can be shown than the tree holds."""
    (pairs,) = (pairs for pairs in revoked["standing"]["revoked"] if pairs)
    place = revoked["standing"]["revoked"].index(pairs)
    others = {
        "the revocation left out": [],
        "a revocation before the record": [[1, pairs[0][1]]],
        "a revocation of later": [[pairs[0][0], 2**53 - 1]],
        "a revocation more": [*pairs, [pairs[0][0] + 1, pairs[0][1] + 1]],
    }
    for what, other in others.items():
        forged = copy.deepcopy(revoked)
        forged["standing"]["revoked"][place] = other
        yield _vector(f"service by a revoked key, with {what}", "status", forged)
    for what, keys in (("a key left out", []), ("a key more", [[], [], [], []])):
        forged = copy.deepcopy(revoked)
        forged["standing"]["revoked"] = keys
        yield _vector(f"service by a revoked key, with {what}", "status", forged)
    suspended = {"ended": [[9999, 1]], "successor": ZERO_ADDRESS}
    forged = copy.deepcopy(clean)
    forged["standing"]["organisation"] = suspended
    yield _vector("credit service, with a suspension that nobody made", "status", forged)


def _other(town: Town) -> Record:
    return town.certify("second", action="succeed", successor=address("eve"), valid_from=town.now)


def _vector(name: str, check: str, bundle: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "verdict": "invalid", "fails": check, "bundle": bundle}


def with_change(
    town: Town,
    ledger: Ledger,
    bundle: dict[str, Any],
    record: Record,
    grants: Sequence[Record] = (),
) -> dict[str, Any]:
    """A bundle with another change, newer than its batch, and with grants as new, under a path that
    fits again."""
    seal = bundle["seal"]
    last = (seal or bundle["record"]["entry"])["index"]
    found = copy.deepcopy(bundle)
    entries = [
        Entry(last + LATER + place, town.now + LATER, made).to_json()
        for place, made in enumerate([*grants, record])
    ]
    *new, found["change"] = entries
    found["delegations"] += new
    if seal is not None:
        shown = [found["certification"], *found["delegations"], seal]
        inside = sorted({e["index"] for e in shown if e is not None and e["index"] <= last})
        with snapshot(ledger.engine) as connection:
            path = inclusion_paths(tiles.reader(connection), inside, last + 1)
        found["path"] = base64.b64encode(b"".join(path)).decode()
    return found
