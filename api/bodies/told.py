"""A record in words: each field by what it is called, its value as people read it. What is shown
before somebody signs, by the command line and on a record's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.bodies.field_words import field_word, value_word
from api.bodies.moments import day_text
from api.categories import category_text
from api.node.local_days import LocalDays
from api.words import Words
from ledger.core.format.fields import ZERO_ADDRESS, ZERO_HASH
from ledger.core.format.structs import Body, body_to_json, fields_of

ZERO: Final = "0x" + ZERO_HASH.hex()


@dataclass(frozen=True, slots=True)
class Line:
    """A field in words. `text` says its value; where that is an address or an id of a record, it
    stands in `address` or `record`, and `text` has the name of whose address it is, if known."""

    label: str
    text: str
    address: str = ""
    record: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells in a language, in the ledger's days, with the names of addresses that have one."""

    say: Words
    days: LocalDays
    names: Mapping[str, str]

    def lines(self, body: Body) -> list[Line]:
        """A body in words, field by field in their order."""
        return self._struct(type(body), body_to_json(body), 0)

    def _struct(self, struct: type[Body], value: Mapping[str, Any], depth: int) -> list[Line]:
        found: list[Line] = []
        for name, of in fields_of(struct).items():
            called = field_word(self.say, struct.primary_type, name)
            inner = of.structs().get(of.solidity.removesuffix("[]"))
            if inner is None:
                found += self._field(called, name, of.described(), value[name], depth)
                continue
            many = value[name] if of.solidity.endswith("[]") else [value[name]]
            for one in many:
                found += [Line(called, "", depth=depth), *self._struct(inner, one, depth + 1)]
        return found

    def _field(
        self, called: str, name: str, of: Mapping[str, Any], value: Any, depth: int
    ) -> list[Line]:
        _ = self.say
        if "item" not in of:
            return [self._one(called, name, of, value, depth)]
        if not value:
            return [Line(called, _("none"), depth=depth)]
        lines = [self._one(called, name, of["item"], one, depth) for one in value]
        if any(line.address or line.record for line in lines):
            return lines
        return [Line(called, "; ".join(line.text for line in lines), depth=depth)]

    def _one(self, called: str, name: str, of: Mapping[str, Any], value: Any, depth: int) -> Line:
        _ = self.say
        if of["type"] == "address":
            return self._address(called, value, depth)
        if of["type"] == "bytes32":
            return self._hash(called, of.get("of"), value, depth)
        return Line(called, self._text(name, of, value), depth=depth)

    def _text(self, name: str, of: Mapping[str, Any], value: Any) -> str:
        _ = self.say
        if of.get("time"):
            return self._time(name, value)
        if of.get("day"):
            return day_text(value)
        if of["type"] == "bool":
            return _("yes") if value else _("no")
        if "words" in of:
            return value_word(_, name, value)
        if name in ("category", "blocked_categories"):
            return category_text(_, value)
        return str(value) or _("nothing")

    def _time(self, name: str, value: int) -> str:
        _ = self.say
        if value == 0:
            return _("no end") if name.endswith("_until") else _("not stated")
        if value >= 1 << 37:
            return str(value)
        if name.endswith("_until") and (value + self.days.utc_offset_minutes * 60) % 86400 == 0:
            return _("{day}, that day included ({zone})", **self._last(value))
        return self.days.moment(value)

    def _last(self, value: int) -> dict[str, str]:
        return {"day": f"{self.days.local(value - 1):%Y-%m-%d}", "zone": self.days.zone}

    def _address(self, called: str, value: str, depth: int) -> Line:
        if value == ZERO_ADDRESS:
            return Line(called, self.say("nobody"), depth=depth)
        return Line(called, self.names.get(value, ""), address=value, depth=depth)

    def _hash(self, called: str, kind: str | None, value: str, depth: int) -> Line:
        _ = self.say
        if value == ZERO:
            said = _("nothing said") if kind == "commitment" else _("none")
            return Line(called, said, depth=depth)
        if kind == "record":
            return Line(called, "", record=value, depth=depth)
        if kind == "commitment":
            return Line(called, _("said, and kept off the ledger: {hash}", hash=value), depth=depth)
        return Line(called, value, depth=depth)


def addresses_in(body: Body) -> list[str]:
    """All addresses that a body names, each once."""
    found: dict[str, None] = {}
    _look(type(body), body_to_json(body), found)
    return list(found)


def _look(struct: type[Body], value: Mapping[str, Any], found: dict[str, None]) -> None:
    for name, of in fields_of(struct).items():
        inner = of.structs().get(of.solidity.removesuffix("[]"))
        many = value[name] if of.solidity.endswith("[]") else [value[name]]
        for one in many:
            if inner is not None:
                _look(inner, one, found)
            elif of.solidity.startswith("address") and one != ZERO_ADDRESS:
                found[one] = None
