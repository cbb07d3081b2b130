"""The verifier's modules for a page on a disk, made of the very sources that are served.

A browser loads no module from a disk beside the page. So the page carries the text of each, in an
order in which every module comes after those that it imports, and its one inline script gives them
addresses (`blob:`). Only the names in `import` lines, which such an address cannot resolve, differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from api.pages.modules import IMPORT, imported, resolved
from api.pages.static import assets

MARK: Final = "module:"
"""Stands before the path of a module in an `import` line that the page is to fill in."""

START: Final = """
const addresses = {};
const modules = JSON.parse(document.getElementById("modules").textContent);
for (const [path, text] of Object.entries(modules)) {
  const linked = text.replace(
    /(["'])module:([^"'\\n]+)\\1/g,
    (_, quote, name) => quote + addresses[name] + quote,
  );
  addresses[path] = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }));
}
import(addresses["ENTRY"]);
"""
"""The script that runs the modules; `ENTRY` is the path of the first."""


@cache
def sources(entry: str) -> Mapping[str, str]:
    """Path → text of the module `entry` (a path below `static`) and of all it loads, in the order
    in which they can be loaded. Raises `ValueError` where modules import each other in a circle."""
    found: dict[str, str] = {}
    _collect(entry, found, ())
    return MappingProxyType(found)


def _collect(path: str, found: dict[str, str], above: tuple[str, ...]) -> None:
    if path in above:
        raise ValueError(f"modules import each other in a circle: {' -> '.join((*above, path))}")
    if path in found:
        return
    text = assets().files[path][0].decode()
    for other in imported(path, text):
        _collect(other, found, (*above, path))
    found[path] = written_out(path, text)


def written_out(path: str, text: str) -> str:
    """A module with the whole path of every module that it imports."""

    def whole(match: re.Match[str]) -> str:
        name = match[2]
        return match[1] + (MARK + resolved(path, name) if name.startswith(".") else name)

    return IMPORT.sub(whole, text)
