"""Examples of the OpenAPI document: real ones, with signatures that hold, of an imagined town."""

from __future__ import annotations

from typing import Any, Final

from api.words import chinese
from ledger.refusals import Code

VOLUNTEER: Final = "0x1b3E38843fb80999cc075820d4e9d4E4178f42dA"
"""A volunteer's address."""

LEDGER_ID: Final = "0xd83315033f8a58c709b7f5c2e087dded7d71b280ae803122d4117aa421835051"
"""The ledger under whose domain `RECORD` is signed."""

RECORD_ID: Final = "0x564fe9201e1725b9b5b4f3be48cb541b311db3587d0ba86a83ce6cf1a9f6b916"
"""The id of `RECORD`."""

RECORD: Final[dict[str, Any]] = {
    "kind": "service",
    "body": {
        "hour_class": "credit",
        "volunteer": "0x1b3E38843fb80999cc075820d4e9d4E4178f42dA",
        "organisation": "0xba6642EE0c48A66f1688A24F65d38b480108fD0e",
        "activity": "0xff69a07f429fb147f86a2fee8e4533fbc3d187019493cb941820a386c8b21127",
        "clock_in": "0x0e7028adfa8a659a55a73a85400e4fc078e636218bbd9211e4ae011cee61a8a7",
        "clock_out": "0x15f8eb85b2a6ca1a0e35e241804c92901d529faa1c7f4de562733e3b1091d3ff",
        "confirmation": "0x0000000000000000000000000000000000000000000000000000000000000000",
        "permit": "0x0000000000000000000000000000000000000000000000000000000000000000",
        "started_at": 1700090000,
        "ended_at": 1700095400,
        "minutes": 90,
        "content": "0x0000000000000000000000000000000000000000000000000000000000000000",
        "evidence": [],
        "issued_at": 1700000000,
    },
    "signatures": [
        {
            "role": "organisation",
            "signer": "0xba6642EE0c48A66f1688A24F65d38b480108fD0e",
            "signature": "0xf26665b698c81c86eef8b08a02262de3096a770e9eb01a84e0a1c53e1e19c750"
            "7cd211a59d2d7ab1ff13e935ae51e6c36a58cfe5be40ac108d921e2e489362321c",
        },
    ],
}
"""A clocked hour and a half, signed by the organisation."""

ENTRY: Final[dict[str, Any]] = {"accepted_at": 1_700_100_000, "index": 7, "record": RECORD}
"""The entry of `RECORD`."""

PROBLEM: Final[dict[str, Any]] = {
    "type": "/problems/OVERLAP",
    "title": "Another service of this volunteer overlaps this time.",
    "title_zh": chinese(Code.OVERLAP.en),
    "status": 409,
    "detail": "Another service of this volunteer overlaps this time.",
    "code": "OVERLAP",
    "source": "domain invariant I5",
}
"""A refusal."""

ACCEPTED_LINE: Final[dict[str, Any]] = {
    "line": 1,
    "outcome": "accepted",
    "record_id": RECORD_ID,
    "index": 7,
    "accepted_at": 1_700_100_000,
    "duplicate": False,
}
"""The answer to an accepted line."""

REFUSED_LINE: Final[dict[str, Any]] = {
    "line": 2,
    "outcome": "refused",
    "code": "NOT_JSON",
    "zh": chinese(Code.NOT_JSON.en),
    "en": "The input is not well-formed JSON.",
    "detail": "not well-formed",
}
"""The answer to a refused line."""
