"""Tests stand where what they prove stands, and share builders, never each other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
PRODUCT = ("ledger", "anchoring", "api")
OF_THE_WHOLE = {"builders", "contracts", "e2e", "faults", "frauds", "house", "standards", "vectors"}
"""Folders of tests that stand for no package: builders and data, the contract, and what is proved
of all packages together."""


def imported(source: str) -> Iterator[str]:
    """The modules that a source may import, those named after `from` and their names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def shared_tests(modules: Iterator[str]) -> set[str]:
    """The test modules and conftests: their last name says so, or that of what is taken of them."""
    found = set()
    for module in modules:
        names = module.split(".")
        for number, name in enumerate(names):
            path = TESTS.parent.joinpath(*names[: number + 1]).with_suffix(".py")
            if names[0] == "tests" and (name == "conftest" or name.startswith("test_")):
                # A function may be called so too; only a file is a module.
                found |= {".".join(names[: number + 1])} if path.exists() else set()
    return found


def stands_for_something(folder: Path) -> bool:
    """Whether a folder of tests has the name of a package or a module of the product."""
    inner = folder.relative_to(TESTS)
    product = ROOT / inner
    return inner.parts[0] in OF_THE_WHOLE or product.is_dir() or product.with_suffix(".py").exists()


def test_no_module_imports_a_test_module_or_a_conftest() -> None:
    sources = [*TESTS.rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    found = {
        str(path.relative_to(ROOT)): names
        for path in sources
        if (names := shared_tests(imported(path.read_text(encoding="utf-8"))))
    }
    assert found == {}, "what tests share stands in tests/builders"


@pytest.mark.parametrize(
    "line",
    [
        "from tests.house.test_tests import imported",
        "from tests.house import test_tests",
        "import tests.house.test_tests as t",
        "def f():\n    from tests.conftest import LONGEST",
        "from tests import conftest",
    ],
)
def test_every_way_to_import_a_test_module_is_noticed(line: str) -> None:
    assert len(shared_tests(imported(line))) == 1


def test_every_folder_of_tests_has_the_name_of_what_it_tests() -> None:
    folders = {path.parent for path in TESTS.rglob("test_*.py")}
    assert {str(f.relative_to(ROOT)) for f in folders if not stands_for_something(f)} == set()


def test_a_folder_of_another_name_is_noticed() -> None:
    assert stands_for_something(TESTS / "ledger/core")
    assert stands_for_something(TESTS / "ledger/operations/vault")
    assert not stands_for_something(TESTS / "ledger/nowhere")


def test_folders_for_the_whole_exist_and_stand_for_no_package() -> None:
    packages = set(PRODUCT)
    assert {name for name in OF_THE_WHOLE if not (TESTS / name).is_dir()} == set()
    assert {path.name for path in TESTS.iterdir() if path.is_dir() and path.name[0] != "_"} == (
        OF_THE_WHOLE | packages
    )


def test_builders_hold_no_tests() -> None:
    assert [*(TESTS / "builders").rglob("test_*.py")] == []
    assert [*(TESTS / "builders").rglob("conftest.py")] == []


def test_what_is_ordered_first_exists() -> None:
    tree = ast.parse((TESTS / "conftest.py").read_text(encoding="utf-8"))
    (longest,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LONGEST"
    )
    assert [name for name in longest if not (ROOT / name).exists()] == []
