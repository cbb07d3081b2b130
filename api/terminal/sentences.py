"""What `valid` says of files that are of no single record: each kind proves something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CERTIFICATE: Final = (
    "证明由记录单位出具，所列时数均在账",
    "The recording unit issued it, and every hour in it stands in the ledger.",
)
TRANSCRIPT: Final = (
    "账本中该账户的记录即此清单，一条不多、一条不少；组织的资格与授权未在此核验",
    "The ledger holds these entries of the account, no more and no fewer. Which organisations were "
    "certified, and whom they let sign, is not shown here.",
)
TOTALS: Final = (
    "账本承诺了这些总数",
    "The ledger committed to these totals, the same for everybody.",
)
HOURS: Final = (
    "账本承诺了所示各月、各类别的时数",
    "The ledger committed to these hours of these months, by class and category.",
)
ATTESTATION: Final = (
    "账本答复：条件已满足",
    "The ledger says yes: the condition is met, as of the batch shown.",
)
CREDITS: Final = (
    "报告所列数字由所附规则与完整记录算出，重算结果一致",
    "The figures follow from the rules and the complete records enclosed; reckoned again, too.",
)


VALID: Final[Mapping[str, tuple[str, str]]] = {
    "certificate": CERTIFICATE,
    "transcript": TRANSCRIPT,
    "account": TOTALS,
    "disclosure": HOURS,
    "attestation": ATTESTATION,
    "credit_report": CREDITS,
}
"""Kind of document → (zh, en); the proof of a single record has the sentence of its verdict."""
