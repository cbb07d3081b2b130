"""What is written a second time of each kind of record, and where: the modules of one folder.

A module of `tests/builders/kinds` has a `FAMILY`: how each of its kinds is judged, the steps that
reach them in random histories, and the records that are published as vectors. Its EIP-712 types are
written in the specification alone (`tests.vectors.typed_data`).
"""

import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from hypothesis import strategies as st

from ledger.core.records.record import Record
from tests.builders import kinds
from tests.builders.records import Town

Codes = Iterator[str]
"""The rules that a record breaks, in the order of its page in docs/spec/kinds."""

Judge = Callable[[Any, Record, Any, int], Codes]
"""(history, record, body, now) → the codes of the rules that it breaks."""

Records = Iterator[Record]


@dataclass(frozen=True)
class Step:
    """Something that may happen in a random history: how often it is drawn beside the others, how
    it is made of a story and its arguments, and what these are drawn from."""

    weight: int
    make: Callable[..., Records]
    arguments: tuple[st.SearchStrategy[Any], ...]


@dataclass(frozen=True)
class Example:
    """A record that is published as the entry with this index, which it never leaves."""

    index: int
    name: str
    record: Record


@dataclass(frozen=True)
class Family:
    """Kinds that are written together. `scopes` are those that their signers are granted."""

    judges: Mapping[str, Judge]
    steps: Mapping[str, Step]
    examples: Callable[[Town], list[Example]]
    scopes: tuple[str, ...] = ()


@cache
def families() -> dict[str, Family]:
    """All of them by the names of their modules, in order."""
    found = sorted(module.name for module in pkgutil.iter_modules(kinds.__path__))
    return {name: import_module(f"{kinds.__name__}.{name}").FAMILY for name in found}


def judges() -> dict[str, Judge]:
    """Kind → how it is judged; each by one family."""
    return _once((name, judge) for f in families().values() for name, judge in f.judges.items())


def examples(town: Town) -> list[Example]:
    """What is published, by index; each index once, none left out."""
    made = _once((e.index, e) for f in families().values() for e in f.examples(town))
    assert sorted(made) == list(range(len(made))), "an example takes the next index"
    return [made[index] for index in sorted(made)]


def _once(pairs: Iterator[tuple[Any, Any]]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for name, value in pairs:
        assert name not in found, f"{name} is written twice"
        found[name] = value
    return found


def one_of(*values: object) -> st.SearchStrategy[Any]:
    """One of some values; the more often it is named, the more often it is drawn."""
    return st.sampled_from(values)
