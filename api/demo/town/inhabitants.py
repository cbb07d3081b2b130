"""What a simulated town is made of: its size, its organisations, and what its people have done."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.demo.town.persona import Persona
from api.station.fence import Centre
from ledger.core.kinds import registry as bodies


@dataclass(frozen=True, slots=True)
class Size:
    """How large the town is, and for how many days it is watched."""

    volunteers: int = 60
    organisations: int = 5
    days: int = 10
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """An organisation with the keys that act for it, its permit and the centre of its place."""

    root: Persona
    clerk: Persona
    approver: Persona
    permit: bytes
    centre: Centre


@dataclass(slots=True)
class Town:
    """Who lives here, and what they have done."""

    people: list[Persona] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    services: list[tuple[bytes, bodies.Service, Group]] = field(default_factory=list)
    unsigned: list[tuple[int, bytes, Group]] = field(default_factory=list)
    """(local day, activity, whose) of what was clocked and is not signed."""
