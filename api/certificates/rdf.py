"""A credential as RDF: the canonical N-Quads over which `eddsa-rdfc-2022` signs, by PyLD.

No network: the contexts that our credentials name are kept beside this file, to the byte as W3C and
1EdTech publish them, and any other is refused. So is a member that JSON-LD would drop: what is
dropped is signed by nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

from ledger.errors import ProofError

FOLDER: Final = Path(__file__).parent / "contexts"

CONTEXTS: Final[Mapping[str, str]] = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "open-badges-3.0.3.json",
}
"""Address of a context → its file. What they do not define is named in full, `hourledger:…`:
readers that admit these contexts alone refuse a credential with a context of ours."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """Canonical N-Quads (RDFC-1.0) of a JSON-LD document. Raises `ProofError("credential", …)` for
    one that has none."""
    # Loaded when it is needed: a quarter of a second.
    from pyld.context_resolver import ContextResolver
    from pyld.jsonld import JsonLdError, JsonLdProcessor

    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": _load,
        # PyLD's own cache of contexts is the process's, and not safe between threads.
        "contextResolver": ContextResolver({}, _load),
    }
    try:
        made = JsonLdProcessor(on_property_dropped=_refuse).normalize(document, options)
    except (JsonLdError, RecursionError) as error:
        raise ProofError("credential", "the credential cannot be read as JSON-LD") from error
    return str(made).encode()


def _refuse(name: str) -> NoReturn:
    raise ProofError("credential", "the credential has members that no context defines")


def _load(address: str, options: object = None) -> dict[str, Any]:
    # PyLD makes a `JsonLdError` of whatever a loader raises: here, that the context is not kept.
    return {"contextUrl": None, "documentUrl": address, "document": _context(CONTEXTS[address])}


@cache
def _context(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
