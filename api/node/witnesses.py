"""Asking the witnesses of a ledger's policy to cosign its newest checkpoint (C2SP tlog-witness).

One witness that is silent or refuses holds up no other, no sealing and no anchoring.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import httpx

from anchoring.errors import Retry
from api.fetching import SECONDS, Unreachable, client, read_body
from ledger.core.trees.cosignatures import Cosigner
from ledger.core.trees.witness_policy import WitnessPolicy
from ledger.core.trees.witness_request import SIZE_TYPE, Asked, render_request
from ledger.errors import ProofError
from ledger.operations.ledger import Ledger
from ledger.operations.witnessed import Unseen, keep, unseen

ANSWER_MAX: Final = 1 << 16
"""Longest answer in bytes."""

AGAIN_SECONDS: Final = 3600
"""How old a cosignature of the newest checkpoint may become before another is asked for."""


def gather(ledger: Ledger, policy: WitnessPolicy, clock: Callable[[], int]) -> int:
    """Ask each witness that has an address and has not cosigned the newest checkpoint within the
    hour; how many did now. Raises `Retry` when one did not."""
    done, failed = 0, list[str]()
    with client("hourledger") as by:
        for name, witness in policy.witnesses.items():
            if not witness.url:
                continue
            try:
                done += _ask(ledger, by, witness.cosigner, witness.url, clock())
            except (Unreachable, ProofError) as error:
                failed.append(f"{name}: {error}")
            except (httpx.HTTPError, httpx.InvalidURL):
                # What httpx says may name the address, which may hold a secret.
                failed.append(f"{name}: no answer")
    if failed:
        raise Retry("witnesses did not cosign: " + "; ".join(failed))
    return done


def _ask(ledger: Ledger, by: httpx.Client, cosigner: Cosigner, url: str, now: int) -> bool:
    shown = unseen(ledger, cosigner)
    if shown is None or (shown.cosigned_at is not None and now - shown.cosigned_at < AGAIN_SECONDS):
        return False
    status, media_type, body = _post(by, url, shown)
    if status == httpx.codes.CONFLICT and media_type.split(";")[0] == SIZE_TYPE:
        # The witness knows better than this ledger how far it is: after a restore, say.
        shown = unseen(ledger, cosigner, _size(body, shown.batch.size))
        assert shown is not None
        status, _, body = _post(by, url, shown)
    if status != httpx.codes.OK:
        raise Unreachable(f"it answers {status}")
    keep(ledger, shown.batch, cosigner, body)
    return True


def _post(by: httpx.Client, url: str, shown: Unseen) -> tuple[int, str, str]:
    data = render_request(Asked(shown.old, shown.proof, shown.batch.checkpoint))
    deadline, address = time.monotonic() + SECONDS, url.rstrip("/") + "/add-checkpoint"
    with by.stream("POST", address, content=data) as answer:
        text = read_body(answer, ANSWER_MAX, deadline, "its answer").decode("utf-8", "replace")
    return answer.status_code, answer.headers.get("content-type", ""), text


def _size(body: str, newest: int) -> int:
    digits = body.removesuffix("\n")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 19 or int(digits) > newest:
        raise Unreachable("it says that it cosigned more than this ledger has sealed")
    return int(digits)
