"""What people write into fields → the JSON body of a record, by the declaration of its kind alone.

Dates as people write them, words in any of the languages, keys by their labels; what is to be
committed to is written as text, and a fresh salt hides it. What comes out is checked by the
format's own decoder before anybody signs it.
"""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from api.bodies.field_words import field_word, value_word
from api.bodies.moments import Moments, is_nothing
from api.errors import WrongUse
from api.words import LANGUAGES, both, mark, words
from ledger.core.format.fields import ZERO_ADDRESS, ZERO_HASH, checksum_address
from ledger.core.format.structs import Body, decode_body, fields_of
from ledger.core.records.commitments import SALT_BYTES, commit
from ledger.errors import Refused

Described = Mapping[str, Any]
"""A field as its declaration describes it to other programs (`verifier/kinds.json`)."""

ZERO: Final = "0x" + ZERO_HASH.hex()
ISSUED: Final = "issued_at"
YES: Final = mark("yes")
NO: Final = mark("no")

_HASH = re.compile(r"0x[0-9a-f]{64}\Z")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}\Z")
_DIGITS = re.compile(r"[0-9]{1,16}\Z")
# Between items: also the full-width semicolon and comma, and the comma of enumerations.
_BETWEEN = re.compile(r"[;\uff1b\n]")
_BETWEEN_CODES = re.compile(r"[;\uff1b,\uff0c\u3001\s]")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment was made of: without it nobody can ever show what was said."""

    path: str
    salt: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """A body, and what opens its commitments."""

    body: Body
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """What is known where somebody writes: the time and the days, the address of a label (None for
    an unknown one), and what stands in fields that are left out."""

    moments: Moments
    address_of: Callable[[str], str | None] = lambda _: None
    defaults: Mapping[str, str] = field(default_factory=dict)


def named(struct: type[Body], path: str) -> tuple[str, Described, type[Body]] | None:
    """The last name of a path, how its field is described, and the struct that it is of."""
    first, _, rest = path.partition(".")
    found = fields_of(struct).get(first)
    if found is None:
        return None
    if rest:
        inner = found.structs().get(found.solidity)
        return named(inner, rest) if inner else None
    return first, found.described(), struct


def paths(struct: type[Body], before: str = "") -> Iterator[str]:
    """The paths of all fields that are written into, those of structs inside a struct too."""
    for name, of in fields_of(struct).items():
        inner = of.structs().get(of.solidity)
        yield from paths(inner, f"{before}{name}.") if inner else (before + name,)


def headings(struct: type[Body]) -> dict[str, str]:
    """What a column may be called, in lower case → the path of its field."""
    found: dict[str, str] = {}
    for path in paths(struct):
        place = named(struct, path)
        assert place is not None
        name, _, of = place
        for tongue in LANGUAGES:
            found.setdefault(field_word(words(tongue), of.primary_type, name).casefold(), path)
    return found | {path: path for path in paths(struct)}


def label(struct: type[Body], path: str) -> str:
    """What a field is called: in Chinese, in English, and by its name."""
    found = named(struct, path)
    if found is None:
        return path
    name, _, of = found
    said = (field_word(words(tongue), of.primary_type, name) for tongue in ("zh-Hans", "en"))
    return f"{' '.join(said)} ({path})"


def write(
    struct: type[Body], texts: Mapping[str, Sequence[str]], background: Background
) -> Written:
    """The body of a kind out of path → texts, more than one only for lists. Raises `WrongUse` in
    words, by the name of the field."""
    known = set(paths(struct))
    unknown = [path for path in texts if path not in known]
    if unknown:
        raise WrongUse(f"{both('There is no such field:')} {', '.join(unknown)}")
    openings: list[Opening] = []
    missing: list[str] = []
    value = _struct(struct, texts, background, "", openings, missing)
    if missing:
        listed = "; ".join(label(struct, path) for path in missing)
        raise WrongUse(f"{both('This is still missing:')} {listed}")
    try:
        return Written(decode_body(struct, value), tuple(openings))
    except Refused as refusal:
        path, _, why = refusal.detail.partition(": ")
        plain = re.sub(r"\[\d+\]", "", path.removeprefix("body."))
        raise WrongUse(f"{label(struct, plain)}: {both(refusal.code.en)} {why}") from refusal


def _struct(
    struct: type[Body],
    texts: Mapping[str, Sequence[str]],
    background: Background,
    before: str,
    openings: list[Opening],
    missing: list[str],
) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, of in fields_of(struct).items():
        path, described = before + name, of.described()
        inner = of.structs().get(of.solidity)
        if inner is not None:
            value[name] = _struct(inner, texts, background, path + ".", openings, missing)
            continue
        given = [t for t in (_clean(text) for text in texts.get(path, ())) if t]
        if not given and path in background.defaults:
            given = [background.defaults[path]]
        if not given:
            value[name] = _left_out(name, described, background)
            if value[name] is None:
                missing.append(path)
            continue
        try:
            value[name] = _read(name, path, described, given, background, openings)
        except WrongUse as wrong:
            raise WrongUse(f"{label(struct, name)}: {wrong}") from wrong
    return value


def _clean(text: str) -> str:
    whole = unicodedata.normalize("NFC", text)
    # A text of several lines, as a policy of witnesses, ends as it is written.
    return whole.strip() if "\n" not in whole.strip() else whole


def _left_out(name: str, described: Described, background: Background) -> Any:
    """What stands in a field that nobody wrote into; None where somebody must."""
    if name == ISSUED:
        return background.moments.now
    kind = described.get("of")
    if kind == "chance":
        return "0x" + secrets.token_hex(32)
    if described.get("least"):
        return None
    if kind in ("commitment", "record"):
        return ZERO
    if described.get("empty"):
        return ZERO_ADDRESS if described["type"] == "address" else ""
    return [] if "item" in described else None


def _read(
    name: str,
    path: str,
    of: Described,
    given: list[str],
    background: Background,
    openings: list[Opening],
) -> Any:
    if "item" in of:
        item = of["item"]
        codes = item["type"] != "string" or "words" in item
        between = _BETWEEN_CODES if codes and item.get("of") != "commitment" else _BETWEEN
        items = [given_one for text in given for given_one in _split(text, between)]
        return [_read(name, path, item, [text], background, openings) for text in items]
    if len(given) > 1:
        raise WrongUse(both("It is given more than once."))
    (text,) = given
    if text.startswith("{"):
        return _object(text)
    if of.get("time"):
        return background.moments.time(text, last=name.endswith("_until"))
    if of.get("day"):
        return background.moments.day(text)
    if "words" in of:
        return _word(name, of["words"], text)
    if of["type"] == "address":
        return _address(text, background, empty=of.get("empty", False))
    if of["type"] == "bytes32":
        return _hash(name, path, of, text, openings)
    if of["type"].startswith("uint"):
        return _number(text)
    if of["type"] == "bool":
        return _truth(text)
    return text


def _split(text: str, between: re.Pattern[str]) -> list[str]:
    if text.startswith("{"):
        return [text]
    return [part for part in (_clean(part) for part in between.split(text)) if part]


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise WrongUse(both("A JSON object is needed here.")) from None


def _word(name: str, allowed: Sequence[str], text: str) -> str:
    said = {
        value_word(words(tongue), name, word).casefold(): word
        for tongue in LANGUAGES
        for word in allowed
    }
    found = text if text in allowed else said.get(text.casefold())
    if found is None:
        listed = "; ".join(
            f"{word} ({value_word(words('zh-Hans'), name, word)})" for word in allowed
        )
        raise WrongUse(f"{both('One of these words is needed:')} {listed}")
    return found


def _address(text: str, background: Background, *, empty: bool) -> str:
    if empty and is_nothing(text):
        return ZERO_ADDRESS
    if not _ADDRESS.match(text):
        known = background.address_of(text)
        if known is None:
            raise WrongUse(both("An address, or the label of a key that is kept here, is needed."))
        return known
    spelled = checksum_address(text[2:].lower())
    if text not in (spelled, text.lower()):
        raise WrongUse(both("A letter of the address is wrong: its capitals do not fit."))
    return spelled


def _hash(name: str, path: str, of: Described, text: str, openings: list[Opening]) -> str:
    if _HASH.match(text):
        return text
    if not of.get("least") and is_nothing(text):
        return ZERO
    if of.get("of") != "commitment":
        raise WrongUse(both("0x and 64 hexadecimal digits are needed."))
    salt, said = secrets.token_bytes(SALT_BYTES), {name: text}
    openings.append(Opening(path, "0x" + salt.hex(), said))
    return "0x" + commit(salt, said).hex()


def _truth(text: str) -> bool:
    said = {words(tongue)(one).casefold(): one == YES for tongue in LANGUAGES for one in (YES, NO)}
    found = {**said, "true": True, "false": False}.get(text.casefold())
    if found is None:
        raise WrongUse(both("Yes or no is needed."))
    return found


def _number(text: str) -> int:
    if not _DIGITS.match(text):
        raise WrongUse(both("a whole number is needed"))
    return int(text)
