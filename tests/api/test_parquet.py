"""The book as Parquet: what the log says, typed, the same bytes every time."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from api import parquet
from ledger.operations.columns import TABLES
from tests.ledger.operations.test_transcript import Months
from tests.town import address


@pytest.fixture
def months(tmp_path: Path) -> Iterator[Months]:
    months = Months(tmp_path)
    yield months
    months.book.close()
    months.book.engine.dispose()


def read(folder: Path, table: str) -> list[dict[str, object]]:
    files = sorted((folder / table).glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def test_every_entry_and_hour_is_there_once(months: Months, tmp_path: Path) -> None:
    folder = tmp_path / "parquet"
    assert parquet.write_parquet(months.book, folder) == len(TABLES)
    assert [row["index"] for row in read(folder, "entries")] == list(range(months.book.size))
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


def test_the_same_book_gives_the_same_files_whatever_their_length(
    months: Months, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        parquet.write_parquet(months.book, tmp_path / name)
    files = [sorted((tmp_path / name).rglob("*.parquet")) for name in ("a", "b")]
    assert [f.read_bytes() for f in files[0]] == [f.read_bytes() for f in files[1]]
    monkeypatch.setattr(parquet, "PART_ROWS", 1)
    parquet.write_parquet(months.book, tmp_path / "short")
    for table in TABLES:
        assert read(tmp_path / "short", table) == read(tmp_path / "a", table)
    assert len(list((tmp_path / "short" / "entries").iterdir())) == 2


def test_without_the_extra_it_says_what_to_install(
    months: Months, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(parquet, "import_module", missing)
    with pytest.raises(parquet.WrongUse, match="analysis"):
        parquet.write_parquet(months.book, tmp_path / "x")
