"""What a wheel holds beside its rooms: the verifier, libraries from the locked npm packages."""

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
        if not found:
            raise FileNotFoundError("the libraries of the pages are missing: run `make setup`")
        verifier = {
            f"verifier/{file.name}": file for file in Path(self.root, "verifier").glob("*.js")
        }
        for path, file in (found | verifier).items():
            build_data["force_include"][str(file)] = f"api/{path}"
