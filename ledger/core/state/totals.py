"""What the state tree says: keys and values, and the chain that makes a list of entries complete.

    account/<20 bytes>                    totals of an address, and its chain
    record/<32 bytes>                     status of a record
    organisation/<20 bytes>/<32 bytes>    status of a service or certificate, below whose it is
    volunteer/<20 bytes>/<32 bytes>       the same, below whom it is about
    hours/<32 bytes>                      hours of an address in a month: hours_by_month.py

Values are JCS. `head` of an account is a hash chain over the leaf hashes of all entries that
concern it: a list of entries that leads to the proven head has nothing left out and nothing added.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from ledger.core.format.limits import INTEGER_MAX
from ledger.core.kinds.kind import status_tables
from ledger.core.records.record import jcs, plain_jcs
from ledger.core.state.hours_by_month import MonthHours, hours_name, month_of_service
from ledger.core.state.state import (
    HEAD,
    Account,
    Change,
    HasStatus,
    Key,
    State,
    account_key,
    account_of,
    service_key,
)
from ledger.core.trees.patricia_proof import Path
from ledger.errors import Damaged, ProofError

STATES: Final = ("recorded", "disputed", "amended", "void")
"""What can be the status of a record, the gravest last."""

FINAL: Final = ("amended", "void")
"""The statuses that no later record changes: corrections are of the newest version, once."""


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a record, the id of the record that brought it about (None: recorded), and
    what was remarkable about its entry."""

    word: str
    changed_by: bytes | None
    flags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON object of the value."""
        by = None if self.changed_by is None else "0x" + self.changed_by.hex()
        return {"status": self.word, "changed_by": by, "flags": list(self.flags)}

    def value(self) -> bytes:
        """The value in the tree."""
        return _value_of(self)


@lru_cache(maxsize=1024)
def _value_of(status: Status) -> bytes:
    # Nearly all records of a batch have the same few.
    return jcs(status.to_json())


ACCOUNT_FIELDS: Final[dict[str, type]] = {
    "credit_minutes": int,
    "honour_minutes": int,
    "voided_minutes": int,
    "minted": int,
    "received": int,
    "sent": int,
    "entries": int,
    "head": str,
}
"""The members of an account's value."""

_HEAD = re.compile(r"0x[0-9a-f]{64}\Z")

RECORDED: Final = Status("recorded", None)


def _address(address: str) -> bytes:
    return bytes.fromhex(address[2:])


def account_name(address: str) -> bytes:
    """Key of an account in the tree."""
    return b"account/" + _address(address)


def record_name(record: bytes) -> bytes:
    """Key of a record's status in the tree."""
    return b"record/" + record


def organisation_name(address: str, record: bytes = b"") -> bytes:
    """Key of a service or certificate below its organisation; without a record, their prefix."""
    return b"organisation/" + _address(address) + b"/" + record


def volunteer_name(address: str, record: bytes = b"") -> bytes:
    """Key of a service or certificate below its volunteer; without a record, their prefix. All of
    one person stand together, so one proof of many of them is short."""
    return b"volunteer/" + _address(address) + b"/" + record


def totals_value(totals: object) -> bytes:
    """The value of an account in the tree, from its JSON object. Raises `ProofError`."""
    if type(totals) is not dict or {k: type(v) for k, v in totals.items()} != ACCOUNT_FIELDS:
        raise ProofError("state", "what the tree holds are no totals")
    if not all(0 <= v <= INTEGER_MAX for v in totals.values() if type(v) is int):
        raise ProofError("state", "a total is out of range")
    if not _HEAD.match(totals["head"]):
        raise ProofError("state", "the head of the chain is a hash")
    return jcs(totals)


def check_minted(totals: Mapping[str, Any] | None, minutes_per_yibi: int) -> None:
    """Coins are a function of the credit hours, by a unit that no policy changes. Raises
    `ProofError`."""
    if totals is not None and totals["minted"] != totals["credit_minutes"] // minutes_per_yibi:
        raise ProofError("state", "other coins were minted than the credit hours give")


def account_json(account: Account, minutes_per_yibi: int) -> dict[str, Any]:
    """The JSON object of an account's value: minutes by class, whole yibi, entries, chain."""
    return {
        "credit_minutes": account.credit_minutes,
        "honour_minutes": account.honour_minutes,
        "voided_minutes": account.voided_minutes,
        "minted": account.minted(minutes_per_yibi),
        "received": account.received,
        "sent": account.sent,
        "entries": account.entries,
        "head": "0x" + account.head.hex(),
    }


def chained(head: bytes, leaf: bytes) -> bytes:
    """The head of an account's chain after one more entry: SHA-256(0x04 || head || leaf hash)."""
    return sha256(b"\x04" + head + leaf).digest()


def follow(state: State, addresses: Iterable[str], leaf: bytes) -> list[Change]:
    """The accounts of all whom an entry concerns, after it: counted and chained."""
    changes = []
    for address in addresses:
        account = account_of(state, address)
        after = replace(account, entries=account.entries + 1, head=chained(account.head, leaf))
        changes.append(Change(account_key(address), after))
    return changes


def status_in(path: Path) -> Status:
    """The status that a leaf of the tree states."""
    return status_of_value(path.leaf.value)


def status_of_value(value: bytes) -> Status:
    """The status that a value of the tree states."""
    stated = json.loads(value)
    by = stated["changed_by"]
    by = None if by is None else bytes.fromhex(by[2:])
    return Status(stated["status"], by, tuple(stated["flags"]))


def status_of(state: State, record: bytes) -> Status:
    """The status of a record that is in the ledger."""
    found = standing_of(state, record)
    if found is None:
        return RECORDED
    return Status(found.status, found.changed_by or None, found.flags)


def standing_of(state: State, record: bytes) -> HasStatus | None:
    """What the state holds of a record of a kind with a status of its own."""
    for table in status_tables():
        key: Key[HasStatus] = Key(table, (record,))
        found = state.get(key)
        if found is not None:
            return found
    return None


def values_of(
    state: State, addresses: Iterable[str], records: Iterable[bytes]
) -> dict[bytes, bytes]:
    """What the tree is to say of some accounts and records, as they stand: key → value. Raises
    `Damaged` when the state contradicts itself."""
    head = state.get(HEAD)
    assert head is not None
    unit = head.policy.minutes_per_yibi
    values = {
        account_name(address): plain_jcs(account_json(account_of(state, address), unit))
        for address in addresses
    }
    months: dict[Key[MonthHours], bytes] = {}
    for record in records:
        value = status_of(state, record).value()
        values[record_name(record)] = value
        service = state.get(service_key(record))
        if service is not None:
            months[month_of_service(service, head.policy.utc_offset_minutes)] = record
        below = standing_of(state, record)
        if below is not None:
            values[organisation_name(below.organisation, record)] = value
            values[volunteer_name(below.volunteer, record)] = value
    for key, record in months.items():
        month = state.get(key)
        if month is None:
            raise Damaged("state", f"the month of service 0x{record.hex()} is missing")
        values[hours_name(month.volunteer, month.month)] = month.value()
    return values
