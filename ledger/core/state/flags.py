"""Flags: what is remarkable about how an hour came into the book, and what each one says.

A flag is no verdict: it is shown wherever the hour is shown, and the reader judges. All but the
last are computed by the rules when the hour is accepted (`ledger.rules.flags`), and proved by the
state tree; KEY_REVOKED comes with a revocation that is shown beside the hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

KEY_REVOKED: Final = "KEY_REVOKED"
"""A key behind the hour, or its organisation, was revoked from before it on."""

POSITION_UNCHECKED: Final = "POSITION_UNCHECKED"
"""At one end of the visit nothing showed that the person was at the place."""

FLAGS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "LATE": (
            "录入晚于法定的工作日期限（67号令第11条）。",
            "Entered after the working days that the law gives (67号令 art. 11).",
        ),
        "CREATED_AFTER_START": (
            "活动在其开始之后、或在服务开始之后才发布。",
            "Its activity entered the book after it, or the service, had begun.",
        ),
        "NO_ACTIVITY": ("补录时没有对应的活动。", "Back-filled without an activity."),
        "NIGHT_ENTRY": ("在夜间补录。", "Back-filled at night."),
        "BULK_ENTRY": (
            "同一密钥一小时内大量补录中的一条。",
            "One of many that one key entered within an hour.",
        ),
        "OVER_DAY_CAP": (
            "当日时长超过上限，已获审批。",
            "The day has more than the cap; it was approved.",
        ),
        "SAME_DEVICE": (
            "该活动中有他人使用同一设备打卡。",
            "Somebody else clocked with the same device at this activity.",
        ),
        POSITION_UNCHECKED: (
            "没有定位或现场码证明本人在场。",
            "No position and no site code showed that the person was at the place.",
        ),
        KEY_REVOKED: (
            "签署密钥或组织资格已被撤销，且撤销时间早于该记录。",
            "A key behind it, or its organisation, was revoked from before it on.",
        ),
    }
)
"""Flag → what it says in Chinese and English, in the order in which flags are shown."""
