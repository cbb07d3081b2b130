"""The published anchors: each row of the table in docs/spec/anchoring.md, as what a node answers to
a verifier's questions, and what a verifier makes of it.

`python -m tests.vectors.anchors` writes `anchors.json` beside this file, the same bytes each time.
The ABI's words are written here by hand; the code of a known contract stands as "known".
"""

import json
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("anchors.json")
LEDGER: Final = "0x" + "07" * 32
ROOT: Final = "0x" + "ab" * 32
OTHER: Final = "0x" + "cd" * 32
NONE: Final = "0x" + "00" * 32
ANCHOR: Final = {
    "chain_id": 137,
    "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "founder": "0x" + "22" * 20,
    "size": 5,
    "transaction": "0x" + "22" * 32,
    "block_number": 1000,
    "block_hash": "0x" + "33" * 32,
}
TARGET: Final = {
    "chain_id": 137,
    "anchor": ANCHOR["contract"],
    "founder": ANCHOR["founder"],
    "nature": "public",
    "every_seconds": 3600,
}
"""The one place of the charter. An anchor that is elsewhere is none, whatever a node says of it."""
ABSENT, SETTLING, FINAL, DISOWNED = range(4)
STORED, NOW, BACK = 1_800_000_000, 1_800_100_000, 1_800_050_000
ELSEWHERE: Final[tuple[tuple[str, dict[str, Any], dict[str, Any]], ...]] = (
    ("contract", {"contract": "0x" + "44" * 20}, {}),
    ("founder", {"founder": "0x" + "44" * 20}, {}),
    ("chain", {"chain_id": 138}, {"chain_id": 138}),
)
SINCE: Final = "since 2027-01-15T08:00:00Z"
UNTIL: Final = "2027-01-22T08:00:00Z"
TAKEN: Final = "the ledger took this anchor back at 2027-01-15T21:53:20Z; ask for a fresh proof"


def status(state: int, root: str, *, era: int = 0) -> str:
    """The answer to `status()`: root, time, the size before, state, time of its disown, size and
    time of the head, era, time now."""
    known = state != ABSENT
    back = BACK if state == DISOWNED else 0
    head = (5, STORED) if state in (SETTLING, FINAL) else (3, STORED - 600)
    words = [STORED if known else 0, 3 if known else 0, state, back, *head, era, NOW]
    return (root if known else NONE) + "".join(f"{word:064x}" for word in words)


def disowned(time: int, reason: bytes = b"") -> str:
    """The answer to `disownedRoot()`: a time and a text."""
    padded = reason + bytes(-len(reason) % 32)
    return f"0x{time:064x}{64:064x}{len(reason):064x}{padded.hex()}"


def where(**changes: Any) -> str:
    """How a reader calls the place of an anchor."""
    place = {**ANCHOR, **changes}
    return (
        f"on chain {place['chain_id']}, by contract {place['contract']} and founder "
        f"{place['founder']}, which the file names"
    )


WHERE: Final = where()


def row(name: str, state: str, reason: str, verdict: str, **node: Any) -> dict[str, Any]:
    """One vector; `node` is what is unlike a node that holds the root for good, deep enough."""
    asked = {key: node.pop(key) for key in ("final", "pinned", "anchor") if key in node}
    latest = node.get("latest", status(FINAL, ROOT))
    answers = {
        "chain_id": 137,
        "head": 1011,
        "code": "known",
        "latest": latest,
        "deep": latest,
        "disowned": disowned(0),
        **node,
    }
    dated = state in ("final", "settling", "mined")
    return {
        "name": name,
        "anchor": {**ANCHOR, **asked.get("anchor", {})},
        "final": asked.get("final", False),
        "pinned": asked.get("pinned"),
        "node": answers,
        "finding": {"state": state, "reason": reason, "block_time": STORED if dated else None},
        "verdict": verdict,
    }


def rows() -> list[dict[str, Any]]:
    """All vectors; the verdict is that of a file in which all else holds."""
    settling, gone = status(SETTLING, ROOT), status(DISOWNED, ROOT, era=1)
    another = f"the chain holds another root, {OTHER[2:]}, {SINCE}"
    mined = "mined on chain 137, not 12 blocks deep yet"
    nothing = "nothing stands anchored at size 5"
    behind = "the node is at block 999, the anchor is of block 1000"
    contract = ANCHOR["contract"]
    empty = status(ABSENT, NONE)
    return [
        row("held for good", "final", WHERE, "valid"),
        row("held for good, by the known contract", "final", "on chain 137", "valid",
            pinned=contract),
        row("may still be taken back", "settling",
            f"{WHERE}; the ledger's owner may take it back until {UNTIL}", "valid",
            latest=settling),
        row("may still be taken back, and final is demanded", "mined",
            f"on chain 137, but final only from {UNTIL} on", "pending",
            latest=settling, final=True),
        row("for good, and final is demanded", "final", WHERE, "valid", final=True),
        row("not deep enough", "mined", mined, "pending", deep=empty),
        row("deep in a block that had no contract yet", "mined", mined, "pending", deep="0x"),
        row("deep it was taken back, and stands again", "mined", mined, "pending",
            latest=status(SETTLING, ROOT, era=1), deep=gone),
        row("a chain shorter than the depth", "mined", mined, "pending", head=5,
            anchor={"block_number": 5}),
        row("nothing there", "absent", nothing, "pending", latest=empty),
        row("nothing there, and the node is behind", "unreachable", behind, "unchecked",
            latest=empty, head=999),
        row("taken back", "disowned", f"{TAKEN}: two logs were mixed up", "disowned",
            latest=gone, disowned=disowned(BACK, b"two logs were mixed up")),
        row("taken back without a reason", "disowned", TAKEN, "disowned",
            latest=gone, disowned=disowned(BACK)),
        row("taken back for a reason that is no text", "disowned", TAKEN, "disowned",
            latest=gone, disowned=disowned(BACK, b"\xff\xfe")),
        row("taken back for a reason that hides letters", "disowned", TAKEN, "disowned",
            latest=gone, disowned=disowned(BACK, "\u202egnp".encode())),
        row("taken back, and another root stands", "disowned", f"{TAKEN}: 更正", "disowned",
            latest=status(SETTLING, OTHER, era=1), disowned=disowned(BACK, "更正".encode())),
        row("taken back, and another root is final", "disowned", TAKEN, "disowned",
            latest=status(FINAL, OTHER, era=1), disowned=disowned(BACK)),
        row("another root was taken back, and nothing stands", "absent", nothing, "pending",
            latest=status(DISOWNED, OTHER, era=1)),
        row("another root, which may be taken back", "contested",
            f"{another}; it can still be taken back", "unchecked", latest=status(SETTLING, OTHER)),
        row("another root for good", "contradicted", another, "invalid",
            latest=status(FINAL, OTHER)),
        row("another root for good, in a later era", "contradicted", another, "invalid",
            latest=status(FINAL, OTHER, era=2)),
        row("another chain", "unreachable", "anchored on chain 137, asked is 1", "unchecked",
            chain_id=1),
        row("unknown code", "unreachable", f"{contract} does not run BatchAnchor", "unchecked",
            code="0x5f5ff3"),
        row("no code, and the node is behind", "unreachable", behind, "unchecked",
            code="0x", latest="0x", head=999),
        row("another contract than the known one", "unreachable",
            f"contract {contract} is not the known one", "unchecked", pinned="0x" + "11" * 20),
        row("an anchor of another size", "contradicted", "anchor is of size 6, checkpoint of 5",
            "invalid", anchor={"size": 6}),
        row("a founder that is no address", "contradicted",
            "anchor field founder is not an EIP-55 address", "pending",
            anchor={"founder": "0x" + "aB" * 20}),
        *(row(f"held for good, by another {name}", "final", where(**changes), "pending",
              anchor=changes, **node)
          for name, changes, node in ELSEWHERE),
    ]  # fmt: skip


def rendered() -> str:
    """The file's text."""
    content = {
        "format": "hourledger-anchors/v1",
        "ledger_id": LEDGER,
        "size": 5,
        "root": ROOT,
        "confirmations": 12,
        "targets": [TARGET],
        "rows": rows(),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {len(rows())} rows")
