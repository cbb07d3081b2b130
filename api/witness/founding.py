"""A witness' folder: made once, and opened by whoever serves it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.errors import WrongUse
from api.node import passphrase
from api.node.files import write_durably
from api.node.keystore import Keystore
from api.node.settings import Settings
from api.witness.keeping import LOGS, Witnessing, hold
from ledger.core.trees.cosignatures import Cosigner

NAME: Final = "name"
KEYS: Final = "keys"
LABEL: Final = "witness"

_NAME = re.compile(r"[a-z0-9][a-z0-9./-]{2,99}\Z")

_TEMPLATE: Final = b"""\
# The logs that this witness cosigns, one a line, by the text form of the log's key, which
# https://LEDGER/v1/ledger gives as log_vkey (C2SP tlog-policy):
#
# log example.org/town+0123abcd+AQ\xe2\x80\xa6
quorum none
"""


def found(folder: Path, name: str, settings: Settings) -> tuple[Cosigner, bool]:
    """Make a witness in a new or empty folder: its public key, and whether the passphrase lies in
    a file beside the key. Raises `WrongUse`."""
    if not _NAME.match(name):
        raise WrongUse("a name looks like witness.example.org/w1: lower case, digits, dots and /")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse(f"{folder} is not an empty directory")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    words, in_file = passphrase.chosen(folder, settings, True)
    key = Keystore.create(folder / KEYS, words).obtain(LABEL)
    write_durably(folder / LOGS, _TEMPLATE)
    # Last: a folder without a name is no witness, and can be made again.
    write_durably(folder / NAME, name.encode() + b"\n")
    public = Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()
    return Cosigner(name, public), in_file


@contextmanager
def opened(folder: Path, settings: Settings, clock: Callable[[], int]) -> Iterator[Witnessing]:
    """The witness of a folder, held by this process alone. Raises `WrongUse`, `Unavailable` and
    `Damaged`."""
    try:
        name = (folder / NAME).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise WrongUse(f"there is no witness in {folder}") from error
    keys = Keystore.unlock(folder / KEYS, passphrase.existing(folder, settings))
    with hold(folder):
        key = Ed25519PrivateKey.from_private_bytes(keys.demand(LABEL))
        yield Witnessing(folder, name, key, clock)
