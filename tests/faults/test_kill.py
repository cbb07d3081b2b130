"""`kill -9` in the middle of appending and sealing loses nothing that was acknowledged."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.seal import complete, seal
from tests.builders.effort import effort
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import Town

KILLS = effort(8, 40)
"""Each takes a process that starts; the moments are drawn, so more of them find more places."""
KILLED_AFTER_MAX = 150
"""Acknowledged appends."""

ROOT = Path(__file__).resolve().parents[2]


def _run_and_kill(folder: Path, run: int, count: int) -> dict[int, bytes]:
    """Start the appender, kill it as soon as it said so many; what it had acknowledged by then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.appender", str(folder), str(run)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    first = [process.stdout.readline() for _ in range(count)]
    os.kill(process.pid, signal.SIGKILL)
    lines = (b"".join(first) + process.stdout.read()).split(b"\n")
    process.wait()
    process.stdout.close()
    whole = [line.split() for line in lines[:-1]]
    return {int(index): bytes.fromhex(record.decode()) for index, record in whole}


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    town = Town()
    ledger = opened_ledger(town, tmp_path)
    settle(town, ledger)
    ledger.close()
    ledger.engine.dispose()
    town.now += 100 * 86400
    moments = random.Random(7)
    acknowledged: dict[int, bytes] = {}
    for run in range(KILLS):
        found = _run_and_kill(tmp_path, run, moments.randrange(KILLED_AFTER_MAX))
        assert not found.keys() & acknowledged.keys()
        acknowledged |= found
    assert len(acknowledged) > KILLS
    ledger = opened_ledger(town, tmp_path)
    complete(ledger, town.log_key)
    assert audit(ledger.engine).findings == []
    for index, record in acknowledged.items():
        entry, _ = read.find_record(ledger, record)
        assert entry.index == index
    seal(ledger, town.log_key)
    assert audit(ledger.engine).findings == []
    ledger.close()
    ledger.engine.dispose()
