"""%notebook: writes the cells of the session to a notebook."""

from __future__ import annotations

import json
import os
import sys

from ..ipython.magic import Magics, UsageError, line_magic, magics_class


@magics_class
class ExportingMagics(Magics):
    """An `ExportingMagics` has the magic that writes a notebook."""

    @line_magic
    def notebook(self, line: str = "") -> None:
        """Writes the cells of this session, with the texts of their values, to a notebook: `%notebook name.ipynb`."""
        name = os.path.expanduser(line.strip().strip("'\""))
        if not name:
            raise UsageError("%notebook needs the name of a file")
        now = self.shell.execution_count
        cells = [_cell(entry) for entry in self.shell._kernel.history.range() if entry.line != now]
        language = {"name": "python", "version": sys.version.split()[0], "file_extension": ".py", "mimetype": "text/x-python"}
        notebook = {"cells": cells, "metadata": {"language_info": language}, "nbformat": 4, "nbformat_minor": 5}
        try:
            with open(name, "w", encoding="utf-8") as file:
                json.dump(notebook, file, indent=1, ensure_ascii=False)
                file.write("\n")
        except OSError as error:
            raise UsageError(f"Cannot write {name}: {error.strerror}") from None


def _cell(entry: object) -> dict[str, object]:
    line, raw, output = entry.line, entry.raw, entry.output  # type: ignore[attr-defined]
    outputs = []
    if output is not None:
        outputs.append({"output_type": "execute_result", "execution_count": line, "metadata": {}, "data": {"text/plain": output}})
    return {
        "cell_type": "code", "id": f"cell-{line}", "execution_count": line, "metadata": {}, "source": raw.rstrip("\n"),
        "outputs": outputs,
    }  # fmt: skip
