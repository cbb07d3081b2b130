"""What the rules know: a map from typed keys to frozen values, derived from the entries alone.

The same map lives in memory (audit, tests) and in SQL (the ledger); the rules see only `get`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from ledger.core.format.structs import Body, body_to_json
from ledger.core.kinds.registry import AnyCharter, Policy

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """Names one value of the state: a table and the parts of its key."""

    table: str
    parts: tuple[str | bytes | int, ...] = ()


class State(Protocol):
    """Read port of the rules."""

    def get(self, key: Key[T]) -> T | None:
        """The value of a key, or None."""


@dataclass(frozen=True, slots=True)
class Change:
    """A key and its new value."""

    key: Key[Any]
    value: Any


class MemoryState:
    """The state as a dictionary."""

    def __init__(self) -> None:
        self.values: dict[Key[Any], Any] = {}

    def get(self, key: Key[T]) -> T | None:
        """The value of a key, or None."""
        return self.values.get(key)

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over the changes of one accepted record."""
        for change in changes:
            self.values[change.key] = change.value


class Afterwards:
    """The state as it will be after some changes."""

    def __init__(self, state: State, changes: Iterable[Change]) -> None:
        self._state = state
        self._values = {change.key: change.value for change in changes}

    def get(self, key: Key[T]) -> T | None:
        """The value of a key, or None."""
        if key in self._values:
            found: T | None = self._values[key]
            return found
        return self._state.get(key)

    def changes(self) -> list[Change]:
        """The changes, one for each key."""
        return [Change(key, value) for key, value in self._values.items()]

    def apply(self, changes: Iterable[Change]) -> None:
        """Change some more."""
        self._values |= {change.key: change.value for change in changes}


@dataclass(frozen=True, slots=True)
class Head:
    """The ledger's constitution as it stands: the newest charter, and the record ids of all that
    came after the genesis, in order."""

    ledger_id: bytes
    charter: AnyCharter
    charters: tuple[bytes, ...]
    policy: Policy
    policy_version: int

    @property
    def authorities(self) -> tuple[str, ...]:
        """Those whom the charter names."""
        return self.charter.authorities


@dataclass(frozen=True, slots=True)
class OrganisationState:
    """Periods of certification, half-open, end 0 = open; who stands above it, who succeeded it, and
    what was taken back of it (index of the entry, from when on)."""

    name: str
    category: str
    periods: tuple[tuple[int, int], ...]
    parent: str
    successor: str
    certified_by: bytes
    ended: tuple[tuple[int, int], ...] = ()

    def certified_at(self, time: int) -> bool:
        """Whether it was certified at a time (Unix s)."""
        return any(a <= time and (b == 0 or time < b) for a, b in self.periods)

    def certified_through(self, start: int, end: int) -> bool:
        """Whether one period of certification holds a whole interval, or a moment (start = end)."""
        return any(a <= start and (b == 0 or start < b >= end) for a, b in self.periods)


@dataclass(frozen=True, slots=True)
class DelegationState:
    """What a delegate may do, and when (half-open, end 0 = open); and what was taken back of that
    key (index of the entry, from when on)."""

    scopes: tuple[str, ...]
    valid_from: int
    valid_until: int
    granted_by: bytes
    revoked: tuple[tuple[int, int], ...] = ()

    def allows(self, scope: str, time: int) -> bool:
        """Whether it covers a scope at a time."""
        in_time = self.valid_from <= time and (self.valid_until == 0 or time < self.valid_until)
        return scope in self.scopes and in_time


@dataclass(frozen=True, slots=True)
class VolunteerState:
    """An enrolled key, its identity commitment, and the guardian of a child (or zero)."""

    identity: bytes
    guardian: str
    enrolled_at: int


@dataclass(frozen=True, slots=True)
class IdentityState:
    """The one key that stands under an identity commitment."""

    volunteer: str


@dataclass(frozen=True, slots=True)
class ServiceState:
    """A recorded service, what was remarkable about its entry, and the records that voided it,
    amended it, object to it (only while open) and rejected the last objection (empty where there is
    none); the secret that hides its status, once it has changed."""

    hour_class: str
    volunteer: str
    organisation: str
    activity: bytes
    clock_out: bytes
    permit: bytes
    started_at: int
    ended_at: int
    minutes: int
    flags: tuple[str, ...] = ()
    voided_by: bytes = b""
    amended_by: bytes = b""
    objected_by: bytes = b""
    decided_by: bytes = b""
    secret: bytes = b""

    @property
    def status(self) -> str:
        """What is to be said of it: `void`, `amended`, `disputed` or `recorded`."""
        if self.voided_by:
            return "void"
        if self.amended_by:
            return "amended"
        return "disputed" if self.objected_by else "recorded"

    @property
    def changed_by(self) -> bytes:
        """The record behind its status; empty while nothing has changed it."""
        return self.voided_by or self.amended_by or self.objected_by or self.decided_by


class HasStatus(Protocol):
    """What the state holds of a record with a status of its own: whom it is about, the status, and
    the record behind it (empty while nothing has changed it)."""

    @property
    def volunteer(self) -> str:
        """Whom it is about."""

    @property
    def status(self) -> str:
        """`recorded`, `disputed`, `amended` or `void`."""

    @property
    def changed_by(self) -> bytes:
        """The record behind the status."""

    @property
    def secret(self) -> bytes:
        """That of whom it is about, after what changed it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Time taken by one counting service of a volunteer (half-open, Unix s)."""

    started_at: int
    ended_at: int
    minutes: int
    record_id: bytes


@dataclass(frozen=True, slots=True)
class Account:
    """Totals of one address: minutes by class, coins moved; how many entries concern it, the hash
    chain over them, and the secret that follows from them."""

    credit_minutes: int = 0
    honour_minutes: int = 0
    voided_minutes: int = 0
    received: int = 0
    sent: int = 0
    entries: int = 0
    head: bytes = bytes(32)
    secret: bytes = bytes(32)

    def minted(self, minutes_per_yibi: int) -> int:
        """Whole yibi earned: floor(credit minutes / minutes per yibi)."""
        return self.credit_minutes // minutes_per_yibi

    def balance(self, minutes_per_yibi: int) -> int:
        """Whole yibi to spend; below zero after a void of hours whose coins are spent."""
        return self.minted(minutes_per_yibi) + self.received - self.sent


@dataclass(frozen=True, slots=True)
class NewestWord:
    """When the newest of the records was signed of which each takes the place of the one before."""

    issued_at: int


HEAD: Key[Head] = Key("head")


def organisation_key(address: str) -> Key[OrganisationState]:
    """Key of an organisation."""
    return Key("organisation", (address,))


def delegation_key(organisation: str, delegate: str) -> Key[DelegationState]:
    """Key of the delegation of one organisation to one key."""
    return Key("delegation", (organisation, delegate))


def volunteer_key(address: str) -> Key[VolunteerState]:
    """Key of a volunteer."""
    return Key("volunteer", (address,))


def identity_key(commitment: bytes) -> Key[IdentityState]:
    """Key of an identity commitment."""
    return Key("identity", (commitment,))


def newest_key(body: Body, about: tuple[str, ...]) -> Key[NewestWord]:
    """Key of the newest word of a kind about what some fields of a body name."""
    plain = body_to_json(body)
    return Key("newest", (body.kind, " ".join(str(plain[field]) for field in about)))


def service_key(record: bytes) -> Key[ServiceState]:
    """Key of a service by record id."""
    return Key("service", (record,))


def day_key(volunteer: str, day: int) -> Key[tuple[Slot, ...]]:
    """Key of the slots of one volunteer that touch one local day."""
    return Key("slot", (volunteer, day))


def account_key(address: str) -> Key[Account]:
    """Key of an account."""
    return Key("account", (address,))


def account_of(state: State, address: str) -> Account:
    """An account; all zero when nothing has happened yet."""
    return state.get(account_key(address)) or Account()
