"""Where the passphrase of a keystore comes from: environment, file, or the person at the keys."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import Final

from rich.prompt import Prompt

from api.errors import WrongUse
from api.node.files import write_durably
from api.node.settings import Settings

FILE: Final = "passphrase"
"""Name of the file that stands in for a person, where there is none at the keys."""

HOW: Final = "set HOURLEDGER_PASSPHRASE, or run the command in a terminal"


def existing(directory: Path, settings: Settings) -> str:
    """The passphrase of a keystore that exists. Raises `WrongUse` when there is no way to it."""
    if settings.passphrase is not None:
        return settings.passphrase.get_secret_value()
    file = directory / FILE
    if file.exists():
        return file.read_text(encoding="utf-8").strip()
    if sys.stdin.isatty():
        return Prompt.ask("Passphrase of the keystore", password=True)
    raise WrongUse(f"the passphrase of the keystore is needed: {HOW}")


def chosen(directory: Path, settings: Settings, ask: bool) -> tuple[str, bool]:
    """The passphrase for a new keystore, and whether it now lies in a file beside the keys.

    Without environment and terminal a random one is written down: keys that open themselves
    protect nothing but a backup of the key folder alone, so the caller must say so.
    """
    if settings.passphrase is not None:
        return settings.passphrase.get_secret_value(), False
    if ask and sys.stdin.isatty():
        first = Prompt.ask("New passphrase of the keystore", password=True)
        if len(first) < 8:
            raise WrongUse("a passphrase has at least 8 characters")
        if Prompt.ask("The same again", password=True) != first:
            raise WrongUse("the two passphrases differ")
        return first, False
    found = secrets.token_hex(16)
    write_durably(directory / FILE, found.encode() + b"\n")
    return found, True
