"""Shared by all rooms. Fixtures of one room stand in that room's conftest.

Property tests draw the same examples on every run and machine, so a red suite means a change of the
code; `make fuzz` draws new ones. How fast a machine draws them decides nothing.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from api.node import keystore
from tests.builders.effort import effort
from tests.builders.passphrases import STRETCHING
from tests.builders.waiting import PATIENCE

QUIET = [HealthCheck.too_slow]

settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=QUIET)
settings.register_profile("fuzz", deadline=None, max_examples=1000, suppress_health_check=QUIET)
settings.load_profile("house")

LONGEST = (
    "tests/api/demo/town/test_invariants.py",
    "tests/api/pages/test_agreement.py",
    "tests/ledger/rules/test_histories.py",
    "tests/e2e/",
    "tests/faults/test_kill.py",
    "tests/api/http/test_schema.py",
    "tests/api/cli/",
    "tests/api/pdf/test_certificate.py",
    "tests/api/attendance/test_import.py",
)
"""What takes longest comes first, so that no worker is left alone with it at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order whole files, and leave the tests of each as they stand."""

    def place(item: pytest.Item) -> int:
        found = (n for n, start in enumerate(LONGEST) if item.nodeid.startswith(start))
        return next(found, len(LONGEST))

    items.sort(key=place)


PATIENT = {
    "anchoring.endpoint.CONNECT_SECONDS": PATIENCE,
    "anchoring.endpoint.READ_SECONDS": PATIENCE,
    "api.fetching.SECONDS": PATIENCE,
    "api.fetching.STEP_SECONDS": PATIENCE,
    "api.node.worker.STOP_SECONDS": PATIENCE,
}
"""Limits after which one program gives another up: on a busy machine they would decide a test. The
tests of the limits themselves set their own."""


@pytest.fixture(scope="session", autouse=True)
def machine_s_speed_decides_nothing() -> Iterator[None]:
    """Limits are far away, and passphrases are stretched for a moment: for most commands that would
    take longer than all else. In the long form they are stretched as for people."""
    with pytest.MonkeyPatch.context() as patch:
        for target, limit in PATIENT.items():
            patch.setattr(target, limit)
        patch.setattr(keystore, "STRETCHING", effort(2, STRETCHING))
        yield
