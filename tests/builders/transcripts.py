"""A ledger with the hours of several months, and transcripts of them."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

from ledger.core.kinds.registry import Service, service_of
from ledger.core.proofs.transcript import PATHS
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import record_id
from ledger.core.state.totals import Status
from ledger.core.state.tree_keys import account_name, status_name
from ledger.core.trees.merkle import inclusion_paths
from ledger.core.trees.patricia_many import find_many
from ledger.operations.transcript import transcript
from ledger.store import tiles
from ledger.store.engine import snapshot
from ledger.store.nodes import loader
from ledger.store.openings import openings
from tests.builders.bundles import AnchoredLedger
from tests.builders.records import DAY, START, address

EVER = 2**53 - 1


class Months(AnchoredLedger):
    """Ann serves in two batches of the past; then one hour is voided and one amended."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        town = self.town
        self.middle = 0
        hours = []
        for day in range(4):
            hours.append(self._hour(day))
            self.ledger.append(town.honour("org", "second", "bob", START + 90000 + day * DAY, 30))
            if day == 1:
                town.now += DAY
                self.seal()
                self.middle = town.now = town.now + DAY
        self.ledger.append(town.void(town.id(hours[1]), "org"))
        assert isinstance(hours[2].body, Service)
        self.amend = town.amend(town.id(hours[2]), replace(hours[2].body, minutes=20))
        self.ledger.append(self.amend)
        self.ledger.append(town.transfer("ann", "bob", 1))
        self.seal()
        self.hours = hours

    def _hour(self, day: int) -> Any:
        start = START + 90000 + day * DAY
        record = self.town.served(self.ledger, "org", "ann", self.activity, start, 60)
        self.ledger.append(record)
        return record

    def transcript(
        self, name: str = "ann", start: int = 0, end: int = EVER, held_by: str = PATHS
    ) -> dict[str, Any]:
        return transcript(self.ledger, address(name), start, end, self._anchors, held_by=held_by)

    def rehung(self, found: dict[str, Any]) -> dict[str, Any]:
        """With the path, statuses and proof that are right for the entries that are there: what
        somebody who has the ledger can make."""
        shown = [entry["index"] for entry in found["entries"]]
        if found["before"] is not None:
            shown.append(found["before"]["seal"]["index"])
        seal = found["after"]["seal"]["entry"]
        account, names = found["account"], []
        for entry in found["entries"]:
            body = decode_entry(entry).record.body
            service = service_of(body)
            if service is not None and service.volunteer == account:
                names.append(status_name(account, record_id(self.town.ledger, body)))
        root = bytes.fromhex(seal["record"]["body"]["state_root"][2:])
        with snapshot(self.ledger.engine) as connection:
            read = tiles.reader(connection)
            path = inclusion_paths(read, shown, seal["index"] + 1) if shown else []
            values, proof = find_many(loader(connection), root, [account_name(account), *names])
            opened = openings(connection, values.values())
        statuses = [Status.of(opened.get(values[name] or b"")).to_json() for name in names]
        return {
            **found,
            "path": base64.b64encode(b"".join(path)).decode(),
            "statuses": statuses,
            "after": {**found["after"], "proof": base64.b64encode(proof).decode()},
        }
