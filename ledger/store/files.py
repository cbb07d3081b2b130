"""Files that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

MODE: Final = 0o600


def make_private(path: Path) -> None:
    """Make an empty file for its owner alone where there is none; one that is there stays as it is.
    SQLite gives the write-ahead log and its index the permissions of the file. Raises `OSError`."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, MODE))
