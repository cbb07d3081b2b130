"""What scripts hold of tables that are kept in Python: `python -m api.renew.script_tables ROOT`
writes the modules, and a test holds them to be so.

    verifier/wording.js
        the sentences of a credential, part of its format
    api/pages/static/js/verify/reasons/kind_words.js
        what the kinds of records are called
    api/pages/static/js/answers.d.ts
        the types of what the server answers those of the pages
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from api.certificates.wording import WORDINGS
from api.http.certificates import models as certificates
from api.http.credits import models as credit
from api.http.people import models as people
from api.pages.kind_words import KIND_WORDS

_ANSWERS: Final = (
    *(people.Challenge, people.SignedIn, people.Me, people.MyEntry, people.ShareList),
    *(people.NewShare, certificates.Issued, certificates.Certificates, certificates.Recorders),
    *(credit.OwnLines, credit.RulesList, credit.PreviewForm, credit.JobForm, credit.RunList),
    *(credit.RunDetails, credit.LinePage, credit.Changes),
)
_PLAIN: Final = {
    "string": "string",
    "integer": "number",
    "boolean": "boolean",
    "null": "null",
}

_NOTE: Final = "// Written by `python -m api.renew.script_tables`: {source}.\n"


def files() -> dict[str, str]:
    """Path below the project's root → text."""
    wordings = {language: asdict(wording) for language, wording in WORDINGS.items()}
    return {
        "verifier/wording.js": _module("the sentences of api/certificates/wording.toml", wordings),
        "api/pages/static/js/verify/reasons/kind_words.js": _kind_words(),
        "api/pages/static/js/answers.d.ts": _answers(),
    }


def _module(source: str, table: dict[str, Any]) -> str:
    text = json.dumps(table, ensure_ascii=False, indent=1)
    return f"{_NOTE.format(source=source)}export default {text};\n"


def _kind_words() -> str:
    rows = "".join(f"  {kind}: t({json.dumps(word)}),\n" for kind, word in KIND_WORDS.items())
    return (
        f"{_NOTE.format(source='api/pages/kind_words.py')}"
        'import { t } from "../words.js";\n\n'
        "/** @type {Record<string, string>} */\n"
        f"export const KIND_WORDS = {{\n{rows}}};\n"
    )


def _answers() -> str:
    schemas = models_json_schema([(m, "serialization") for m in _ANSWERS], ref_template="{model}")[
        1
    ]
    shapes = (
        f"export interface {name} {{\n"
        + "".join(f"  {member}: {_type(of)};\n" for member, of in schema["properties"].items())
        + "}\n"
        for name, schema in sorted(schemas["$defs"].items())
    )
    return _NOTE.format(source="the models of api/http") + "".join(shapes)


def _type(schema: dict[str, Any]) -> str:
    """A JSON schema as a type of TypeScript."""
    if "$ref" in schema:
        return str(schema["$ref"])
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(map(json.dumps, schema["enum"]))
    if schema["type"] == "array":
        return f"Array<{_type(schema['items'])}>"
    if schema["type"] == "object":
        values = schema["additionalProperties"]
        return f"Record<string, {'unknown' if values is True else _type(values)}>"
    return _PLAIN[schema["type"]]


if __name__ == "__main__":
    import sys

    for path, text in files().items():
        Path(sys.argv[1], path).write_text(text, encoding="utf-8")
