"""Whether a record's id opens its entry to anybody who names it.

An id is the hash of a body. It is a secret as long as the body holds something that cannot be
guessed: a salted commitment, a random value, or the id of such a record. Then it serves as a link,
and stands in proofs for that. A body that says only who, what and when can be rebuilt by whoever
knows these three, so its id opens nothing: the entry is for its parties. What concerns no person
is everybody's.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger.core.format.fields import ZERO_HASH
from ledger.core.format.structs import Body
from ledger.core.kinds.registry import kind_of


def opens(body: Body, find: Callable[[bytes], Body | None]) -> bool:
    """Whether the id of a body is known to those alone who were given it, or the body concerns no
    person. `find` gives the body of another record, if there is one."""
    return kind_of(body).secret is None or _is_secret(body, find)


def _is_secret(body: Body, find: Callable[[bytes], Body | None]) -> bool:
    secret = kind_of(body).secret
    if secret is None:
        return False
    for field in secret.fields:
        value = getattr(body, field)
        if any(part != ZERO_HASH for part in (value if isinstance(value, tuple) else (value,))):
            return True
    named = find(getattr(body, secret.as_in)) if secret.as_in else None
    return named is not None and _is_secret(named, find)
