"""A ledger at home somewhere, and sites by https."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.sites import Homely, Serve, homely_ledger, sites


@pytest.fixture(scope="package")
def homely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homely]:
    with homely_ledger(tmp_path_factory.mktemp("home") / "ledger") as found:
        yield found


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    with sites(tmp_path) as serving:
        yield serving
