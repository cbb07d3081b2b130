"""Whoever holds every key of a ledger, and makes proof files of entries that no ledger took.

All signatures, hashes and paths of such a file hold; what is left to judge is what it says.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ledger.core.format.structs import body_to_json
from ledger.core.kinds.registry import (
    Amend,
    Decision,
    Objection,
    Seal,
    Transfer,
    Void,
    service_of,
)
from ledger.core.records.record import Entry, Record, jcs
from ledger.core.records.signing import sign
from ledger.core.state.hours_by_month import Cell, cell_hash, month_value
from ledger.core.state.openings import Opened
from ledger.core.state.totals import RECORDED, Status, chained
from ledger.core.state.tree_keys import account_name, month_name, status_name
from ledger.core.trees.merkle import inclusion_path, inclusion_paths, leaf_hash, reader_of, root
from ledger.core.trees.notes import Checkpoint, TlogProof, render_tlog_proof, sign_note
from ledger.core.trees.patricia import EMPTY, Node, update
from ledger.core.trees.patricia_many import find_many
from ledger.core.verify.anchor import AnchorFinding
from tests.builders.records import ANCHOR, DAY, START, Town, address, key

NOON = START + 90000
SEALED = START + 10 * DAY
BLOCK = START + 100 * DAY
OPENING = b"\x55" * 32
STATUS = {"void": "void", "amend": "amended", "objection": "disputed"}
CELL = {"hour_class": "credit", "category": "", "salt": "0x" + "44" * 32}


@dataclass(frozen=True)
class Blocks:
    """A chain that holds whatever it is asked for, in a block of one time."""

    time: int = BLOCK

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        return AnchorFinding("final", "as told", self.time)


@dataclass
class Forger:
    """Entries of ann from the log's first on, as they are to be told. Times in Unix seconds."""

    town: Town = field(default_factory=lambda: Town(now=NOON))
    entries: list[Entry] = field(default_factory=list)
    earlier: int = 0
    """So many of the entries stand before an earlier seal, and are not shown."""

    def add(self, record: Record, accepted_at: int) -> Entry:
        """One more entry, ten places behind the one before."""
        entry = Entry(10 * (1 + len(self.entries)), accepted_at, record)
        self.entries.append(entry)
        return entry

    def served(self, day: int = 0, minutes: int = 60, **changes: Any) -> Entry:
        """Clocked hours of ann at `org`, and their clock events."""
        start, activity = NOON + day * DAY, key("activity")
        for event in self.town.pair("org", "ann", activity, start, minutes):
            self.add(event, start + minutes * 60)
        record = self.town.credit("org", "ann", activity, start, minutes, **changes)
        return self.add(record, start + minutes * 60 + 30)

    def again(self, place: int, **changes: Any) -> None:
        """The entry at a place with other members, its body too, signed again."""
        old = self.entries[place]
        members = {n: changes.pop(n) for n in ("accepted_at", "index") if n in changes}
        body = replace(old.record.body, **changes)
        names = {address(name): name for name in ("org", "ann", "station", "second", "eve")}
        claims = tuple(
            sign(self.town.ledger, body, claim.role, key(names[claim.signer]))
            for claim in old.record.signatures
        )
        self.entries[place] = replace(old, record=Record(body, claims), **members)

    def unsigned(self) -> None:
        """All entries without their signatures."""
        self.entries = [replace(e, record=replace(e.record, signatures=())) for e in self.entries]

    def statuses(self) -> dict[bytes, Status]:
        """What the entries say became of ann's services."""
        found = {}
        for entry in self.entries:
            body, name = entry.record.body, self.town.id(entry.record)
            service = service_of(body)
            if isinstance(body, Void | Amend | Objection):
                found[body.target] = Status(STATUS[entry.record.kind], name, OPENING)
            if isinstance(body, Decision) and body.outcome == "rejected":
                found[body.target] = Status("recorded", name, OPENING)
            if service is not None and service.volunteer == address("ann"):
                found[name] = RECORDED
        return found

    def totals(self, statuses: Mapping[bytes, Status]) -> dict[str, Any]:
        """What the entries come to, with the head of their chain."""
        sums, head = Counter[str](), bytes(32)
        for entry in self.entries:
            head = chained(head, entry.leaf())
            body, status = entry.record.body, statuses.get(self.town.id(entry.record))
            service = service_of(body)
            if service is not None and status is not None and status.word != "amended":
                void = status.word == "void"
                sums["voided" if void else service.hour_class] += service.minutes
            if isinstance(body, Transfer):
                sums["sent" if body.sender == address("ann") else "received"] += body.coins
        return {
            "credit_minutes": sums["credit"],
            "honour_minutes": sums["honour"],
            "voided_minutes": sums["voided"],
            "minted": sums["credit"] // self.town.policy.minutes_per_yibi,
            "received": sums["received"],
            "sent": sums["sent"],
            "entries": len(self.entries),
            "head": "0x" + head.hex(),
        }

    def transcript(
        self,
        *,
        stated: Mapping[bytes, Status] | None = None,
        held_by: str = "paths",
        totals: Mapping[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
        **sealed: Any,
    ) -> dict[str, Any]:
        """A transcript of all entries, or those behind the earlier seal, with other totals and
        statuses where they are given (`before`: totals at the earlier seal)."""
        statuses = self.statuses() | dict(stated or {})
        told = self.totals(statuses) | dict(totals or {})
        entries, first = self.entries[self.earlier :], self._first(before or {})
        mine = [self.town.id(e.record) for e in entries if self._is_own(e)]
        names = {status_name(address("ann"), name): statuses[name].value() for name in mine}
        held = {name: value for name, value in names.items() if value is not None}
        tree = {account_name(address("ann")): _hidden(told), **held, b"another": b"value"}
        asked = [account_name(address("ann")), *names]
        shown = [*(entries if held_by == "paths" else []), *([first[0]] if first else [])]
        seal, path, proof = self._sealed(tree, asked, shown, sealed)
        return {
            "format": "hourledger-transcript/v1",
            "genesis": body_to_json(self.town.body),
            "charters": [],
            "account": address("ann"),
            "from": first[0].accepted_at + 3601 if first else 0,
            "to": 2**53 - 1,
            "before": first and {"seal": first[0].to_json(), **_told(first[1]), "proof": first[2]},
            "after": {"seal": seal, **_told(told), "proof": proof},
            "entries": [entry.to_json() for entry in entries],
            "statuses": [statuses[name].to_json() for name in mine],
            "held_by": held_by,
            "path": path,
            "anchors": [{**ANCHOR, "size": self._size()}],
        }

    def _first(self, totals: Mapping[str, Any]) -> tuple[Entry, dict[str, Any], str] | None:
        """The earlier seal, a second after the last entry before it, what its tree says, and the
        proof of that."""
        if not self.earlier:
            return None
        past = Forger(self.town, self.entries[: self.earlier])
        told, name = past.totals(past.statuses()) | dict(totals), account_name(address("ann"))
        top, nodes = _tree({name: _hidden(told), b"another": b"value"})
        _, proof = find_many(lambda names: {n: nodes[n] for n in names}, top, [name])
        last = past.entries[-1]
        body = Seal(1, top, self.town.ledger, last.accepted_at + 1)
        seal = Entry(last.index + 1, body.sealed_at, Record(body, ()))
        return seal, told, base64.b64encode(proof).decode()

    def statement(self, totals: Mapping[str, Any] | None = None, **sealed: Any) -> dict[str, Any]:
        """A statement of ann's totals, with others where they are given."""
        told = self.totals(self.statuses()) | dict(totals or {})
        name = account_name(address("ann"))
        tree = {name: _hidden(told), b"another": b"value"}
        seal, _, proof = self._sealed(tree, [name], [], sealed)
        return {
            "format": "hourledger-account/v1",
            "genesis": body_to_json(self.town.body),
            "charters": [],
            "account": address("ann"),
            "seal": seal,
            **_told(told),
            "proof": proof,
            "anchors": [{**ANCHOR, "size": self._size()}],
        }

    def disclosure(self, month: str, minutes: int, **sealed: Any) -> dict[str, Any]:
        """A disclosure of one month with one cell."""
        cell = Cell(CELL["hour_class"], CELL["category"], minutes)
        value = month_value([cell_hash(cell, bytes.fromhex(CELL["salt"][2:]))])
        name = month_name(address("ann"), month)
        tree = {name: value, b"another": b"value"}
        seal, _, proof = self._sealed(tree, [name], [], sealed)
        return {
            "format": "hourledger-disclosure/v1",
            "genesis": body_to_json(self.town.body),
            "charters": [],
            "account": address("ann"),
            "from": month,
            "to": month,
            "seal": seal,
            "months": [[{**CELL, "minutes": minutes}]],
            "proof": proof,
            "anchors": [{**ANCHOR, "size": self._size()}],
        }

    def _is_own(self, entry: Entry) -> bool:
        service = service_of(entry.record.body)
        return service is not None and service.volunteer == address("ann")

    def _size(self) -> int:
        return max((entry.index for entry in self.entries), default=0) + 2

    def _sealed(
        self,
        tree: Mapping[bytes, bytes],
        asked: Iterable[bytes],
        shown: Sequence[Entry],
        sealed: Mapping[str, Any],
    ) -> tuple[dict[str, Any], str, str]:
        top, nodes = _tree(tree)
        _, proof = find_many(lambda names: {n: nodes[n] for n in names}, top, asked)
        seal, path = self._seal(top, shown, sealed)
        return seal, path, base64.b64encode(proof).decode()

    def _seal(
        self, top: bytes, shown: Sequence[Entry], sealed: Mapping[str, Any]
    ) -> tuple[dict[str, Any], str]:
        """The seal with its proof, and the path of what is shown under it."""
        size = self._size()
        time, at = sealed.get("sealed_at", SEALED), sealed.get("accepted_at")
        body = Seal(2 if self.earlier else 1, top, self.town.ledger, time)
        claims = [
            sign(self.town.ledger, body, "organisation", key(n)) for n in sealed.get("by", ())
        ]
        entry = Entry(size - 1, time if at is None else at, Record(body, tuple(claims)))
        leaves = [leaf_hash(str(place).encode()) for place in range(size)]
        for one in (*self.entries, *shown, entry):
            leaves[one.index] = one.leaf()
        read, origin = reader_of(leaves), self.town.body.origin
        note = sign_note(Checkpoint(origin, size, root(leaves)).body(), origin, self.town.log_key)
        steps = tuple(inclusion_path(read, size - 1, size))
        proof = render_tlog_proof(TlogProof(size - 1, steps, note))
        indices = {one.index for one in shown}
        path = b"".join(inclusion_paths(read, indices, size)) if indices else b""
        proven = {"entry": entry.to_json(), "tlog_proof": proof}
        return proven, base64.b64encode(path).decode()


def _tree(values: Mapping[bytes, bytes]) -> tuple[bytes, dict[bytes, Node]]:
    return update(lambda _: {}, EMPTY, values)


def rendered(file: Mapping[str, Any]) -> bytes:
    """The bytes of a file."""
    return json.dumps(file).encode()


def _hidden(told: Mapping[str, Any]) -> bytes:
    """The value of an account's leaf."""
    return Opened(OPENING, jcs(told)).value()


def _told(told: Mapping[str, Any]) -> dict[str, Any]:
    return {"totals": told, "opening": "0x" + OPENING.hex()}
