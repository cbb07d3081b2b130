"""Every rule refuses what breaks it: activities, seats, clock events and confirmations."""

import pytest

from tests.builders.settled import SettledLedger
from tests.ledger.rules.refused_clock import BAD


@pytest.mark.parametrize("name", BAD)
def test_refused(name: str, settled: SettledLedger) -> None:
    code, make = BAD[name]
    assert settled.code(make(settled)) == code
