"""Asking the witnesses of a ledger's policy to cosign its newest checkpoint (C2SP tlog-witness).

One witness that is silent or refuses holds up no other, no sealing and no anchoring.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx

from anchoring.errors import Retry
from api.errors import WrongUse
from ledger.core.trees.cosignatures import Cosigner
from ledger.core.trees.witness_policy import WitnessPolicy, parse_policy
from ledger.core.trees.witness_request import SIZE_TYPE, Asked, render_request
from ledger.errors import ProofError
from ledger.operations.ledger import Ledger
from ledger.operations.witnessed import Unseen, keep, unseen

SECONDS: Final = 10.0
"""Longest silence of a witness."""

ANSWER_MAX: Final = 1 << 16
"""Longest answer in bytes."""

AGAIN_SECONDS: Final = 3600
"""How old a cosignature of the newest checkpoint may become before another is asked for."""


class Refusal(Exception):
    """A witness did not cosign; the reason is for the operator."""


def read_policy(file: Path) -> WitnessPolicy:
    """The policy in a file. Raises `WrongUse`."""
    try:
        return parse_policy(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{file} cannot be read") from error
    except ProofError as error:
        raise WrongUse(f"{file}: {error.reason}") from error


def gather(ledger: Ledger, policy: WitnessPolicy, clock: Callable[[], int]) -> int:
    """Ask each witness that has an address and has not cosigned the newest checkpoint within the
    hour; how many did now. Raises `Retry` when one did not."""
    done, failed = 0, list[str]()
    with httpx.Client(timeout=SECONDS, follow_redirects=False) as client:
        for name, witness in policy.witnesses.items():
            if not witness.url:
                continue
            try:
                done += _ask(ledger, client, witness.cosigner, witness.url, clock())
            except (Refusal, ProofError, httpx.HTTPError, httpx.InvalidURL) as error:
                # An address may hold a secret: only what the policy calls the witness is said.
                reason = str(error) if isinstance(error, Refusal | ProofError) else "no answer"
                failed.append(f"{name}: {reason}")
    if failed:
        raise Retry("witnesses did not cosign: " + "; ".join(failed))
    return done


def _ask(ledger: Ledger, client: httpx.Client, cosigner: Cosigner, url: str, now: int) -> bool:
    shown = unseen(ledger, cosigner)
    if shown is None or (shown.cosigned_at is not None and now - shown.cosigned_at < AGAIN_SECONDS):
        return False
    status, media_type, body = _post(client, url, shown)
    if status == httpx.codes.CONFLICT and media_type.split(";")[0] == SIZE_TYPE:
        # The witness knows better than this ledger how far it is: after a restore, say.
        shown = unseen(ledger, cosigner, _size(body, shown.batch.size))
        assert shown is not None
        status, _, body = _post(client, url, shown)
    if status != httpx.codes.OK:
        raise Refusal(f"it answers {status}")
    keep(ledger, shown.batch, cosigner, body)
    return True


def _post(client: httpx.Client, url: str, shown: Unseen) -> tuple[int, str, str]:
    data = render_request(Asked(shown.old, shown.proof, shown.batch.checkpoint))
    found = bytearray()
    address = url.rstrip("/") + "/add-checkpoint"
    with client.stream("POST", address, content=data) as answer:
        for piece in answer.iter_raw():
            found += piece
            if len(found) > ANSWER_MAX:
                raise Refusal(f"its answer has more than {ANSWER_MAX} bytes")
    text = bytes(found).decode("utf-8", "replace")
    return answer.status_code, answer.headers.get("content-type", ""), text


def _size(body: str, newest: int) -> int:
    digits = body.removesuffix("\n")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 19 or int(digits) > newest:
        raise Refusal("it says that it cosigned more than this ledger has sealed")
    return int(digits)
