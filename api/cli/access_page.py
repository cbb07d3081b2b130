"""Prints docs/access.md: every route and who may call it, out of the policy's table."""

from __future__ import annotations

from starlette.routing import Route

from api.access.policy import ACCESS, INDEXED, OPEN_TO_SITES, Policy, Who
from api.server.app import ROUTES

_HEAD = """\
# Who may call what

Printed by `python -m api.cli.access_page` out of the table that the server asks
(`api/access/policy.py`); a test compares it with what the server answers to nobody, to people, to
organisations and to systems. Any one of the permissions is enough.

- **anybody**: no sign-in.
- **who has the id**: anybody who names the thing by an id that cannot be guessed, or by the secret
  on a paper. The ids of sign-ups, delegations and consents, and of whatever commits to nothing, can
  be rebuilt by who knows who and when: they open nothing, and strangers are told that there is no
  such record.
- **party**: who is signed in and is the address in question, or acts for the organisation that is.
  Where the path names nothing, of their own things.
- **organisation (scope)**: who acts for the organisation in that scope, while it is certified.
- **authority**: an authority of the ledger, signed in.
- **token (scope)**: a system with such a token, as far as its owner reaches.

`*`: scripts of other sites may read the answer (CORS), always as nobody. `+`: search engines may
list it; everything else is sent with `X-Robots-Tag: noindex`.

| method | path | who |
|---|---|---|
"""

_WORDS = {
    Who.PUBLIC: "anybody",
    Who.HOLDER_OF_ID: "who has the id",
    Who.PARTY: "party",
    Who.ORGANISATION: "organisation",
    Who.AUTHORITY: "authority",
    Who.TOKEN: "token",
}


def table() -> str:
    """The page, in Markdown."""
    routes = [r for module in ROUTES for r in module.router.routes if isinstance(r, Route)]
    rows = (
        f"| {method} | `{route.path}`{_marks(route.name)} | {_who(ACCESS[route.name])} |\n"
        for route in sorted(routes, key=lambda route: route.path)
        for method in sorted(route.methods or ())
    )
    return _HEAD + "".join(rows)


def _marks(route: str) -> str:
    return (" `*`" if route in OPEN_TO_SITES else "") + (" `+`" if route in INDEXED else "")


def _who(policies: tuple[Policy, ...]) -> str:
    return ", ".join(_WORDS[p.who] + (f" (`{p.scope}`)" if p.scope else "") for p in policies)


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - a page for a pipe
