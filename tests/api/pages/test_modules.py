"""The verifier's sources: they declare what the library does, load what npm has, stay small."""

import gzip
import json
import re
import subprocess
from pathlib import Path

from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[3]
VERIFIER = ROOT / "verifier"
NOBLE = ROOT / "api/pages/static/vendor/noble"
BYTES_MAX = 200 * 1024
"""Of all modules that check, before compression and without the libraries."""

PACKED_MAX = 80 * 1024
"""The same, each packed with gzip."""


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


def test_the_libraries_are_those_of_the_locked_packages() -> None:
    wanted = {NOBLE / "curves/LICENSE", NOBLE / "hashes/LICENSE"}
    waiting = [
        NOBLE / f"{name}.js" for name in ("curves/secp256k1", "curves/ed25519", "hashes/sha3")
    ]
    while waiting:
        file = waiting.pop()
        wanted.add(file)
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r'^(?:import|export) .* from ["\'](.+)["\'];', text, re.MULTILINE):
            bare = name.startswith("@noble/")
            target = (
                NOBLE / name.removeprefix("@noble/") if bare else (file.parent / name).resolve()
            )
            waiting += [target] if target not in wanted else []
    assert {path for path in NOBLE.rglob("*") if path.is_file()} == wanted
    for path in wanted:
        original = ROOT / "node_modules/@noble" / path.relative_to(NOBLE)
        assert path.read_bytes() == original.read_bytes(), path


def test_the_modules_that_check_are_small() -> None:
    texts = [path.read_bytes() for path in sorted(VERIFIER.glob("*.js"))]
    plain, packed = sum(map(len, texts)), sum(len(gzip.compress(text)) for text in texts)
    print(f"{len(texts)} modules, {plain} bytes, {packed} packed")
    assert plain <= BYTES_MAX
    assert packed <= PACKED_MAX
