"""IPython's transformer of cells, as a part of its own."""

from __future__ import annotations

from collections.abc import Callable

from ..source.completeness import check_complete
from ..source.transform import transform_cell

Lines = Callable[[list[str]], list[str]]


class TransformerManager:
    """A `TransformerManager` turns cells into Python.

    The functions of `cleanup_transforms` change the lines of a cell before magics become calls, and those of
    `line_transforms` afterwards.
    """

    def __init__(self) -> None:
        self.cleanup_transforms: list[Lines] = []
        self.line_transforms: list[Lines] = []

    @property
    def in_use(self) -> bool:
        """True if somebody has added a function."""
        return bool(self.cleanup_transforms or self.line_transforms)

    def transform_cell(self, cell: str) -> str:
        """Returns a cell as Python."""
        text = cell if cell.endswith("\n") else cell + "\n"
        for transform in self.cleanup_transforms:
            text = "".join(transform(text.splitlines(keepends=True)))
        text = transform_cell(text)
        for transform in self.line_transforms:
            text = "".join(transform(text.splitlines(keepends=True)))
        return text

    def check_complete(self, cell: str) -> tuple[str, int | None]:
        """Returns `complete`, `incomplete` or `invalid`, and the number of spaces of the next line if there is one."""
        state, indent = check_complete(cell)
        return state, len(indent) if state == "incomplete" else None
