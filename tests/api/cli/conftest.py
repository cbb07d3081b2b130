"""A ledger on disk and the command line."""

from pathlib import Path

import pytest

from tests.builders.commands import Run, run


@pytest.fixture(name="run", scope="session")
def _run() -> Run:
    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory that one demonstration left. Read it only."""
    folder = tmp_path_factory.mktemp("demo") / "d"
    done = run("demo", "--dir", folder)
    assert done.code == 0, done.err
    return folder
