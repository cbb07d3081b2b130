"""What an operator attacks: a ledger on a chain, its server, and a mirror of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.mirrors import Stage, mirrored


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with mirrored(tmp_path) as made:
        yield made


@pytest.fixture
def anchored(stage: Stage) -> Stage:
    """The same, anchored on an embedded chain."""
    stage.home.anchor_pending()
    return stage
