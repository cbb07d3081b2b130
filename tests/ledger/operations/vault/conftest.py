"""A vault with things of two people, and what somebody can do to the file without a key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ledger.operations.vault import Vault
from ledger.store.vault import open_vault
from tests.builders.records import Town
from tests.builders.vaults import ANN, BOB, FILE, MASTER, NAME, PLACE


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_vault(tmp_path / FILE)
    yield engine
    engine.dispose()


@pytest.fixture
def vault(engine: Engine, town: Town) -> Vault:
    """A vault with things of ann and bob."""
    vault = Vault(engine, MASTER, town.clock)
    for person in (ANN, BOB):
        vault.put(person, "identity", NAME)
        vault.put(person, "service", PLACE, "first")
        vault.put(person, "service", PLACE, "second")
    return vault
