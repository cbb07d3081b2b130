"""The verifier's sources: they declare what the library does, load what npm has, stay small."""

import fnmatch
import gzip
import json
import re
import subprocess
from pathlib import Path

from api.pages.modules import IMPORT, LIBRARIES, SERVED_BELOW, imported, libraries
from api.pages.static import assets
from tests.builders.waiting import PATIENCE

ROOT = Path(__file__).parents[3]
VERIFIER = ROOT / "verifier"
BYTES_MAX = 200 * 1024
"""Of all modules that check, before compression, without the libraries and without comments: those
say what types everything has, and nobody is to leave that out to stay below a limit."""

PACKED_MAX = 68 * 1024
"""The same, each packed with gzip."""

COMMENT = re.compile(
    r"^ *//[^\n]*\n|^ */\*(?:(?!\*/).)*\*/\n|/\*(?:(?!\*/).)*\*/ ", re.MULTILINE | re.DOTALL
)
"""On lines of its own, or before a value whose type it says."""


def run(script: str) -> object:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        cwd=VERIFIER,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return json.loads(done.stdout)


def test_the_libraries_are_served_to_the_byte_and_nothing_else_of_them() -> None:
    served = {path: file for path, file in libraries().items() if file.suffix == ".js"}
    assert served.keys() == {path for path in assets().files if path.startswith(SERVED_BELOW)}
    for path, file in served.items():
        assert file.is_relative_to(ROOT / "node_modules/@noble")
        assert assets().files[path][0] == file.read_bytes()


def test_every_library_that_is_taken_is_needed_and_comes_with_its_licence() -> None:
    needed = {SERVED_BELOW + file for file in LIBRARIES.values()}
    for path in tuple(needed):
        needed |= set(imported(path, assets().files[path][0].decode()))
    for path in tuple(needed):
        needed |= set(imported(path, assets().files[path][0].decode()))
    needed |= {f"{SERVED_BELOW}{name.split('/')[0]}/LICENSE" for name in LIBRARIES.values()}
    assert needed == libraries().keys()


def test_every_import_that_is_served_is_relative_and_there() -> None:
    for path, (content, media_type) in assets().files.items():
        if "javascript" not in media_type:
            continue
        text = content.decode()
        bare = {match[2] for match in IMPORT.finditer(text) if not match[2].startswith(".")}
        assert bare == set() or path.startswith(SERVED_BELOW), path
        assert [name for name in imported(path, text) if name not in assets().files] == []


def test_nothing_of_others_is_in_the_repository() -> None:
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    kept = done.stdout.splitlines()
    assert [name for name in kept if "noble" in name or "/vendor/" in name] == []


def test_the_page_about_the_verifier_names_each_module_and_no_other() -> None:
    page = (ROOT / "docs/verifier.md").read_text(encoding="utf-8")
    table = page[page.index("| module | job |") : page.index("They run in Node")]
    named = [name for name in re.findall(r"`([a-z_*]+\.js)`", table)]
    modules = {path.name for path in VERIFIER.glob("*.js")}
    assert [name for name in named if not fnmatch.filter(modules, name)] == []
    assert [m for m in sorted(modules) if not any(fnmatch.fnmatch(m, n) for n in named)] == []


def test_the_modules_that_check_are_small() -> None:
    sources = [path.read_text(encoding="utf-8") for path in sorted(VERIFIER.glob("*.js"))]
    texts = [COMMENT.sub("", text).encode() for text in sources]
    plain, packed = sum(map(len, texts)), sum(len(gzip.compress(text)) for text in texts)
    print(f"{len(texts)} modules, {plain} bytes, {packed} packed")
    assert plain <= BYTES_MAX
    assert packed <= PACKED_MAX
