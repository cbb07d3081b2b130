"""The ledger as Parquet files: for DuckDB, Spark and pandas. Needs the extra `analysis`."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from api.errors import WrongUse
from ledger.operations.columns import Row, batches, tables
from ledger.operations.ledger import Ledger

PART_ROWS: Final = 100_000
"""A file holds whole batches, and about so many entries."""


def write_parquet(ledger: Ledger, folder: Path) -> int:
    """Write `<table>/<first batch>-<last batch>.parquet` for all sealed batches; how many files.
    The same ledger gives the same files. Raises `WrongUse` without the extra."""
    try:
        arrow: Any = import_module("pyarrow")
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError as error:
        raise WrongUse("--parquet needs `pip install hourledger[analysis]`") from error
    written, first, last = 0, 0, 0
    waiting: dict[str, list[Row]] = {name: [] for name in tables()}
    for batch, found in batches(ledger):
        first, last = first or batch.number, batch.number
        for name, rows in found.items():
            waiting[name] += rows
        if len(waiting["entries"]) >= PART_ROWS:
            written += _part(arrow, parquet, folder, f"{first:08}-{last:08}", waiting)
            waiting, first = {name: [] for name in tables()}, 0
    if waiting["entries"]:
        written += _part(arrow, parquet, folder, f"{first:08}-{last:08}", waiting)
    return written


def _part(arrow: Any, parquet: Any, folder: Path, name: str, parts: dict[str, list[Row]]) -> int:
    for table, rows in parts.items():
        schema = arrow.schema([(column, _type(arrow, kind)) for column, kind in tables()[table]])
        (folder / table).mkdir(parents=True, exist_ok=True)
        columns = {column: _values(rows, column) for column in schema.names}
        made = arrow.table(columns, schema=schema)
        parquet.write_table(made, folder / table / f"{name}.parquet", compression="zstd")
    return len(parts)


def _values(rows: Iterable[Row], column: str) -> list[Any]:
    return [row[column] for row in rows]


def _type(arrow: Any, kind: str) -> Any:
    if kind == "time":
        return arrow.timestamp("s", tz="UTC")
    if kind == "day":
        return arrow.date32()
    return arrow.int64() if kind == "int64" else arrow.string()
