"""Words that the glossary replaced do not come back."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

RETIRED = {
    "book": "ledger",
    "desk": "issuer",
    "office": "issuer registry",
    "shelf": "rule sets",
    "reckoning": "recomputation",
    "hindrance": "conflict",
    "flaw": "problem",
}
"""Word → what the glossary, or the field, calls the thing."""

SOURCES = ("ledger", "anchoring", "api", "verifier", "benchmarks", "docs", "README.md")
SUFFIXES = (".py", ".js", ".html", ".md", ".toml", ".css")
ELSEWHERE = {
    ("api/credits/rules/residential-college.toml", "office"),  # what a student holds for a year
    ("api/credits/workbook.py", "office"),  # Office Open XML
    ("api/http/kernel/json_body.py", "flaw"),  # of a document's form
    ("api/access/sessions.py", "flaw"),  # of a message
    ("api/access/siwe.py", "flaw"),
}
"""(file, word) that means another thing."""


def files() -> list[str]:
    command = ["git", "ls-files", "--", *SOURCES]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.splitlines() if name.endswith(SUFFIXES)]


def uses(text: str, word: str) -> list[str]:
    """Where a word stands, alone or as a part of a name: `Book`, `open_book`, `BookError`."""
    plural = f"(?:{word}|{word.capitalize()}|{word.upper()})(?:e?s)?"
    return re.findall(rf"(?:\b|_)({plural})(?:\b|_|(?=[A-Z]))", text)


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_stays_away(word: str) -> None:
    found = {name for name in files() if uses((ROOT / name).read_text(encoding="utf-8"), word)}
    assert {name for name in found if (name, word) not in ELSEWHERE} == set()


def test_what_counts_as_a_use() -> None:
    assert uses("a Book, open_book(), BOOKS, bookish workbook BookError", "book") == [
        "Book",
        "book",
        "BOOK",
        "Book",
    ]
