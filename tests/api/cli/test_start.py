"""A command loads what it needs when it runs; the table of commands says what the commands say."""

import importlib
import inspect
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import typer

import api.cli
from api.cli.commands import COMMANDS, GROUPS, Command
from api.cli.commands_page import table
from tests.builders.commands import ROOT, Run

VECTORS = ROOT / "tests/vectors"
HEAVY = {
    *("web3", "eth", "eth_account", "eth_tester", "requests", "httpx"),
    *("sqlalchemy", "sqlmodel", "sqlite3", "alembic"),
    *("fastapi", "starlette", "uvicorn", "jinja2"),
    *("fpdf", "PIL", "openpyxl", "pyarrow", "segno", "dask"),
}
"""What takes a second or more to import and no look at a file or at the help needs."""

STARTED = """
import sys
from api.cli.app import main
try:
    main()
except SystemExit as end:
    print(end.code, *sys.modules, file=sys.stderr)
"""


def loaded(*arguments: object) -> tuple[str, str, set[str]]:
    """What a command printed, its exit code, and every module that it loaded."""
    command = [sys.executable, "-c", STARTED, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    code, *modules = done.stderr.splitlines()[-1].split()
    return done.stdout, code, set(modules)


def function_of(entry: Command) -> Callable[..., Any]:
    module, name = entry.target.split(":")
    found: Callable[..., Any] = getattr(importlib.import_module(f"api.cli.{module}"), name)
    return found


def listed_by(run: Run, *words: str) -> dict[str, str]:
    """The commands that `--help` lists below some words, each with its line."""
    below = run(*words, "--help", COLUMNS="200").out.partition("─ Commands ─")[2]
    return dict(re.findall(r"^│ (\S+) +(\S.*?) +│$", below, re.MULTILINE))


def takes_options(function: Callable[..., Any]) -> bool:
    """Whether a function has a parameter that the command line fills."""
    kinds = (typer.models.OptionInfo, typer.models.ArgumentInfo)
    try:
        hints = get_type_hints(function, include_extras=True)
    except NameError:  # a type that only the checker imports: no command has one
        return False
    return any(
        isinstance(extra, kinds)
        for name, hint in hints.items()
        for part in (hint, *getattr(hint, "__args__", ()))
        for extra in getattr(part, "__metadata__", ())
        if name != "return"
    )


def test_help_loads_no_command() -> None:
    said, code, modules = loaded("--help")
    assert code == "0"
    assert all(entry.words.split()[0] in said for entry in COMMANDS)
    assert HEAVY & modules == set()
    assert {f"api.cli.{entry.target.split(':')[0]}" for entry in COMMANDS} & modules == set()


@pytest.mark.parametrize(
    ("vectors", "part", "brought"),
    [
        ("bundles", "bundle", set()),
        # PyLD imports what it could fetch contexts with. It fetches none.
        ("certificates", "file", {"requests"}),
    ],
)
def test_verifying_a_file_without_a_chain_loads_no_chain_database_server_or_printer(
    vectors: str, part: str, brought: set[str], tmp_path: Path
) -> None:
    held = json.loads((VECTORS / f"{vectors}.json").read_text(encoding="utf-8"))[vectors]
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(held[0][part]), encoding="utf-8")
    said, code, modules = loaded("verify", file)
    assert (code, "UNCHECKED" in said) == ("3", True), "all holds but what the chain would say"
    assert HEAVY & modules == brought


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.words)
def test_the_table_says_of_a_command_what_its_docstring_says_first(entry: Command) -> None:
    assert entry.help == (inspect.getdoc(function_of(entry)) or "").splitlines()[0]


def test_every_command_is_in_the_table_once() -> None:
    modules = [
        importlib.import_module(f"api.cli.{found.name}")
        for found in pkgutil.iter_modules(api.cli.__path__)
        if found.name not in ("app", "lazy")
    ]
    written = {
        function
        for module in modules
        for function in vars(module).values()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and takes_options(function)
    }
    assert written == {function_of(entry) for entry in COMMANDS}
    assert len({entry.words for entry in COMMANDS}) == len(COMMANDS)
    first = {entry.words.split()[0] for entry in COMMANDS if " " in entry.words}
    assert first == set(GROUPS)


def test_the_documented_commands_are_those_that_help_lists(run: Run) -> None:
    hint = "run: python -m api.cli.commands_page > docs/commands.md"
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    assert page == table(), hint
    documented = dict(re.findall(r"^\| `hourledger (.+)` \| (.+) \|$", page, re.MULTILINE))
    listed = listed_by(run)
    for group in GROUPS:
        assert listed.pop(group) == GROUPS[group]
        listed |= {f"{group} {word}": text for word, text in listed_by(run, group).items()}
    assert listed == documented


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.words)
def test_every_command_explains_itself(run: Run, entry: Command) -> None:
    done = run(*entry.words.split(), "--help", COLUMNS="200")
    assert (done.code, done.err) == (0, "")
    assert entry.help in done.out
    assert f"hourledger {entry.words} " in done.out


def test_a_word_that_is_no_command_is_wrong_use(run: Run) -> None:
    for words in (["nonsense"], ["keys", "nonsense"]):
        done = run(*words)
        assert done.code == 2
        assert "No such command 'nonsense'" in done.err
