"""The ledger as Parquet: what the log says, typed, the same bytes every time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from api.tables import parquet
from ledger.operations.columns import tables
from ledger.operations.read import account
from tests.builders.records import address
from tests.builders.transcripts import Months


@pytest.fixture
def months(tmp_path: Path) -> Iterator[Months]:
    months = Months(tmp_path)
    yield months
    months.ledger.close()
    months.ledger.engine.dispose()


def read(folder: Path, table: str) -> list[dict[str, object]]:
    files = sorted((folder / table).glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def test_every_entry_and_hour_is_there_once(months: Months, tmp_path: Path) -> None:
    folder = tmp_path / "parquet"
    assert parquet.write_parquet(months.ledger, folder) == len(tables())
    assert [row["index"] for row in read(folder, "entries")] == list(range(months.ledger.size))
    services = read(folder, "services")
    assert [row["hour_class"] for row in services].count("credit") == 5
    assert {row["organisation"] for row in services} == {address("org")}
    kinds = sorted(str(row["kind"]) for row in read(folder, "corrections"))
    assert kinds == ["amend", "void"]
    assert [row["coins"] for row in read(folder, "transfers")] == [1]
    (activity,) = read(folder, "activities")
    assert activity["title"] == "河岸清洁"
    schema = pq.read_schema(next((folder / "services").iterdir()))
    assert str(schema.field("started_at").type) == "timestamp[ms, tz=UTC]"


def test_the_same_ledger_gives_the_same_files_whatever_their_length(
    months: Months, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        parquet.write_parquet(months.ledger, tmp_path / name)
    files = [sorted((tmp_path / name).rglob("*.parquet")) for name in ("a", "b")]
    assert [f.read_bytes() for f in files[0]] == [f.read_bytes() for f in files[1]]
    monkeypatch.setattr(parquet, "PART_ROWS", 1)
    parquet.write_parquet(months.ledger, tmp_path / "short")
    for table in tables():
        assert read(tmp_path / "short", table) == read(tmp_path / "a", table)
    assert len(list((tmp_path / "short" / "entries").iterdir())) == 2


def test_without_the_extra_it_says_what_to_install(
    months: Months, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(parquet, "import_module", missing)
    with pytest.raises(parquet.WrongUse, match="analysis"):
        parquet.write_parquet(months.ledger, tmp_path / "x")


STANDING = """
    SELECT volunteer, sum(minutes) FILTER (hour_class = 'credit'),
           sum(minutes) FILTER (hour_class = 'honour')
    FROM read_parquet($files) WHERE status IN ('recorded', 'disputed') GROUP BY volunteer
"""


def test_what_stands_of_each_person_sums_up_to_the_ledgers_totals(
    months: Months, tmp_path: Path
) -> None:
    parquet.write_parquet(months.ledger, tmp_path / "p")
    with duckdb.connect() as connection:
        files = str(tmp_path / "p" / "services" / "*.parquet")
        found = connection.execute(STANDING, {"files": files}).fetchall()
        (everything,) = connection.execute(
            "SELECT sum(minutes) FROM read_parquet($files)", {"files": files}
        ).fetchone() or (0,)
    assert {who for who, _, _ in found} == {address("ann"), address("bob")}
    for who, credit, honour in found:
        totals = account(months.ledger, who)
        assert (credit or 0, honour or 0) == (totals.credit_minutes, totals.honour_minutes)
    # One hour of the story is void and one amended: a sum that ignores it would be more.
    assert everything > sum((credit or 0) + (honour or 0) for _, credit, honour in found)


def test_a_service_has_its_status_category_flags_and_local_day(
    months: Months, tmp_path: Path
) -> None:
    parquet.write_parquet(months.ledger, tmp_path / "p")
    services = read(tmp_path / "p", "services")
    mine = [row for row in services if row["volunteer"] == address("ann")]
    assert [row["status"] for row in mine] == [
        "recorded",
        "void",
        "amended",
        "recorded",
        "recorded",
    ]
    assert {row["category"] for row in mine if row["activity"]} == {"environment"}
    assert "NO_ACTIVITY" in str(next(r["flags"] for r in services if not r["activity"]))
    offset = timedelta(minutes=months.ledger.policy.utc_offset_minutes)
    for row in services:
        assert row["day"] == (row["started_at"] + offset).date()


def test_the_status_is_that_of_the_sealed_ledger_and_follows_it(
    months: Months, tmp_path: Path
) -> None:
    record = months.town.id(months.hours[0])
    months.ledger.append(months.town.void(record, "org"))

    def status(name: str) -> object:
        parquet.write_parquet(months.ledger, tmp_path / name)
        rows = read(tmp_path / name, "services")
        return next(row["status"] for row in rows if row["record"] == "0x" + record.hex())

    assert status("waiting") == "recorded"
    months.seal()
    assert status("sealed") == "void"
