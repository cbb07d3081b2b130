"""Every limit of the format, and why it has its value."""

from __future__ import annotations

from typing import Final

INTEGER_MAX: Final = 2**53 - 1
"""Largest integer anywhere in a record: what every JSON reader keeps exactly (RFC 7493 §2.2)."""

TEXT_MAX: Final = 200
"""Longest text in bytes of UTF-8: a title, a category, a reason."""

FILE_TEXT_MAX: Final = 4096
"""Longest text of several lines in bytes of UTF-8: a policy of twenty witnesses."""

LIST_MAX: Final = 64
"""Most items of a list: bounds the work that one record can ask for."""

RECORD_BYTES_MAX: Final = 32768
"""Longest record: an entry must fit the 65,535 bytes of a C2SP entry bundle with room to spare."""

ENTRY_BYTES_MAX: Final = 65535
"""Longest entry: its length stands as a uint16 in a C2SP entry bundle."""

DEPTH_MAX: Final = 16
"""Deepest nesting of JSON: no kind needs more than six levels, no bundle more than ten."""

SIGNATURES_MAX: Final = 64
"""Most signatures of one record: a genesis is signed by each of its authorities."""

SHEET_PATH_MAX: Final = 32
"""Longest sheet path: a sheet's count is a uint32."""

SKEW_SECONDS: Final = 300
"""Most that two clocks may differ: those of a signer, of the server, and of a chain."""

DAY_MINUTES_MAX: Final = 1440
"""Most minutes of one person on one local day, whoever approves more."""

FILE_BYTES_MAX: Final = 32 * 1024 * 1024
"""Longest proof file that is read: a bundle has about 8,000 bytes, a transcript of a thousand
clocked days 3 million."""

MONTHS_MAX: Final = 120
"""Longest period of a disclosure: its proof has about 700 bytes a month."""

CELLS_MAX: Final = 1024
"""Most classes and categories of one person in one month."""
