"""What readers outside Python are told of the kinds: `python -m ledger.kinds_page ROOT` writes the
specification's page and the browser's table, and tests hold them to be so.

    docs/spec/kinds.md          who signs, who answers, whom it concerns, what it corrects
    verifier/kinds.json         the same, and the fields of all structs, for programs
    verifier/kinds_table.js     that JSON as a module, for browsers that import no JSON
                                (`const`: tsc derives from it what the body of each kind holds)
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ledger.core.format.structs import Body, fields_of
from ledger.core.format.texts import HIDDEN
from ledger.core.kinds.kind import KINDS, ROLE_SCOPES, SELVES, Kind, scopes
from ledger.core.kinds.registry import Policy, SheetBody, Target
from ledger.core.kinds.signers import Signers


def files() -> dict[str, str]:
    """Path below the project's root → text."""
    data = _spread(table())
    note = "// Written by `python -m ledger.kinds_page`: the declarations of ledger/core/kinds.\n"
    return {
        "docs/spec/kinds.md": page(),
        "verifier/kinds.json": data + "\n",
        "verifier/kinds_table.js": f"{note}export default /** @type {{const}} */ ({data});\n",
    }


def table() -> dict[str, Any]:
    """Structs with their fields, kinds with what is declared of them, roles and scopes, and the
    characters that no text has."""
    structs: tuple[type[Body], ...] = (Policy, Target, *(k.body for k in KINDS.values()), SheetBody)
    return {
        "structs": {body.primary_type: _fields(body) for body in structs},
        "kinds": {name: _kind(kind) for name, kind in sorted(KINDS.items())},
        "selves": list(SELVES),
        "role_scopes": ROLE_SCOPES,
        "hidden": [f"{first:04X}-{last:04X}" for first, last in HIDDEN],
    }


def _spread(value: Any, depth: int = 3) -> str:
    """JSON with a line for each member of the outer levels, so that a change is seen as one."""
    if not depth or not value or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        named = (f"{json.dumps(name)}: {_spread(one, depth - 1)}" for name, one in value.items())
        return "{\n" + ",\n".join(named) + "\n}"
    return "[\n" + ",\n".join(_spread(one, depth - 1) for one in value) + "\n]"


def _fields(body: type[Body]) -> list[dict[str, Any]]:
    return [{"name": name} | field.described() for name, field in fields_of(body).items()]


def _kind(kind: Kind) -> dict[str, Any]:
    corrects = kind.corrects
    return {
        "struct": kind.body.primary_type,
        "signed_by": [signers.to_json() for signers in kind.signed_by],
        "scope": kind.scope,
        "issuer": kind.issuer,
        "parties": list(kind.parties),
        "through": list(dict.fromkeys(f for v in kind.reads if v.concerns for f in v.fields)),
        "corrects": corrects and corrects.to_json(),
        "has_status": kind.status is not None,
    }


def page() -> str:
    """The Markdown of `docs/spec/kinds.md`."""
    lines = [
        "# Kinds of records",
        "",
        "Printed by `python -m ledger.kinds_page` from the declarations, and tested to be so; for",
        "programs, `verifier/kinds.json` says the same with the fields of every struct. What each",
        "role means: [records.md](records.md#who-may-sign). What the fields of a kind mean,",
        "and how it is judged: the page of its family in [kinds/](kinds/).",
        "",
        "*Signed in the roles*: in this order, each by another key. *Scope*: what a key needs that",
        "signs as `organisation` and is not the organisation's own; where there is none, it alone",
        "signs. *Answers for it*: the field with the organisation that must be certified.",
        "*Concerns*: the fields with those under whom it is listed; → stands before a field that",
        "names another record, whose people it concerns. *Status*: it has one of its own.",
        "",
        "| kind | signed in the roles | scope | answers for it | concerns | corrects | status |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, kind in sorted(KINDS.items()):
        cells = (
            f"`{name}`",
            " *or* ".join(_signers(s) for s in kind.signed_by) or "the engine",
            f"`{kind.scope}`" if kind.scope else "",
            f"`{kind.issuer}`" if kind.issuer else "",
            ", ".join(_concerned(kind)),
            _corrects(kind),
            "yes" if kind.status else "",
        )
        lines.append("| " + " | ".join(cells) + " |")
    granted = ", ".join(f"`{scope}`" for scope in sorted(scopes()))
    by_role = ", ".join(f"`{scope}` to sign as `{role}`" for role, scope in ROLE_SCOPES.items())
    lines += ["", f"An organisation can grant the scopes {granted}; {by_role}."]
    return "\n".join(lines) + "\n"


def _signers(signers: Signers) -> str:
    roles = ", ".join(f"`{role}`" for role in signers.roles)
    if signers.each:
        return f"{roles} for each of `{signers.each}`"
    if signers.most is not None:
        roles += f" as many as `{signers.most}` says" if signers.most else " once or more"
    if signers.field is None:
        return roles
    value = "zero" if signers.value.strip("0") == "x" else f"`{signers.value}`"
    return f"{roles} where `{signers.field}` is {'not ' if signers.unless else ''}{value}"


def _concerned(kind: Kind) -> list[str]:
    named = [f"`{path}`" for path in kind.parties]
    through = dict.fromkeys(f for value in kind.reads if value.concerns for f in value.fields)
    return named + [f"→ `{field}`" for field in through]


def _corrects(kind: Kind) -> str:
    if kind.corrects is None:
        return ""
    field, value = kind.corrects.when or ("", "")
    condition = f" where `{field}` is `{value}`" if field else ""
    return f"`{kind.corrects.field}`: *{kind.corrects.status}*{condition}"


if __name__ == "__main__":
    import sys

    for path, text in files().items():
        Path(sys.argv[1], path).write_text(text, encoding="utf-8")
