"""A group of commands whose modules are imported when one of them is run, not before."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from api.cli.commands import COMMANDS, GROUPS, Command

OPEN: Final = {"ignore_unknown_options": True, "allow_extra_args": True}
"""How the options of a command are read that names them nowhere."""


class LazyGroup(TyperGroup):
    """The commands below some words; it lists them by the table, and loads the one that is run."""

    def __init__(self, *, words: str = "", **attributes: Any) -> None:
        """The group of all commands whose words begin with `words`."""
        super().__init__(**attributes)
        for entry in COMMANDS:
            first, *more = entry.words.removeprefix(words).split()
            if not entry.words.startswith(words) or first in self.commands:
                continue
            self.add_command(_group(first) if more else Listed(first, entry))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the arguments name, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, Listed) else command, rest


class Listed(TyperCommand):
    """A command as the list of help knows it."""

    def __init__(self, name: str, entry: Command) -> None:
        """Named by its last word."""
        super().__init__(name=name, help=entry.help)
        self.entry = entry

    def load(self) -> Any:
        """The command itself, with its options."""
        module, function = self.entry.target.split(":")
        alone = typer.Typer(add_completion=False)
        settings = OPEN if self.entry.open else None
        alone.command(self.name, context_settings=settings)(
            getattr(import_module(f"api.cli.{module}"), function)
        )
        return typer.main.get_command(alone)


def _group(first: str) -> LazyGroup:
    return LazyGroup(name=first, help=GROUPS[first], words=f"{first} ", no_args_is_help=True)
