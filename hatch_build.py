"""What a wheel holds beside the sources: libraries of the pages, from the locked npm packages."""

from __future__ import annotations

import sys
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
        for path, file in found.items():
            build_data["force_include"][str(file)] = f"api/{path}"
