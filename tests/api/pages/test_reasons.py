"""On a Chinese page the checks say in Chinese what they found, and no code stands between."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from api.categories import CATEGORIES, category_text
from api.pages.script_words import said_by
from api.pages.static import FOLDER
from api.words import FOLDERS, words
from ledger.core.documents import verify_bytes
from tests.builders.waiting import PATIENCE
from tests.vectors import bundles, certificates

SCRIPT = Path(__file__).with_name("reasons.mjs")
HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[a-z]+ [a-z]+")


def said(reasons: list[tuple[str, str]], language: str) -> list[str | None]:
    say = words(language)
    messages = said_by(FOLDER / "js/verify") | said_by(FOLDER / "js/shared")
    asked = {"words": {m: say(m) for m in messages}, "reasons": reasons}
    done = subprocess.run(
        ["node", SCRIPT],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    found: list[str | None] = json.loads(done.stdout)
    return found


@cache
def reasons_of_the_vectors() -> list[tuple[str, str]]:
    """What each check of the published proofs says, unless it failed."""
    found = set()
    for kind, member, file in (
        ("bundles", "bundle", bundles.FILE),
        ("certificates", "file", certificates.FILE),
    ):
        for vector in json.loads(file.read_text(encoding="utf-8"))[kind]:
            report = verify_bytes(json.dumps(vector[member]).encode())
            if report.facts:
                found |= {(c.name, c.reason) for c in report.checks if c.ok is not False}
    return sorted(found)


@pytest.mark.parametrize("language", FOLDERS)
def test_a_check_that_did_not_fail_says_why_in_the_readers_language(language: str) -> None:
    reasons = reasons_of_the_vectors()
    assert len({name for name, _ in reasons}) >= 9
    for reason, text in zip(reasons, said(reasons, language), strict=True):
        assert text is not None, reason
        assert HAN.search(text), reason
        assert not ENGLISH.search(text), (reason, text)


@pytest.mark.parametrize("language", FOLDERS)
def test_what_was_not_reached_or_is_of_another_ledger_is_said_too(language: str) -> None:
    reasons = [
        ("roles", "not reached: an earlier check failed"),
        ("anchor", "the checkpoint is not anchored on a chain yet"),
        ("anchor", "on chain 31337, confirmations: 1"),
        ("format", "the bundle is of another ledger than the one trusted"),
    ]
    assert all(text and HAN.search(text) for text in said(reasons, language))


def test_how_a_forged_file_fails_in_detail_is_left_to_engineers() -> None:
    assert said([("roles", "an amendment never makes credit hours more")], "zh-Hans") == [None]


@pytest.mark.parametrize("language", FOLDERS)
def test_a_usual_category_has_words_and_another_stands_as_written(language: str) -> None:
    say = words(language)
    assert all(HAN.search(category_text(say, code)) for code in CATEGORIES)
    assert category_text(say, "讲座") == "讲座"
