"""What the scripts import: the files of the libraries, and how names in `import` lines are read.

Phones of 2022 resolve no bare name (`@noble/…`), and import maps came later: so those names are
written as relative paths when a script is read. Node resolves them out of `node_modules`.

Nothing but the standard library is imported here: `hatch_build.py` packs by the same table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from types import MappingProxyType
from typing import Final

LIBRARIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "@noble/ed25519": "ed25519/index.js",
        "@noble/hashes/sha3.js": "hashes/sha3.js",
        "@noble/secp256k1": "secp256k1/index.js",
    }
)
"""Bare name → its file below the folder of the libraries."""

LIBRARY_FILES: Final = (
    *LIBRARIES.values(),
    *("hashes/_u64.js", "hashes/utils.js"),
    *("ed25519/LICENSE", "hashes/LICENSE", "secp256k1/LICENSE"),
)
"""All that is taken of the libraries: those, what they import, and their licences."""

SERVED_BELOW: Final = "vendor/noble/"
"""Where the libraries stand among what is served."""

PACKED: Final = Path(__file__).parents[1] / "vendor/noble"
LOCKED: Final = Path(__file__).parents[2] / "node_modules/@noble"
"""The libraries in an installed package, and in a checkout (`make setup`)."""

IMPORT: Final = re.compile(
    r"""((?:^(?:import|export)\s[\w\s{},*$]*\bfrom\s|^import\s|\bimport\()["'])([^"'\n]+)(?=["'])""",
    re.MULTILINE,
)
"""An import line up to the name, and the name."""


def libraries() -> Mapping[str, Path]:
    """Served path → file of the libraries; empty where they were not set up."""
    for folder in (PACKED, LOCKED):
        found = {SERVED_BELOW + name: folder / name for name in LIBRARY_FILES}
        if all(file.is_file() for file in found.values()):
            return found
    return {}


def with_relative_names(path: str, text: str) -> str:
    """A script that is served as `path`, with every bare name as a relative path."""

    def relative(match: re.Match[str]) -> str:
        file = LIBRARIES.get(match[2])
        here = dirname(path)
        return match[1] + (match[2] if file is None else relpath(SERVED_BELOW + file, here))

    return IMPORT.sub(relative, text)


def resolved(path: str, name: str) -> str:
    """The path of what a script at `path` imports under a relative name."""
    return normpath(join(dirname(path), name))


def imported(path: str, text: str) -> list[str]:
    """The paths of all that a script at `path` imports."""
    names = (match[2] for match in IMPORT.finditer(text))
    # A bare name that is left stands in a comment of a library.
    return [resolved(path, name) for name in names if name.startswith(".")]
