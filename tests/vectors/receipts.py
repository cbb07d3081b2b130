"""The published receipts: promises kept, awaited and broken, and what was changed or made falsely.

`python -m tests.vectors.receipts` writes `receipts.json` beside this file, always the same bytes.
Each is judged at the time `now`; on the one anchor that files name, `anchors` is what a chain says.
The operator has every key: a broken promise is his own ledger, entered twice with other records.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Record, record_to_json
from ledger.core.trees.notes import sign_note
from ledger.core.verify.receipt import promise_text, promised
from ledger.operations.ledger import Ledger
from ledger.operations.receipt import head_at, receipt
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import ANCHOR, Town

FILE = Path(__file__).with_name("receipts.json")
WAIT = 5
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

Made = dict[str, Any]


@dataclass(frozen=True)
class Copies:
    """One ledger at two times of its operator's choice: what was promised, and what was kept."""

    town: Town
    promising: Ledger
    dropping: Ledger
    promised: Record

    def head(self, ledger: Ledger, index: int, anchored: bool = True) -> Made:
        """What a ledger shows at an index."""
        found = head_at(
            ledger, index, lambda _, size: [{**ANCHOR, "size": size}] if anchored else []
        )
        assert found is not None
        return found


def vectors() -> Made:
    """The whole file as a JSON value."""
    with TemporaryDirectory() as folder:
        for name in ("promising", "dropping"):
            (Path(folder) / name).mkdir()
        town, other = Town(), Town()
        promising = opened_ledger(town, Path(folder, "promising"))
        dropping = opened_ledger(other, Path(folder, "dropping"))
        for at, ledger in ((town, promising), (other, dropping)):
            settle(at, ledger)
            seal(ledger, at.log_key)
            at.now += 3600
        record = town.enrol("eve")
        promising.append(record)
        made = [*_judged(Copies(town, promising, dropping, record), other)]
        for ledger in (promising, dropping):
            ledger.close()
            ledger.engine.dispose()
    sizes = {v["file"]["head"]["seal"]["entry"]["index"] + 1 for v in made if v["file"]["head"]}
    return {
        "format": "hourledger-receipts/v1",
        "ledger_id": "0x" + town.ledger.hex(),
        "anchors": {str(size): {**ANCHOR, "size": size} for size in sorted(sizes)},
        "receipts": made,
    }


def _judged(copies: Copies, other: Town) -> Iterator[Made]:
    town, promising, dropping = copies.town, copies.promising, copies.dropping
    file = receipt(promising, town.log_key, town.id(copies.promised), WAIT)
    entry = decode_entry(file["entry"])
    taken, due, index = entry.accepted_at, file["sealed_by"], entry.index

    def one(name: str, verdict: str, made: Made, now: int | None = due, *fails: str) -> Made:
        return {"name": name, "verdict": verdict, "now": now, "fails": [*fails], "file": made}

    def with_head(head: Made | None) -> Made:
        return {**file, "head": head}

    yield one("awaited", "pending", file, taken)
    yield one("awaited, by a clock that is behind", "pending", file, taken - 300)
    yield one("of the future", "unchecked", file, taken - 301)
    yield one("at the last second", "pending", file, due - 1)
    yield one("no head is shown when it is due", "unchecked", file)
    yield one("by no clock", "unchecked", file, None)
    early = copies.head(promising, index)
    yield one("an earlier head, awaited", "pending", with_head(early), taken)
    yield one("an earlier head, due", "unchecked", with_head(early))

    # What the ledger does that dropped the record: nothing new, then another in its place.
    other.now = due - 1
    dropping.append(other.enrol("carl"))
    seal(dropping, other.log_key)
    taken_by_another = copies.head(dropping, index)
    yield one("another entry in its place", "broken", with_head(taken_by_another))
    yield one("another entry, before it is due", "broken", with_head(taken_by_another), taken)
    alone = copies.head(dropping, index, anchored=False)
    yield one("another entry in its place, on no chain", "broken", with_head(alone))
    yield one("another entry, judged by no clock", "broken", with_head(alone), None)
    unshown = {**taken_by_another, "leaf": None, "path": ""}
    yield one("the entry in its place hidden", "invalid", with_head(unshown), due, "inclusion")
    false = {**taken_by_another, "leaf": "0x" + entry.leaf().hex()}
    yield one("a leaf that does not stand there", "invalid", with_head(false), due, "inclusion")

    # What the ledger does that keeps its word, in time and late.
    town.now = due + 100
    seal(promising, town.log_key)
    kept = copies.head(promising, index)
    yield one("kept", "valid", with_head(kept))
    yield one("kept, on no chain", "pending", with_head({**kept, "anchors": []}))
    yield one("kept, by no clock", "valid", with_head(kept), None)
    older = {**kept, "leaf": None, "path": ""}
    yield one("kept, the entry hidden", "invalid", with_head(older), due, "inclusion")
    sibling = copies.head(promising, index - 1)
    misplaced = {**kept, "leaf": sibling["leaf"], "path": sibling["path"]}
    yield one(
        "kept, a neighbour shown in its place", "invalid", with_head(misplaced), due, "inclusion"
    )
    mixed = {**kept, "seal": taken_by_another["seal"]}
    yield one("kept, under another head", "invalid", with_head(mixed), due, "inclusion")

    # A log that is too short: promised further on than the ledger ever went.
    ahead = {**file["entry"], "index": index + 1000}
    far = promised(promising.root(), decode_entry(ahead), due, town.log_key)
    short = {**far, "head": copies.head(promising, index + 1000)}
    yield one("the log ends before it", "broken", short)
    yield one("the log ended before it, then", "unchecked", {**far, "head": early})

    yield from _changed(copies, file, one, due)


def _changed(copies: Copies, file: Made, one: Any, due: int) -> Iterator[Made]:
    """By strangers, and by who has a true receipt and wants it to say more."""
    town, entry = copies.town, decode_entry(file["entry"])
    origin = copies.promising.genesis.origin
    text = promise_text(town.ledger, entry, file["sealed_by"])
    name = "signed by a stranger"
    yield one(name, "invalid", {**file, "note": sign_note(text, origin, STRANGER)}, due, "note")
    later = {**file, "sealed_by": due - 1}
    yield one("another time than was promised", "invalid", later, due, "note")
    endless = {**file, "sealed_by": entry.accepted_at + 86401}
    yield one("a promise without end", "invalid", endless, due, "format")
    for member in ("index", "accepted_at"):
        moved = {**file, "entry": {**file["entry"], member: file["entry"][member] - 1}}
        yield one(f"another {member}", "invalid", moved, due, "note")
    record = copy.deepcopy(file)
    record["entry"]["record"] = record_to_json(town.enrol("carl"))
    yield one("of another record", "invalid", record, due, "note")
    unsigned = copy.deepcopy(file)
    unsigned["entry"]["record"]["signatures"] = []
    yield one("the record without its signatures", "invalid", unsigned, due, "note")
    foreign = copy.deepcopy(file)
    foreign["genesis"]["name"] = "Another town"
    yield one("of another ledger", "invalid", foreign, due, "signatures", "note")
    head = copy.deepcopy(copies.head(copies.dropping, entry.index))
    proof = head["seal"]["tlog_proof"]
    before, mark, note = proof.partition("\n\n")
    body = note.partition("\n\n")[0] + "\n"
    head["seal"]["tlog_proof"] = before + mark + sign_note(body, origin, STRANGER)
    yield one("a head by a stranger", "invalid", {**file, "head": head}, due, "checkpoint")


def rendered() -> str:
    """The file's text: a vector a line."""
    made = vectors()
    lines = ",\n".join(json.dumps(v, ensure_ascii=False) for v in made.pop("receipts"))
    return json.dumps(made)[:-1] + ',\n"receipts": [\n' + lines + "\n]}\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {len(json.loads(FILE.read_text())['receipts'])} receipts")
