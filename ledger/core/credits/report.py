"""The credit report: what a university counted of each student, with all that shows it. Parsing.

A text file of lines, each one JSON object; media type
`application/vnd.hourledger.credit-report+jsonl`. The first line is the head: the rule set, the
statement that the university signs (EIP-712, under the ledger's domain), the record that lets the
signer act for it, and what all students share: the seal of the batch, its anchors, suspensions of
organisations. Then comes a line for each row of the roster, in its order. The statement holds the
RFC 9162 root over the bytes of these lines, so one line can be shown alone.

A line of a student who is matched holds the transcript without what the head has, the activities
that it names, and the evaluation. `ledger.core.credits.verify` judges; made anew from the
same batch, the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final

from ledger.core.credits.evaluate import Evaluation
from ledger.core.credits.rules import RuleSet, parse_rules
from ledger.core.format.fields import Address, Bytes32, Choice, UInt
from ledger.core.format.structs import Body, decode_body
from ledger.core.format.types import Count, Hash, Someone, Time, Words
from ledger.core.kinds.registry import Activity
from ledger.core.proofs.parts import (
    Proven,
    parse_anchors,
    parse_base64,
    parse_entries,
    parse_hashes,
    parse_proven,
    parses,
)
from ledger.core.proofs.roots import parse_root
from ledger.core.proofs.transcript import CHAIN
from ledger.core.proofs.transcript import FORMAT as TRANSCRIPT
from ledger.core.records.charters import Root
from ledger.core.records.commitments import commit
from ledger.core.records.decode import decode_claim
from ledger.core.records.record import Entry, SignatureClaim, jcs
from ledger.errors import ProofError

FORMAT: Final = "hourledger-credit-report/v1"
"""Value of the head's `format` field."""

DRAFT, FINAL = "draft", "final"
"""Stages: students can object to a draft; a final one is recorded in the ledger."""

MATCHED, NO_CONSENT = "matched", "no_consent"
"""What a row came to: evaluated, or nothing is opened to the university."""

STATUSES: Final = (MATCHED, NO_CONSENT, "name_differs", "ambiguous", "rejected")
"""What a row of the roster can come to; only a matched one is evaluated."""

LINE_BYTES_MAX: Final = 32 * 1024 * 1024
"""Longest line: a transcript of a lifetime."""

SUSPENSIONS_MAX: Final = 10_000
"""Most suspensions in a head."""

_HEAD: Final = frozenset(
    (
        "format",
        "genesis",
        "charters",
        "rules",
        "statement",
        "signature",
        "authority",
        "seal",
        "anchors",
        "suspensions",
        "path",
    )
)
_LINE: Final = frozenset(
    (
        "row",
        "student",
        "match_status",
        "match_code",
        "account",
        "consent",
        "evaluation",
        "salt",
        "evidence",
        "activities",
    )
)
_EVIDENCE: Final = frozenset(
    ("from", "to", "before", "totals", "opening", "proof", "entries", "statuses", "path")
)
_ADDRESS, _BYTES32, _ROW = Address(), Bytes32(), UInt(32, minimum=1)


@dataclass(frozen=True, slots=True)
class Statement(Body):
    """What the university signs. `rules` and `roster` are hashes of the rule set and of the roster
    file's bytes; `batch` is the one as of which all was judged; `lines` the root over `count`
    lines, of which `matched` are evaluated; minutes and credits are their sums."""

    kind: ClassVar[str] = ""
    primary_type: ClassVar[str] = "CreditReport"
    organisation: Someone
    scheme: Words
    stage: Annotated[str, Choice(DRAFT, FINAL)]
    rules: Hash
    roster: Hash
    batch: Count
    lines: Hash
    count: Count
    matched: Count
    credit_minutes: Count
    honour_minutes: Count
    credit_hundredths: Count
    objections_until: Time
    issued_at: Time


@dataclass(frozen=True, slots=True)
class Head:
    """A parsed head. `plain` has the members that each transcript shares, as JSON."""

    root: Root
    rules: RuleSet
    statement: Statement
    signature: SignatureClaim
    authority: Mapping[str, Any]
    seal: Proven
    anchors: tuple[Mapping[str, Any], ...]
    suspensions: tuple[Entry, ...]
    path: tuple[bytes, ...]
    plain: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A parsed line. `student` holds the cells of the roster by column; what follows from the
    account on is None, or empty, for a row that was not matched."""

    row: int
    student: Mapping[str, str]
    match_status: str
    match_code: str | None
    account: str | None
    consent: bytes | None
    evaluation: Mapping[str, Any] | None
    salt: bytes
    evidence: Mapping[str, Any] | None
    activities: tuple[Activity, ...]

    def transcript(self, head: Mapping[str, Any]) -> dict[str, Any]:
        """The whole transcript, with what the head has."""
        assert self.evidence is not None
        told = self.evidence
        state = {name: told[name] for name in ("totals", "opening", "proof")}
        after = {"seal": head["seal"], **state}
        return {
            "format": TRANSCRIPT,
            "genesis": head["genesis"],
            "charters": head["charters"],
            "account": self.account,
            "from": told["from"],
            "to": told["to"],
            "before": told["before"],
            "after": after,
            "entries": told["entries"],
            "statuses": told["statuses"],
            "held_by": CHAIN,
            "path": told["path"],
            "anchors": head["anchors"],
        }


def evidence_of(transcript: Mapping[str, Any]) -> dict[str, Any]:
    """What a line keeps of a transcript (its JSON object, held by the chain)."""
    after = transcript["after"]
    kept = {name: after[name] for name in ("totals", "opening", "proof")}
    names = ("from", "to", "before", "entries", "statuses", "path")
    return kept | {name: transcript[name] for name in names}


def evaluation_json(found: Evaluation) -> dict[str, Any]:
    """An evaluation as JSON: minutes, hundredths of credits, `weighted_minutes` as a fraction."""
    return {
        "recorded_minutes": found.recorded_minutes,
        "counted_minutes": found.counted_minutes,
        "credit_minutes": found.credit_minutes,
        "honour_minutes": found.honour_minutes,
        "weighted_minutes": str(found.weighted),
        "rounded_minutes": found.rounded_minutes,
        "credit_hundredths": found.credit_hundredths,
        "earlier_minutes": found.earlier_minutes,
        "earlier_hundredths": found.earlier_hundredths,
        "passed": found.passed,
        "shortfall_minutes": found.shortfall,
        "excluded": found.excluded(),
        "records": [
            {
                "record_id": "0x" + line.record.hex(),
                "counted_minutes": line.minutes,
                "excluded": dict(line.excluded),
            }
            for line in found.lines
        ],
    }


def details_of(salt: bytes, student_no: str, evaluation: Mapping[str, Any]) -> bytes:
    """What a decision in the ledger says of a student's line, and nobody can guess."""
    return commit(salt, {"student_no": student_no, "evaluation": jcs(evaluation).decode()})


@parses
def parse_head(value: object) -> Head:
    """A head from its JSON object; `ProofError("format", …)` for anything else."""
    if type(value) is not dict or value.keys() != _HEAD or value["format"] != FORMAT:
        raise ProofError("format", f"not a head of the form {FORMAT}")
    seal = parse_proven(value["seal"])
    if seal is None or seal.proof is None:
        raise ProofError("format", "the seal with its proof is needed")
    if type(value["authority"]) is not dict:
        raise ProofError("format", "authority is the proof of a record")
    return Head(
        root=parse_root(value),
        rules=parse_rules(value["rules"]),
        statement=decode_body(Statement, value["statement"], "statement"),
        signature=decode_claim(value["signature"], "signature"),
        authority=value["authority"],
        seal=seal,
        anchors=parse_anchors(value["anchors"]),
        suspensions=parse_entries(value["suspensions"], "suspensions", SUSPENSIONS_MAX),
        path=parse_hashes(value["path"], 64 * SUSPENSIONS_MAX),
        plain={name: value[name] for name in ("genesis", "charters", "seal", "anchors")},
    )


@parses
def parse_line(value: object) -> Line:
    """A line from its JSON object; `ProofError("format", …)` for anything else."""
    if type(value) is not dict or value.keys() != _LINE:
        raise ProofError("format", "not a line of a credit report")
    student, status, code = value["student"], value["match_status"], value["match_code"]
    if type(student) is not dict or not all(type(cell) is str for cell in student.values()):
        raise ProofError("format", "student holds cells by column")
    if status not in STATUSES or not (code is None or type(code) is str):
        raise ProofError("format", "no such match_status")
    matched = status == MATCHED
    parts = ("account", "consent", "evaluation", "evidence")
    if any((value[name] is not None) is not matched for name in parts):
        raise ProofError("format", "a matched line is evaluated, and no other")
    evidence, activities = value["evidence"], value["activities"]
    if matched and not (type(evidence) is dict and evidence.keys() == _EVIDENCE):
        raise ProofError("format", "the evidence is a transcript without what the head has")
    if matched and type(value["evaluation"]) is not dict:
        raise ProofError("format", "the evaluation is an object")
    if type(activities) is not list or (activities and not matched):
        raise ProofError("format", "activities are a list")
    return Line(
        row=_ROW.decode(value["row"], "row"),
        student=student,
        match_status=status,
        match_code=code,
        account=_ADDRESS.decode(value["account"], "account") if matched else None,
        consent=_BYTES32.decode(value["consent"], "consent") if matched else None,
        evaluation=value["evaluation"],
        salt=_salt(value["salt"]),
        evidence=evidence,
        activities=tuple(decode_body(Activity, one, "activity") for one in activities),
    )


def _salt(value: object) -> bytes:
    salt = parse_base64(value, "salt")
    if len(salt) != 32:
        raise ProofError("format", "a salt has 32 bytes")
    return salt
