"""Shared by all rooms. Fixtures of one room stand in that room's conftest.

Property tests draw the same examples on every run and machine, so a red suite means a change of the
code; `make fuzz` draws new ones. How fast a machine draws them decides nothing.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from api import keystore
from tests.effort import effort

QUIET = [HealthCheck.too_slow]

settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=QUIET)
settings.register_profile("fuzz", deadline=None, max_examples=1000, suppress_health_check=QUIET)
settings.load_profile("house")

STRETCHING = keystore.STRETCHING

LONGEST = (
    "tests/simulation/test_invariants.py",
    "tests/api/pages/test_agreement.py",
    "tests/ledger/rules/test_histories.py",
    "tests/e2e/",
    "tests/faults/test_kill.py",
    "tests/api/http/test_schema.py",
    "tests/api/commands/",
    "tests/api/documents/test_certificate.py",
    "tests/api/attendance/test_import.py",
)
"""What takes longest comes first, so that no worker is left alone with it at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order whole files, and leave the tests of each as they stand."""

    def place(item: pytest.Item) -> int:
        found = (n for n, start in enumerate(LONGEST) if item.nodeid.startswith(start))
        return next(found, len(LONGEST))

    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def quick_passphrases() -> Iterator[None]:
    """Passphrases are stretched for a moment, not for a second, which most commands would take
    longer for than for all else; in the long form as they are for people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keystore, "STRETCHING", effort(2, STRETCHING))
        yield
