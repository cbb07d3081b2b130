"""On what was measured."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("coincurve", "eth-hash", "sqlalchemy", "web3")


def _field(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "?")


def machine() -> str:
    """Processor, cores, memory, load, system, versions and day, in a few lines."""
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{_field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores, "
        f"memory {_field('/proc/meminfo', 'MemTotal')}, load {load}\n"
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}\n"
        f"{packages}\n"
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    )
