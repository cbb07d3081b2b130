"""The transcript of a person with 200 records, somewhere in a log of a million entries.

The other entries are stood in for by random leaf hashes and the other accounts by made-up totals,
which the proofs cannot tell from real ones.
"""

import base64
import gzip
import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from benchmarks.figure import Figure, each
from benchmarks.proofs import AnyChain
from ledger.core.documents import verify_bytes
from ledger.core.format.structs import body_to_json
from ledger.core.kinds.registry import Seal, Service
from ledger.core.proofs.transcript import CHAIN, FORMAT, PATHS
from ledger.core.records.record import Entry, Record, jcs
from ledger.core.records.signing import sign_sheet
from ledger.core.state.state import Account
from ledger.core.state.totals import account_json, chained
from ledger.core.state.tree_keys import account_name, status_name
from ledger.core.trees.merkle import inclusion_path, inclusion_paths, reader_of, root
from ledger.core.trees.notes import Checkpoint, TlogProof, render_tlog_proof, sign_note
from ledger.core.trees.patricia import Node, update
from ledger.core.trees.patricia_many import find_many
from tests.builders.records import ANCHOR, DAY, START, Town, address, key
from tests.builders.trusting import everybody

RECORDS = 200
SIZE_MAX = 60_000
MILLISECONDS_MAX = 100


def figures(size: int, nodes: Mapping[bytes, Node], tree: bytes) -> Iterator[Figure]:
    """Of a log of `size` entries, over a state tree whose nodes are at hand."""
    for name, records in _lives(Town()).items():
        files = {by: _file(Town(), records, size, by, nodes, tree) for by in (CHAIN, PATHS)}
        short, whole = (json.dumps(f, separators=(",", ":")).encode() for f in files.values())
        packed, everything = gzip.compress(short), len(gzip.compress(whole))
        how = f"{len(records)} entries in a log of {size:,}; gzip, {len(short):,} bytes without; "
        how += f"with a path for each entry {everything:,}, {len(whole):,} without gzip"
        yield Figure(f"transcript, {name}", len(packed), "bytes", "promise", SIZE_MAX, how)
        report = verify_bytes(packed, AnyChain(), pins=everybody)
        assert report.verdict == "valid", report.checks
        for what, data in (("", packed), (", with paths", whole)):
            times = each(partial(verify_bytes, data, AnyChain(), pins=everybody), 20)
            told = "all checks but the chain's answer, median of 20"
            yield Figure(
                f"verify {name}{what}", times[10] * 1000, "ms", "promise", MILLISECONDS_MAX, told
            )


def _lives(town: Town) -> dict[str, list[Record]]:
    """What a person may have 200 records of."""
    days = [START + 90000 + day * DAY for day in range(RECORDS)]
    activities = [_random() for _ in range(20)]
    places = [activities[place % len(activities)] for place in range(RECORDS)]
    honour = [
        town.honour(
            "org", "second", "ann", at, 90, activity=place, evidence=(secrets.token_bytes(32),)
        )
        for at, place in zip(days, places, strict=True)
    ]
    visits = [
        (*town.pair("org", "ann", place, at, 90), town.credit("org", "ann", place, at, 90))
        for at, place in zip(days, places, strict=True)
    ]
    clocked = [record for visit in visits for record in visit]
    return {
        "200 honour services": honour,
        "200 records of clocked visits": clocked[:RECORDS],
        "200 credit services on sheets of 30": [_on_a_sheet(town, v[2]) for v in visits],
        "200 clocked visits, 600 records": clocked,
    }


def _random() -> bytes:
    return secrets.token_bytes(32)


def _on_a_sheet(town: Town, record: Record) -> Record:
    assert isinstance(record.body, Service)
    others = [
        town.service_body("org", f"other {n}", record.body.activity, record.body.started_at, 90)
        for n in range(29)
    ]
    (claim, *_) = sign_sheet(town.ledger, [record.body, *others], "organisation", key("org"))
    return Record(record.body, (claim,))


def _file(
    town: Town,
    records: list[Record],
    size: int,
    held_by: str,
    nodes: Mapping[bytes, Node],
    tree: bytes,
) -> dict[str, Any]:
    places = sorted(secrets.SystemRandom().sample(range(size - 1), len(records)))
    entries = [Entry(i, town.now, r) for i, r in zip(places, records, strict=True)]
    account = address("ann")
    head = bytes(32)
    for entry in entries:
        head = chained(head, entry.leaf())
    own = [town.id(r) for r in records if isinstance(r.body, Service)]
    totals = account_json(Account(honour_minutes=18000, entries=len(entries), head=head), 60)
    names = [status_name(account, name) for name in own]
    found: dict[bytes, Node] = {}

    def load(wanted: Collection[bytes]) -> dict[bytes, Node]:
        return {name: found.get(name) or nodes[name] for name in wanted}

    state_root, new = update(load, tree, {account_name(account): jcs(totals)})
    found |= new
    _, proof = find_many(load, state_root, [account_name(account), *names])
    seal = Entry(size - 1, town.now, Record(Seal(1, state_root, town.ledger, town.now), ()))
    leaves = [_random() for _ in range(size)]
    for entry in (*entries, seal):
        leaves[entry.index] = entry.leaf()
    read = reader_of(leaves)
    path = inclusion_paths(read, places, size) if held_by == PATHS else []
    note = sign_note(
        Checkpoint(town.body.origin, size, root(leaves)).body(), town.body.origin, town.log_key
    )
    proved = TlogProof(seal.index, tuple(inclusion_path(read, seal.index, size)), note)
    return {
        "format": FORMAT,
        "genesis": body_to_json(town.body),
        "charters": [],
        "account": account,
        "from": 0,
        "to": 2**53 - 1,
        "before": None,
        "after": {
            "seal": {"entry": seal.to_json(), "tlog_proof": render_tlog_proof(proved)},
            "totals": totals,
            "proof": base64.b64encode(proof).decode(),
        },
        "entries": [entry.to_json() for entry in entries],
        "statuses": [None] * len(own),
        "held_by": held_by,
        "path": base64.b64encode(b"".join(path)).decode(),
        "anchors": [{**ANCHOR, "size": size}],
    }
