"""Fences: how far a position lies outside one. Positions come in, bands go out; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

from ledger.errors import Refused
from ledger.refusals import Code

EARTH_METRES: Final = 6_371_008.8
"""Mean radius of the earth."""

MICRODEGREES: Final = 1_000_000


@dataclass(frozen=True, slots=True, repr=False)
class Position:
    """Where a device says that it is: whole microdegrees, and how exact, in metres. It never
    prints itself, so it cannot end up in a log."""

    latitude: int
    longitude: int
    accuracy: int

    def __post_init__(self) -> None:
        """Raises `Refused(BAD_VALUE)` for no place on earth; the message holds no coordinate."""
        north = -90 * MICRODEGREES <= self.latitude <= 90 * MICRODEGREES
        east = -180 * MICRODEGREES <= self.longitude <= 180 * MICRODEGREES
        if not (north and east and 0 <= self.accuracy <= 1_000_000):
            raise Refused(Code.BAD_VALUE, "position")


@dataclass(frozen=True, slots=True, repr=False)
class Centre:
    """The centre of a fence, in whole microdegrees."""

    latitude: int
    longitude: int


def metres_between(position: Position, centre: Centre) -> float:
    """Great-circle distance (haversine), in metres."""
    north, south = (radians(p.latitude / MICRODEGREES) for p in (position, centre))
    east = radians((position.longitude - centre.longitude) / MICRODEGREES)
    chord = sin((north - south) / 2) ** 2 + cos(north) * cos(south) * sin(east / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(chord)))


def distance_band(position: Position, centre: Centre, fence_metres: int) -> str:
    """How far outside the fence, as a word of `bodies.DISTANCES`. The accuracy that the device
    claims moves nobody inside."""
    outside = metres_between(position, centre) - fence_metres
    if outside <= 0:
        return "inside"
    if outside <= 200:
        return "under_200_m"
    return "under_1_km" if outside <= 1000 else "beyond_1_km"


def accuracy_band(position: Position) -> str:
    """How exact the device said that it is, as a word of `bodies.ACCURACIES`."""
    if position.accuracy <= 20:
        return "under_20_m"
    return "under_100_m" if position.accuracy <= 100 else "beyond_100_m"
