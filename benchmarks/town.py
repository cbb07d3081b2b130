"""A simulated town: stations, signatures, rules and vault together, as the API would use them."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from api.demo.town.inhabitants import Size
from api.demo.town.run import simulate
from benchmarks.figure import Figure

HOW = "clock challenges and answers, sign-ups, hours, back-fill, corrections"


def figures(volunteers: int) -> Iterator[Figure]:
    size = Size(volunteers=volunteers, organisations=5, days=4)
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        report = simulate(Path(folder) / "ledger", size)
        value = report.records / (time.perf_counter() - began)
    assert not report.surprises
    how = f"{report.records:,} records of {volunteers} volunteers, {HOW}; one thread, founding too"
    yield Figure("simulated town", value, "records/s", "", None, how)
