"""The counter: the HTTP API, the command line, the demonstration.

Calls functions of `ledger` and `anchoring` and shows their answers; it hashes nothing, judges no
rule and makes no chain call of its own. This file imports nothing.
"""
