"""The file that names witnesses and logs: a C2SP tlog-policy, as a ledger and a witness keep it."""

from __future__ import annotations

from pathlib import Path

from api.errors import WrongUse
from ledger.core.trees.witness_policy import WitnessPolicy, parse_policy
from ledger.errors import ProofError


def read_policy(file: Path) -> WitnessPolicy:
    """The policy in a file. Raises `WrongUse`."""
    try:
        return parse_policy(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{file} cannot be read") from error
    except ProofError as error:
        raise WrongUse(f"{file}: {error.reason}") from error
