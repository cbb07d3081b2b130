"""The benchmarks start: what they measure, people read."""

import subprocess
import sys
from pathlib import Path

from tests.builders.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


def test_they_load_what_they_measure() -> None:
    command = [sys.executable, "-m", "benchmarks", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, "--quick" in done.stdout) == (0, True), done.stderr
