"""Commands that run something: demo."""

from __future__ import annotations

from pathlib import Path

from api import demo as demonstration
from api.commands.options import CONSOLE, Dir, Rpc

DEMO: Path = Path("build/demo")


def demo(directory: Dir = None, rpc: Rpc = None) -> None:
    """Play the whole job on a month of a small town: import, seal, anchor, prove, tamper."""
    demonstration.run(CONSOLE, directory or DEMO, rpc)
