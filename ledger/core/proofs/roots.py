"""The members `genesis` and `charters` that every file has. Parsing only."""

from __future__ import annotations

import base64
from typing import Any

from ledger.core.format.structs import body_to_json, decode_body
from ledger.core.kinds.registry import Genesis
from ledger.core.proofs.parts import parse_hashes, parse_list, parses
from ledger.core.records.charters import CHARTERS_MAX, Root, body_of
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Entry
from ledger.core.trees.notes import PATH_MAX
from ledger.errors import ProofError


@parses
def parse_root(value: object) -> Root:
    """The charters of a file from its JSON object; `ProofError("format", …)` for what is no file
    of ours."""
    if type(value) is not dict or not {"genesis", "charters"} <= value.keys():
        raise ProofError("format", "genesis and charters are needed")
    shown = [_shown(one) for one in parse_list(value["charters"], "charters", CHARTERS_MAX)]
    genesis = decode_body(Genesis, value["genesis"], "genesis")
    return Root(genesis, tuple(e for e, _ in shown), tuple(path for _, path in shown))


def _shown(value: Any) -> tuple[Entry, tuple[bytes, ...]]:
    if type(value) is not dict or value.keys() != {"entry", "path"}:
        raise ProofError("format", "entry and path of a charter are needed")
    entry = decode_entry(value["entry"])
    body_of(entry)
    return entry, parse_hashes(value["path"], PATH_MAX)


def root_json(root: Root) -> dict[str, Any]:
    """The two members of a file."""
    shown = zip(root.charters, root.paths, strict=True)
    return {
        "genesis": body_to_json(root.genesis),
        "charters": [
            {"entry": entry.to_json(), "path": base64.b64encode(b"".join(path)).decode()}
            for entry, path in shown
        ],
    }
