"""How much of the same the tests do: the short form is run with every change, the long one before a
release (`make test-long`). Both prove the same sentences; where they differ, the test says so."""

import os
from typing import Final, TypeVar

LONG: Final = bool(os.environ.get("LONG_TESTS"))

T = TypeVar("T")


def effort(short: T, long: T) -> T:
    """The one or the other, by the form that is run."""
    return long if LONG else short
