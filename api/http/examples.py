"""Examples of the OpenAPI document: real ones, with signatures that hold, of an imagined town."""

from __future__ import annotations

from typing import Any, Final

VOLUNTEER: Final = "0x1b3E38843fb80999cc075820d4e9d4E4178f42dA"
"""A volunteer's address."""

LEDGER_ID: Final = "0xdbfaf640be8f6a9430e9d1bd8f30a031d2760b3f4120e267b2fd713d78b96d8d"
"""The ledger under whose domain `RECORD` is signed."""

RECORD_ID: Final = "0xaec5b91a8d7dfdaf40607e6c9a27663323f8577cb249f69914312576fd7f3b02"
"""The id of `RECORD`."""

RECORD: Final[dict[str, Any]] = {
    "kind": "service",
    "body": {
        "hour_class": "credit",
        "volunteer": "0x1b3E38843fb80999cc075820d4e9d4E4178f42dA",
        "organisation": "0xba6642EE0c48A66f1688A24F65d38b480108fD0e",
        "activity": "0x300948b9cf03fe73a1b60a4e2ccd5034d2543135856607a1c6762a5b00f06099",
        "started_at": 1700090000,
        "ended_at": 1700095400,
        "minutes": 90,
        "content": "0xc172ffe88a7ff77af0fb0864162e045b61741efd4c0adca0e9fe029c60760ac9",
        "evidence": [],
        "issued_at": 1700000000,
    },
    "signatures": [
        {
            "role": "organisation",
            "signer": "0xba6642EE0c48A66f1688A24F65d38b480108fD0e",
            "signature": "0xbc76ed0ed86a9abcf14f23862aaacc2de1148b7dcd79795355d90084f430aa6b"
            "65e24030eee1ad8f4def5d0c808da0acd4a87a8ed1017c1d4b571baeb1dfefa81b",
        },
        {
            "role": "volunteer",
            "signer": "0x1b3E38843fb80999cc075820d4e9d4E4178f42dA",
            "signature": "0xaced1a4da120eca4943b1616aeb3555b9395c8a096339bb29a7fc7a1b89d8c64"
            "65fb2bf9632e0b3e42b2e229bc120af5b0efd6ebf56ffec4694fce21d09b1e1c1b",
        },
    ],
}
"""A clocked hour and a half, signed by the organisation and the volunteer."""

PROBLEM: Final[dict[str, Any]] = {
    "type": "/problems/OVERLAP",
    "title": "Another service of this volunteer overlaps this time.",
    "title_zh": "与该志愿者的另一次服务时间重叠。",
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
    "zh": "输入不是合格的 JSON。",
    "en": "The input is not well-formed JSON.",
    "detail": "JSONDecodeError",
}
"""The answer to a refused line."""
