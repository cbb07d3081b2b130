"""`trust add HOST` and `verify --online`: the home is asked over TLS, and the verdict says so."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders.commands import Done
from tests.builders.lookalike import lookalike
from tests.builders.sites import EVIL, HOST, Homely, Serve

BY_SITE = {"by": "site", "host": HOST}


@pytest.fixture
def file(homely: Homely, tmp_path: Path) -> Path:
    return written(tmp_path, homely.file)


def written(folder: Path, value: dict[str, Any]) -> Path:
    path = folder / "file.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_the_home_of_an_unknown_ledger_is_asked_only_where_somebody_wants_that(
    call: Callable[..., Done], file: Path, homely: Homely, serve: Serve
) -> None:
    at = serve(homely.app, HOST)
    assert call("verify", file, "--json").json["verdict"] == "unpinned"
    done = call("verify", file, "--online", "--at", at, "--json").json
    assert (done["verdict"], done["within"]) == ("pending", None)
    assert done["checks"][0]["reason"] == f"the ledger of {HOST}, by its own site"
    assert done["facts"]["ledger"]["named"] == BY_SITE
    assert HOST in call("verify", file, "--online", "--at", at).out
    assert call("trust", "list", "--json").json == [], "asking once is no pin"


def test_a_home_that_cannot_be_asked_leaves_a_file_unpinned_and_says_why(
    call: Callable[..., Done], file: Path, homely: Homely, serve: Serve
) -> None:
    by_another = serve(homely.app, EVIL)
    done = call("verify", file, "--online", "--at", by_another, "--json")
    assert (done.code, done.json["verdict"]) == (3, "unpinned")
    assert f"https://{HOST}/.well-known/hourledger.json" in done.json["checks"][0]["reason"]


def test_a_lookalike_that_names_no_host_or_another_s_stays_unpinned(
    call: Callable[..., Done], homely: Homely, serve: Serve, tmp_path: Path
) -> None:
    at = serve(homely.app, HOST)
    strange = written(tmp_path, lookalike(tmp_path))
    done = call("verify", strange, "--online", "--at", at, "--json")
    assert (done.code, done.json["verdict"]) == (3, "unpinned")
    assert done.json["checks"][0]["reason"] == "its genesis names no site that could be asked"


def test_a_host_is_pinned_with_its_ledger_and_needs_no_site_afterwards(
    call: Callable[..., Done], file: Path, homely: Homely, serve: Serve
) -> None:
    added = call("trust", "add", HOST, "--at", serve(homely.app, HOST), "--json")
    assert added.code == 0, added.err
    (pin,) = added.json
    assert (pin["by"], pin["host"], pin["charter"]["version"]) == ("site", HOST, 1)
    done = call("verify", file, "--json").json
    assert (done["verdict"], done["facts"]["ledger"]["named"]) == ("pending", BY_SITE)
    assert call("trust", "remove", HOST).code == 0
    assert call("trust", "list", "--json").json == []


def test_a_site_that_names_another_ledger_than_before_replaces_no_pin(
    call: Callable[..., Done], homely: Homely, serve: Serve, tmp_path: Path
) -> None:
    """Whoever takes a site over founds a ledger of his own there."""
    pins = tmp_path / "pins.json"
    before = {"ledger": "0x" + "11" * 32, **BY_SITE, "charter": None, "newest": None}
    pins.write_text(json.dumps({"format": "hourledger-pins/v1", "ledgers": [before]}))
    done = call("trust", "add", HOST, "--at", serve(homely.app, HOST))
    assert (done.code, done.out) == (1, "")
    assert "0x" + "11" * 32 in "".join(done.err.split())
    assert call("trust", "list", "--json").json == [before]


def test_a_site_that_names_the_ledger_of_another_is_not_pinned(
    call: Callable[..., Done], homely: Homely, serve: Serve
) -> None:
    done = call("trust", "add", EVIL, "--at", serve(homely.app, EVIL))
    assert (done.code, done.out) == (1, "")
    assert "names another home" in " ".join(done.err.split())
