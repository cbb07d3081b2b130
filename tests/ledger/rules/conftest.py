"""The ledger of every test of a rule."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.settled import SettledLedger, audited, copied_ledger, settled_ledger


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> SettledLedger:
    """A settled ledger, closed: copying it is quicker than settling another."""
    settled = settled_ledger(tmp_path_factory.mktemp("settled"))
    settled.close()
    return settled


@pytest.fixture
def settled(model: SettledLedger, tmp_path: Path) -> Iterator[SettledLedger]:
    with audited(copied_ledger(model, tmp_path, SettledLedger)) as made:
        yield made
