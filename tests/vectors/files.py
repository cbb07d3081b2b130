"""The published files of any kind: what a verifier without a chain says of them, and why.

`python -m tests.vectors.files` writes `files.json` beside this file. How bytes are packed differs
from one zlib to another, so the written file is what counts. Files stand in it whole, in base64.
"""

import base64
import gzip
import json
from pathlib import Path
from typing import Any

from ledger.core.files.unreadable import (
    CUT,
    EMPTY,
    FOREIGN,
    GZIP,
    NEWER,
    PDF_BROKEN,
    PDF_EMPTY,
    PDF_SEVERAL,
    UTF_16,
)
from tests.builders.pdf_files import EVIL, pdf, stream

FILE = Path(__file__).with_name("files.json")
BUNDLES = Path(__file__).with_name("bundles.json")


def _bundle() -> dict[str, Any]:
    """The shortest of the published ones that is whole."""
    found = json.loads(BUNDLES.read_text(encoding="utf-8"))["bundles"]
    bundles = [vector["bundle"] for vector in found if vector["verdict"] == "valid"]
    return min(bundles, key=lambda bundle: len(json.dumps(bundle)))


def cases() -> dict[str, tuple[bytes, str, str]]:
    """Name → the file, the verdict, and the reason of the check `format`; empty for any."""
    bundle = _bundle()
    text = json.dumps(bundle, ensure_ascii=False, separators=(",", ":"))
    data, wide = text.encode(), text.encode("utf-16")
    zipped = gzip.compress(data, mtime=0)
    forged = text.replace('"accepted_at":', '"accepted_at":1', 1).encode()
    badge = {"@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]}
    return {
        "as it is": (data, "unchecked", ""),
        "with a byte order mark": (b"\xef\xbb\xbf" + data, "unchecked", ""),
        "with line feeds at the end": (data + b"\r\n\n", "unchecked", ""),
        "packed": (zipped, "unchecked", ""),
        "in a PDF": (pdf(stream(data)), "unchecked", ""),
        "packed, in a PDF": (pdf(stream(zipped)), "unchecked", ""),
        "in a PDF saved on top": (pdf(stream(data)) + pdf(), "unchecked", ""),
        "forged": (forged, "invalid", ""),
        "forged, in a PDF": (pdf(stream(forged)), "invalid", ""),
        "forged, with a name twice": (
            text.replace('"format":', '"format":"x","format":', 1).encode(),
            "invalid",
            "",
        ),
        "with a fraction": (
            text.replace('"index":', '"a":0.5,"index":', 1).encode(),
            "invalid",
            "",
        ),
        "with a member too many": (json.dumps({**bundle, "x": 1}).encode(), "invalid", ""),
        "nothing": (b"", "no_proof", EMPTY),
        "spaces": (b" \r\n\t", "no_proof", EMPTY),
        "a byte order mark alone": (b"\xef\xbb\xbf", "no_proof", EMPTY),
        "a picture": (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "no_proof", FOREIGN),
        "any bytes": (bytes(range(256)), "no_proof", FOREIGN),
        "a text": ("志愿服务证明\n".encode(), "no_proof", FOREIGN),
        "a page": (b"<!doctype html><p>hourledger-proof/v1", "no_proof", FOREIGN),
        "a number": (b"1", "no_proof", FOREIGN),
        "nesting without end": (b"[" * 100_000, "no_proof", FOREIGN),
        "another's object": (b'{"format":"x","a":[1.5,{"a":1,"a":2}]}', "no_proof", FOREIGN),
        "another's credential": (json.dumps({**badge, "score": 4.5}).encode(), "no_proof", FOREIGN),
        "a form to come": (
            b'{"format":"hourledger-proof/v9"}',
            "no_proof",
            NEWER,
        ),
        "packed text": (gzip.compress(b"abc", mtime=0), "no_proof", FOREIGN),
        "a PDF without a file": (pdf(), "no_proof", PDF_EMPTY),
        "a PDF with another's file": (pdf(stream(EVIL, b"")), "no_proof", PDF_EMPTY),
        "a PDF in a PDF": (pdf(stream(pdf(stream(data)))), "no_proof", FOREIGN),
        "cut": (data[:-1], "damaged", CUT),
        "cut in the middle": (data[: len(data) // 2], "damaged", CUT),
        "something behind it": (data + b"{}", "damaged", CUT),
        "a curved quote": (data.replace(b'"', b"\xe2\x80\x9c", 1), "damaged", CUT),
        "a byte that is not UTF-8": (data.replace(b'"', b'"\xff', 1), "damaged", CUT),
        "UTF-16": (wide, "damaged", UTF_16),
        "UTF-16, the other way round": (text.encode("utf-16-be"), "damaged", UTF_16),
        "packed, and cut": (zipped[:-1], "damaged", GZIP),
        "packed, and run on": (zipped + b"\0", "damaged", GZIP),
        "packed twice in a row": (zipped + zipped, "damaged", GZIP),
        "packed behind an empty one": (gzip.compress(b"", mtime=0) + zipped, "damaged", GZIP),
        "a PDF with two files": (pdf(stream(data), stream(EVIL)), "damaged", PDF_SEVERAL),
        "a PDF that is cut": (pdf(stream(data))[: -len(data)], "damaged", PDF_BROKEN),
        "a PDF with other ends of lines": (
            pdf(stream(data).replace(b"\n", b"\r\n")),
            "damaged",
            PDF_BROKEN,
        ),
        "a PDF whose file another program packed": (
            pdf(stream(data, b"/HourledgerProof 2\n/Filter /FlateDecode\n")),
            "damaged",
            PDF_BROKEN,
        ),
    }


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    files = [
        {"name": name, "file": base64.b64encode(data).decode(), "verdict": verdict, "reason": why}
        for name, (data, verdict, why) in cases().items()
    ]
    return {
        "format": "hourledger-files/v1",
        "about": "What a verifier that asks no chain says of each file; the reason of its check "
        "`format`, where that is told.",
        "files": files,
    }


def rendered() -> str:
    """The file's text."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), encoding="utf-8")
