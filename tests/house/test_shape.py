"""Files and functions stay small enough to be read in one sitting; room files import nothing; code
is in English."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("ledger", "anchoring", "api")
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 70


SCRIPTS = ("verifier", "api/pages/static/js")
PRINTED = "// Written by "
"""How a script begins that a program prints from a table: nobody reads it in one sitting."""

CHINESE = re.compile("[\u4e00-\u9fff]")
"""Words of another language stand in the catalogues and in data."""

BEGINS = re.compile(
    r"^( *)(?:export )?(?:default )?(?:async )?"
    r"(?:function\b.*|(?:const|let) (\w+) = .*=> |(?!if|for|while|switch|catch)#?\w+\(.*\) )\{$"
)
"""The first line of a function or method, as prettier writes it."""


def scripts() -> list[Path]:
    found = sorted(path for folder in SCRIPTS for path in (ROOT / folder).rglob("*.js"))
    return [path for path in found if not path.read_text(encoding="utf-8").startswith(PRINTED)]


def script_functions(text: str) -> Iterator[tuple[int, int]]:
    """First and last line of each function that stands at the left or in a class."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        begun = BEGINS.match(line)
        if begun:
            end = next(n for n in range(number, len(lines)) if lines[n].startswith(begun[1] + "}"))
            yield number + 1, end + 1


def sources() -> list[Path]:
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_there_is_something_to_measure() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in sources()} == set(ROOMS)
    for folder in SCRIPTS:
        assert any(path.is_relative_to(ROOT / folder) for path in scripts())
    assert sum(len(list(script_functions(p.read_text(encoding="utf-8")))) for p in scripts()) > 300


def test_the_functions_of_a_script_are_seen() -> None:
    text = (
        "export async function a(b) {\n  if (b) {\n    c();\n  }\n}\n"
        "const d = (e) => {\n  f();\n};\n"
        "class G {\n  h(i) {\n    j();\n  }\n}\n"
    )
    assert list(script_functions(text)) == [(1, 5), (6, 8), (10, 12)]


def test_no_file_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (*sources(), *scripts())
    }
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_no_function_is_too_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path in sources()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES_MAX
    ]
    long += [
        f"{path.relative_to(ROOT)}:{first}"
        for path in scripts()
        for first, last in script_functions(path.read_text(encoding="utf-8"))
        if last - first + 1 > FUNCTION_LINES_MAX
    ]
    assert long == []


def test_no_chinese_stands_in_code() -> None:
    pages = sorted((ROOT / "api").rglob("*.html"))
    files = [*sources(), *sorted((ROOT / "benchmarks").rglob("*.py")), *scripts(), *pages]
    assert [str(p.relative_to(ROOT)) for p in files if CHINESE.search(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("room", ROOMS)
def test_room_file_imports_nothing(room: str) -> None:
    tree = ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8"))
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert imports == []
    assert ast.get_docstring(tree)


@pytest.mark.parametrize("room", ROOMS)
def test_room_is_typed(room: str) -> None:
    assert (ROOT / room / "py.typed").exists()


def test_the_verifier_loads_no_database_chain_or_server() -> None:
    # import-linter cannot see what a package's __init__ drags in, so a fresh interpreter is asked.
    script = "import sys, ledger.core.verify.record; print(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    heavy = {"sqlmodel", "sqlalchemy", "sqlite3", "web3", "eth", "eth_tester", "fastapi"}
    assert heavy & set(done.stdout.split()) == set()
