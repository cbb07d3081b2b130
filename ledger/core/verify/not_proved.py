"""What a proof does not prove: the sentences that are shown with every verdict.

They stand in `ledger/not_proved.toml`, in Chinese and English, since a verdict carries both.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

NOT_PROVED: Final[dict[str, list[dict[str, str]]]] = tomllib.loads(
    files("ledger").joinpath("not_proved.toml").read_text("utf-8")
)
"""What is proved (a record, an account …) → sentences (`zh`, `en`)."""


def not_proved(*what: str) -> list[dict[str, str]]:
    """The sentences about each of `what`, in order; a fresh copy, ready for JSON."""
    return [dict(sentence) for one in what for sentence in NOT_PROVED[one]]
