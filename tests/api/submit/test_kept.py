"""What was signed is found again after any crash; another's file is left alone."""

from pathlib import Path

import pytest

from api.bodies.reading import Opening
from api.errors import WrongUse
from api.submit.kept import Kept, Signed, name_of
from tests.builders.records import Town

RECORD = Town().certify("org")
OPENING = Opening("details", "0x" + "11" * 32, {"details": "两天"})
ONE, OTHER = (Signed(asked, RECORD, (OPENING,)) for asked in ("one", "other"))


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    Kept(file).add([ONE, OTHER])
    again = Kept(file)
    assert (again.find("one"), again.find("other"), again.find("third")) == (ONE, OTHER, None)
    assert "两天" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0


def test_a_line_that_was_cut_short_is_none_and_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    Kept(file).add([ONE, OTHER])
    whole = file.read_bytes()
    second = whole.index(b"\n") + 1
    for cut in (second + 1, len(whole) - 1):
        file.write_bytes(whole[:cut])
        kept = Kept(file)
        assert (kept.find("one"), kept.find("other")) == (ONE, None)
        kept.add([OTHER])
        assert file.read_bytes() == whole


def test_what_was_refused_is_signed_anew(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    kept = Kept(file)
    kept.add([ONE, OTHER])
    kept.refused(["one"])
    assert (Kept(file).find("one"), Kept(file).find("other")) == (None, OTHER)


LINES = ("a,b", "[]", "{}", '{"asked": "one", "record": {}, "openings": []}')


@pytest.mark.parametrize("line", LINES)
def test_another_file_is_not_written_into(tmp_path: Path, line: str) -> None:
    file = tmp_path / "kept"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(WrongUse, match="--keep"):
        Kept(file)
    assert file.read_text(encoding="utf-8") == line + "\n"


def test_what_is_asked_for_is_another_thing_with_another_key_kind_or_text() -> None:
    names = {
        name_of(kind, {"reason": [text]}, [who])
        for kind in ("permit", "void")
        for text in ("a", "b")
        for who in ("x", "y")
    }
    assert len(names) == 8
