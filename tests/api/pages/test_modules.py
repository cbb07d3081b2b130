"""The verifier's sources: they declare what the library does, load what npm has, stay small."""

import gzip
import json
import re
import subprocess
from pathlib import Path

from ledger.core.format.fields import Body, Choice, Field, ListOf, fields_of, type_string
from ledger.core.kinds import registry as bodies
from ledger.core.kinds.certificates import Host
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


def declared(body: type[Body]) -> list[dict[str, object]]:
    return [_field(name, field) for name, field in fields_of(body).items()]


def _field(name: str, field: Field) -> dict[str, object]:
    if isinstance(field, ListOf):
        least, item = field._minimum, _field(name, field._item)
        return {"name": name, "type": field.solidity, "item": item, "least": least}
    low = getattr(field, "_range", (0,))[0]
    empty = any(getattr(field, name, False) for name in ("_zero_allowed", "_empty_allowed"))
    words = list(field.words) if isinstance(field, Choice) else None
    host = isinstance(field, Host)
    kind = {"type": field.solidity, "words": words, "host": host}
    return {"name": name, **kind, "empty": empty, "least": low}


def test_the_table_of_kinds_is_the_librarys() -> None:
    found = run(
        'import { KINDS, STRUCTS } from "./kinds.js"; console.log(JSON.stringify([KINDS, STRUCTS]))'
    )
    types = [*bodies.KINDS.values(), bodies.Policy, bodies.SheetBody]
    kinds = {kind: body.primary_type for kind, body in bodies.KINDS.items()}
    assert found == [kinds, {body.primary_type: declared(body) for body in types}]
    assert all(type_string(body) for body in types)


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
