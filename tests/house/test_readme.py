"""What the first pages tell newcomers to type works, and leads where it says."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.builders.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("verifier/*.md"))
    if path.name != "CHANGELOG.md"
)
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LISTENING = "Listening on "
TOLD = "http://127.0.0.1:8000"
"""Where the README says that the page is; a test lets the system choose the port."""


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str) -> list[str]:
    return BLOCK.findall(read(name))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@contextmanager
def started(command: list[str], cwd: Path, **environment: str) -> Iterator[str]:
    """The address at which a command says that it listens, until it is left."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("HOURLEDGER_")}
    errors = cwd / "stderr"
    with errors.open("w") as err:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**plain, "HOURLEDGER_PORT": "0", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if line.startswith(LISTENING):
                yield line.removeprefix(LISTENING).rstrip()
                break
        else:
            raise AssertionError(f"it does not listen: {''.join(said)} {errors.read_text()}")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.stdout.close()
        process.wait(PATIENCE)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder like a checkout in which `make setup` was run."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "build").mkdir()
    return tmp_path


def test_both_readmes_say_the_same_commands() -> None:
    assert blocks("README.zh.md") == blocks("README.md")
    assert len(blocks("README.md")) == 3


def test_the_commands_of_the_readme_found_serve_prove_and_audit_a_ledger(checkout: Path) -> None:
    _, first, second = blocks("README.md")
    setup, found = first.split("\n", maxsplit=1)
    assert setup == "make setup"
    with started(["sh", "-ec", found], checkout) as url:
        page = httpx.get(url, timeout=PATIENCE)
        assert (page.status_code, "My town" in page.text) == (200, True)
        assert TOLD in second
        done = subprocess.run(
            ["sh", "-ec", second.replace(TOLD, url)],
            cwd=checkout,
            env={**os.environ, "XDG_CONFIG_HOME": str(checkout / "config")},
            capture_output=True,
            text=True,
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"\bVALID\b", done.stdout)
    assert "✔ sound" in done.stdout


def test_make_serve_opens_a_filled_demonstration(checkout: Path) -> None:
    bin_folder = Path(sys.executable).parent
    command = ["make", "-s", "-C", str(ROOT), "-o", ".venv/.stamp", "serve"]
    command += [f"BIN={bin_folder}", f"SITE={checkout / 'site'}"]
    with started(command, checkout) as url:
        checkpoint = httpx.get(f"{url}/v1/checkpoint", timeout=PATIENCE).text
        home = httpx.get(url, timeout=PATIENCE)
    assert int(checkpoint.splitlines()[1]) > 500, "entries of a replayed month"
    assert (home.status_code, "Town of Yihe 益河" in home.text) == (200, True)


def test_make_help_has_a_line_for_every_target() -> None:
    done = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    explained = re.findall(r"^make (\S+) +\S", done.stdout, re.MULTILINE)
    makefile = read("Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    assert sorted(explained) == sorted(phony.group(1).split())
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert targets == set(explained)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for found in LINK.finditer(page.read_text(encoding="utf-8")):
        link = found.group(1) or found.group(2)
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, heading = link.partition("#")
        target = (page.parent / name) if name else page
        if not target.exists() or (heading and heading not in anchors(target)):
            broken.append(link)
    assert broken == []


ROOMS = ("ledger", "anchoring", "api", "contracts", "verifier", "tests", "docs", "examples")


@pytest.mark.parametrize(
    "page", ["docs/architecture.md", "CONTRIBUTING.md", "SECURITY.md", "README.md"]
)
def test_every_file_and_folder_that_a_page_names_is_there(page: str) -> None:
    named = [
        name
        for name in re.findall(r"`([\w./-]+)`", read(page))
        if name.split("/")[0] in ROOMS and ("/" in name or name in ROOMS)
    ]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_architecture_has_a_line_for_every_folder() -> None:
    told = set(re.findall(r"`([\w./-]+)`", read("docs/architecture.md").split("## What is in")[1]))
    parts = [ROOT / "ledger", ROOT / "ledger/core", ROOT / "api"]
    folders = {
        str(path.parent.relative_to(ROOT)) for part in parts for path in part.glob("*/__init__.py")
    }
    folders |= {"anchoring", "verifier", "contracts", "tests"}
    assert folders - told == {"ledger/core"}, "and that one's folders have lines of their own"
