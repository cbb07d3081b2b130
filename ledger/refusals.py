"""Every reason for which Hourledger refuses a record: stable code, rule, source, sentences.

The codes are part of the public interface: a code is never renamed or reused. The table in
`docs/spec/refusals.md` is printed by `python -m ledger.refusals_page`.
"""

from __future__ import annotations

import enum
from typing import Literal

Category = Literal["format", "signature", "rule", "capacity"]
"""What kind of refusal: unreadable input, a signature that does not hold, a rule of the book,
or input larger than a limit."""


class Code(enum.Enum):
    """A stable refusal code with its rule, source and sentences in Chinese and English.

    `remembered`: the refusal depended on the state of the book after all signers were proved,
    so the same record id gets the same answer for ever.
    """

    rule: str
    source: str
    zh: str
    en: str
    category: Category
    remembered: bool

    def __new__(
        cls,
        code: str,
        category: Category = "format",
        rule: str = "",
        source: str = "",
        zh: str = "",
        en: str = "",
        remembered: bool = False,
    ) -> Code:
        """Make one member whose value is the code alone."""
        member = object.__new__(cls)
        member._value_ = code
        member.category = category
        member.rule = rule
        member.source = source
        member.zh = zh
        member.en = en
        member.remembered = remembered
        return member

    # fmt: off
    NOT_JSON = (
        "NOT_JSON", "format",
        "Input is one UTF-8 JSON document without duplicate keys, floats or NaN.",
        "RFC 8259; RFC 7493", "输入不是合格的 JSON。", "The input is not well-formed JSON.",
    )
    TOO_LARGE = (
        "TOO_LARGE", "capacity", "A record is at most 32,768 bytes and 16 levels deep.",
        "C2SP tlog-tiles (entry ≤ 65,535 bytes)", "记录过大。", "The record is too large.",
    )
    BAD_FORM = (
        "BAD_FORM", "format", "A record has exactly the fields of its kind, no more and no fewer.",
        "docs/spec/records.md", "记录的字段不符合其种类。",
        "The record does not have the fields of its kind.",
    )
    UNKNOWN_KIND = (
        "UNKNOWN_KIND", "format", "The kind is one that this version knows.",
        "docs/spec/records.md", "未知的记录种类。", "The kind of record is unknown.",
    )
    BAD_VALUE = (
        "BAD_VALUE", "format", "Every field has the type, range and spelling that its kind states.",
        "docs/spec/records.md", "字段的值不合规定。", "A field has a value that is not allowed.",
    )
    ENGINE_ONLY = (
        "ENGINE_ONLY", "rule", "A seal is written by the engine, never submitted.",
        "docs/spec/batches.md", "封批记录只能由系统写入。",
        "A seal is written by the engine alone.",
    )
    BAD_SIGNATURE = (
        "BAD_SIGNATURE", "signature",
        "A signature is 65 bytes, low-s, v 27 or 28, and recovers to its signer.", "EIP-2; EIP-712",
        "签名无效。", "A signature does not hold.",
    )
    BAD_SHEET = (
        "BAD_SHEET", "signature", "A sheet's path leads from the record id to the signed root.",
        "docs/spec/records.md", "签名表路径无效。", "The record is not on the signed sheet.",
    )
    WRONG_ROLES = (
        "WRONG_ROLES", "signature", "A record carries exactly the roles of its kind, each once.",
        "docs/spec/records.md", "签名角色缺失、多余或未知。",
        "A signing role is missing, unknown or given twice.",
    )
    SIGNER_NOT_ALLOWED = (
        "SIGNER_NOT_ALLOWED", "signature",
        "Each signer is the address that the role demands, or a key it delegated to at that time.",
        "67号令 art. 14", "签名人无权以此角色签名。", "The signer may not sign in this role.",
    )
    APPROVER_NOT_SECOND = (
        "APPROVER_NOT_SECOND", "signature",
        "The approver of an honour hour is not its first signer.",
        "domain rule: four eyes on back-filled hours", "复核人不能与录入人相同。",
        "The approver must be another key than the first signer.",
    )
    NOT_OPEN = (
        "NOT_OPEN", "rule", "The first record of a ledger is its genesis.", "docs/spec/records.md",
        "账本尚未创建。", "The ledger has no genesis yet.",
    )
    ALREADY_OPEN = (
        "ALREADY_OPEN", "rule", "A ledger has one genesis.", "docs/spec/records.md",
        "账本已经创建。", "The ledger already has a genesis.",
    )
    FROM_THE_FUTURE = (
        "FROM_THE_FUTURE", "rule",
        "No stated time lies later than the server's clock plus the policy's skew.",
        "policy clock_skew_seconds", "记录的时间在未来。",
        "The record states a time that has not come yet.",
    )
    POLICY_VERSION = (
        "POLICY_VERSION", "rule", "A policy change carries the current version plus one.",
        "docs/spec/records.md", "政策版本号不连续。", "The policy version is not the next one.",
        True,
    )
    POLICY_UNIT_FIXED = (
        "POLICY_UNIT_FIXED", "rule", "Minutes per yibi never change after genesis.",
        "yibi = floor(credit minutes / 60)", "每枚益币的分钟数不可更改。",
        "Minutes per yibi may not change after genesis.", True,
    )
    ORG_NOT_CERTIFIED = (
        "ORG_NOT_CERTIFIED", "rule", "The organisation was certified at the time in question.",
        "67号令 arts. 14, 26", "该组织在当时未获认证。",
        "The organisation was not certified at that time.",
    )
    ORG_ACTION = (
        "ORG_ACTION", "rule",
        "An organisation is suspended or succeeded only while certified; a successor is certified.",
        "2015 指导意见 民发149号 (successor issues)", "组织状态不允许此操作。",
        "The state of the organisation does not allow this.", True,
    )
    DELEGATION_ACTION = (
        "DELEGATION_ACTION", "rule",
        "A delegation is granted for a stated time and revoked only while it exists.",
        "docs/spec/records.md", "授权状态不允许此操作。",
        "The state of the delegation does not allow this.", True,
    )
    VOLUNTEER_KNOWN = (
        "VOLUNTEER_KNOWN", "rule", "A volunteer's key enrols once.", "条例 art. 7",
        "该志愿者已登记。", "The volunteer is already enrolled.", True,
    )
    VOLUNTEER_UNKNOWN = (
        "VOLUNTEER_UNKNOWN", "rule", "A service names an enrolled volunteer.", "条例 arts. 7, 19",
        "志愿者未登记。", "The volunteer is not enrolled.",
    )
    ACTIVITY_UNKNOWN = (
        "ACTIVITY_UNKNOWN", "rule",
        "A service names an activity of the same organisation that is in the book.",
        "67号令 art. 7", "活动不存在或不属于该组织。",
        "The activity is not in the book or belongs to another organisation.",
    )
    CATEGORY_BLOCKED = (
        "CATEGORY_BLOCKED", "rule", "What is not volunteering is neither recorded nor certified.",
        "67号令 art. 19; policy blocked_categories", "该类别不属于志愿服务。",
        "This category is not volunteering.", True,
    )
    ACTIVITY_LATE = (
        "ACTIVITY_LATE", "rule",
        "A credit hour needs an activity accepted before the service started.",
        "domain invariant I8", "活动须在服务开始前发布。",
        "The activity was not in the book before the service started.", True,
    )
    OUTSIDE_ACTIVITY = (
        "OUTSIDE_ACTIVITY", "rule",
        "A credit hour lies inside the activity's window of the policy.", "domain invariant I7",
        "打卡时间不在活动时段内。", "The clock times lie outside the activity.", True,
    )
    TIMES_REVERSED = (
        "TIMES_REVERSED", "rule", "An end lies after its start.", "domain invariant I6",
        "结束时间不晚于开始时间。", "The end does not lie after the start.",
    )
    MINUTES_EXCEED_TIMES = (
        "MINUTES_EXCEED_TIMES", "rule",
        "Minutes are at most the whole minutes between start and end.",
        "67号令 art. 7; domain invariant I6", "分钟数超过起止时间之差。",
        "More minutes are stated than lie between start and end.",
    )
    OVER_SESSION_CAP = (
        "OVER_SESSION_CAP", "rule", "One service is at most the policy's session cap.",
        "policy session_minutes_max", "单次服务时长超过上限。",
        "The service is longer than the session cap.", True,
    )
    OVER_DAY_CAP = (
        "OVER_DAY_CAP", "rule",
        "The services of one volunteer that start on one local day stay within the day cap.",
        "policy day_minutes_max", "当日服务时长超过上限。",
        "The day's services would exceed the day cap.", True,
    )
    OVERLAP = (
        "OVERLAP", "rule", "Services of one volunteer never overlap (half-open intervals).",
        "domain invariant I5", "与该志愿者的另一次服务时间重叠。",
        "Another service of this volunteer overlaps this time.", True,
    )
    VOID_TARGET = (
        "VOID_TARGET", "rule", "A void names a service in the book.", "67号令 art. 13",
        "作废的对象不存在。", "There is no such service to void.",
    )
    VOID_NOT_YOURS = (
        "VOID_NOT_YOURS", "signature",
        "Only the recording organisation, its successor or an authority voids or decides.",
        "67号令 art. 13", "只有记录单位或主管方可以作废或裁定。",
        "Only the recording organisation or an authority may void or decide.",
    )
    VOID_TWICE = (
        "VOID_TWICE", "rule", "A service is voided once.", "docs/spec/records.md",
        "该记录已经作废。", "The service is already void.", True,
    )
    SUPERSEDED = (
        "SUPERSEDED", "rule", "A correction names the newest version of a service.",
        "67号令 art. 13", "该记录已有更正版本，请针对最新版本。",
        "The service was amended: name its newest version.", True,
    )
    AMEND_TARGET = (
        "AMEND_TARGET", "rule",
        "An amendment keeps volunteer, organisation, activity and class of a service in the book.",
        "67号令 art. 13", "更正不得改变志愿者、组织、活动或时数类别。",
        "An amendment cannot change whose, at what or of which class the hours are.",
    )
    AMEND_GROWS = (
        "AMEND_GROWS", "rule", "An amendment of credit hours stays within the clocked time.",
        "domain rule: no credit hour is typed in", "信用时数的更正只能减少，不能增加。",
        "Credit hours can be amended to less, never to more.",
    )
    OBJECTION_TARGET = (
        "OBJECTION_TARGET", "rule",
        "An objection is by the volunteer of a service in the book that is not void.",
        "67号令 art. 13", "只能由本人对未作废的服务记录提出异议。",
        "There is no such service of this volunteer to object to.",
    )
    OBJECTION_OPEN = (
        "OBJECTION_OPEN", "rule", "A service has one open objection at a time.",
        "docs/spec/rules.md", "该记录已有未处理的异议。",
        "An objection to this service is open already.", True,
    )
    DECISION_TARGET = (
        "DECISION_TARGET", "rule", "A decision answers the open objection to a service.",
        "docs/spec/rules.md", "没有与之对应的未处理异议。",
        "There is no such open objection to decide.", True,
    )
    DECISION_NOT_DONE = (
        "DECISION_NOT_DONE", "rule",
        "An objection is upheld after the record was voided or amended for it.",
        "67号令 art. 13", "须先作废或更正记录，才能认定异议成立。",
        "Void or amend the record first: upholding says that it was done.",
    )
    NO_COINS = (
        "NO_COINS", "rule", "A transfer never spends what is not there.", "domain invariant I3",
        "益币余额不足。", "There are not enough yibi.", True,
    )
    RECIPIENT_UNKNOWN = (
        "RECIPIENT_UNKNOWN", "rule",
        "Yibi go to another enrolled volunteer or certified organisation.", "docs/spec/records.md",
        "收款方未登记。", "The recipient is not in the book, or is the sender.",
    )
    ROW_SHAPE = (
        "ROW_SHAPE", "format", "A row of an import has the columns of its header.",
        "docs/operations.md", "该行的列数与表头不符，或引号未闭合。",
        "The row does not have the columns of the header, or a quote is not closed.",
    )
    ROW_VALUE = (
        "ROW_VALUE", "format", "A row of an import states who, where, when and how long, readably.",
        "67号令 art. 7; docs/operations.md", "该行缺少必需的值，或值无法读懂。",
        "A value that is needed is missing from the row, or cannot be read.",
    )
    ROW_REPEATED = (
        "ROW_REPEATED", "rule", "An import takes one row once.", "docs/operations.md",
        "该行与前面一行相同。", "The row is the same as an earlier one.",
    )
    HOLDER_WITHDREW = (
        "HOLDER_WITHDREW", "rule", "What is known of a person who withdrew is not taken in again.",
        "PIPL art. 47", "本人已撤回其个人信息。", "The person withdrew what was known of them.",
    )
    # fmt: on
