"""Style sheets, scripts and pictures, as they lie in `static/`.

Their address holds a digest of all of them, so a browser keeps what it has for ever and still never
shows an old script on a new page. Every import is relative, so it stays inside one digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request, Response

from api.http.kernel import caching
from api.pages.modules import SERVED_BELOW, libraries, with_relative_names
from ledger.errors import NotFound

router = APIRouter(include_in_schema=False)

FOLDER: Final = Path(__file__).parent / "static"

VERIFIER: Final = next(
    folder
    for folder in (Path(__file__).parents[1] / "verifier", Path(__file__).parents[2] / "verifier")
    if (folder / "verify.js").exists()
)
"""The verifier's modules: in an installed package beside the other rooms, else in the checkout."""

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".woff2": "font/woff2",
    }
)
"""What is served; a file of another kind is not."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The files by path, with their media types, and a digest of them all; whether the libraries
    are among them, without which no script runs."""

    files: Mapping[str, tuple[bytes, str]]
    version: str
    complete: bool

    def url(self, path: str) -> str:
        """The address of a file. Raises `KeyError` for one that there is not."""
        self.files[path]
        return f"{self.base}{path}"

    @property
    def base(self) -> str:
        """What stands before every path."""
        return f"/static/{self.version}/"


@cache
def assets() -> Assets:
    """What is served, read once."""
    found = {file.relative_to(FOLDER).as_posix(): file for file in FOLDER.rglob("*")}
    found |= {f"verifier/{file.name}": file for file in VERIFIER.glob("*.js")}
    others = libraries()
    found |= others
    files = {
        path: (_content(path, file), MEDIA_TYPES[file.suffix])
        for path, file in sorted(found.items())
        if file.suffix in MEDIA_TYPES
    }
    digest = sha256()
    for path, (content, _) in files.items():
        digest.update(f"{path}\n{len(content)}\n".encode() + content)
    return Assets(MappingProxyType(files), digest.hexdigest()[:16], complete=bool(others))


def _content(path: str, file: Path) -> bytes:
    """A file as it is served: of the libraries to the byte, of our scripts with relative names."""
    content = file.read_bytes()
    if file.suffix != ".js" or path.startswith(SERVED_BELOW):
        return content
    return with_relative_names(path, content.decode()).encode()


@router.get("/static/{version}/{path:path}")
def get_static(version: str, path: str, request: Request) -> Response:
    """A file; one of another version is the present one, not to be kept."""
    found = assets().files.get(path)
    if found is None:
        raise NotFound("no such file")
    content, media_type = found
    return caching.answer(request, content, media_type, immutable=version == assets().version)


ROBOTS: Final = b"""\
# What is not to be listed says so: X-Robots-Tag, which is read only where it may be fetched.
User-agent: *
Disallow:
"""


@router.get("/robots.txt")
def get_robots(request: Request) -> Response:
    """What crawlers are asked."""
    return caching.answer(request, ROBOTS, "text/plain; charset=utf-8")


@router.get("/favicon.ico")
def get_icon(request: Request) -> Response:
    """The sign of the house, for browsers that ask without having been told where it is."""
    content, media_type = assets().files["icon.svg"]
    return caching.answer(request, content, media_type)
