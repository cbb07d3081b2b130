"""Site codes: six digits that change every half minute, shown at the place of an activity.

A code is an HOTP value (RFC 4226 §5.3) of the half minute, under a secret of the activity.
"""

from __future__ import annotations

import hmac
from typing import Final

STEP_SECONDS: Final = 30
"""How long one code is shown."""

STEPS_TAKEN: Final = 3
"""A code is taken while it is shown and for two steps more: reading and typing takes time."""

DIGITS: Final = 6


def site_code(secret: bytes, activity: bytes, time: int) -> str:
    """The code that is shown for an activity at a time (Unix s)."""
    counter = (time // STEP_SECONDS).to_bytes(8, "big")
    mac = hmac.digest(secret, b"site code" + activity + counter, "sha256")
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def is_site_code(secret: bytes, activity: bytes, time: int, code: str) -> bool:
    """Whether a code is, or was just now, the activity's. As long for every wrong code."""
    shown = (site_code(secret, activity, time - n * STEP_SECONDS) for n in range(STEPS_TAKEN))
    return sum(hmac.compare_digest(right.encode(), code.encode()) for right in shown) > 0
