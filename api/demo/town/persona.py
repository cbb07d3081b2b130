"""Who lives in the town: keys, names, identity numbers and phones, all from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from random import Random
from typing import Final

from api.demo.names import NAMES
from ledger.core.records.signing import address_of

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Persona:
    """Somebody, or something, with a key; `name` and `id_number` are known to the vault alone."""

    key: bytes
    name: str
    id_number: str = ""
    device: str = ""

    @cached_property
    def address(self) -> str:
        """The address of the key."""
        return address_of(self.key)


def key_of(seed: int, label: str) -> bytes:
    """The private key (32 bytes) of somebody of the town."""
    return sha256(f"hourledger simulation {seed} {label}".encode()).digest()


def person(seed: int, number: int, *, child: bool = False) -> Persona:
    """One inhabitant: a common name, an identity number whose check digit is right (GB 11643)."""
    label = f"person {number}"
    random = Random(f"{seed} {label}")  # noqa: S311 - a simulation must be repeatable
    name = random.choice(NAMES.surnames) + random.choice(NAMES.given)
    born = date(2014 if child else 1950, 1, 1) + timedelta(days=random.randrange(1500))
    digits = f"330106{born:%Y%m%d}{random.randrange(1000):03d}"
    total = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True))
    check = "10X98765432"[total % 11]
    return Persona(key_of(seed, label), name, digits + check, f"IMEI {seed} {number:08d}")


def body(seed: int, number: int) -> Persona:
    """One organisation."""
    place = NAMES.place.format(surname=NAMES.surnames[number % len(NAMES.surnames)])
    name = place + (str(number) if number >= 100 else "") + NAMES.bodies[number % len(NAMES.bodies)]
    return Persona(key_of(seed, f"organisation {number}"), name)


def role(seed: int, label: str) -> Persona:
    """Somebody who is only known by what they do."""
    return Persona(key_of(seed, label), label)
