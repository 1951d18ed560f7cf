"""The stand-in for `IPython.core.magic`."""

from __future__ import annotations

from deno_kernel.ipython.magic import (
    Magics,
    UsageError,
    cell_magic,
    line_cell_magic,
    line_magic,
    magics_class,
    needs_local_scope,
    no_var_expand,
    output_can_be_silenced,
    register_cell_magic,
    register_line_cell_magic,
    register_line_magic,
)  # fmt: skip

__all__ = [
    "Magics", "UsageError", "cell_magic", "line_cell_magic", "line_magic", "magics_class", "needs_local_scope",
    "no_var_expand", "output_can_be_silenced", "register_cell_magic", "register_line_cell_magic",
    "register_line_magic",
]  # fmt: skip
