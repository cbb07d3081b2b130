"""The witness: puts the roots of sealed batches on an EVM chain and reads them back.

What an anchor proves: this ledger's log had exactly this root at this size no later than the block
that holds it, and no other root of the same size can be shown for the same epoch of the same
contract. What it does not prove: that a record is true, that nothing was left out of the ledger
before it was written, or that the operator shows others no second contract with another history:
who knows the ledger's contract names it.

Imports `ledger`; is imported by `api`. This file imports nothing.
"""
