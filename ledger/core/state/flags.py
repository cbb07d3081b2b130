"""Flags: what is remarkable about how an hour came into the ledger, and what each one says.

A flag is no verdict: it is shown wherever the hour is shown, and the reader judges. All but the
last are computed by the rules when the hour is accepted (`ledger.rules.flags`), and proved by the
state tree; KEY_REVOKED comes with a revocation that is shown beside the hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KEY_REVOKED: Final = "KEY_REVOKED"
"""A key behind the hour, or its organisation, was revoked from before it on."""

POSITION_UNCHECKED: Final = "POSITION_UNCHECKED"
"""At one end of the visit nothing showed that the person was at the place."""

FLAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "LATE": "Entered after the working days that the law gives (MCA Order 67, art. 11).",
        "CREATED_AFTER_START": "Its activity was published after it, or the service, had begun.",
        "NO_ACTIVITY": "Back-filled without an activity.",
        "NIGHT_ENTRY": "Back-filled at night.",
        "BULK_ENTRY": "One of many that one key entered within an hour.",
        "OVER_DAY_CAP": "The day has more than the cap; it was approved.",
        "SAME_DEVICE": "Somebody else clocked with the same device at this activity.",
        POSITION_UNCHECKED: "No position and no site code showed that the person was at the place.",
        "STAFF": "The organisation gave the volunteer a key that acts for it.",
        KEY_REVOKED: (
            "A key behind it, or its organisation, was revoked with effect from an earlier time."
        ),
    }
)
"""Flag → what it says in English, in the order in which flags are shown."""
