"""What a wheel holds beside its rooms: the verifier; libraries and fonts of locked packages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts them where an installed package looks for them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to the wheel. An editable one takes them from the checkout; raises
        `FileNotFoundError` where they were not set up."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from api.pages import modules

        found = modules.libraries()
        fonts = Path(self.root, "build/fonts")
        if not found or not (fonts / ".stamp").exists():
            raise FileNotFoundError("libraries or fonts are missing: run `make setup`")
        verifier = {
            f"verifier/{file.name}": file for file in Path(self.root, "verifier").glob("*.js")
        }
        faces = {f"pdf/fonts/{f.name}": f for f in fonts.iterdir() if f.suffix in (".woff", ".txt")}
        for path, file in (found | verifier | faces).items():
            build_data["force_include"][str(file)] = f"api/{path}"
