"""Texts of one spelling: names of hosts and modules, and files of several lines."""

from __future__ import annotations

import re
from typing import Any, Final

from ledger.core.format.fields import Text, refuse
from ledger.core.format.limits import FILE_TEXT_MAX

_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]\Z")
_MODULE: Final = re.compile(r"[a-z][a-z0-9-]{0,31}/[1-9][0-9]{0,3}\Z")


class Host(Text):
    """The name of a host in lower case, as `did:web` writes it, or nothing."""

    def __init__(self) -> None:
        """Empty where there is none."""
        super().__init__(empty_allowed=True)

    def described(self) -> dict[str, Any]:
        """As the name of a host."""
        return super().described() | {"host": True}

    def decode(self, value: object, path: str) -> str:
        """Refuses ports, paths, upper case and numbers of hosts."""
        found = super().decode(value, path)
        if found and not _HOST.match(found):
            raise refuse(path, "the name of a host, or nothing, is needed")
        return found


class Module(Text):
    """A set of kinds and rules with its version: `hours/2`."""

    def described(self) -> dict[str, Any]:
        """As the name of a module."""
        return super().described() | {"module": True}

    def decode(self, value: object, path: str) -> str:
        """Refuses everything but a name, a slash and a version."""
        found = super().decode(value, path)
        if not _MODULE.match(found):
            raise refuse(path, "a module and its version are needed, as in hours/2")
        return found


class Lines(Text):
    """A file of several lines as one text, or nothing."""

    def __init__(self) -> None:
        """Empty where there is none."""
        super().__init__(empty_allowed=True, longest=FILE_TEXT_MAX)

    def described(self) -> dict[str, Any]:
        """As lines, with the most bytes."""
        return super().described() | {"lines": True}

    def decode(self, value: object, path: str) -> str:
        """As a text, line by line."""
        if type(value) is str:
            super().decode(value.replace("\n", " "), path)
            return value
        return super().decode(value, path)
