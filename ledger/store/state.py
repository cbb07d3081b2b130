"""The rules' state in SQL: loads values by key, remembers them, writes the changed ones back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, bindparam, delete, insert, select, tuple_
from sqlmodel import SQLModel

from ledger.core.format.structs import body_to_json, decode_body
from ledger.core.kinds.registry import Charter, Genesis, Policy
from ledger.core.records.record import jcs
from ledger.core.state import attendance_state as hours
from ledger.core.state import certificate_state as papers
from ledger.core.state import ground_state as ground
from ledger.core.state import state as core
from ledger.core.state.hours_by_month import Cell, MonthHours
from ledger.core.state.state import Change, Key
from ledger.store import certificate_tables, ground_tables, hour_tables, tables
from ledger.store.entries import ID_CHUNK
from ledger.store.tables import table_of

T = TypeVar("T")
Row = Mapping[str, Any]
Parts = tuple[str | bytes | int, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How the values of one state table stand in SQL."""

    model: type[SQLModel]
    columns: tuple[str, ...]
    to_row: Callable[[Any], Row]
    from_row: Callable[[Row], Any]


def _plain(
    model: type[SQLModel],
    columns: tuple[str, ...],
    value_type: type[Any],
    **lists: Callable[[str], Any],
) -> Shape:
    """A value type whose fields are columns; `lists` stand as text, separated by blanks."""
    names = tuple(f.name for f in fields(value_type))

    def to_row(value: Any) -> Row:
        row = asdict(value)
        return row | {name: " ".join(map(_text, row[name])) for name in lists}

    def from_row(row: Row) -> Any:
        parts = {n: tuple(map(item, row[n].split())) for n, item in lists.items()}
        return value_type(**({n: row[n] for n in names} | parts))

    return Shape(model, columns, to_row if lists else asdict, from_row)


def _text(item: Any) -> str:
    return ":".join(map(str, item)) if isinstance(item, tuple) else str(item)


def _pair(text: str) -> tuple[int, int]:
    index, since = map(int, text.split(":"))
    return index, since


def _head_row(head: core.Head) -> Row:
    return {
        "id": 1,
        "ledger_id": head.ledger_id,
        "charter": jcs(body_to_json(head.charter)).decode(),
        "charters": b"".join(head.charters),
        "policy": jcs(body_to_json(head.policy)).decode(),
        "policy_version": head.policy_version,
    }


def _head(row: Row) -> core.Head:
    policy = decode_body(Policy, json.loads(row["policy"]))
    later = row["charters"]
    charters = tuple(later[at : at + 32] for at in range(0, len(later), 32))
    said = json.loads(row["charter"])
    charter = decode_body(Charter, said) if charters else decode_body(Genesis, said)
    return core.Head(row["ledger_id"], charter, charters, policy, row["policy_version"])


def _organisation_row(value: core.OrganisationState) -> Row:
    ended = " ".join(map(_text, value.ended))
    return {**asdict(value), "periods": json.dumps(value.periods), "ended": ended}


def _organisation(row: Row) -> core.OrganisationState:
    periods = tuple((a, b) for a, b in json.loads(row["periods"]))
    return core.OrganisationState(
        row["name"],
        row["category"],
        periods,
        row["parent"],
        row["successor"],
        row["certified_by"],
        tuple(map(_pair, row["ended"].split())),
    )


def _month_row(value: MonthHours) -> Row:
    cells = json.dumps([(c.hour_class, c.category, c.minutes) for c in value.cells])
    return {
        "volunteer": value.volunteer,
        "month": value.month,
        "secret": value.secret,
        "cells": cells,
    }


def _month(row: Row) -> MonthHours:
    cells = tuple(Cell(*cell) for cell in json.loads(row["cells"]))
    return MonthHours(row["volunteer"], row["month"], row["secret"], cells)


SHAPES: Final[Mapping[str, Shape]] = {
    "head": Shape(tables.HeadRow, (), _head_row, _head),
    "organisation": Shape(tables.OrganisationRow, ("address",), _organisation_row, _organisation),
    "delegation": _plain(
        tables.DelegationRow,
        ("organisation", "delegate"),
        core.DelegationState,
        scopes=str,
        revoked=_pair,
    ),
    "volunteer": _plain(tables.VolunteerRow, ("address",), core.VolunteerState),
    "identity": _plain(tables.IdentityRow, ("commitment",), core.IdentityState),
    "newest": _plain(tables.NewestRow, ("kind", "about"), core.NewestWord),
    "activity": _plain(hour_tables.ActivityRow, ("record_id",), hours.ActivityState),
    "request": _plain(hour_tables.RequestRow, ("record_id",), hours.RequestState),
    "attendance": _plain(hour_tables.AttendanceRow, ("activity", "volunteer"), hours.Attendance),
    "pair": _plain(hour_tables.PairRow, ("clock_out",), hours.Pair),
    "device": _plain(hour_tables.DeviceRow, ("activity", "device"), hours.Device),
    "permit": _plain(hour_tables.PermitRow, ("record_id",), hours.PermitState),
    "allowance": _plain(hour_tables.AllowanceRow, ("volunteer", "day"), hours.Allowance),
    "calendar": _plain(
        hour_tables.CalendarRow, ("year",), hours.CalendarState, holidays=int, workdays=int
    ),
    "burst": _plain(hour_tables.BurstRow, ("signer", "hour"), hours.Burst),
    "issuer_key": _plain(
        certificate_tables.IssuerKeyRow,
        ("organisation", "public_key"),
        papers.IssuerKeyState,
        revoked=_pair,
    ),
    "certificate": _plain(
        certificate_tables.CertificateRow, ("record_id",), papers.CertificateState
    ),
    "certificate_number": _plain(
        certificate_tables.CertificateNumberRow, ("organisation", "number"), papers.RecordRef
    ),
    "consent": _plain(
        certificate_tables.ConsentRow, ("volunteer", "grantee", "purpose"), papers.ConsentState
    ),
    "credited": _plain(
        certificate_tables.CreditedRow, ("organisation", "scheme", "service"), papers.RecordRef
    ),
    "accredited": _plain(
        ground_tables.AccreditedRow, ("organisation", "role"), ground.AccreditationState
    ),
    "person": _plain(ground_tables.PersonRow, ("person",), ground.PersonState),
    "checked": _plain(ground_tables.CheckedRow, ("volunteer",), ground.CheckedState),
    "service": _plain(tables.ServiceRow, ("record_id",), core.ServiceState, flags=str),
    "month_hours": Shape(hour_tables.MonthHoursRow, ("name",), _month_row, _month),
    "account": _plain(tables.AccountRow, ("address",), core.Account),
}

_SLOT_COLUMNS = ("volunteer", "day")
_SLOT = table_of(tables.SlotRow)
# Asked for every service: the question is made once.
_SLOTS = (
    select(_SLOT)
    .where(_SLOT.c.volunteer == bindparam("of"), _SLOT.c.day == bindparam("on"))
    .order_by(_SLOT.c.started_at)
)


class SqlState:
    """The state inside one transaction: what was read or changed is kept until it ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[Key[Any], Any] = {}
        self._changed: dict[Key[Any], Any] = {}

    def get(self, key: Key[T]) -> T | None:
        """The value of a key, or None."""
        if key not in self._known:
            self._known[key] = self._load(key)
        found: T | None = self._known[key]
        return found

    def prefetch(self, keys: Iterable[Key[Any]]) -> None:
        """Read many values in a few questions a table."""
        waiting: dict[str, list[Parts]] = {}
        for key in keys:
            if key not in self._known:
                self._known[key] = None
                waiting.setdefault(key.table, []).append(key.parts)
        for name, parts in waiting.items():
            shape = SHAPES[name]
            table = table_of(shape.model)
            named = tuple_(*(table.c[column] for column in shape.columns))
            for start in range(0, len(parts), ID_CHUNK):
                query = select(table).where(named.in_(parts[start : start + ID_CHUNK]))
                for row in self._connection.execute(query).mappings():
                    found = tuple(row[column] for column in shape.columns)
                    self._known[Key(name, found)] = shape.from_row(dict(row))

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over the changes of one accepted record; written by `flush`."""
        for change in changes:
            self._known[change.key] = change.value
            self._changed[change.key] = change.value

    def _load(self, key: Key[Any]) -> Any:
        if key.table == "slot":
            return self._load_slots(key)
        shape = SHAPES[key.table]
        table = table_of(shape.model)
        query = select(table)
        for column, part in zip(shape.columns, key.parts, strict=True):
            query = query.where(table.c[column] == part)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else shape.from_row(dict(row))

    def _load_slots(self, key: Key[Any]) -> tuple[core.Slot, ...] | None:
        whose = {"of": key.parts[0], "on": key.parts[1]}
        rows = self._connection.execute(_SLOTS, whose).mappings().all()
        found = tuple(
            core.Slot(r["started_at"], r["ended_at"], r["minutes"], r["record_id"]) for r in rows
        )
        return found or None

    def flush(self) -> None:
        """Write every changed value."""
        by_table: dict[str, list[Key[Any]]] = {}
        for key in self._changed:
            by_table.setdefault(key.table, []).append(key)
        for name, keys in by_table.items():
            if name == "slot":
                self._write(tables.SlotRow, _SLOT_COLUMNS, keys, self._slot_rows(keys))
                continue
            shape = SHAPES[name]
            rows = [
                {**shape.to_row(self._changed[k]), **dict(zip(shape.columns, k.parts, strict=True))}
                for k in keys
            ]
            self._write(shape.model, shape.columns, keys, rows)
        self._changed.clear()

    def _slot_rows(self, keys: list[Key[Any]]) -> list[dict[str, Any]]:
        return [
            {**asdict(slot), **dict(zip(_SLOT_COLUMNS, key.parts, strict=True))}
            for key in keys
            for slot in self._changed[key]
        ]

    def _write(
        self,
        model: type[SQLModel],
        columns: tuple[str, ...],
        keys: list[Key[Any]],
        rows: list[dict[str, Any]],
    ) -> None:
        table = table_of(model)
        cursor = self._connection
        gone = delete(table)
        if columns:
            for column in columns:
                gone = gone.where(table.c[column] == bindparam(f"k_{column}"))
            cursor.execute(
                gone, [{f"k_{c}": p for c, p in zip(columns, k.parts, strict=True)} for k in keys]
            )
        else:
            cursor.execute(gone)
        if rows:
            cursor.execute(insert(table), rows)
