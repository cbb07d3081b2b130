"""The same JSON object as files, as programs and people save it without changing what it says."""

import codecs
import gzip
import json
from typing import Any

from tests.builders.pdf_files import pdf, stream

NAMED = b"\x1f\x8b\x08\x08" + bytes(6) + b"a.json\0"
"""How a file that `gzip a.json` wrote begins."""


def turned_round(value: Any) -> Any:
    """With the members of every object in the opposite order."""
    if isinstance(value, dict):
        return {name: turned_round(held) for name, held in reversed(value.items())}
    return [turned_round(held) for held in value] if isinstance(value, list) else value


def ways(value: dict[str, Any]) -> dict[str, bytes]:
    """Name of the way → the file."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    spread = json.dumps(value, indent=1).encode() + b"\n"
    backwards = json.dumps(turned_round(value)).encode()
    return {
        "plain": plain,
        "spread over lines": spread,
        "members turned round": backwards,
        "with a line feed": plain + b"\n",
        "lines of Windows": spread.replace(b"\n", b"\r\n"),
        "space around it": b"\r\n\t " + plain + b" \n\n",
        "byte order mark": codecs.BOM_UTF8 + plain,
        "packed": gzip.compress(spread),
        "packed, with a name": b"\x1f\x8b\x08\x08"
        + bytes(6)
        + b"a.json\0"
        + gzip.compress(plain)[10:],
        "packed, with a byte order mark": gzip.compress(codecs.BOM_UTF8 + backwards),
        "in a PDF": pdf(stream(spread)),
        "packed, in a PDF": pdf(stream(gzip.compress(plain))),
    }
