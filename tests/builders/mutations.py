"""Every small change of a JSON document."""

import copy
from collections.abc import Iterator
from typing import Any


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value, containers included."""
    yield here
    if isinstance(value, dict):
        for name in value:
            yield from paths(value[name], (*here, name))
    elif isinstance(value, list):
        for place in range(len(value)):
            yield from paths(value[place], (*here, place))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    value = copy.copy(value)
    value[path[0]] = replaced(value[path[0]], path[1:], new)
    return value


def swap(character: str) -> str:
    if character.isdigit():
        return str((int(character) + 1) % 10)
    return "b" if character in "aA" else "a" if character.isalpha() else "0"


def mutations(found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for path in paths(found):
        value = at(found, path)
        name = "/".join(map(str, path)) or "all"
        for odd in (None, "", [], {}, 0, -1, True, 2**53, "x"):
            if odd != value or type(odd) is not type(value):
                yield f"{name} := {odd!r}", replaced(found, path, odd)
        if isinstance(value, int):
            yield f"{name} + 1", replaced(found, path, value + 1)
            yield f"{name} - 1", replaced(found, path, value - 1)
        if isinstance(value, str):
            for place in range(len(value)):
                changed = value[:place] + swap(value[place]) + value[place + 1 :]
                yield f"{name}[{place}]", replaced(found, path, changed)
            yield f"{name} cut", replaced(found, path, value[:-1])
            yield f"{name} grown", replaced(found, path, value + "a")
            yield f"{name} upper", replaced(found, path, value.swapcase())
        if isinstance(value, dict):
            for key in value:
                yield (
                    f"{name} - {key}",
                    replaced(found, path, {k: v for k, v in value.items() if k != key}),
                )
            yield f"{name} + extra", replaced(found, path, {**value, "extra": 1})
        if isinstance(value, list):
            yield f"{name} reversed", replaced(found, path, value[::-1])
            yield f"{name} doubled", replaced(found, path, value + value)
