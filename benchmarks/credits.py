"""Practice credits of many students, all proofs checked, beside checking their signatures alone."""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.credits.drafting import Drafting, Wanted
from api.credits.matched import Matched
from api.node.parallel import local
from benchmarks.bare import bare
from benchmarks.figure import Figure
from ledger.core.credits.report import MATCHED
from ledger.core.credits.rules import parse_rules
from ledger.core.records.record import Record
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from tests.builders.certificate_records import consent
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import ANCHOR, DAY, START, Town, address, key

SERVICES = 20
"""Services of each student."""

CHECKED = 250
"""Students whose signatures are checked for the limit."""

RULES = parse_rules(
    {
        "format": "hourledger-credit-rules/v1",
        "scheme": "practice",
        "version": "1",
        "title": {"zh": "Practice credits", "en": "Practice credits"},
        "source": "benchmark",
        "valid_from": "2023-09-01",
        "terms": [{"name": "1", "from": "2023-11-01", "until": "2024-09-01"}],
        "classes": {"honour": "1"},
        "caps": {"term": 900},
        "credit": {"minutes_per_credit": 1440},
    }
)


def student(number: int) -> str:
    return f"student {number}"


def services(town: Town, numbers: range) -> list[Record]:
    """All services of some students: two signatures each."""
    return [
        town.honour("org", "second", student(n), START + 90000 + day * DAY, 60)
        for day in range(SERVICES)
        for n in numbers
    ]


def build(folder: Path, count: int) -> None:
    """A ledger of as many students, who consent; 1,000 records at once are appended."""
    town = Town()
    ledger = opened_ledger(town, folder)
    settle(town, ledger)
    town.now = START + (SERVICES + 10) * DAY
    first = [town.certify("university"), town.grant("university", "registrar", "credit")]
    first.append(town.permit("org", minutes_max=10**9, served_until=town.now))
    _append(ledger, first)
    for start in range(0, count, 500):
        part = range(start, min(count, start + 500))
        _append(ledger, [town.enrol(student(n)) for n in part])
        _append(ledger, [consent(town, student(n), "university") for n in part])
        _append(ledger, services(town, part))
        seal(ledger, town.log_key)
    ledger.close()
    ledger.engine.dispose()


def _append(ledger: Ledger, records: list[Record]) -> None:
    for start in range(0, len(records), 1000):
        for answer in ledger.append_many(records[start : start + 1000]):
            if isinstance(answer, Exception):
                raise answer


def evaluate(folder: Path, count: int, jobs: int) -> dict[str, Any]:
    """Draft the report of all students; seconds and peak memory (bytes) of all processes."""
    town = Town()
    ledger = opened_ledger(town, folder)
    rows = (
        Matched(n + 1, {"student_no": str(n)}, MATCHED, None, address(student(n)))
        for n in range(count)
    )
    with local(jobs) as spread:
        list(spread(len, [()] * jobs))
        drafting = Drafting(
            ledger, lambda _, most: [{**ANCHOR, "size": most}], key("registrar"), spread
        )
        begun = time.perf_counter()
        wanted = Wanted(address("university"), RULES, bytes(32))
        stated = drafting.draft(rows, wanted, folder / "report.jsonl")
        taken = time.perf_counter() - begun
    assert (stated.matched, stated.honour_minutes) == (count, count * 900)
    mine, others = (
        resource.getrusage(who).ru_maxrss * 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    size = (folder / "report.jsonl").stat().st_size
    (folder / "report.jsonl").unlink()
    # What is known of the others is the largest of them.
    return {"seconds": taken, "peak": mine + (jobs * others if jobs > 1 else 0), "size": size}


def figures(count: int, kept: Path | None = None) -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = kept or Path(name)
        if not (folder / "ledger.sqlite").exists():
            build(folder, count)
        town = Town()
        town.now = START + (SERVICES + 10) * DAY
        ledger = town.ledger
        records = services(town, range(CHECKED))
        for jobs in (1, 2):
            command = [
                sys.executable,
                "-m",
                "benchmarks.credits",
                str(folder),
                str(count),
                str(jobs),
            ]
            # A process of its own: what building the ledger took is not counted.
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            found = json.loads(run.stdout)
            word = "core" if jobs == 1 else "cores"
            how = (
                f"{count:,} students with {SERVICES} services of two signatures: each transcript "
                f"proved complete, judged, written and signed ({found['size'] / 1e6:,.0f} MB); "
                "beside it the signatures of the services alone"
            )
            limit = CHECKED / bare(records, ledger, jobs)
            yield Figure(
                f"credits, {jobs} {word}",
                count / found["seconds"],
                "students/s",
                f"check_signatures alone, {jobs} {word}",
                limit,
                how,
            )
            yield Figure(
                f"credits, {jobs} {word}: peak memory",
                found["peak"] / 1e6,
                "MB",
                "MB allowed",
                500,
                "the largest resident set of every process, added up",
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("jobs", type=int)
    given = parser.parse_args()
    print(json.dumps(evaluate(given.folder, given.count, given.jobs)))
