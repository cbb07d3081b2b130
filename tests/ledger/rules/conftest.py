"""The street of every test of a rule."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.settled import Street, audited, copied_street, settled_street


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Street:
    """A settled street, closed: copying it is quicker than settling another."""
    street = settled_street(tmp_path_factory.mktemp("street"))
    street.close()
    return street


@pytest.fixture
def street(model: Street, tmp_path: Path) -> Iterator[Street]:
    with audited(copied_street(model, tmp_path, Street)) as made:
        yield made
