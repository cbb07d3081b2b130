"""Who lives in the town: keys, names, identity numbers and phones, all from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from random import Random
from typing import Final

from ledger.core.records.signing import address_of

SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
GIVEN: Final = (
    "秀英",
    "建国",
    "丽华",
    "志强",
    "桂兰",
    "明",
    "雨桐",
    "子涵",
    "国庆",
    "淑珍",
    "浩然",
    "静",
)
WORKS: Final = (
    "河岸清洁",
    "助老午餐",
    "旧衣整理",
    "盲文校对",
    "邻里维修",
    "亲子朗读",
    "义诊",
    "植树",
)
KINDS: Final = ("环保志愿服务队", "社区服务中心", "图书馆志愿者协会", "急救培训中心", "助学会")

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
    name = random.choice(SURNAMES) + random.choice(GIVEN)
    born = date(2014 if child else 1950, 1, 1) + timedelta(days=random.randrange(1500))
    digits = f"330106{born:%Y%m%d}{random.randrange(1000):03d}"
    total = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True))
    check = "10X98765432"[total % 11]
    return Persona(key_of(seed, label), name, digits + check, f"IMEI {seed} {number:08d}")


def body(seed: int, number: int) -> Persona:
    """One organisation."""
    town = SURNAMES[number % len(SURNAMES)] + "家桥" + (str(number) if number >= 100 else "")
    return Persona(key_of(seed, f"organisation {number}"), town + KINDS[number % len(KINDS)])


def role(seed: int, label: str) -> Persona:
    """Somebody who is only known by what they do."""
    return Persona(key_of(seed, label), label)
