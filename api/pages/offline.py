"""The verifier's modules for a page on a disk, made of the very sources that are served.

A browser loads no module from a disk beside the page. So each module is carried inside the page as
a `data:` address under its own name, and relative names in `import` lines, the one thing that such
an address cannot resolve, are written out.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from posixpath import dirname, join, normpath
from types import MappingProxyType
from typing import Final

from api.pages.static import assets

IMPORT: Final = re.compile(
    r"""((?:^(?:import|export)\b[^"'\n]*\bfrom |^import |\bimport\()["'])([^"'\n]+)(?=["'])""",
    re.MULTILINE,
)
"""An import line up to the name, and the name."""

LIBRARIES: Final = ("@noble/", "vendor/noble/")
"""How the libraries are named, and where they stand."""


@cache
def sources(entry: str) -> Mapping[str, str]:
    """Name → `data:` address of the module `entry` (a path below `static`) and of all it loads."""
    found: dict[str, str] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        name = path.replace(LIBRARIES[1], LIBRARIES[0], 1)
        if name in found:
            continue
        text = assets().files[path][0].decode()
        waiting += [resolved(path, match[2]) for match in IMPORT.finditer(text)]
        data = b64encode(written_out(path, text).encode()).decode()
        found[name] = f"data:text/javascript;base64,{data}"
    return MappingProxyType(dict(sorted(found.items())))


def written_out(path: str, text: str) -> str:
    """A module with every relative import by its full name."""

    def full(match: re.Match[str]) -> str:
        name = resolved(path, match[2]).replace(LIBRARIES[1], LIBRARIES[0], 1)
        return match[1] + name

    return IMPORT.sub(full, text)


def resolved(path: str, name: str) -> str:
    """The path of what a module at `path` imports under a name."""
    if name.startswith(LIBRARIES[0]):
        return name.replace(LIBRARIES[0], LIBRARIES[1], 1)
    return normpath(join(dirname(path), name))
