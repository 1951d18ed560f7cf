"""The stand-in for `IPython.core.inputtransformer2`."""

from __future__ import annotations

import textwrap

from deno_kernel.ipython.transformer_manager import TransformerManager
from deno_kernel.source.transform import transform_cell

__all__ = ["TransformerManager", "cell_magic", "leading_empty_lines", "leading_indent"]


def leading_empty_lines(lines: list[str]) -> list[str]:
    """Returns the lines from the first that is not empty."""
    for index, line in enumerate(lines):
        if line and not line.isspace():
            return lines[index:]
    return lines


def leading_indent(lines: list[str]) -> list[str]:
    """Returns the lines without the indentation of the first one."""
    return textwrap.dedent("".join(lines)).splitlines(keepends=True)


def cell_magic(lines: list[str]) -> list[str]:
    """Returns the lines of a cell magic as Python, and other lines unchanged."""
    if not lines or not lines[0].startswith("%%"):
        return lines
    return transform_cell("".join(lines)).splitlines(keepends=True)
