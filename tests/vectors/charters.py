"""The published charters: proofs from before and after a ledger got another log key, and what a
thief of the old one or one authority alone makes of them.

`python -m tests.vectors.charters` writes `charters.json` beside this file, the same bytes each
time. No file is anchored: a good one is `pending`.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.core.records.record import record_to_json
from ledger.core.trees.notes import parse_tlog_proof, render_tlog_proof, sign_note
from tests.builders.councils import MEMBERS, NEW_LOG, Council, rising
from tests.builders.kinds.charters import following
from tests.builders.records import key

FILE = Path(__file__).with_name("charters.json")
File = dict[str, Any]


def rotated(council: Council) -> tuple[int, dict[str, File]]:
    """The index of a charter that gives the log another key, and hours from before and after it:
    proved before, and after it."""
    old = council.serve(0)
    council.seal()
    before = council.bundle(old)
    index = council.rotate()
    new = council.serve(1)
    council.seal()
    return index, {"before": before, "old": council.bundle(old), "new": council.bundle(new)}


def resigned(file: File, by: Ed25519PrivateKey, **changes: Any) -> File:
    """The head of a bundle signed by another key."""
    found = deepcopy(file)
    proof = parse_tlog_proof(found["record"]["tlog_proof"])
    text = proof.checkpoint[: proof.checkpoint.rfind("\n\n") + 1]
    note = sign_note(text, found["genesis"]["origin"], by)
    made = type(proof)(proof.index, proof.path, note)
    found["record"]["tlog_proof"] = render_tlog_proof(made)
    return {**found, **changes}


def moved(file: File, index: int) -> File:
    """The charter at another index than it has in the log."""
    found = deepcopy(file)
    found["charters"][0]["entry"]["index"] = index
    return found


def charter_file(council: Council, file: File, *signers: str, **changes: Any) -> File:
    """A file with a charter that its signers made, whoever let them."""
    found, before = deepcopy(file), council.town.body
    body = following(before, council.town.now, **changes)
    record = council.record(body, *signers) if signers else council.record(body, *MEMBERS[:2])
    found["charters"][0]["entry"]["record"] = record_to_json(record)
    return found


PAIR = MEMBERS[:2]
CHARTERS: dict[str, tuple[tuple[str, ...], dict[str, Any], str]] = {
    "one of three alone": (("mayor",), {}, "QUORUM: 1 of 2 authorities signed"),
    "one and a stranger": (
        ("mayor", "eve"), {}, "SIGNER_NOT_ALLOWED: not an authority of this ledger",
    ),
    "a new member unsigned": (
        PAIR, {"authorities": rising(*MEMBERS, "eve")}, "QUORUM: a new authority has not signed",
    ),
    "a new member for an old one": (
        ("mayor", "eve"), {"authorities": rising(*MEMBERS, "eve")},
        "QUORUM: 1 of 2 authorities signed",
    ),
    "the same signer twice": (
        ("mayor", "mayor"), {}, "WRONG_ROLES: authorities sign in rising order, each once",
    ),
    "of another line": (
        PAIR, {"previous": key("another")}, "CHARTER_NOT_NEXT: the next version is 2",
    ),
    "a version left out": (PAIR, {"version": 3}, "CHARTER_NOT_NEXT: the next version is 2"),
    "out of bounds": (
        PAIR, {"threshold": 9},
        "BAD_VALUE: thresholds: 1 <= certify_threshold <= threshold <= number of authorities",
    ),
}  # fmt: skip


def stolen(files: dict[str, File]) -> dict[str, File]:
    """By a thief of the old log key, or with the new one where it does not count."""
    thief, shown = Ed25519PrivateKey.from_private_bytes(key("log")), files["new"]["charters"]
    old = files["before"]
    return {
        "the old key, the charter shown": resigned(files["new"], thief),
        "the old key, the charter left out": resigned(files["new"], thief, charters=[]),
        "the new key, the charter left out": {**files["new"], "charters": []},
        "the new key for an old size": resigned(old, NEW_LOG),
        "the new key for an old size, the charter shown": resigned(old, NEW_LOG, charters=shown),
    }


def misplaced(index: int, file: File) -> dict[str, File]:
    """With the charter where it does not stand."""
    places = (0, 1, index - 1, index + 1, 2**53 - 1)
    pathless = deepcopy(file)
    pathless["charters"][0]["path"] = ""
    twice = {**file, "charters": file["charters"] * 2}
    at = {f"the charter at {n}": moved(file, n) for n in places}
    return {**at, "no path": pathless, "twice": twice}


def _all(council: Council) -> Iterator[tuple[str, str, File]]:
    index, files = rotated(council)
    for name, file in files.items():
        yield name, "pending", file
    for name, file in {**stolen(files), **misplaced(index, files["new"])}.items():
        yield name, "invalid", file
    for name, (signers, changes, _) in CHARTERS.items():
        yield name, "invalid", charter_file(council, files["new"], *signers, **changes)
    strange = charter_file(council, files["new"], modules=("hours/2", "mall/1"))
    yield "an unknown module", "unchecked", strange


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    with TemporaryDirectory() as folder:
        council = Council(Path(folder))
        files = [{"name": n, "verdict": v, "file": file} for n, v, file in _all(council)]
        ledger = council.town.ledger
        council.ledger.close()
        council.ledger.engine.dispose()
    about = "Proof bundles of a ledger that adopts a charter, and forgeries of them."
    return {"about": about, "ledger_id": "0x" + ledger.hex(), "files": files}


if __name__ == "__main__":
    made = vectors()
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in made.pop("files"))
    head = json.dumps(made, ensure_ascii=False)[:-1]
    FILE.write_text(f'{head}, "files": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{FILE.name}: {lines.count(chr(10)) + 1} files")
