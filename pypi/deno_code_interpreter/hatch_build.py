"""Puts a server into the wheel, which needs a checkout of the project, its set-up and Deno."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: The server's directory in a source distribution, and in the package of a wheel.
NAME = "_server"

# The set-up finds or installs Deno.
LAY = 'source "$0/setup.sh" && exec "$DENO" run -A --no-prompt "$1" "$2"'


class ServerBuildHook(BuildHookInterface[Any]):
    """Lays the server's files and adds them to what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the server. An editable installation has none: it uses a checkout."""
        if version == "editable":
            return
        root = Path(self.root)
        place = NAME if self.target_name == "sdist" else f"deno_code_interpreter/{NAME}"
        laid = root / NAME
        if not laid.is_dir():
            self._temporary = tempfile.TemporaryDirectory()
            laid = Path(self._temporary.name) / NAME
            checkout = root.parent.parent
            subprocess.run(["bash", "-c", LAY, checkout, root / "lay_server.ts", laid], check=True)
        build_data["force_include"][str(laid)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes the server's files, which are in the artifact now."""
        temporary = getattr(self, "_temporary", None)
        if temporary is not None:
            temporary.cleanup()
