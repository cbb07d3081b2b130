"""The published links of QR codes: what a reader of them must understand, and what it must refuse.

`python -m tests.vectors.links` writes `links.json` beside this file.
"""

import base64
import json
import zlib
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("links.json")
PAGE = "https://hours.example.org/verify"
LEDGER, RECORD, CODE = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 80))
PROOF = b'{"credentialSubject":{"id":"urn:example"},"number":"QH-2026-000128"}'


def base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def vectors() -> dict[str, Any]:
    """The whole file as a JSON value."""
    ledger, record, code = base32(LEDGER), base32(RECORD), base32(CODE)
    parts = {"ledger": LEDGER, "record": RECORD, "code": CODE}
    online = {name: "0x" + part.hex() for name, part in parts.items()}
    packed = zlib.compress(PROOF, 9)
    bomb = zlib.compress(bytes(65537), 9)
    raw = zlib.compressobj(9, wbits=-15)
    bare = raw.compress(PROOF) + raw.flush()
    return {
        "format": "hourledger-links/v1",
        "about": "Texts of QR codes: what they say (data in base64), or why they are refused.",
        "read": [
            {"link": f"{PAGE}#R.{ledger}.{record}.{code}", "online": online},
            {"link": f"http://localhost:8000/verify#R.{ledger}.{record}.{code}", "online": online},
            {"link": f"http://[::1]:8000#R.{ledger}.{record}.{code}", "online": online},
            {"link": f"{PAGE}#Z.{base32(packed)}", "offline": base64.b64encode(PROOF).decode()},
        ],
        "refused": [
            {"why": why, "link": link}
            for why, link in (
                ("another form", PAGE),
                ("another form", f"{PAGE}#"),
                ("another form", f"{PAGE}#R.{ledger}"),
                ("another form", f"{PAGE}#R.{ledger}.{record}"),
                ("another form", f"{PAGE}#R.{ledger}.{record}.{code}.{code}"),
                ("another form", f"{PAGE}#r.{ledger}.{record}.{code}"),
                ("another form", f"{PAGE}#Z.{base32(packed)}.A"),
                ("another form", f"{PAGE}#Z"),
                ("web address", f"#R.{ledger}.{record}.{code}"),
                ("web address", f"ftp://hours.example.org/verify#R.{ledger}.{record}.{code}"),
                ("web address", f"{PAGE}?to=1#R.{ledger}.{record}.{code}"),
                ("web address", f"https://user@hours.example.org/#R.{ledger}.{record}.{code}"),
                ("web address", f"https://{'h' * 120}#R.{ledger}.{record}.{code}"),
                ("32 bytes", f"{PAGE}#R.{base32(LEDGER[:31])}.{record}.{code}"),
                ("32 bytes", f"{PAGE}#R.{ledger}.{base32(bytes(33))}.{code}"),
                ("16 bytes", f"{PAGE}#R.{ledger}.{record}.{base32(CODE[:15])}"),
                ("not base32", f"{PAGE}#R.{ledger}.{record.lower()}.{code}"),
                ("not base32", f"{PAGE}#R.{ledger}.{record}====.{code}"),
                ("not base32", f"{PAGE}#R..{record}.{code}"),
                ("not base32", f"{PAGE}#Z.{base32(packed)}\n"),
                ("wrong length", f"{PAGE}#Z.{base32(packed[:5])}A"),
                ("left over", f"{PAGE}#R.{ledger[:-1]}B.{record}.{code}"),
                ("damaged", f"{PAGE}#Z.{base32(b'no zlib stream')}"),
                ("damaged", f"{PAGE}#Z.{base32(bare)}"),
                ("damaged", f"{PAGE}#Z.{base32(packed[:-1] + b'?')}"),
                ("cut short", f"{PAGE}#Z.{base32(packed[:-1])}"),
                ("run on", f"{PAGE}#Z.{base32(packed + b'?')}"),
                ("too large", f"{PAGE}#Z.{base32(bomb)}"),
                ("longer", f"{PAGE}#Z.{'A' * 3000}"),
            )
        ],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), indent=1) + "\n", encoding="utf-8")
