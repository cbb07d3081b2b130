"""Outside bytes → records, strictly: one document, no duplicate keys, no floats, known fields.

Every way in which bytes can be bad is a `Refused` with a code; nothing else is ever raised.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from ledger.core.format.fields import Address, UInt
from ledger.core.format.limits import (
    DEPTH_MAX,
    ENTRY_BYTES_MAX,
    INTEGER_MAX,
    LIST_MAX,
    RECORD_BYTES_MAX,
    SHEET_PATH_MAX,
    SIGNATURES_MAX,
)
from ledger.core.format.structs import decode_body
from ledger.core.kinds.registry import KINDS, service_of
from ledger.core.records.record import Entry, Record, Sheet, SignatureClaim
from ledger.errors import Refused
from ledger.refusals import Code

_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
_HEX65 = re.compile(r"0x[0-9a-f]{130}\Z")
_HEX32 = re.compile(r"0x[0-9a-f]{64}\Z")
_FLAG = re.compile(r"[A-Z][A-Z_]{0,31}\Z")
_ROLE = re.compile(r"[a-z]{1,16}\Z")
_ADDRESS = Address()
_COUNT = UInt(32, minimum=1)
_INDEX = UInt(53)


def parse_json(data: bytes, limit: int = RECORD_BYTES_MAX) -> object:
    """The JSON value of UTF-8 bytes; refuses floats, NaN, duplicate keys, depth and size."""
    if len(data) > limit:
        raise Refused(Code.TOO_LARGE, f"{len(data)} bytes, at most {limit} are taken")
    _check_depth(data)
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_small_int,
        )
    except UnicodeDecodeError as error:
        raise Refused(Code.NOT_JSON, "not UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise Refused(Code.NOT_JSON, "not well-formed") from error
    except ValueError as error:
        raise Refused(Code.NOT_JSON, str(error)) from error


def is_json(data: bytes) -> bool:
    """Whether bytes, nested no deeper than `parse_json` takes, are UTF-8 and of the grammar of
    JSON, whatever their numbers are and however often a name comes."""
    try:
        json.loads(
            data.decode("utf-8"),
            parse_float=_any_number,
            parse_constant=_no_constant,
            parse_int=_any_number,
        )
    except (ValueError, RecursionError):
        return False
    return True


def _any_number(_: str) -> int:
    return 0


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)


def _check_depth(data: bytes) -> None:
    if data.count(b"[") + data.count(b"{") <= DEPTH_MAX:
        return
    depth = 0
    for token in _NESTING.findall(data):
        if token in b"[{":
            depth += 1
        elif token in b"]}":
            depth -= 1
        if depth > DEPTH_MAX:
            raise Refused(Code.TOO_LARGE, f"nested more than {DEPTH_MAX} levels")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _no_float(_: str) -> NoReturn:
    raise ValueError("a number is no integer in range")


def _small_int(text: str) -> int:
    if len(text) > 17 or text == "-0" or abs(int(text)) > INTEGER_MAX:
        raise ValueError("a number is no integer in range")
    return int(text)


def decode_record(value: object) -> Record:
    """A record from its JSON object; its signatures are claims, not yet checked."""
    if type(value) is not dict or value.keys() != {"kind", "body", "signatures"}:
        raise Refused(Code.BAD_FORM, "a record has kind, body and signatures")
    kind = value["kind"]
    declared = KINDS.get(kind) if type(kind) is str else None
    if declared is None:
        raise Refused(Code.UNKNOWN_KIND, str(kind)[:40].encode("ascii", "replace").decode())
    body = decode_body(declared.body, value["body"])
    claims = value["signatures"]
    if type(claims) is not list or len(claims) > SIGNATURES_MAX:
        raise Refused(Code.BAD_FORM, f"signatures: a list of at most {SIGNATURES_MAX} is needed")
    return Record(body, tuple(decode_claim(c, f"signatures[{i}]") for i, c in enumerate(claims)))


def decode_claim(value: object, path: str) -> SignatureClaim:
    """A claimed signature from its JSON object. Raises `Refused`."""
    if type(value) is not dict or value.keys() - {"sheet"} != {"role", "signer", "signature"}:
        raise Refused(Code.BAD_FORM, f"{path}: role, signer and signature are needed")
    role, signature = value["role"], value["signature"]
    if type(role) is not str or not _ROLE.match(role):
        raise Refused(Code.BAD_VALUE, f"{path}.role: a word is needed")
    if type(signature) is not str or not _HEX65.match(signature):
        raise Refused(Code.BAD_SIGNATURE, f"{path}.signature: 65 bytes as lower-case 0x-hex")
    signer = _ADDRESS.decode(value["signer"], f"{path}.signer")
    sheet = _decode_sheet(value["sheet"], f"{path}.sheet") if "sheet" in value else None
    return SignatureClaim(role, signer, bytes.fromhex(signature[2:]), sheet)


def _decode_sheet(value: object, path: str) -> Sheet:
    if type(value) is not dict or value.keys() != {"index", "count", "path"}:
        raise Refused(Code.BAD_FORM, f"{path}: index, count and path are needed")
    hashes = value["path"]
    if type(hashes) is not list or len(hashes) > SHEET_PATH_MAX:
        raise Refused(Code.BAD_FORM, f"{path}.path: at most {SHEET_PATH_MAX} hashes are taken")
    if not all(type(h) is str and _HEX32.match(h) for h in hashes):
        raise Refused(Code.BAD_VALUE, f"{path}.path: 32 bytes each as lower-case 0x-hex")
    return Sheet(
        _INDEX.decode(value["index"], f"{path}.index"),
        _COUNT.decode(value["count"], f"{path}.count"),
        tuple(bytes.fromhex(h[2:]) for h in hashes),
    )


def decode_entry(value: object) -> Entry:
    """An entry from its JSON object."""
    if type(value) is not dict or value.keys() != {"index", "accepted_at", "flags", "record"}:
        raise Refused(Code.BAD_FORM, "an entry has index, accepted_at, flags and record")
    index = _INDEX.decode(value["index"], "index")
    accepted_at = _INDEX.decode(value["accepted_at"], "accepted_at")
    flags = _decode_flags(value["flags"])
    record = decode_record(value["record"])
    if flags and service_of(record.body) is None:
        raise Refused(Code.BAD_VALUE, "flags: only hours have any")
    return Entry(index, accepted_at, record, flags)


def _decode_flags(value: object) -> tuple[str, ...]:
    if type(value) is not list or len(value) > LIST_MAX:
        raise Refused(Code.BAD_FORM, f"flags: a list of at most {LIST_MAX} words is needed")
    if not all(type(flag) is str and _FLAG.match(flag) for flag in value):
        raise Refused(Code.BAD_VALUE, "flags: a flag is a word of capital letters")
    return tuple(value)


def read_entry(data: bytes) -> Entry:
    """An entry from its stored bytes, which must be exactly its JCS form."""
    entry = decode_entry(parse_json(data, ENTRY_BYTES_MAX))
    if entry.to_bytes() != data:
        raise Refused(Code.NOT_JSON, "the entry is not in canonical form")
    return entry
