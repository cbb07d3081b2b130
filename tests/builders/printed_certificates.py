"""Certificates of a made-up volunteer, of any length and in any language."""

from dataclasses import dataclass, replace
from typing import Any

from api.pdf.attachment import Attachment
from api.pdf.certificate_pdf import Anchored, Paper
from api.pdf.link import Online, make_link
from api.pdf.statement import Opening, Row, Statement
from ledger.core.kinds.services import CREDIT, HONOUR

LEDGER = bytes(range(32))
RECORD = bytes(range(32, 64))
CODE = bytes(range(64, 80))
PAGE = "https://hours.example.org/verify"
MORNING = 1741395600
"""2025-03-08 09:00 in UTC+8."""

DAY = 86400
SALT = bytes(32)
ANCHOR = Anchored("Ethereum", 1, 21_345_678, "0x" + "5e" * 32, 1772503600)
PROOF = Attachment("certificate.json", b'{"format": "made up"}\n' * 40, "application/vc")


@dataclass(frozen=True)
class PrintedCase:
    """What people wrote, in one language."""

    organisation: str
    ledger: str
    purpose: str
    place: str
    activities: tuple[tuple[str, str, str], ...]
    """Title, category, and what was done."""


TOLD = {
    "zh-Hans": PrintedCase(
        "青禾市柳湖街道志愿服务协会",
        "青禾市志愿服务时数账本",
        "大学第二课堂学分认定",
        "青禾市柳湖街道",
        (
            ("社区图书馆整理与少儿阅读推广", "社区服务", "整理书架、登记新书"),
            ("敬老院陪伴与健康讲座", "助老", "为老人读报、陪同散步"),
            ("城市马拉松赛事保障", "大型活动", "补给站发放饮水"),
        ),
    ),
    "zh-Hant": PrintedCase(
        "青禾市柳湖街道志願服務協會",
        "青禾市志願服務時數帳本",
        "大學第二課堂學分認定",
        "青禾市柳湖街道",
        (
            ("社區圖書館整理與少兒閱讀推廣", "社區服務", "整理書架、登記新書"),
            ("敬老院陪伴與健康講座", "助老", "為老人讀報、陪同散步"),
            ("城市馬拉松賽事保障", "大型活動", "補給站發放飲水"),
        ),
    ),
    "en": PrintedCase(
        "Willow Lake Volunteers, Qinghe",
        "Qinghe Ledger of Volunteer Hours",
        "Recognition of practice credits",
        "Willow Lake, Qinghe",
        (
            ("Community library: shelves and story hour", "community", "Shelved and listed books"),
            (
                "Visits to the home for the elderly",
                "elderly",
                "Read the paper aloud, went for walks",
            ),
            ("City marathon", "large events", "Handed out water"),
        ),
    ),
}


def row(number: int, language: str = "zh-Hans", **changes: Any) -> Row:
    """The service with this number: every fourth entered afterwards, some fields opened."""
    told = TOLD[language]
    activity, category, content = told.activities[number % 3]
    start = MORNING + number * 3 * DAY
    honour = number % 4 == 3
    fields: dict[str, Any] = {
        "record": number.to_bytes(32, "big"),
        "hour_class": HONOUR if honour else CREDIT,
        "activity": activity,
        "category": category,
        "started_at": start,
        "ended_at": start + 2 * 3600 + 1800,
        "minutes": 100 if honour else 150,
        "accepted_at": start + 3 * 3600 + (5 * DAY if honour else 0),
        "flags": ("NIGHT_ENTRY",) if number % 8 == 3 else (),
        "evidence": 2 if honour else 0,
        "content": Opening({"content": content, "place": told.place}, SALT),
        "charge": Opening({"name": "Li **" if language == "en" else "李**"}, SALT)
        if number % 2
        else None,
    }
    return Row(**{**fields, **changes})


def statement(rows: int, language: str) -> Statement:
    told = TOLD[language]
    return Statement(
        ledger=LEDGER,
        ledger_name=told.ledger,
        number="QH-2026-000128",
        organisation="0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        organisation_name=told.organisation,
        holder="0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        holder_name="Wang **" if language == "en" else "王**",
        purpose=told.purpose,
        language=language,
        served_from=MORNING - 8 * DAY,
        served_until=MORNING + 357 * DAY,
        issued_at=MORNING + 361 * DAY,
        rows=tuple(row(number, language) for number in range(rows)),
    )


def paper(rows: int = 3, language: str = "zh-Hans", **changes: Any) -> Paper:
    """A certificate ready to print; changes go to its statement, or to the paper itself. `services`
    are rows in place of the made-up ones."""
    if "services" in changes:
        changes["rows"] = changes.pop("services")
    own = {key: changes.pop(key) for key in ("link", "anchor", "proof") if key in changes}
    stated = replace(statement(rows, language), **changes)
    made = Paper(
        stated,
        make_link(PAGE, Online(LEDGER, RECORD, CODE)),
        ANCHOR,
        PROOF,
        480,
    )
    return replace(made, **own)
