"""The types that the fields of record bodies are made of.

Times are Unix seconds UTC, service time is whole minutes, coins are whole yibi, addresses are
EIP-55 text, commitments are `SHA-256(salt || JCS(fields))` with a 32-byte salt kept off the log.
"""

from __future__ import annotations

from typing import Annotated

from ledger.core.format.fields import Address, Bytes32, LocalDay, NonZero32, Text, UInt, UnixTime
from ledger.core.format.structs import ListOf

Time = Annotated[int, UnixTime()]
Count = Annotated[int, UInt(32)]
Minutes = Annotated[int, UInt(32, minimum=1)]
Seats = Annotated[int, UInt(32, minimum=1)]
Day = Annotated[int, LocalDay()]
"""A local day: days since 1970-01-01 in the ledger's own offset from UTC."""
Days = Annotated[tuple[int, ...], ListOf(LocalDay())]
Someone = Annotated[str, Address()]
Anyone = Annotated[str, Address(zero_allowed=True)]
Hash = Annotated[bytes, Bytes32()]
"""A hash or a key."""
Fixed = Annotated[bytes, NonZero32()]
"""As `Hash`, never zero."""
Commitment = Annotated[bytes, Bytes32("commitment")]
"""A commitment; 32 zero bytes where nothing is said."""
Identity = Annotated[bytes, NonZero32("commitment")]
"""As `Commitment`, where something must be said."""
RecordId = Annotated[bytes, Bytes32("record")]
"""The id of another record; 32 zero bytes where there is none."""
Nonce = Annotated[bytes, Bytes32("chance")]
"""What makes two alike records differ."""
Words = Annotated[str, Text()]
