"""%load_ext, %reload_ext and %unload_ext: magics about IPython's extensions."""

from __future__ import annotations

import importlib
import sys

from ..ipython.magic import Magics, UsageError, line_magic, magics_class

# These only reformat the text of cells or notify the user, so that a notebook gives the same results without them.
_NOT_NEEDED = frozenset({
    "black", "jupyter_black", "lab_black", "nb_black", "jupyternotify", "google.colab.data_table", "jupyter_ai",
    "jupyter_ai_magics", "nb_mypy",
})  # fmt: skip


@magics_class
class ExtensionMagics(Magics):
    """An `ExtensionMagics` has the magics about extensions."""

    @line_magic
    def load_ext(self, line: str = "") -> None:
        """Loads an IPython extension; one that a notebook does not need is left out if it is not installed."""
        name = _name(line, "%load_ext")
        try:
            answer = self.shell.extension_manager.load_extension(name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise
            if name not in _NOT_NEEDED:
                raise ModuleNotFoundError(
                    f"No module named {error.name!r}: the extension {name!r} is not installed", name=error.name
                ) from None
            if self.shell.extension_manager.note_left_out(name):
                print(f"The {name} extension is not installed; the notebook runs without it.", file=sys.stderr)
            return
        if answer == "already loaded":
            print(f"The {name} extension is already loaded. To reload it, use:\n  %reload_ext {name}")
        elif answer:
            print(f"The {name} module is not an IPython extension.")

    @line_magic
    def unload_ext(self, line: str = "") -> None:
        """Unloads an IPython extension."""
        name = _name(line, "%unload_ext")
        answer = self.shell.extension_manager.unload_extension(name)
        if answer == "no unload function":
            print(f"The {name} extension doesn't define how to unload it.")
        elif answer == "not loaded":
            print(f"The {name} extension is not loaded.")

    @line_magic
    def reload_ext(self, line: str = "") -> None:
        """Loads an IPython extension again, after reloading its module."""
        name = _name(line, "%reload_ext")
        self.shell.extension_manager.unload_extension(name)
        self.shell.extension_manager.loaded.discard(name)
        if name in sys.modules:
            importlib.reload(sys.modules[name])
        self.load_ext(name)


def _name(line: str, magic: str) -> str:
    if not line.strip():
        raise UsageError(f"{magic} needs the name of a module")
    return line.strip()
