"""A ledger of three authorities, two of whom sign, that adopts charters; and what it then shows."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.core.kinds.registry import AnyCharter, Charter
from ledger.core.records.record import Record
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from tests.builders.kinds.charters import following
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town, address, key

MEMBERS = ("authority", "mayor", "warden")
NEW_LOG = Ed25519PrivateKey.from_private_bytes(key("another log"))


def rising(*names: str) -> tuple[str, ...]:
    """Addresses in the order in which charters have them."""
    return tuple(sorted(map(address, names), key=str.lower))


class Council:
    """The ledger; `keys` are those of its log that are at hand."""

    def __init__(self, folder: Path) -> None:
        self.town = Town(authorities=MEMBERS, threshold=2, certify_threshold=2)
        self.ledger = opened_ledger(self.town, folder)
        self.activity = settle(self.town, self.ledger)
        self.keys = [self.town.log_key]
        self.seal()

    def seal(self) -> None:
        seal(self.ledger, *self.keys)

    @property
    def charter(self) -> AnyCharter:
        return self.ledger.head().charter

    def next(self, **changes: Any) -> Charter:
        """The charter that would follow, but for some changes."""
        return following(self.charter, self.town.now, **changes)

    def adopt(self, *signers: str, **changes: Any) -> int:
        """Its index, signed by two of the members unless others are named."""
        record = self.town.by_authorities(self.next(**changes), *(signers or MEMBERS[:2]))
        index = self.ledger.append(record).index
        self.seal()
        return index

    def rotate(self) -> int:
        """Adopt another log key; the old one is lost."""
        self.keys = [NEW_LOG]
        public = NEW_LOG.public_key().public_bytes_raw()
        return self.adopt(log_key=public)

    def serve(self, day: int) -> bytes:
        """Hours of `ann` on a day of the activity; the record id."""
        begins = START + 90000 + day * 86400
        self.town.now = max(self.town.now, begins + 86400)
        service = self.town.served(self.ledger, "org", "ann", self.activity, begins, 90)
        self.ledger.append(service)
        return self.town.id(service)

    def bundle(self, record: bytes) -> dict[str, Any]:
        """The proof of a record, on no chain."""
        return bundle(self.ledger, record, lambda *_: [])

    def record(self, body: Any, *signers: str) -> Record:
        return self.town.by_authorities(body, *signers)

    def targets(self, **changes: Any) -> tuple[Any, ...]:
        """The targets of the charter in force, the first one changed."""
        first, *others = self.charter.targets
        return (replace(first, **changes), *others)
