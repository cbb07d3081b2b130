"""Every rule refuses what breaks it: hours, what they rest on, and what becomes of them."""

import pytest

from tests.builders.records import DAY
from tests.builders.settled import NINE, Street
from tests.ledger.rules.refused_hours import (
    BAD,
    _typed,
)


@pytest.mark.parametrize("name", BAD)
def test_refused(name: str, street: Street) -> None:
    code, make = BAD[name]
    assert street.code(make(street)) == code


def test_services_may_touch_but_not_overlap(street: Street) -> None:
    street.take(street.visit("ann", NINE, 60))
    # Only hours that are typed in can lie anywhere.
    for start, minutes in ((NINE + 3599, 60), (NINE - 60, 2), (NINE, 60), (NINE + 60, 10)):
        assert street.code(_typed(street, start, minutes)) == "OVERLAP"
    street.take(_typed(street, NINE + 3600), _typed(street, NINE - 3600))
    street.take(street.visit("bob", NINE, 60))


def test_overlap_is_seen_across_midnight(street: Street) -> None:
    midnight = (NINE // DAY + 2) * DAY - 8 * 3600
    street.take(_typed(street, midnight - 3600, 120))
    assert street.code(_typed(street, midnight + 1800, 120)) == "OVERLAP"


def test_honour_never_mints(street: Street) -> None:
    street.take(_typed(street, NINE, 480))
    street.take(street.town.honour("org", "authority", "bob", NINE, 480))
    assert street.minutes("ann") == street.minutes("bob") == (0, 480, 0)
    assert street.code(street.town.transfer("ann", "bob", 1)) == "NO_COINS"
