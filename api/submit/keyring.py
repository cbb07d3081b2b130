"""Keys by what people call them: a label of a ledger's keystore, or a standard key file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from eth_account import Account
from rich.prompt import Prompt

from api.errors import WrongUse
from api.node.keystore import Keystore
from api.node.passphrase import HOW
from api.node.settings import load
from api.words import both


@dataclass
class Keyring:
    """The keys of a keystore, if there is one, and of key files."""

    unlocked: Callable[[], Keystore] | None
    _addresses: dict[str, str] = field(default_factory=dict)

    def secret(self, name: str) -> bytes:
        """The private key of a label or a key file. Raises `WrongUse`."""
        if Path(name).is_file():
            return _opened(Path(name))
        if self.unlocked is None:
            raise WrongUse(
                f"{name}: {both('There is no such key file. Name one, or a keystore by --dir.')}"
            )
        return self.unlocked().demand(name)

    def address_of(self, label: str) -> str | None:
        """The address of a label of the keystore; None where there is no such key."""
        if self.unlocked is None:
            return None
        if not self._addresses:
            self._addresses = {key.label: key.address for key in self.unlocked().stored()}
        return self._addresses.get(label)


def _opened(file: Path) -> bytes:
    given = load(None).passphrase
    if given is None and not sys.stdin.isatty():
        raise WrongUse(f"{file}: the passphrase of the key file is needed: {HOW}")
    words = given.get_secret_value() if given else Prompt.ask(f"{file}", password=True)
    try:
        return bytes(Account.decrypt(json.loads(file.read_bytes()), words))
    except (ValueError, KeyError, TypeError, OSError):
        raise WrongUse(f"{file}: {both('The passphrase does not open this key file.')}") from None
