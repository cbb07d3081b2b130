"""From a template to an answer: the words, figures and links that every template may use.

What a page may load is said by its Content-Security-Policy: files of this server and nothing else,
no script or style inside the page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from anchoring.journal import targets
from api.access.policy import INDEXED
from api.categories import category_text
from api.http.kernel import caching
from api.http.kernel.context import Context, context_of
from api.node.chain_names import is_demonstration
from api.pages import formats
from api.pages.formats import Formats
from api.pages.script_words import said_by, told
from api.pages.static import FOLDER, assets
from api.words import LANGUAGES, Words, mark, names, preferred, words
from ledger.errors import LedgerError
from ledger.operations.ledger import Ledger

TEMPLATES: Final = Path(__file__).parent / "templates"

UTC_PLUS_8: Final = 480
"""Minutes before UTC while there is no ledger that says otherwise."""

NAVIGATION: Final = (
    ("/verify", mark("Verify")),
    ("/me", mark("My hours")),
    ("/registrar", mark("Practice credits")),
    ("/explorer", mark("Public ledger")),
)
"""The pages that every page links to: address and name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What every page says of the ledger that is served; `witness` is the chain it is anchored on:
    `public`, `demonstration` or, before the first anchor, `none`."""

    name: str
    offset_minutes: int
    witness: str


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    script: str = "",
    connect: str = "'self'",
    **values: Any,
) -> Response:
    """A template as HTML, in the reader's language.

    `script` is a folder of `static/js` whose `main.js` the page runs, with its words; `connect` is
    where scripts may send requests to (CSP `connect-src`).
    """
    html = rendered(request, template, script=script, **values)
    media_type = "text/html; charset=utf-8"
    if status == 200:
        answer = caching.answer(request, html.encode(), media_type)
    else:
        answer = Response(html, status, media_type=media_type)
    answer.headers["Content-Security-Policy"] = policy(connect)
    answer.headers["Content-Language"] = language_of(request)
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Vary"] = "Accept-Language"
    return answer


def formats_of(request: Request) -> Formats:
    """How the reader of a request sees figures, and the words of the reader's language."""
    return Formats(words(language_of(request)), _ledger(context_of(request)).offset_minutes)


def rendered(request: Request, template: str, *, script: str = "", **values: Any) -> str:
    """A template in the reader's language, as text."""
    view = _view(request, language_of(request), _ledger(context_of(request)), script)
    return _environment().get_template(template).render(view, **values)


def language_of(request: Request) -> str:
    """The reader's language (a BCP 47 tag)."""
    return preferred(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def policy(connect: str = "'self'") -> str:
    """The Content-Security-Policy of a page whose scripts may ask `connect`."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' data:; connect-src {connect}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "hours": formats.hours,
        "full_hours": formats.full_hours,
        "iso": formats.iso,
    }
    found.globals |= {
        "static": lambda path: assets().url(path),
        "complete": lambda: assets().complete,
        "percent": formats.percent,
        "languages": names(),
    }
    return found


def _view(request: Request, language: str, ledger: Shown, script: str) -> Mapping[str, Any]:
    """What of a template differs from request to request."""
    said, path = words(language), request.url.path
    chosen = request.query_params.get("lang") in LANGUAGES

    def link(target: str) -> str:
        """A page of ours in the language that the reader chose, if one was chosen."""
        join = "&" if "?" in target else "?"
        return f"{target}{join}lang={language}" if chosen else target

    def in_language(other: str) -> str:
        kept = [(name, text) for name, text in request.query_params.items() if name != "lang"]
        return f"{path}?{urlencode([*kept, ('lang', other)])}"

    return {
        "_": said,
        "category": partial(category_text, said),
        "lang": language,
        "link": link,
        "in_language": in_language,
        "here": path,
        "indexed": getattr(request.scope.get("route"), "name", "") in INDEXED,
        "navigation": NAVIGATION,
        "ledger": ledger,
        "fmt": Formats(said, ledger.offset_minutes),
        "script": script,
        "script_words": _script_words(said, script),
    }


def _script_words(said: Words, script: str) -> str:
    """The messages of a page's scripts with their translations, as JSON that may stand in HTML."""
    messages = said_by(FOLDER / "js" / script) | said_by(FOLDER / "js/shared")
    found = told(messages, said) if script else {}
    text = json.dumps(found, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - no tag can begin in it


def _ledger(served: Context) -> Shown:
    try:
        ledger = served.home.ledger
        return Shown(ledger.genesis.name, ledger.policy.utc_offset_minutes, _witness(ledger))
    except LedgerError:
        # No genesis yet, or the ledger cannot be read: the page that says so needs neither.
        return Shown("Hourledger", UTC_PLUS_8, "none")


def _witness(ledger: Ledger) -> str:
    chains = [is_demonstration(t.chain_id) for t in targets(ledger.engine, ledger.ledger_id)]
    if not chains:
        return "none"
    return "demonstration" if all(chains) else "public"
