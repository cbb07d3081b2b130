"""Why a minute does not count as practice credit: stable codes, and what each one says.

A student's line names one of them for every minute that was recorded and not counted. They stand
here in the order in which they are looked for: the first that applies is the one that is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "BAD_SIGNATURE": (
            "The record is not signed as its kind demands, or a signature does not hold."
        ),
        "NOT_ANCHORED": "The batch that holds the record is not anchored on a chain yet.",
        "VOIDED": "The record was voided.",
        "AMENDED": "The record was amended; its new version is judged in its place.",
        "DISPUTED": "There is an objection to the record that is not decided yet.",
        "OUT_OF_WINDOW": "Served outside the period that counts, or that the student opened.",
        "AFTER_CUTOFF": "Entered after the date, or later after the service, than the rules allow.",
        "CLASS_NOT_COUNTED": "The rules do not count hours of this class (credit or honour).",
        "CATEGORY_DENIED": "The rules do not count activities of this category.",
        "ORG_NOT_ALLOWED": "The recording unit is not among those that the rules accept.",
        "ORG_SUSPENDED": "The recording unit was suspended at the time of the service.",
        "ALREADY_CREDITED": "The record was counted under the same scheme before.",
        "OVERLAP": "At the same time as another service of the same person.",
        "OVER_SESSION_CAP": "Above what counts of one service.",
        "BELOW_UNIT": "The rest of one service that does not fill a unit.",
        "OVER_DAY_CAP": "Above what counts of one day.",
        "OVER_CATEGORY_CAP": "Above what counts of this category.",
        "OVER_TERM_CAP": "Above what counts of one term.",
        "OVER_TOTAL_CAP": "Above what counts in all, what was counted before included.",
        "NOT_NEEDED": "Served in the make-up period beyond what was missing.",
    }
)
"""Code → what it says in English, in order."""

PRECEDENCE: Final = tuple(REASONS)
"""The codes in order."""
