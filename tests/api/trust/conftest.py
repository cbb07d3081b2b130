"""A ledger at home somewhere, sites by https, and somebody with pins of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.builders.commands import Done, run
from tests.builders.sites import Homely, Serve, homely_ledger, sites


@pytest.fixture(scope="package")
def homely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homely]:
    with homely_ledger(tmp_path_factory.mktemp("home") / "ledger") as found:
        yield found


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    with sites(tmp_path) as serving:
        yield serving


@pytest.fixture
def call(tmp_path: Path) -> Callable[..., Done]:
    """A command of somebody with pins of their own, none at first."""
    pins = str(tmp_path / "pins.json")
    return lambda *words: run(*words, HOURLEDGER_PINS=pins)
