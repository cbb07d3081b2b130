"""Locks, versions and generated pages agree with the code they describe."""

import json
import re
import tomllib
from pathlib import Path

import pytest

import ledger
from api.pages.modules import LIBRARIES
from api.renew import script_tables
from api.renew.refusals_page import table
from ledger.refusals import Code

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGE = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
LOCKS = ("runtime.txt", "dev.txt")
PIN = re.compile(r"^([a-z0-9-]+)==[^ ]+(?: ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def wishes(path: str) -> list[str]:
    """The requirement lines of an `.in` file."""
    return [line for line in read(path).splitlines() if line and line[0] not in "#-"]


def pins(lock: str) -> set[str]:
    lines = read(f"requirements/{lock}").splitlines()
    return {line.rstrip("\\ ") for line in lines if PIN.match(line)}


def name_of(requirement: str) -> str:
    return re.split(r"[<>=\[; ]", requirement, maxsplit=1)[0]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_names_versions_and_hashes_only(lock: str) -> None:
    lines = read(f"requirements/{lock}").splitlines()
    assert [line for line in lines if not (PIN.match(line) or HASH.match(line))] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_leaves_pysha3_out(lock: str) -> None:
    assert "pysha3" not in read(f"requirements/{lock}")


def test_locks_pin_every_wish_and_agree() -> None:
    runtime, dev = (pins(lock) for lock in LOCKS)
    # The marker may differ: what asks for a package may be of development alone.
    assert {line.split(" ;")[0] for line in runtime} <= {line.split(" ;")[0] for line in dev}
    pinned = {line.split("==")[0] for line in dev}
    wished = {name_of(wish) for wish in wishes("requirements/runtime.in")}
    assert wished | {name_of(wish) for wish in wishes("requirements/dev.in")} <= pinned


def test_runtime_wishes_are_the_distribution_s() -> None:
    assert wishes("requirements/runtime.in") == PROJECT["dependencies"]


@pytest.mark.parametrize("lock", ["package-lock.json", "fonts/package-lock.json"])
def test_npm_lock_holds_no_addresses_and_a_hash_for_everything(lock: str) -> None:
    packages = json.loads(read(lock))["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    fetched = {n: e for n, e in packages.items() if n and not e.get("inBundle")}
    assert [name for name, entry in fetched.items() if "integrity" not in entry] == []


def test_npm_versions_are_exact() -> None:
    fonts = json.loads(read("fonts/package.json"))["devDependencies"]
    wanted = PACKAGE["devDependencies"] | PACKAGE["optionalDependencies"] | fonts
    assert [v for v in wanted.values() if not re.fullmatch(r"\d+\.\d+\.\d+(-beta\.\d+)?", v)] == []


def test_the_verifiers_package_wants_the_locked_libraries_and_has_this_version() -> None:
    package = json.loads(read("verifier/package.json"))
    locked = PACKAGE["devDependencies"]
    assert package["dependencies"] == {n: v for n, v in locked.items() if n.startswith("@noble/")}
    assert package["dependencies"].keys() == {"/".join(name.split("/")[:2]) for name in LIBRARIES}
    assert package["version"] == ledger.__version__


def test_every_direct_dependency_is_explained() -> None:
    page = read("docs/dependencies.md")
    direct = [name_of(wish) for wish in PROJECT["dependencies"]]
    direct += [name_of(wish) for wish in wishes("requirements/dev.in")]
    direct += [*PACKAGE["devDependencies"], *PACKAGE["optionalDependencies"]]
    assert [name for name in direct if f"| `{name}` |" not in page] == []


def test_changelog_begins_with_this_version() -> None:
    # Work after a release stands under "Unreleased"; the first numbered heading is the release.
    heading = re.search(r"^## \[?(\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.MULTILINE)
    assert heading
    assert heading.group(1) == ledger.__version__


def test_the_handbook_holds_six_pictures_and_the_rest_are_made_by_tests() -> None:
    assert len(list((ROOT / "docs/screens").iterdir())) <= 6


def test_refusals_page_is_the_printed_one() -> None:
    hint = "run: python -m api.renew.refusals_page > docs/spec/refusals.md"
    assert read("docs/spec/refusals.md") == table(), hint


def test_a_refusal_that_names_a_page_of_kinds_stands_on_it() -> None:
    found = [(code, page) for code in Code for page in re.findall(r"docs/spec/\S+md", code.source)]
    of_kinds = [(code, page) for code, page in found if page.startswith("docs/spec/kinds/")]
    assert len(of_kinds) > 10
    assert [page for _, page in found if not (ROOT / page).exists()] == []
    assert [code.value for code, page in of_kinds if f"`{code.value}`" not in read(page)] == []


def test_scripts_hold_the_tables_as_they_are_printed() -> None:
    printed = script_tables.files()
    assert printed
    for path, text in printed.items():
        assert read(path) == text, "run: python -m api.renew.script_tables ."
