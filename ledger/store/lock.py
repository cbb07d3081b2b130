"""A lock between processes, in a file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.errors import Unavailable
from ledger.store.files import make_private


class FileLock:
    """Lets one process at a time do a thing. The system gives it free when its process ends,
    however it ends. For one thread."""

    def __init__(self, path: Path) -> None:
        """On a file, which is made where it is missing and says nothing."""
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """Whether the lock is ours, now or from before; waits for nobody. Raises `Unavailable` when
        the file cannot be opened."""
        if self._handle is not None:
            return True
        try:
            make_private(self._path)
            handle = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise Unavailable(f"the lock {self._path.name} cannot be opened") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Let another take it; a lock that is not ours stays as it is."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Do a thing as the only process. Raises `Unavailable` while another does it."""
    lock = FileLock(path)
    if not lock.take():
        raise Unavailable(f"another process is at it now ({path.name})")
    try:
        yield
    finally:
        lock.release()
