"""Every field of every kind has its words in every language, and no words stand for nothing."""

from collections.abc import Iterator

import pytest

from api.bodies.field_words import FIELDS, VALUES, field_word, value_word
from api.words import LANGUAGES, words
from ledger.kinds_page import table

STRUCTS = table()["structs"]


def fields() -> Iterator[tuple[str, str, list[str]]]:
    """(struct, field, its words) of all structs."""
    for struct, members in STRUCTS.items():
        for member in members:
            words_of = member.get("words") or member.get("item", {}).get("words") or []
            yield struct, member["name"], words_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_and_every_word_is_said(language: str) -> None:
    say = words(language)
    missing = [
        f"{struct}.{name}"
        for struct, name, _ in fields()
        if f"{struct}.{name}" not in FIELDS and name not in FIELDS
    ]
    assert missing == [], "a line in api/bodies/field_words.py"
    silent = [f"{n}.{word}" for _, n, of in fields() for word in of if f"{n}.{word}" not in VALUES]
    assert silent == [], "a line in api/bodies/field_words.py"
    assert all(field_word(say, struct, name) for struct, name, _ in fields())
    assert all(value_word(say, name, word) for _, name, of in fields() for word in of)


def test_no_words_stand_for_a_field_that_there_is_not() -> None:
    there = {name for _, name, _ in fields()} | {f"{s}.{name}" for s, name, _ in fields()}
    assert [name for name in FIELDS if name not in there] == []
    assert [v for v in VALUES if v not in {f"{n}.{w}" for _, n, of in fields() for w in of}] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_fields_of_a_struct_are_called_alike(language: str) -> None:
    say = words(language)
    for struct, members in STRUCTS.items():
        called = [field_word(say, struct, member["name"]) for member in members]
        assert len(set(called)) == len(called), struct
