"""The made-up names of the demonstration and the simulated town, from `names.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Names:
    """Names of ledgers, people, activities and bodies; `place` has one gap, `{surname}`."""

    story: str
    town: str
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    works: tuple[str, ...]
    bodies: tuple[str, ...]
    place: str
    good_deeds: str


def _read() -> Names:
    told = tomllib.loads(files("api.demo").joinpath("names.toml").read_text("utf-8"))
    named: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in told.items()}
    return Names(**named)


NAMES: Final = _read()
