"""What the rules know of accreditations and checked persons."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.core.state.state import Key


@dataclass(frozen=True, slots=True)
class AccreditationState:
    """When an organisation may act in a role (half-open, end 0 = open)."""

    valid_from: int
    valid_until: int
    accredited_by: bytes

    def holds(self, time: int) -> bool:
        """Whether it may at a time."""
        return self.valid_from <= time and (not self.valid_until or time < self.valid_until)


@dataclass(frozen=True, slots=True)
class PersonState:
    """The one account of a checked person."""

    volunteer: str


@dataclass(frozen=True, slots=True)
class CheckedState:
    """Who an account is, as it was checked last, and until when that is good (0 = open)."""

    person: bytes
    level: str
    valid_until: int
    checked_by: bytes


def accredited_key(organisation: str, role: str) -> Key[AccreditationState]:
    """Key of a role of an organisation."""
    return Key("accredited", (organisation, role))


def person_key(person: bytes) -> Key[PersonState]:
    """Key of a person by their tag."""
    return Key("person", (person,))


def checked_key(volunteer: str) -> Key[CheckedState]:
    """Key of what was found of an account."""
    return Key("checked", (volunteer,))
