"""The witness: puts the roots of sealed batches on an EVM chain and reads them back.

What an anchor proves: this ledger's log had exactly this root at this size no later than the time
that the contract stored, and all roots that stand in the same place, a founder's in a contract, are
of one log that only grew. What it does not prove: that a record is true, that nothing was left out
of the ledger before it was written, or that the operator shows others no second place with another
history: who knows the ledger's contract names it.

Imports `ledger`; is imported by `api`. This file imports nothing.
"""
