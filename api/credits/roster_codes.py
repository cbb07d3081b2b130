"""Why a row of a roster is not matched, or is worth a look: stable codes, and what each says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CODES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "BAD_ROW": ("该行的列数与表头不符。", "The row has not the columns of the header."),
        "BAD_CELL": (
            "单元格过长或含有控制字符。",
            "A cell is too long or has control characters.",
        ),
        "NO_STUDENT_NO": ("没有学号。", "There is no student number."),
        "NO_NUMBER": (
            "没有志愿者编号，只凭姓名不予匹配。",
            "There is no volunteer number; nobody is matched by name alone.",
        ),
        "NUMBER_DAMAGED": (
            "志愿者编号被电子表格改成了数字（如 4.4E+17 或末尾变为 000），"
            "请把该列设为文本后重新粘贴。",
            "A spreadsheet made a number of it (as 4.4E+17, or with 000 at its end): set the "
            "column to text and paste it again.",
        ),
        "BAD_NUMBER": (
            "志愿者编号的校验位不对，请核对。",
            "The check digits of the volunteer number are wrong: compare it.",
        ),
        "DUPLICATE_ROW": ("与前面的某一行重复。", "The same as a row before."),
        "TWO_NUMBERS": (
            "同一学号对应不同的志愿者编号。",
            "One student number with different volunteer numbers.",
        ),
        "SHARED_NUMBER": (
            "不同学号使用同一志愿者编号。",
            "One volunteer number for different student numbers.",
        ),
        "TWO_ACCOUNTS": (
            "该编号对应两个账户，请改用账户地址。",
            "The number fits two accounts: use the address.",
        ),
        "NO_CONSENT": (
            "没有人以此编号授权本校查看时数：编号有误，或学生尚未授权。",
            "Nobody with this number lets the university see hours: the number is wrong, or the "
            "student has not consented.",
        ),
        "NAME_DIFFERS": (
            "名单上的姓名与该账户登记的姓名不同，请核实后确认。",
            "The name in the roster is not the account's: look into it, then confirm.",
        ),
    }
)
"""Code → (zh, en)."""

NOTES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "SHEETS_NOT_READ": (
            "工作簿中还有含名单表头的其他工作表，没有读取：",
            "Other sheets of the workbook have a roster's header too and were not read:",
        ),
        "STUDENT_NO_IS_NUMBER": (
            "学号在工作簿中是数字：若原来以 0 开头，这些 0 已经丢失。请核对。",
            "Student numbers are numbers in the workbook: zeros that they began with are lost. "
            "Compare some.",
        ),
    }
)
"""What is worth a look in a file and refuses nothing: code → (zh, en)."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a look: a code of `NOTES`, and what it is about."""

    code: str
    about: str = ""


SHORT_STUDENT_NO: Final = (
    "学号比其他学号短，可能丢失了开头的 0。",
    "Student numbers that are shorter than the others: leading zeros may be lost.",
)
"""What is worth a look and refuses nothing."""
