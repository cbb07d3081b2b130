"""What scripts hold of tables that are kept in Python: `python -m api.renew.script_tables ROOT`
writes the modules, and a test holds them to be so.

    verifier/wording.js     the sentences of a credential, which are part of its format
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from api.certificates.wording import WORDINGS

_NOTE: Final = "// Written by `python -m api.renew.script_tables`: {source}.\n"


def files() -> dict[str, str]:
    """Path below the project's root → text."""
    wordings = {language: asdict(wording) for language, wording in WORDINGS.items()}
    return {
        "verifier/wording.js": _module("the sentences of api/certificates/wording.toml", wordings),
    }


def _module(source: str, table: dict[str, Any]) -> str:
    text = json.dumps(table, ensure_ascii=False, indent=1)
    return f"{_NOTE.format(source=source)}export default {text};\n"


if __name__ == "__main__":
    import sys

    for path, text in files().items():
        Path(sys.argv[1], path).write_text(text, encoding="utf-8")
