"""IPython's transformer of cells, as a part of its own."""

from __future__ import annotations

from ..source.completeness import check_complete
from ..source.transform import transform_cell


class TransformerManager:
    """A `TransformerManager` turns cells into Python without the transformers of a user."""

    def transform_cell(self, cell: str) -> str:
        """Returns a cell as Python."""
        return transform_cell(cell if cell.endswith("\n") else cell + "\n")

    def check_complete(self, cell: str) -> tuple[str, int | None]:
        """Returns `complete`, `incomplete` or `invalid`, and the number of spaces of the next line if there is one."""
        state, indent = check_complete(cell)
        return state, len(indent) if state == "incomplete" else None
