"""Brings the catalogue up to date: `python -m api.renew.catalogue`.

Adds, untranslated, what pages, papers, commands and HTTP say and the catalogue has not yet; drops
what nobody says any more. A test fails until every message is translated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast
from jinja2.nodes import Call

from api.access.siwe import STATEMENT
from api.credits.roster_codes import CODES, NOTES
from api.http.kernel.problems import PROBLEMS
from api.pages.rendering import TEMPLATES
from api.pages.script_words import Message, said_by
from api.pages.static import FOLDER
from api.words import FOLDERS, LANGUAGES, catalogue_file
from ledger.core.credits.reasons import REASONS
from ledger.core.state.flags import FLAGS
from ledger.operations.red_flags import OWN

MODULES: Final = Path(__file__).parents[1]

_BY_COUNT: Final = ("plural", "both_plural")
"""What is called with two messages, one and many."""

_SAYING: Final = frozenset(("_", "say", "words", "mark", "both", "chinese", *_BY_COUNT))
"""What a module calls with a message first."""


def used() -> frozenset[Message]:
    """Every message that a template, a module or a script says, or a code stands for."""
    found = {*_of_codes(), *said_by(FOLDER / "js"), *_of_templates(), *_of_modules()}
    return frozenset(found - {"", *LANGUAGES})


def _of_codes() -> Iterator[str]:
    tables = (FLAGS, REASONS, OWN, CODES, NOTES)
    yield from chain.from_iterable(table.values() for table in tables)
    yield from (code.en for code in PROBLEMS.values())
    yield STATEMENT


def _of_templates() -> Iterator[Message]:
    environment = Environment(autoescape=True)
    for file in chain(TEMPLATES.rglob("*.html"), (MODULES / "terminal").glob("*.html")):
        tree = environment.parse(file.read_text(encoding="utf-8"))
        for _, _, said in extract_from_ast(tree, ("_", "both")):
            message = said[0] if isinstance(said, tuple) else said
            # A message that a variable holds is marked where it is written.
            if message:
                yield message
        for call in tree.find_all(Call):
            if getattr(call.node, "attr", "") in _BY_COUNT:
                one, many = (argument.as_const() for argument in call.args[:2])
                yield (one, many)


def _of_modules() -> Iterator[Message]:
    for file in MODULES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                one, many = (*map(_text, node.args[:2]), None, None)[:2]
                if name in _SAYING and one is not None:
                    yield (one, many) if name in _BY_COUNT and many is not None else one


def _text(argument: ast.expr) -> str | None:
    found = argument.value if isinstance(argument, ast.Constant) else None
    return found if isinstance(found, str) else None


def catalogue_of(language: str) -> Catalog:
    """The catalogue of one of `FOLDERS`, as it is written."""
    with catalogue_file(language).open("rb") as opened:
        return read_po(opened, locale=FOLDERS[language])


def main() -> None:
    """Write the catalogues."""
    for language, folder in FOLDERS.items():
        old, new = catalogue_of(language), Catalog(locale=folder)
        for message in sorted(used(), key=str):
            known = old.get(message)
            new.add(message, known.string if known else "")
        with catalogue_file(language).open("wb") as opened:
            # Without dates: the same messages are the same bytes.
            write_po(opened, new, width=0, omit_header=True)


if __name__ == "__main__":
    main()
