"""An import accounts for every row, is honest about the class, and can be run again."""

import csv
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.attendance.files import import_file
from api.node import create as founding
from api.node.directory import LedgerDir
from ledger.operations.audit import audit
from ledger.operations.read import account, account_entries
from tests.builders.waiting import until

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
HEADER = "volunteer,organisation,activity,date,clock_in,clock_out,source,entered_at\n"
MARCH_28, APRIL_28 = 1743156000, 1745802000


class HandClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = MARCH_28

    def __call__(self) -> int:
        return self.now


@pytest.fixture(scope="module")
def passphrase() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOURLEDGER_PASSPHRASE", "a passphrase of the tests")
        yield "a passphrase of the tests"


@pytest.fixture
def home(tmp_path: Path, passphrase: str) -> Iterator[LedgerDir]:
    clock = HandClock()
    founding.found(tmp_path / "ledger", "Test", clock=clock)
    with LedgerDir.at(tmp_path / "ledger", clock) as opened:
        yield opened


def take(home: LedgerDir, export: Path, kind: str) -> list[dict[str, str]]:
    result = home.path / "result.csv"
    import_file(home, export, EXAMPLES / "maps" / f"{kind}.toml", result, lambda *_: None)
    with result.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(home: LedgerDir, *lines: str) -> Path:
    export = home.path / "export.csv"
    export.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf-8")
    return export


def a_month_later(home: LedgerDir) -> None:
    home.clock.now = APRIL_28  # type: ignore[attr-defined]


def test_the_example_is_accounted_for_row_by_row(home: LedgerDir) -> None:
    assert {r["outcome"] for r in take(home, EXAMPLES / "activities.csv", "activities")} == {
        "accepted"
    }
    a_month_later(home)
    result = take(home, EXAMPLES / "sessions.csv", "sessions")
    assert [int(r["row"]) for r in result] == list(range(1, 212))
    codes = Counter(r["code"] or r["hour_class"] for r in result)
    assert codes == {
        "honour": 192,
        "ROW_VALUE": 5,
        "OVERLAP": 4,
        "OVER_DAY_CAP": 3,
        "HONOUR_CEILING": 2,
        "OVER_SESSION_CAP": 1,
        "ROW_SHAPE": 2,
        "ROW_REPEATED": 1,
        "TIMES_REVERSED": 1,
    }
    assert all(bool(r["record_id"]) == (r["outcome"] == "accepted") for r in result)
    assert all(bool(r["reason"]) for r in result if r["outcome"] == "refused")
    assert audit(home.ledger.engine).sound


def test_a_second_run_doubles_nothing(home: LedgerDir) -> None:
    a_month_later(home)
    first = take(home, EXAMPLES / "sessions.csv", "sessions")
    size = home.ledger.size
    second = take(home, EXAMPLES / "sessions.csv", "sessions")
    assert home.ledger.size == size
    assert [{**r, "known": ""} for r in second] == first
    assert {r["known"] for r in second if r["outcome"] == "accepted"} == {"yes"}


def test_whatever_is_imported_is_honour_with_evidence_and_mints_nothing(home: LedgerDir) -> None:
    take(home, EXAMPLES / "activities.csv", "activities")
    a_month_later(home)
    result = take(home, EXAMPLES / "sessions.csv", "sessions")
    assert {r["hour_class"] for r in result if r["outcome"] == "accepted"} == {"honour"}
    volunteers = {
        entry.record.body.volunteer  # type: ignore[attr-defined]
        for address in (key.address for key in home.keys.stored())
        for entry in account_entries(home.ledger, address, -1, 500)
        if entry.record.kind == "service"
    }
    assert volunteers
    assert all(account(home.ledger, v).minted == 0 for v in volunteers)


def test_touching_services_are_taken_and_overlapping_ones_are_not(home: LedgerDir) -> None:
    row = "v1,队,,2025-03-01,{},{},backfill,2025-03-02 10:00"
    export = write(
        home,
        row.format("09:00", "10:00"),
        row.format("10:00", "11:00"),
        row.format("10:59", "12:00"),
    )
    codes = [r["code"] for r in take(home, export, "sessions")]
    assert codes == ["", "", "OVERLAP"]


def test_columns_may_be_named_in_any_language_and_committed_to_or_not(home: LedgerDir) -> None:
    export, map_file = home.path / "导出.csv", home.path / "map.toml"
    export.write_text(
        "志愿者,组织,开始,分钟,服务 内容\n甲,河岸队,2025-03-01 09:00,60,清洁\n"
        "乙,河岸队,2025-03-01 09:00,45,清洁\n",
        encoding="gb18030",
    )
    for content in ('["服务 内容"]', "[]"):
        map_file.write_text(
            'source = "school"\nencoding = "gb18030"\norganisation = "组织"\nvolunteer = "志愿者"\n'
            'minutes = "分钟"\n' + f"content = {content}\n"
            'start = { columns = ["开始"], format = "%Y-%m-%d %H:%M" }\n'
            'zone = { default = "Asia/Shanghai" }\n'
            'organisations = { category = "school", certified_from = 0 }\n'
            'permit = { reason = "paper", hours_max = 9, served_from = 0, '
            "served_until = 2000000000 }\n",
            encoding="utf-8",
        )
        tally = import_file(home, export, map_file, None, lambda *_: None)
        # Committed to something else the row is another record of the same time.
        kind = ("accepted", "honour") if content != "[]" else ("refused", "OVERLAP")
        assert tally.rows == {kind: 2}


def test_a_map_that_commits_to_no_column_will_do(home: LedgerDir) -> None:
    export = write(home, "v1,队,,2025-03-01,09:00,10:00,backfill,2025-03-02 10:00")
    plain = (EXAMPLES / "maps" / "sessions.toml").read_text(encoding="utf-8")
    map_file = home.path / "map.toml"
    map_file.write_text(plain.replace('content = ["activity", "source"]', ""), encoding="utf-8")
    assert import_file(home, export, map_file, None, lambda *_: None).rows == {
        ("accepted", "honour"): 1
    }


def test_a_file_in_another_encoding_costs_its_rows_and_not_the_run(home: LedgerDir) -> None:
    export = write(home, "v1,team,,2025-03-01,09:00,10:00,backfill,2025-03-02 10:00")
    with export.open("ab") as file:
        file.write("v2,河岸队,,2025-03-01,09:00,10:00,backfill,2025-03-02 10:00\n".encode("gbk"))
    assert [r["code"] for r in take(home, export, "sessions")] == ["", "ROW_VALUE"]


def test_a_name_that_no_record_can_hold_costs_its_row(home: LedgerDir) -> None:
    long = "队" * 90
    export = write(home, f"v1,{long},,2025-03-01,09:00,10:00,backfill,2025-03-02 10:00")
    (row,) = take(home, export, "sessions")
    assert (row["outcome"], row["code"]) == ("refused", "BAD_VALUE")


def test_a_cell_that_is_a_formula_reaches_no_result(home: LedgerDir) -> None:
    export = write(home, "=1+1,=cmd(),,=2,09:00,10:00,backfill,2025-03-02 10:00")
    take(home, export, "sessions")
    text = (home.path / "result.csv").read_text(encoding="utf-8")
    assert "cmd" not in text
    assert "=1" not in text


def killed_when(command: list[str], home: LedgerDir, more: int) -> int:
    """Start a command, kill it when the ledger has so many more entries; what it ended with."""
    wanted = home.ledger.size + more
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: home.ledger.size >= wanted or process.poll() is not None, "entries")
    process.kill()
    return process.wait()


def test_killed_in_the_middle_and_run_again_it_ends_as_if_never_killed(
    home: LedgerDir, tmp_path: Path
) -> None:
    row = "v{0},team,,2025-03-{1:02d},09:00,10:00,backfill,2025-03-20 10:00"
    export = write(home, *(row.format(n, d) for n in range(60) for d in range(1, 20)))
    command = [
        sys.executable,
        "-m",
        "api.cli.app",
        "import",
        str(export),
        "--dir",
        str(home.path),
    ]
    command += ["--map", str(EXAMPLES / "maps" / "sessions.toml")]
    ends = [killed_when(command, home, more) for more in (1, 100, 300)]
    assert -signal.SIGKILL in ends, "none was in the middle"
    home.clock.now = int(time.time())  # type: ignore[attr-defined]
    result = take(home, export, "sessions")
    assert {r["outcome"] for r in result} == {"accepted"}
    assert len({r["record_id"] for r in result}) == 60 * 19
    assert audit(home.ledger.engine).sound
