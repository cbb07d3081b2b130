"""Credentials of our own, one in each language: a signer must give these bytes, a reader take them.

`python -m tests.vectors.credentials` writes `credentials.json` beside this file.
"""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.certificates.credential import StatusEntry
from api.certificates.signed import signed_credential
from tests.builders.printed_certificates import statement

KEY = bytes([5]) * 32
STATUS = StatusEntry("https://hours.example.org/status/1", 4711)


def main() -> None:
    key = Ed25519PrivateKey.from_private_bytes(KEY)
    languages = ("zh-Hans", "zh-Hant", "en")
    made = {name: signed_credential(statement(4, name), key, "", STATUS) for name in languages}
    vectors = {"private_key": "0x" + KEY.hex(), "credentials": made}
    text = json.dumps(vectors, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
