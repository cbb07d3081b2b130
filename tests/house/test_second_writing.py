"""What a kind is, is written twice, and the second writing takes nothing from the first."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORMS = (
    "ledger.core.format",
    "ledger.core.kinds.registry",
    "ledger.core.records",
    "ledger.core.trees",
)
"""Bodies, their bytes and their signatures: what a record is made of, not what is said of it."""
DECLARED = {"KINDS", "RULES", "SHAPES", "scopes", "fields_of", "record_kind", "type_string"}


def taken(source: str) -> Iterator[str]:
    """What a source takes of the product that says how a kind is declared or judged."""
    modules = set[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith(("ledger", "api")))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("ledger", "api")):
            names = [f"{node.module}.{a.name}" for a in node.names]
            yield from (name for name in names if not name.startswith(FORMS))
            yield from (a.name for a in node.names if a.name in DECLARED)
            modules |= {a.asname or a.name for a in node.names}
        elif (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) in modules
            and node.attr in DECLARED
        ):
            yield node.attr


def second_writing() -> list[Path]:
    """The families, the oracle, and the types that the vectors are made with."""
    found = [
        *ROOT.glob("tests/builders/kinds/*.py"),
        *ROOT.glob("tests/ledger/rules/oracle*.py"),
        ROOT / "tests/builders/families.py",
        ROOT / "tests/builders/story.py",
        ROOT / "tests/vectors/typed_data.py",
    ]
    assert len(found) > 12
    return found


def test_the_second_writing_of_kinds_reads_neither_declarations_nor_rules() -> None:
    sources = {p.relative_to(ROOT): p.read_text(encoding="utf-8") for p in second_writing()}
    assert {path: found for path, text in sources.items() if (found := [*taken(text)])} == {}


def test_the_types_of_the_vectors_are_read_without_any_code_of_the_product() -> None:
    tree = ast.parse((ROOT / "tests/vectors/typed_data.py").read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules == {"pathlib", "typing"}


@pytest.mark.parametrize(
    "line",
    [
        "from ledger.rules.hours import judge_service",
        "from ledger.core.kinds.registry import KINDS",
        "from ledger.core.kinds import registry as b\nb.KINDS",
        "from ledger.core.state.flags import FLAGS",
        "from ledger.core.format.structs import fields_of",
        "import ledger.rules",
    ],
)
def test_what_would_only_repeat_the_first_writing_is_seen(line: str) -> None:
    assert [*taken(line)]
