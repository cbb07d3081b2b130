"""Why a row of a roster is not matched, or is worth a look: stable codes, and what each says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "BAD_ROW": "The row has not the columns of the header.",
        "BAD_CELL": "A cell is too long or has control characters.",
        "NO_STUDENT_NO": "There is no student number.",
        "NO_NUMBER": "There is no volunteer number; nobody is matched by name alone.",
        "NUMBER_DAMAGED": (
            "A spreadsheet made a number of it (as 4.4E+17, or with 000 at its end): set the "
            "column to text and paste it again."
        ),
        "BAD_NUMBER": "The check digits of the volunteer number are wrong: compare it.",
        "DUPLICATE_ROW": "The same as a row before.",
        "TWO_NUMBERS": "One student number with different volunteer numbers.",
        "SHARED_NUMBER": "One volunteer number for different student numbers.",
        "TWO_ACCOUNTS": "The number fits two accounts: use the address.",
        "NO_CONSENT": (
            "Nobody with this number lets the university see hours: the number is wrong, or the "
            "student has not consented."
        ),
        "NAME_DIFFERS": "The name in the roster is not the account's: look into it, then confirm.",
    }
)
"""Code → what it says in English."""

NOTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "SHEETS_NOT_READ": (
            "Other sheets of the workbook have a roster's header too and were not read:"
        ),
        "STUDENT_NO_IS_NUMBER": (
            "Student numbers are numbers in the workbook: zeros that they began with are lost. "
            "Compare some."
        ),
    }
)
"""What is worth a look in a file and refuses nothing: code → what it says in English."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a look: a code of `NOTES`, and what it is about."""

    code: str
    about: str = ""


SHORT_STUDENT_NO: Final = (
    "Student numbers that are shorter than the others: leading zeros may be lost."
)
"""What is worth a look and refuses nothing."""
