"""Who may read what a command left."""

import stat
from pathlib import Path


def assert_private(folder: Path) -> None:
    """All of a ledger's directory is its owner's alone."""
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), f"{path}: {mode:o}"
