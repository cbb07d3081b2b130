"""The commands `trust …`: which ledgers this person trusts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated

import typer

from api.cli.options import CONSOLE, AsJson, At, Pins
from api.errors import WrongUse
from api.terminal.trust import pinned_table
from api.trust.home import Contradicted, Site
from api.trust.pins import LEDGER, Pinned, as_json, change_pins, read_pins, usual_file
from ledger.core.verify.facts import is_host
from ledger.core.verify.pinned import HAND
from ledger.errors import NotFound

Which = Annotated[str, typer.Argument(metavar="ID|HOST")]


def add(which: Which, as_json: AsJson = False, pins: Pins = None, at: At = None) -> None:
    """Trust a ledger: by its id, from another source than its files, or by its site's host.

    A host is asked over TLS which ledger is its own; it counts if that ledger's genesis names the
    host, too. What was seen of a ledger that is trusted already is kept.
    """
    file = pins or usual_file()
    read_pins(file)
    wanted = _asked_for(which, at)

    def with_it(before: tuple[Pinned, ...]) -> list[Pinned]:
        same = next((pinned for pinned in before if pinned.ledger == wanted.ledger), None)
        other = next((p for p in before if p.host == wanted.host != "" and p is not same), None)
        if other is not None:
            raise Contradicted(
                f"{other.host} named 0x{other.ledger.hex()} before, and names "
                f"0x{wanted.ledger.hex()} now: if that is right, remove the other one first"
            )
        kept = wanted
        if same is not None:
            kept = replace(wanted, newest=same.newest, charter=wanted.charter or same.charter)
        return [pinned for pinned in before if pinned is not same] + [kept]

    change_pins(file, with_it)
    _show([wanted], as_json)


def list_pins(as_json: AsJson = False, pins: Pins = None) -> None:
    """List the ledgers that are trusted, by whom they were named, and the newest head seen."""
    _show(read_pins(pins or usual_file()), as_json)


def remove(which: Which, pins: Pins = None) -> None:
    """Trust a ledger no longer, and forget what was seen of it."""

    def without(before: tuple[Pinned, ...]) -> list[Pinned]:
        rest = [
            pinned for pinned in before if which not in ("0x" + pinned.ledger.hex(), pinned.host)
        ]
        if len(rest) == len(before):
            raise NotFound(f"{which} is not among the ledgers that are trusted")
        return rest

    change_pins(pins or usual_file(), without)


def _asked_for(which: str, at: str | None) -> Pinned:
    if LEDGER.match(which):
        return Pinned(bytes.fromhex(which[2:]), HAND)
    if not is_host(which):
        raise WrongUse(
            "a ledger is named by its id, 32 bytes as lower-case 0x-hex, or by the host of its site"
        )
    return Site(which, at).pin()


def _show(pins: tuple[Pinned, ...] | list[Pinned], in_json: bool) -> None:
    if in_json:
        typer.echo(json.dumps([as_json(pinned) for pinned in pins], ensure_ascii=False))
    else:
        CONSOLE.print(pinned_table(pins))
