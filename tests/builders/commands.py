"""The command line, run in this process."""

import io
import json
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli.app import main

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: object, **environment: str) -> Done:
    """`hourledger …` without a terminal, and with no settings but the given ones. In this process,
    because starting one takes longer than most commands; an error that the command line does not
    know would end the test."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("HOURLEDGER_")]:
            patch.delenv(name)
        patch.setenv("HOURLEDGER_PINS", str(ROOT / "build/nobody/pins.json"))
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["hourledger", *map(str, arguments)])
        os.umask(0o022)  # as on most systems
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


def own(folder: Path) -> tuple[object, ...]:
    """Options of `verify` for files of the ledger in a folder: its chain is asked, and its id is
    the one that is trusted."""
    return "--dir", folder, "--ledger", run("inspect", "--dir", folder).json["ledger_id"]
