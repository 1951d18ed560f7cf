"""%%node and %%typescript: magics that run cells as JavaScript in the kernel, on the same files."""

from __future__ import annotations

from typing import Any

from ..ipython.magic import Magics, UsageError, cell_magic, magics_class
from ..shell.host import run_javascript


class JavaScriptError(Exception):
    """A `JavaScriptError` is raised by a cell in JavaScript that failed; what happened is on its standard error."""


class JavaScriptValue:
    """A `JavaScriptValue` is the value of a cell, as JavaScript shows it."""

    def __init__(self, bundle: dict[str, Any]) -> None:
        self._bundle = bundle

    def __repr__(self) -> str:
        return str(self._bundle.get("text/plain", ""))

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        return self._bundle


@magics_class
class JavaScriptMagics(Magics):
    """A `JavaScriptMagics` has the magics whose cells share one session of JavaScript."""

    @cell_magic
    def node(self, line: str, cell: str) -> JavaScriptValue | None:
        """Runs the cell as JavaScript; what it declares is there for later cells. Its last expression is its value."""
        return self._run("node", cell, "javascript")

    @cell_magic
    def js_kernel(self, line: str, cell: str) -> JavaScriptValue | None:
        """Does the same as %%node."""
        return self._run("js_kernel", cell, "javascript")

    @cell_magic
    def typescript(self, line: str, cell: str) -> JavaScriptValue | None:
        """Runs the cell as TypeScript in the same session; types are removed and not checked."""
        return self._run("typescript", cell, "typescript")

    def _run(self, name: str, cell: str, language: str) -> JavaScriptValue | None:
        result = run_javascript(self.shell._kernel, cell, language)
        if result is None:
            raise UsageError(f"Cannot run %%{name}: this kernel has no shell")
        if result.failed:
            raise JavaScriptError("the cell failed; its error is shown above")
        return None if result.bundle is None else JavaScriptValue(result.bundle)
