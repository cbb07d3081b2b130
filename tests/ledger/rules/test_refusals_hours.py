"""Hours lie beside each other, and back-filled ones are no coins."""

from tests.builders.records import DAY
from tests.builders.settled import NINE, SettledLedger
from tests.ledger.rules.refused_hours import typed


def test_services_may_touch_but_not_overlap(settled: SettledLedger) -> None:
    settled.take(settled.visit("ann", NINE, 60))
    # Only hours that are typed in can lie anywhere.
    for start, minutes in ((NINE + 3599, 60), (NINE - 60, 2), (NINE, 60), (NINE + 60, 10)):
        assert settled.code(typed(settled, start, minutes)) == "OVERLAP"
    settled.take(typed(settled, NINE + 3600), typed(settled, NINE - 3600))
    settled.take(settled.visit("bob", NINE, 60))


def test_overlap_is_seen_across_midnight(settled: SettledLedger) -> None:
    midnight = (NINE // DAY + 2) * DAY - 8 * 3600
    settled.take(typed(settled, midnight - 3600, 120))
    assert settled.code(typed(settled, midnight + 1800, 120)) == "OVERLAP"


def test_honour_never_mints(settled: SettledLedger) -> None:
    settled.take(typed(settled, NINE, 480))
    settled.take(settled.town.honour("org", "authority", "bob", NINE, 480))
    assert settled.minutes("ann") == settled.minutes("bob") == (0, 480, 0)
    assert settled.code(settled.town.transfer("ann", "bob", 1)) == "NO_COINS"
