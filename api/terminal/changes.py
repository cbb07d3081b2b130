"""What became of a record in a terminal: who says so and why, and what only the file claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.terminal.format import Times

_DONE: Final[Mapping[tuple[str, str | None], tuple[str, str]]] = {
    ("void", None): ("作废", "voided it"),
    ("amend", None): ("更正", "amended it"),
    ("objection", None): ("提出异议", "objects"),
    ("certificate", None): ("出具了新证明", "issued a newer certificate"),
    ("delegation", "revoke"): ("撤销了签名所用的密钥", "revoked a key that stands behind it"),
    ("issuer_key", "revoke"): ("撤销了签发所用的密钥", "revoked the key that signed it"),
    ("organisation", "suspend"): ("中止了该组织的认证", "suspended the organisation"),
    ("organisation", "succeed"): ("指定了继任组织", "let another organisation succeed"),
}
"""(kind, action) of what changed a record → what was done (zh, en)."""

_WHO: Final[Mapping[str, tuple[str, str]]] = {
    "organisation": ("组织", "The organisation"),
    "authority": ("主管方", "An authority"),
    "volunteer": ("志愿者", "The volunteer"),
}
_SUCCESSOR: Final = ("继任组织", "The organisation that succeeded")

_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "entered_in_error": ("录入有误", "entered in error"),
    "not_served": ("未曾服务", "not served"),
    "duplicate": ("重复录入", "entered twice"),
    "key_compromised": ("密钥被盗用", "a key was compromised"),
    "wrong_time": ("时间有误", "wrong time"),
    "wrong_minutes": ("分钟数有误", "wrong minutes"),
    "wrong_content": ("内容有误", "wrong content"),
    "wrong_class": ("类别有误", "wrong class"),
    "other": ("其他原因", "another reason"),
}

UNSIGNED: Final = (
    "日志未签署：是否入账只是文件自称",
    "The log has signed nothing of this file: that the ledger took the record, and when, the file "
    "alone claims. A record that was voided looks the same without its batch. Ask the ledger for a "
    "fresh proof.",
)
"""(zh, en) of a file without a batch."""


def says(facts: Mapping[str, Any]) -> tuple[str, str] | None:
    """(zh, en) of who changed a record, and the reason that they give; None where nobody did."""
    change = facts.get("change")
    if change is None:
        return None
    who = _WHO[change["by"]["role"]]
    if change["kind"] == "void" and change["by"]["role"] == "organisation":
        who = who if change["by"]["address"] == facts["issuer"] else _SUCCESSOR
    done = _DONE[change["kind"], change["action"]]
    reason = _REASONS.get(change["reason"])
    zh, en = (f"{who[0]}{done[0]}", f"{who[1]} {done[1]}")
    if reason is None:
        return zh, f"{en}."
    if change["kind"] == "objection":
        return f"{zh}：{reason[0]}", f"{en}: {reason[1]}."
    return f"{zh}，理由：{reason[0]}", f"{en}; the reason given: {reason[1]}."


def rows(facts: Mapping[str, Any], times: Times) -> Iterator[tuple[str, str]]:
    """What changed a record, by whom and when, as rows of a table."""
    change = facts.get("change")
    if change is None:
        return
    yield change["kind"], f"{change['by']['role']}  {change['by']['address']}"
    for signer in change["signers"]:
        if signer["signer"] != change["by"]["address"]:
            yield "", f"signed by {signer['role']}  {signer['signer']}"
    if change["accepted_at"] is None:
        yield "", f"signed {times.moment(change['issued_at'])}; not in the log yet 日志尚未签署"
    else:
        yield "", times.moment(change["accepted_at"])
    yield "", change["record_id"]


def entered(
    facts: Mapping[str, Any], times: Times, delay: str | None = None
) -> Iterator[tuple[str, str]]:
    """When a record entered the log; of one that the log has not signed, what the file claims."""
    if "claimed" in facts:
        yield "entered", "– the log has signed nothing of this file 日志未签署"
        claimed = facts["claimed"]
        said = f"entry {claimed['index']}, {times.moment(claimed['accepted_at'])}"
        yield "claimed", f"{said}: by the file alone 仅为文件自称"
    else:
        late = f", {delay}" if delay else ""
        yield "entered", times.moment(facts["accepted_at"]) + late
