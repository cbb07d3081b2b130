"""A settled town, an access database beside its ledger, and wallets that are not our code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.access.sessions import Sessions
from api.access.tokens import Tokens
from ledger.operations.ledger import Ledger
from ledger.store.access import open_access
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import Town
from tests.builders.sign_in import AUDIENCE


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: Path) -> Iterator[Ledger]:
    ledger = opened_ledger(town, tmp_path)
    settle(town, ledger)
    yield ledger
    ledger.close()
    ledger.engine.dispose()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_access(tmp_path / "access.sqlite")
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine, town: Town) -> Sessions:
    return Sessions(engine, AUDIENCE, town.clock)


@pytest.fixture
def tokens(engine: Engine, ledger: Ledger) -> Tokens:
    return Tokens(engine, ledger)
