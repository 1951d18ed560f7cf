"""The magics of IPython that cannot work in this kernel; each says why, and what to do instead."""

from __future__ import annotations

from typing import Any, NoReturn

from ..ipython.magic import Magics, UsageError, cell_magic, line_magic, magics_class

_NO_PROGRAMS = "this kernel has no processes"
_NO_EDITOR = "this kernel cannot open an editor; write a file with %%writefile, or take up cells with %recall or %load"
_REASONS = {
    ("line", "edit"): _NO_EDITOR,
    ("line", "ed"): _NO_EDITOR,
    ("line", "man"): f"{_NO_PROGRAMS}; `help(name)` or `name?` describes Python's names",
    ("line", "pastebin"): "it would publish the code of cells on the network; `%save` writes them to a file",
    ("line", "sc"): f"{_NO_PROGRAMS}; use Python instead",
    ("line", "conda"): "there is no conda here; try %pip install",
    ("line", "mamba"): "there is no mamba here; try %pip install",
    ("line", "micromamba"): "there is no micromamba here; try %pip install",
    ("cell", "perl"): _NO_PROGRAMS,
    ("cell", "pypy"): f"{_NO_PROGRAMS}; %%python runs a cell as a program of its own",
    ("cell", "python2"): f"{_NO_PROGRAMS}; %%python runs a cell as a program of its own",
    ("cell", "ruby"): _NO_PROGRAMS,
}


def _refusing(kind: str, name: str, reason: str) -> Any:
    sign = "%" if kind == "line" else "%%"

    def run(self: Any, line: str = "", cell: str | None = None) -> NoReturn:
        raise UsageError(f"Cannot run {sign}{name}: {reason}")

    run.__name__ = name
    run.__doc__ = f"Raises UsageError: {reason}."
    return (line_magic if kind == "line" else cell_magic)(run)


@magics_class
class RefusedMagics(Magics):
    """A `RefusedMagics` has magics that only say why they cannot work."""


for (_kind, _name), _reason in _REASONS.items():
    setattr(RefusedMagics, f"{_kind}_{_name}", _refusing(_kind, _name, _reason))
