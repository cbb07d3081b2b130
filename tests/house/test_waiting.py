"""Tests wait for conditions: no clock of the machine decides whether one passes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = ROOT / "tests/builders/waiting.py"
PAUSES = {"sleep", "wait_for_timeout"}
LIMITED = {"join", "wait", "set_default_timeout"}


def is_time(node: ast.expr) -> bool:
    """A number that is no 0, which only lets others go first."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value > 0


def waits_by_time(source: str) -> Iterator[int]:
    """The lines at which something waits for a number of seconds."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        pauses = name in PAUSES and not any(getattr(a, "value", None) == 0 for a in node.args)
        limits = [word.value for word in node.keywords if word.arg == "timeout"]
        limits += node.args if name in LIMITED else []
        if pauses or any(is_time(limit) for limit in limits):
            yield node.lineno


def test_no_test_waits_for_a_time() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path != ALLOWED
        for line in waits_by_time(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "wait with tests.builders.waiting.until, and for at most its PATIENCE"


@pytest.mark.parametrize(
    "line",
    [
        "time.sleep(0.02)",
        "sleep(seconds)",
        "await asyncio.sleep(1)",
        "page.wait_for_timeout(500)",
        "page.set_default_timeout(10_000)",
        "subprocess.run(command, timeout=60)",
        "thread.join(20)",
        "silent.wait(30)",
    ],
)
def test_every_way_to_wait_for_a_time_is_noticed(line: str) -> None:
    indented = f"async def test():\n    {line}"
    assert list(waits_by_time(indented)) == [2]


@pytest.mark.parametrize("line", ["time.sleep(0)", "thread.join(PATIENCE)", '", ".join(names)'])
def test_letting_others_go_first_is_no_wait(line: str) -> None:
    assert list(waits_by_time(line)) == []
