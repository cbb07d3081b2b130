"""What was taken back of what a record rests on, and what became of it: as a batch has it, with the
proof, and as it stands now."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from ledger.core.kinds.registry import Clock
from ledger.core.proofs.standing import Taken, parse_taken
from ledger.core.records.charters import Root
from ledger.core.records.record import Entry, Record
from ledger.core.state.openings import Opened
from ledger.core.state.state import State, delegation_key, organisation_key
from ledger.core.state.taken_back import Pairs
from ledger.core.state.totals import Status
from ledger.core.state.tree_keys import delegation_name, organisation_name
from ledger.core.trees.patricia_many import find_many
from ledger.core.verify.signers import issuer_of
from ledger.core.verify.standing import Rest, clock_rests, entry_rests, is_taken, keys_of
from ledger.operations.summary import root_of
from ledger.store.entries import Batch
from ledger.store.nodes import loader
from ledger.store.openings import openings


@dataclass(frozen=True, slots=True)
class Leaves:
    """What a proof asks of the tree: the organisation, the keys that act for it, statuses."""

    organisation: bytes | None
    keys: tuple[bytes, ...]
    statuses: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the tree says; two that say the same are equal, whatever their proofs."""

    taken: Taken
    statuses: tuple[Status, ...]
    proof: bytes = field(compare=False)

    def proof_json(self) -> str:
        """The proof as files have it."""
        return base64.b64encode(self.proof).decode()


def leaves_of(
    organisation: str | None, rests: Sequence[Rest], statuses: Iterable[bytes | None]
) -> Leaves:
    """The leaves behind what rests so, and those statuses that there can be."""
    own = organisation and organisation_name(organisation)
    keys = tuple(keys_of(organisation, rests))
    return Leaves(own or None, keys, tuple(key for key in statuses if key is not None))


def told(connection: Connection, batch: Batch, leaves: Leaves) -> Told:
    """What the tree of a batch says of some leaves, with one proof of all."""
    own = (leaves.organisation,) if leaves.organisation else ()
    asked = [*own, *leaves.keys, *leaves.statuses]
    if not asked:
        return Told(Taken(None, ()), (), b"")
    values, proof = find_many(loader(connection), root_of(connection, batch), asked)
    opened = openings(connection, values.values())

    def of(key: bytes) -> Opened | None:
        return opened.get(values[key] or b"")

    organisation = _stated(of(own[0])) if own else None
    revoked = [_stated(of(key), "revoked") or [] for key in leaves.keys]
    statuses = tuple(Status.of(of(key)) for key in leaves.statuses)
    return Told(parse_taken(organisation, revoked), statuses, proof)


def _stated(opened: Opened | None, member: str = "") -> Any:
    stated = None if opened is None else json.loads(opened.stated)
    return stated[member] if stated and member else stated


def record_rests(
    root: Root, entry: Entry, basis: Iterable[Entry], behind: Sequence[Entry] = ()
) -> list[Rest]:
    """What a record rests on, and its clock events; `behind`: the certification and the grants."""
    certified = next((e for e in behind if e.record.kind == "organisation"), None)
    rests = entry_rests(root, entry)
    for part in basis:
        if isinstance(part.record.body, Clock):
            rests += clock_rests(part.record, entry.index, certified, behind)
    return rests


def revoked_now(state: State, records: Iterable[Record], rests: Iterable[Rest]) -> bool:
    """Whether something was taken back, as it stands now, of what some records rest on."""
    pairs = _live(state, records)
    return is_taken({rest[0]: pairs.get(rest[0], ()) for rest in rests}, rests)


def _live(state: State, records: Iterable[Record]) -> Mapping[bytes, Pairs]:
    found: dict[bytes, Pairs] = {}
    for record in records:
        organisation = issuer_of(record)
        if organisation is None:
            continue
        own = state.get(organisation_key(organisation))
        found[organisation_name(organisation)] = own.ended if own else ()
        for claim in record.signatures:
            key = state.get(delegation_key(organisation, claim.signer))
            found[delegation_name(organisation, claim.signer)] = key.revoked if key else ()
    return found
