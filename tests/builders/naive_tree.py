"""RFC 9162 §2.1 word for word: slow, recursive, and of no shared line with the library."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256


def leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def split(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k = 2 * k
    return k


class NaiveTree:
    """The definitions over one list of inputs D; a slice D[a:b] is named by its bounds."""

    def __init__(self, inputs: Sequence[bytes]) -> None:
        self._inputs = inputs
        self.head = cache(self._head)

    def _head(self, a: int, b: int) -> bytes:
        """MTH(D[a:b]), §2.1.1."""
        n = b - a
        if n == 0:
            return sha256().digest()
        if n == 1:
            return leaf(self._inputs[a])
        k = split(n)
        return sha256(b"\x01" + self.head(a, a + k) + self.head(a + k, b)).digest()

    def path(self, m: int, a: int, b: int) -> list[tuple[str, bytes]]:
        """PATH(m, D[a:b]), §2.1.3.1: each hash with the side on which it stands."""
        n = b - a
        if n == 1:
            return []
        k = split(n)
        if m < k:
            return [*self.path(m, a, a + k), ("right", self.head(a + k, b))]
        return [*self.path(m - k, a + k, b), ("left", self.head(a, a + k))]

    def proof(self, m: int, n: int) -> list[bytes]:
        """PROOF(m, D[0:n]), §2.1.4.1."""
        return self._subproof(m, 0, n, True)

    def _subproof(self, m: int, a: int, b: int, whole: bool) -> list[bytes]:
        """SUBPROOF(m, D[a:b], whole), §2.1.4.1."""
        n = b - a
        if m == n:
            return [] if whole else [self.head(a, b)]
        k = split(n)
        if m <= k:
            return [*self._subproof(m, a, a + k, whole), self.head(a + k, b)]
        return [*self._subproof(m - k, a + k, b, False), self.head(a, a + k)]
