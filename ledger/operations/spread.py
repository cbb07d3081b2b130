"""Work in chunks that can be done anywhere: in this process, on other cores, on other machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class Spread(Protocol):
    """As the builtin `map`: gives the results in order, wherever the work is done."""

    def __call__(
        self, task: Callable[[Chunk], Result], chunks: Iterable[Chunk], /
    ) -> Iterator[Result]:
        """The results of a task for all chunks."""


def here(task: Callable[[Chunk], Result], chunks: Iterable[Chunk], /) -> Iterator[Result]:
    """A `Spread` that does the work in this process, when the result is asked for."""
    return map(task, chunks)
