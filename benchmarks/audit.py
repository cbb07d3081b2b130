"""The audit of an export on one core and on two, against checking the same signatures alone."""

import gc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from api.node.parallel import local
from benchmarks.bare import bare
from benchmarks.figure import Figure, seconds
from ledger.operations.audit import audit_export
from ledger.operations.audit_examine import Work, examine
from ledger.operations.export import export
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town

DAYS = 8
"""Days on which each volunteer serves once."""


def figures(count: int) -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder, town = Path(name), Town()
        ledger = opened_ledger(town, folder)
        settle(town, ledger)
        names = [f"volunteer {i}" for i in range(count // DAYS)]
        ledger.append_many([town.enrol(one) for one in names])
        records = [
            town.honour("org", "second", one, START + 90000 + day * 86400, 60)
            for day in range(DAYS)
            for one in names
        ]
        for start in range(0, len(records), 1000):
            ledger.append_many(records[start : start + 1000])
        seal(ledger, town.log_key)
        files = folder / "export"
        files.mkdir()
        export(ledger, files, lambda path, data: path.write_bytes(data) and None, lambda _: [])
        gc.disable()
        for jobs in (1, 2):
            with local(jobs) as spread:
                # The processes are there before the clock runs: they take a second, an audit hours.
                list(spread(examine, [Work(None, ())] * jobs))
                taken = seconds(lambda: _sound(audit_export(files, spread=spread)), runs=1)
            how = (
                f"export of {ledger.size:,} entries, honour services by two signatures, one batch: "
                "everything from the files; beside it their signatures alone"
            )
            word = "core" if jobs == 1 else "cores"
            limit = len(records) / bare(records, town.ledger, jobs)
            yield Figure(
                f"audit, {jobs} {word}",
                ledger.size / taken,
                "records/s",
                f"check_signatures alone, {jobs} {word}",
                limit,
                how,
            )
        gc.enable()
        ledger.close()
        ledger.engine.dispose()


def _sound(report: object) -> None:
    assert getattr(report, "sound", False)
