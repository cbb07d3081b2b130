"""What the state tree says: its values, and the chain that makes a list of entries complete.

    account    totals of an address, and its chain
    status     what became of a record, where anything did: a record without this leaf stands as it
               was recorded
    month      hours of an address in a month: hours_by_month.py

Where each stands: tree_keys.py. What a value states is JCS, and hidden: openings.py. `head` of an
account is a hash chain over the leaf hashes of all entries that concern it: a list of entries that
leads to the proven head has nothing left out and nothing added.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from ledger.core.format.limits import INTEGER_MAX
from ledger.core.kinds.kind import status_tables
from ledger.core.records.record import Entry, jcs, plain_jcs
from ledger.core.state.hours_by_month import MONTHS, MonthHours, month_of_service
from ledger.core.state.openings import Opened, next_secret, opening_of
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
from ledger.core.state.taken_back import taken_back, taken_leaves
from ledger.core.state.tree_keys import account_name, month_name, status_name
from ledger.core.trees.merkle import leaf_hash
from ledger.errors import Damaged, ProofError

STATES: Final = ("recorded", "disputed", "amended", "void")
"""What can be the status of a record, the gravest last."""

FINAL: Final = ("amended", "void")
"""The statuses that no later record changes: corrections are of the newest version, once."""


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a record, the id of the record that brought it about, and what opens its leaf;
    None and empty where nothing changed it, and then the tree has no leaf of it."""

    word: str
    changed_by: bytes | None
    opening: bytes = b""

    @classmethod
    def of(cls, opened: Opened | None) -> Status:
        """From what a leaf states; `recorded` where there is none."""
        if opened is None:
            return RECORDED
        stated = json.loads(opened.stated)
        return cls(stated["status"], bytes.fromhex(stated["changed_by"][2:]), opened.opening)

    def opened(self) -> Opened | None:
        """What its leaf states; None where there is none."""
        if self.changed_by is None:
            return None
        stated = {"changed_by": "0x" + self.changed_by.hex(), "status": self.word}
        return Opened(self.opening, jcs(stated))

    def to_json(self) -> dict[str, Any] | None:
        """As a proof shows it."""
        if self.changed_by is None:
            return None
        by, opening = ("0x" + part.hex() for part in (self.changed_by, self.opening))
        return {"status": self.word, "changed_by": by, "opening": opening}

    def value(self) -> bytes | None:
        """The value in the tree; None where it has none."""
        opened = self.opened()
        return None if opened is None else opened.value()


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


def totals_stated(totals: object) -> bytes:
    """What the leaf of an account states, from its JSON object. Raises `ProofError`."""
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


def follow(
    state: State,
    changes: Sequence[Change],
    record: bytes,
    addresses: Iterable[str],
    entry: Entry,
    data: bytes,
) -> list[Change]:
    """What follows from an entry, with its bytes, beside the `changes` of its record: the accounts
    of all whom it concerns are counted and chained, what it changed is hidden by their new secrets,
    and what it takes back is kept with its index."""
    found = taken_back(state, entry.record.body, entry.index)
    secrets, leaf = dict[str, bytes](), leaf_hash(data)
    for address in addresses:
        account = account_of(state, address)
        secret = next_secret(account.secret, data)
        head = chained(account.head, leaf)
        after = replace(account, entries=account.entries + 1, head=head, secret=secret)
        found.append(Change(account_key(address), after))
        secrets[address] = secret
    for change in changes:
        table, value = change.key.table, change.value
        changed = table in status_tables() and value.changed_by == record
        if changed or table == MONTHS:
            hidden = replace(value, secret=secrets[value.volunteer])
            found.append(Change(change.key, hidden))
    return found


def status_of(state: State, record: bytes) -> Status:
    """The status of a record that is in the ledger."""
    found = standing_of(state, record)
    if found is None:
        return RECORDED
    return _status_of(found, record)


def standing_of(state: State, record: bytes) -> HasStatus | None:
    """What the state holds of a record of a kind with a status of its own."""
    for table in status_tables():
        key: Key[HasStatus] = Key(table, (record,))
        found = state.get(key)
        if found is not None:
            return found
    return None


def _status_of(found: HasStatus, record: bytes) -> Status:
    if not found.changed_by:
        return RECORDED
    opening = opening_of(found.secret, status_name(found.volunteer, record))
    return Status(found.status, found.changed_by, opening)


def leaves_of(
    state: State,
    addresses: Iterable[str],
    records: Iterable[bytes],
    taken: Iterable[Key[Any]],
) -> tuple[dict[bytes, bytes], list[Opened]]:
    """What the tree is to say of some accounts, records, and organisations and keys of which
    something may have been taken back, as they stand: key → value, and what opens those values that
    need it. Raises `Damaged` when the state contradicts itself."""
    head = state.get(HEAD)
    assert head is not None
    unit = head.policy.minutes_per_yibi
    opened = taken_leaves(state, taken)
    for address in addresses:
        account, key = account_of(state, address), account_name(address)
        stated = plain_jcs(account_json(account, unit))
        opened[key] = Opened(opening_of(account.secret, key), stated)
    months: dict[Key[MonthHours], bytes] = {}
    for record in records:
        service = state.get(service_key(record))
        if service is not None:
            months[month_of_service(service, head.policy.utc_offset_minutes)] = record
        found = standing_of(state, record)
        status = None if found is None else _status_of(found, record).opened()
        if found is not None and status is not None:
            opened[status_name(found.volunteer, record)] = status
    values = {key: one.value() for key, one in opened.items()}
    for name, record in months.items():
        month = state.get(name)
        if month is None:
            raise Damaged("state", f"the month of service 0x{record.hex()} is missing")
        values[month_name(month.volunteer, month.month)] = month.value()
    return values, list(opened.values())
