"""The witness: puts the roots of sealed batches on an EVM chain and reads them back.

What an anchor proves: this ledger's log had exactly this root at this size no later than the block
that holds it, and no other root of the same size can be shown for the same epoch. What it does not
prove: that a record is true, or that nothing was left out of the ledger before it was written.

Imports `ledger`; is imported by `api`. This file imports nothing.
"""
