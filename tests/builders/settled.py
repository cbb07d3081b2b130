"""A settled town with a ledger on disk: what the tests of single rules share."""

import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from shutil import copy
from typing import Any, TypeVar

import ledger.rules
import tests.ledger.rules
from ledger.core.kinds.registry import PolicyChange, Service
from ledger.core.records.record import Record
from ledger.errors import Refused
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.ledger import Ledger
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import DAY, POLICY, START, Town, address

NINE = START + DAY + 10_000
"""Nine in the morning of 2023-11-16 in UTC+8, a Thursday; the second day of the town."""

ACCEPTED = "accepted"


S = TypeVar("S", bound="SettledLedger")


class SettledLedger:
    """The town of `settle`, whose clock stands on the tenth day, and what its ledger answers."""

    def __init__(self, folder: Path, town: Town, activity: bytes) -> None:
        self.town, self.activity = town, activity
        self.ledger: Ledger = opened_ledger(town, folder)

    def close(self) -> None:
        self.ledger.close()
        self.ledger.engine.dispose()

    def take(self, *records: Record) -> Record:
        """Append what the ledger must accept; the last of the records."""
        for record in records:
            self.ledger.append(record)
        return records[-1]

    def code(self, record: Record) -> str:
        """What the ledger says to a record: a code, or `accepted`. A refusal leaves no entry."""
        size = self.ledger.size
        try:
            self.ledger.append(record)
        except Refused as refusal:
            assert self.ledger.size == size
            return refusal.code.value
        return ACCEPTED

    def policy(self, version: int, **changes: Any) -> Record:
        """A new policy that differs in so much from the one of the tests."""
        policy = replace(self.town.policy, **changes)
        body = PolicyChange(policy, version, "because", self.town.now)
        return self.town.record(body, ("authority", "authority"))

    def published(self, start: int, end: int, **changes: Any) -> bytes:
        """The record id of an activity of `org` that the ledger took."""
        return self.town.id(self.take(self.town.activity("org", start, end, **changes)))

    def visit(self, name: str, start: int, minutes: int, activity: bytes | None = None) -> Record:
        """The hours of a visit whose clock events the ledger took; not sent yet."""
        where = activity or self.activity
        return self.town.served(self.ledger, "org", name, where, start, minutes)

    def flags(self, record: Record) -> tuple[str, ...]:
        """The flags of an hour that the ledger took."""
        service = read.find_service(self.ledger, self.town.id(record))
        assert service is not None
        return service.flags

    def minutes(self, name: str = "ann") -> tuple[int, int, int]:
        """Credit, honour and voided minutes."""
        account = read.account(self.ledger, address(name))
        return account.credit_minutes, account.honour_minutes, account.voided_minutes

    def status(self, record: Record) -> str:
        service = read.find_service(self.ledger, self.town.id(record))
        assert service is not None
        return service.status


def new_version(record: Record, **changes: Any) -> Service:
    """The service of a record with some fields changed."""
    assert isinstance(record.body, Service)
    return replace(record.body, **changes)


def settled_ledger(folder: Path, **policy: Any) -> SettledLedger:
    """A new ledger in a folder, under the policy of the tests with some changes."""
    town = Town(policy=replace(POLICY, **policy))
    ledger = opened_ledger(town, folder)
    activity = settle(town, ledger)
    ledger.close()
    ledger.engine.dispose()
    return SettledLedger(folder, town, activity)


def copied_ledger(model: SettledLedger, folder: Path, kind: type[S]) -> S:
    """A ledger of some kind on a copy of the ledger of a settled one that is closed."""
    for file in Path(model.ledger.engine.url.database or "").parent.iterdir():
        copy(file, folder)
    return kind(folder, Town(now=model.town.now, policy=model.town.policy), model.activity)


@contextmanager
def audited(settled: S) -> Iterator[S]:
    """Use a ledger; its ledger is audited at the end, and closed."""
    try:
        yield settled
        report = audit(settled.ledger.engine)
        assert report.sound, report.findings
    finally:
        settled.close()


Make = Callable[[SettledLedger], Record]
Table = dict[str, tuple[str, Make]]
"""What is sent → the code that it is refused with, and how to make it."""


def codes_of_the_rules() -> set[str]:
    """Every code that some line of `ledger.rules` can give."""
    (folder,) = ledger.rules.__path__
    sources = (path.read_text(encoding="utf-8") for path in Path(folder).glob("*.py"))
    return {code for text in sources for code in re.findall(r"Code\.([A-Z_]+)", text)}


def refused_tables() -> dict[str, Table]:
    """The tables of what rules refuse, each by the name of its module."""
    found = sorted(m.name for m in pkgutil.iter_modules(tests.ledger.rules.__path__))
    names = (name for name in found if name.startswith("refused_"))
    return {name: import_module(f"tests.ledger.rules.{name}").BAD for name in names}
