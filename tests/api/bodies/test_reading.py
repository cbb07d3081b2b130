"""What people write becomes the body that they mean, of any kind; what cannot be meant is refused
by the name of the field."""

import json
from typing import Any

import pytest

from api.bodies.moments import Moments, day_text
from api.bodies.reading import ISSUED, Background, headings, named, paths, write
from api.errors import WrongUse
from api.node.local_days import LocalDays
from api.words import LANGUAGES, words
from ledger.core.format.structs import Body, body_to_json
from ledger.core.kinds.kind import KINDS
from ledger.core.kinds.registry import Delegation, Permit, Signup, Transfer
from ledger.core.records.commitments import commit
from tests.builders.families import examples
from tests.builders.records import START, Town, address

BACKGROUND = Background(Moments(LocalDays(480), START), {"org": address("org")}.get)
PERMIT = {
    "organisation": ["org"],
    "served_from": ["2025-01-01"],
    "served_until": ["2025-06-30"],
    "enter_until": ["2025年12月31日"],
    "minutes_max": ["600"],
    "reason": ["系统故障"],
}


def texts_of(body: Body) -> dict[str, list[str]]:
    """A body as somebody would write it into fields: days as dates."""
    found: dict[str, list[str]] = {}
    value = body_to_json(body)
    for path in paths(type(body)):
        place, one = named(type(body), path), value
        for part in path.split("."):
            one = one[part]
        assert place is not None
        of = place[1].get("item", place[1])
        many = one if isinstance(one, list) else [one]
        found[path] = [as_written(item, of) for item in many]
    return found


def as_written(item: Any, of: Any) -> str:
    """A value as somebody writes it: a day as a day, a list's object as JSON."""
    if isinstance(item, dict):
        return json.dumps(item)
    return day_text(item) if of.get("day") else str(item)


EXAMPLES = {e.name: e.record.body for e in examples(Town()) if KINDS[e.record.kind].is_submitted}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_published_record_can_be_written(name: str) -> None:
    body = EXAMPLES[name]
    written = write(type(body), texts_of(body), BACKGROUND)
    assert (written.body, written.openings) == (body, ())


@pytest.mark.parametrize(
    "kind", [k for k in KINDS.values() if k.is_submitted], ids=lambda k: k.name
)
def test_every_field_has_its_column_in_every_language(kind: Any) -> None:
    columns = headings(kind.body)
    assert set(columns.values()) == set(paths(kind.body))


def test_a_permit_as_people_write_it() -> None:
    body = write(Permit, PERMIT, BACKGROUND).body
    assert isinstance(body, Permit)
    assert (body.organisation, body.reason, body.minutes_max) == (address("org"), "outage", 600)
    assert body.served_until - body.served_from == 181 * 86400
    assert (body.details, body.issued_at) == (bytes(32), START)


def test_what_is_said_is_hidden_under_a_salt_that_opens_it() -> None:
    written = write(Permit, {**PERMIT, "details": ["断电 两天"]}, BACKGROUND)
    (opening,) = written.openings
    assert (opening.path, opening.fields) == ("details", {"details": "断电 两天"})
    assert isinstance(written.body, Permit)
    assert commit(bytes.fromhex(opening.salt[2:]), opening.fields) == written.body.details
    again = write(Permit, {**PERMIT, "details": ["断电 两天"]}, BACKGROUND).body
    assert again != written.body, "a salt is used once"


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_taken_in_every_language(language: str) -> None:
    said = {"join": "join", "zh": words(language)("join")}
    for word in said.values():
        texts = {"activity": ["0x" + "12" * 32], "volunteer": [address("ann")], "action": [word]}
        assert write(Signup, texts, BACKGROUND).body.action == "join"  # type: ignore[attr-defined]


@pytest.mark.parametrize("between", [" ; ", ",", "、", "；", " "])
def test_a_list_is_parted_as_people_part_it(between: str) -> None:
    texts = {
        "organisation": ["org"],
        "delegate": [address("ann")],
        "action": ["grant"],
        "scopes": [f"activity{between}service"],
        "valid_from": ["now"],
        "valid_until": ["never"],
    }
    assert write(Delegation, texts, BACKGROUND).body.scopes == ("activity", "service")  # type: ignore[attr-defined]


def test_what_makes_transfers_differ_is_made_by_chance() -> None:
    texts = {"sender": ["org"], "recipient": [address("ann")], "coins": ["3"], "purpose": ["致谢"]}
    texts |= {"reference": ["none"], "expires_at": ["2030-01-01"]}
    one, other = (write(Transfer, texts, BACKGROUND).body for _ in range(2))
    assert one != other


REFUSED: dict[str, tuple[dict[str, list[str]], str]] = {
    "a field that there is not": ({"colour": ["red"]}, "colour"),
    "a word that there is not": ({"reason": ["because"]}, r"\(reason\): .*outage"),
    "a number that is none": ({"minutes_max": ["ten"]}, r"\(minutes_max\)"),
    "a number too small": ({"minutes_max": ["0"]}, r"\(minutes_max\).*integer from 1"),
    "a label that is not here": ({"organisation": ["nobody else"]}, r"\(organisation\)"),
    "the zero address": ({"organisation": ["0x" + "0" * 40]}, r"\(organisation\)"),
    "a slip in an address": (
        {"organisation": [address("org").replace("e", "E", 1).replace("a", "A", 1)]},
        r"\(organisation\)",
    ),
    "two values for one": ({"minutes_max": ["1", "2"]}, r"\(minutes_max\)"),
    "a day that is none": ({"served_from": ["last week"]}, r"\(served_from\).*2025-03-04"),
    "a text that is too long for json": ({"minutes_max": ["{"]}, "JSON"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_meant_is_refused_by_the_name_of_the_field(what: str) -> None:
    changed, said = REFUSED[what]
    with pytest.raises(WrongUse, match=said):
        write(Permit, {**PERMIT, **changed}, BACKGROUND)


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(WrongUse, match=r"\(organisation\).*\(reason\)"):
        write(Permit, {ISSUED: ["now"]}, BACKGROUND)


def test_a_record_named_by_a_word_is_no_commitment_to_it() -> None:
    texts = {"activity": ["the one on Saturday"], "volunteer": [address("ann")], "action": ["join"]}
    with pytest.raises(WrongUse, match=r"\(activity\)"):
        write(Signup, texts, BACKGROUND)
