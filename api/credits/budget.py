"""How much work the reading of one file may be, counted as it is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from api.errors import WrongUse
from api.words import both

STEPS_MAX: Final = 2_500_000
"""Most steps: elements of a workbook; lines and cells of a text. 200,000 rows of five columns, or
100,000 of twelve, have so many in a workbook, and twice as many columns in a text."""

ROWS_PARSED_MAX: Final = 400_000
"""Most rows that a workbook may have, in all sheets that are read and with blank ones."""

SECONDS_MAX: Final = 60
"""Longest time. No honest file takes a tenth of it on a machine that is not overrun."""

_STEPS_A_LOOK: Final = 1024
"""Steps between two looks at the clock."""


class Budget:
    """Steps and seconds that one file has left. What is counted is the work, never what a file
    says of its own size."""

    def __init__(self, steps: int = STEPS_MAX, clock: Callable[[], float] = time.monotonic) -> None:
        self.spent = self.rows = 0
        self._steps = steps
        self._clock = clock
        self._end = clock() + SECONDS_MAX

    def row(self, times: int = 1) -> None:
        """Count rows of a workbook. Raises `WrongUse` for the first one too many."""
        if self.rows + times > ROWS_PARSED_MAX:
            raise WrongUse(
                both(
                    "the workbook has more than {count} rows, blank ones counted: delete those "
                    "below the table",
                    count=ROWS_PARSED_MAX,
                )
            )
        self.rows += times

    def spend(self, steps: int = 1) -> None:
        """Count steps. Raises `WrongUse` for the first one beyond the budget."""
        before, after = self.spent, self.spent + steps
        if after > self._steps:
            raise WrongUse(
                both(
                    "the roster has more than {count} cells and rows, empty ones counted: delete "
                    "what stands beside and below the table",
                    count=self._steps,
                )
            )
        self.spent = after
        if before // _STEPS_A_LOOK != after // _STEPS_A_LOOK and self._clock() > self._end:
            raise WrongUse(
                both(
                    "reading the roster takes more than {count} seconds: send it in parts, "
                    "or as CSV",
                    count=SECONDS_MAX,
                )
            )
