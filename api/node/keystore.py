"""Private keys at rest: eth-account key files under one passphrase.

    master.json   a random master secret under the passphrase (scrypt, slow on purpose)
    <name>.json   one signing key each, a standard key file; its password is derived from the
                  master secret, so opening a thousand keys costs one scrypt
    log.pem       the Ed25519 log key, encrypted PKCS #8

File names are keyed hashes of the keys' labels and labels are encrypted, so that a stolen
directory does not tell whose keys it holds. The vault of personal data is under a key derived from
the master secret too.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from eth_account import Account

from api.errors import WrongUse
from api.node.files import write_durably
from ledger.core.format.fields import checksum_address
from ledger.core.records.sealed import MasterKey
from ledger.errors import Refused
from ledger.refusals import Code

MASTER: Final = "master.json"
LOG_KEY: Final = "log.pem"

STRETCHING = 1 << 18
"""scrypt's N for a passphrase, as wallets have it: a guess costs a second and 256 MB."""

TOMBSTONE: Final = {"withdrawn": True}
"""What stands in the place of a destroyed key."""


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key of the store: what it is for, and its address."""

    label: str
    address: str


class Keystore:
    """The keys of one directory, unlocked. Keys are decrypted when they are first asked for."""

    def __init__(self, folder: Path, master: bytes) -> None:
        """Over a folder and its master secret; see `create` and `unlock`."""
        self._folder = folder
        self._password = _derive(master, b"key file password").hex()
        self._names = _derive(master, b"file names")
        self._vault = _derive(master, b"vault of personal data")
        self._station = _derive(master, b"station's questions and site codes")
        self._labels = AESGCM(_derive(master, b"labels"))
        self._known: dict[str, bytes] = {}

    @classmethod
    def create(cls, folder: Path, passphrase: str) -> Keystore:
        """A new store with a new master secret; refuses a folder that has one."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / MASTER).exists():
            raise WrongUse(f"there is a keystore in {folder} already")
        master = secrets.token_bytes(32)
        write_durably(folder / MASTER, _locked(master, passphrase))
        return cls(folder, master)

    @classmethod
    def unlock(cls, folder: Path, passphrase: str) -> Keystore:
        """Open a store. Raises `WrongUse` when there is none or the passphrase is wrong."""
        try:
            sealed = json.loads((folder / MASTER).read_bytes())
            return cls(folder, bytes(Account.decrypt(sealed, passphrase)))
        except FileNotFoundError as error:
            raise WrongUse(f"there is no keystore in {folder}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise WrongUse("the passphrase does not open the keystore") from error

    def key(self, label: str) -> bytes | None:
        """The private key (32 bytes) with a label, if there is one. Raises
        `Refused(HOLDER_WITHDREW)` where one was destroyed: nobody comes back unasked."""
        if label not in self._known:
            path = self._path(label)
            if not path.exists():
                return None
            sealed = json.loads(path.read_bytes())
            if sealed == TOMBSTONE:
                raise Refused(Code.HOLDER_WITHDREW)
            self._known[label] = bytes(Account.decrypt(sealed, self._password))
        return self._known[label]

    def present(self, label: str) -> bytes | None:
        """The private key with a label as the store holds it now; None also for a destroyed one."""
        try:
            sealed = json.loads(self._path(label).read_bytes())
        except FileNotFoundError:
            sealed = TOMBSTONE
        if sealed == TOMBSTONE:
            self._known.pop(label, None)
            return None
        return self.key(label)

    def demand(self, label: str) -> bytes:
        """The private key with a label; `WrongUse` when it is not here."""
        found = self.key(label)
        if found is None:
            raise WrongUse(f"the keystore has no key {label!r}")
        return found

    def obtain(self, label: str) -> bytes:
        """The private key with a label, made and stored durably if there is none."""
        return self.key(label) or self.add(label, secrets.token_bytes(32))

    def add(self, label: str, key: bytes) -> bytes:
        """Store a private key under a new label, durably, and give it back."""
        path = self._path(label)
        if path.exists():
            raise WrongUse(f"the keystore has a key {label!r} already")
        # The password is 256 random bits: stretching it would only cost time.
        sealed = Account.encrypt(key, self._password, kdf="pbkdf2", iterations=1)
        nonce = secrets.token_bytes(12)
        sealed["label"] = (nonce + self._labels.encrypt(nonce, label.encode(), None)).hex()
        write_durably(path, _dumps(sealed))
        self._known[label] = key
        return key

    def stored(self) -> list[StoredKey]:
        """All keys by label, none of them decrypted."""
        found = []
        for path in self._folder.glob("*.json"):
            if path.name == MASTER:
                continue
            try:
                sealed = json.loads(path.read_bytes())
                if sealed == TOMBSTONE:
                    continue
                data = bytes.fromhex(sealed["label"])
                label = self._labels.decrypt(data[:12], data[12:], None).decode()
                found.append(StoredKey(label, checksum_address(sealed["address"].lower())))
            except (ValueError, KeyError, InvalidTag):
                raise WrongUse(f"{path} is not a key file of this store") from None
        return sorted(found, key=lambda key: key.label)

    def export(self, label: str, passphrase: str) -> str:
        """A key as a standard key file under a passphrase of its own, for any wallet."""
        return _locked(self.demand(label), passphrase).decode()

    def vault_key(self) -> MasterKey:
        """The key under which the vault of personal data is kept."""
        return MasterKey(self._vault)

    def station_secret(self) -> bytes:
        """What makes a station's questions and site codes its own (32 bytes)."""
        return self._station

    def remove(self, address: str) -> bool:
        """Destroy the key of an address for ever; False when it is not here. A mark stays under
        the keyed hash of its label, so that no new key is ever made for it."""
        found = next((key for key in self.stored() if key.address == address), None)
        if found is None:
            return False
        write_durably(self._path(found.label), _dumps(TOMBSTONE))
        self._known.pop(found.label, None)
        return True

    def make_log_key(self) -> Ed25519PrivateKey:
        """A new log key, stored beside those that there are."""
        key = Ed25519PrivateKey.generate()
        name = key.public_key().public_bytes_raw().hex()[:16]
        first = not (self._folder / LOG_KEY).exists()
        sealed = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(self._password.encode()),
        )
        write_durably(self._folder / (LOG_KEY if first else f"log-{name}.pem"), sealed)
        return key

    def log_key(self, public: bytes | None = None) -> Ed25519PrivateKey:
        """The log key with a public key; without one, the first. Raises `WrongUse` when it is not
        here or cannot be opened."""
        if public is None:
            return self._log_key(self._folder / LOG_KEY)
        for path in (self._folder / LOG_KEY, *sorted(self._folder.glob("log-*.pem"))):
            if path.exists():
                key = self._log_key(path)
                if key.public_key().public_bytes_raw() == public:
                    return key
        raise WrongUse(f"the log key 0x{public.hex()} is not in {self._folder}")

    def _log_key(self, path: Path) -> Ed25519PrivateKey:
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), self._password.encode())
        except (OSError, ValueError) as error:
            raise WrongUse(f"the log key in {self._folder} cannot be opened") from error
        assert isinstance(key, Ed25519PrivateKey)
        return key

    def _path(self, label: str) -> Path:
        name = hmac.digest(self._names, label.encode(), "sha256").hex()[:32]
        return self._folder / f"{name}.json"


class Keys(Mapping[str, bytes]):
    """The keys whose labels begin alike, by the rest of the label: what the store holds now, also
    what another process put in or destroyed since."""

    def __init__(self, store: Keystore, prefix: str) -> None:
        self._store = store
        self._prefix = prefix

    def __getitem__(self, name: str) -> bytes:
        """The private key (32 bytes). Raises `KeyError`."""
        found = self._store.present(self._prefix + name)
        if found is None:
            raise KeyError
        return found

    def __iter__(self) -> Iterator[str]:
        """All names, sorted."""
        labels = (key.label for key in self._store.stored())
        return (x.removeprefix(self._prefix) for x in labels if x.startswith(self._prefix))

    def __len__(self) -> int:
        """How many."""
        return sum(1 for _ in self)


def _locked(secret: bytes, passphrase: str) -> bytes:
    """A standard key file of 32 bytes under a passphrase."""
    return _dumps(Account.encrypt(secret, passphrase, kdf="scrypt", iterations=STRETCHING))


def _derive(master: bytes, what: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"hourledger keystore/v1 " + what).derive(master)


def _dumps(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode() + b"\n"
