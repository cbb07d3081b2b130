"""The ledger of volunteer hours: what a record is, which rules it passes, how it is proved.

What it promises:

1. A record is in the ledger only if the keys it names signed it, over EIP-712, for this ledger.
2. The same act signed twice is one record: appending it again gives the first answer.
3. An acknowledged record is durable, has one index, and is never altered or removed.
4. Hours and coins are integers (minutes, yibi); there is no float and no silent rounding.
5. Coins are a function of the ledger: one for each full sixty credited minutes that are not void.
   Nobody, the operator included, can mint.
6. Corrections are new records; what was written stays readable.
7. Every batch extends the one before, and a consistency proof shows it (RFC 9162).
8. Each account's totals are committed in every seal, so that a list can be proved complete.
9. A proof is one file, checked by `ledger.core.verify.record` with no network and no database.
10. The log holds no personal data: people are addresses, the rest are salted commitments.

Rooms, and the way imports run: operations -> store | rules -> core -> refusals -> errors.
This file imports nothing, so that a verifier loads the verifier and no database.
"""

__version__ = "0.1.0"
