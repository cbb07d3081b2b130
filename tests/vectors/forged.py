"""The published forgeries: proof files without a fault in signatures, hashes and paths, which say
what no ledger would have taken, and the checks that they fail; and true ones made by the same hand.

`python -m tests.vectors.forged` writes `forged.json` beside this file, the same bytes each time.
Each anchor that a file names is held by its chain, in a block of the time `block_time`.
"""

import json
from pathlib import Path
from typing import Any

from tests.frauds.forger import BLOCK
from tests.frauds.forgeries import FORGED, true_files

FILE = Path(__file__).with_name("forged.json")


def vectors() -> list[dict[str, Any]]:
    """Each file with its name, its verdict, and the checks that fail."""
    forged = [
        {"name": name, "verdict": "invalid", "failed": sorted(failed), "file": make()}
        for name, (make, failed) in FORGED.items()
    ]
    true = true_files().items()
    return [*forged, *({"name": n, "verdict": "valid", "failed": [], "file": f} for n, f in true)]


def rendered() -> str:
    """The file's text: a vector a line."""
    lines = ",\n".join(json.dumps(v, ensure_ascii=False) for v in vectors())
    head = f'"format": "hourledger-forged/v1",\n"block_time": {BLOCK},\n"files": [\n'
    return "{" + head + lines + "\n]}\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
    print(f"{FILE.name}: {len(vectors())} files")
