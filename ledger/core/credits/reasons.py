"""Why a minute does not count as practice credit: stable codes, and what each one says.

A student's line names one of them for every minute that was recorded and not counted. They stand
here in the order in which they are looked for: the first that applies is the one that is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

REASONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "BAD_SIGNATURE": (
            "记录缺少应有的签名，或签名不成立。",
            "The record is not signed as its kind demands, or a signature does not hold.",
        ),
        "NOT_ANCHORED": (
            "记录所在批次尚未上链存证。",
            "The batch that holds the record is not anchored on a chain yet.",
        ),
        "VOIDED": ("记录已作废。", "The record was voided."),
        "AMENDED": (
            "记录已更正，按更正后的版本计算。",
            "The record was amended; its new version is judged in its place.",
        ),
        "DISPUTED": (
            "对该记录有尚未处理的异议。",
            "There is an objection to the record that is not decided yet.",
        ),
        "OUT_OF_WINDOW": (
            "服务不在认定时段内，或不在学生授权的时段内。",
            "Served outside the period that counts, or that the student opened.",
        ),
        "AFTER_CUTOFF": (
            "录入晚于规则规定的截止时间。",
            "Entered after the date, or later after the service, than the rules allow.",
        ),
        "CLASS_NOT_COUNTED": (
            "规则不认定这一类时数（信用时数或荣誉时数）。",
            "The rules do not count hours of this class (credit or honour).",
        ),
        "CATEGORY_DENIED": (
            "规则不认定这一类活动。",
            "The rules do not count activities of this category.",
        ),
        "ORG_NOT_ALLOWED": (
            "记录单位不在规则认可的名单内。",
            "The recording unit is not among those that the rules accept.",
        ),
        "ORG_SUSPENDED": (
            "服务时记录单位的资格已被暂停。",
            "The recording unit was suspended at the time of the service.",
        ),
        "ALREADY_CREDITED": (
            "该记录已按同一方案认定过学分。",
            "The record was counted under the same scheme before.",
        ),
        "OVERLAP": (
            "与同一人的另一项服务时间重叠。",
            "At the same time as another service of the same person.",
        ),
        "OVER_SESSION_CAP": (
            "超过单次服务的认定上限。",
            "Above what counts of one service.",
        ),
        "BELOW_UNIT": (
            "单次服务中不足一个认定单位的余数。",
            "The rest of one service that does not fill a unit.",
        ),
        "OVER_DAY_CAP": ("超过每日认定上限。", "Above what counts of one day."),
        "OVER_CATEGORY_CAP": (
            "超过该类活动的认定上限。",
            "Above what counts of this category.",
        ),
        "OVER_TERM_CAP": ("超过每学期认定上限。", "Above what counts of one term."),
        "OVER_TOTAL_CAP": (
            "超过总认定上限（含以往已认定的时数）。",
            "Above what counts in all, what was counted before included.",
        ),
        "NOT_NEEDED": (
            "补修时段的服务只补足差额，多余部分不计。",
            "Served in the make-up period beyond what was missing.",
        ),
    }
)
"""Code → (zh, en), in order."""

PRECEDENCE: Final = tuple(REASONS)
"""The codes in order."""
