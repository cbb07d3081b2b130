"""Brings the catalogues up to date: `python -m api.pages.catalogue`.

Adds what the pages say and no catalogue has yet, untranslated, and drops what nobody says any more.
A test fails until every message is translated.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from api.credits.roster_codes import CODES
from api.pages.i18n import FOLDERS, LOCALES, said_by
from api.pages.rendering import TEMPLATES
from api.pages.static import FOLDER
from ledger.core.credits.reasons import REASONS
from ledger.core.state.flags import FLAGS

MODULES: Final = Path(__file__).parent


def used() -> frozenset[str]:
    """Every message that a template, a module or a script of the pages says."""
    named = (*FLAGS.values(), *REASONS.values(), *CODES.values())
    found = {english for _, english in named} | said_by(FOLDER / "js")
    environment = Environment(autoescape=True)
    for file in TEMPLATES.rglob("*.html"):
        tree = environment.parse(file.read_text(encoding="utf-8"))
        for _, _, said in extract_from_ast(tree, ("_",)):
            message = said[0] if isinstance(said, tuple) else said
            # A message that a variable holds is marked where it is written.
            found.update([message] if message else [])
    for file in MODULES.glob("*.py"):
        with file.open("rb") as opened:
            messages = extract("python", opened, keywords={"_": None, "mark": None})
            found.update(str(message) for _, message, _, _ in messages)
    return frozenset(found)


def catalogue_of(folder: str) -> Catalog:
    """The catalogue in one of `FOLDERS`, as it is written; empty when there is none."""
    file = _file(folder)
    if not file.exists():
        return Catalog(locale=folder)
    with file.open("rb") as opened:
        return read_po(opened, locale=folder)


def _file(folder: str) -> Path:
    return LOCALES / folder / "LC_MESSAGES" / "pages.po"


def main() -> None:
    """Write the catalogues."""
    for folder in FOLDERS.values():
        old, new = catalogue_of(folder), Catalog(locale=folder)
        for message in sorted(used()):
            known = old.get(message)
            new.add(message, known.string if known else "")
        with _file(folder).open("wb") as opened:
            # Without dates: the same messages are the same bytes.
            write_po(opened, new, width=0, omit_header=True)


if __name__ == "__main__":
    main()
