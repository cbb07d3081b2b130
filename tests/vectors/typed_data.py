"""The EIP-712 types of every record, as the specification writes them: a second spelling beside the
library's.

Nothing here reads `ledger.core`, so a type that is wrong in a declaration, or in the specification,
shows up as a wrong digest.
"""

import re
from pathlib import Path
from typing import Any

SPECIFICATION = Path(__file__).parents[2] / "docs/spec"
STRUCT = re.compile(r"^    ([A-Z]\w*)\(([^)\n]+)\)$", re.MULTILINE)
KIND = re.compile(r"^## ([a-z_]+)\n\n    ([A-Z]\w*)\(", re.MULTILINE)

Members = list[dict[str, str]]
Types = dict[str, Members]


def _members(text: str) -> Members:
    """`"address sender,uint64 coins"` → the member list of EIP-712."""
    pairs = (member.split() for member in text.split(","))
    return [{"name": name, "type": solidity} for solidity, name in pairs]


def specified(*pages: Path) -> dict[str, tuple[str, Types]]:
    """Kind → (primary type, all its types), of pages with a heading and a struct for each."""
    texts = [page.read_text(encoding="utf-8") for page in pages]
    structs = {name: _members(found) for text in texts for name, found in STRUCT.findall(text)}
    kinds = [found for text in texts for found in KIND.findall(text)]
    assert len(dict(kinds)) == len(kinds), "a kind is specified twice"
    return {kind: (primary, _with_inner(primary, structs)) for kind, primary in kinds}


def _with_inner(primary: str, structs: Types) -> Types:
    inner = {member["type"].removesuffix("[]") for member in structs[primary]} & structs.keys()
    found = {primary: structs[primary]}
    for name in sorted(inner):
        found |= _with_inner(name, structs)
    return found


DOMAIN = _members("string name,string version,bytes32 salt")

TYPES = specified(*sorted((SPECIFICATION / "kinds").glob("*.md")))

SHEET: tuple[str, Types] = ("Sheet", {"Sheet": _members("bytes32 root,uint32 count")})
"""What is signed for many records at once."""


def domain(ledger: bytes) -> dict[str, str]:
    """The EIP-712 domain of a ledger."""
    return {"name": "Hourledger", "version": "2", "salt": "0x" + ledger.hex()}


def typed_data(ledger: bytes, typed: tuple[str, Types], message: dict[str, Any]) -> dict[str, Any]:
    """The document that a wallet is asked to sign (`eth_signTypedData_v4`)."""
    primary_type, types = typed
    return {
        "types": {"EIP712Domain": DOMAIN, **types},
        "primaryType": primary_type,
        "domain": domain(ledger),
        "message": message,
    }
