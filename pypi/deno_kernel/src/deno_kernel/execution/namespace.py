"""The user's namespace, `__main__`, with the inputs and outputs that IPython keeps there."""

from __future__ import annotations

import builtins
import re
import sys
from types import ModuleType
from typing import Any

_INPUT = re.compile(r"_i\d+")


class Namespace:
    """A `Namespace` sets `In`, `Out`, `_`, `_1`, `_i` and similar names inside the user's module."""

    def __init__(self, module: ModuleType | None = None) -> None:
        self.module = module or sys.modules["__main__"]
        self.names: dict[str, Any] = self.module.__dict__
        self.hidden: set[str] = set(self.names)
        self.inputs: list[str] = [""]
        self.outputs: dict[int, Any] = {}
        self.directories: list[str] = []
        self._recent: list[Any] = ["", "", ""]
        self._extra: dict[str, Any] = {}

    def install(self, **extra: Any) -> None:
        """Sets the kernel's names, and those in `extra`, in the user's module."""
        self._extra.update(extra)
        names: dict[str, Any] = {
            "In": self.inputs, "_ih": self.inputs,
            "Out": self.outputs, "_oh": self.outputs,
            "_dh": self.directories,
            "_": "", "__": "", "___": "",
            "_i": "", "_ii": "", "_iii": "",
            **self._extra,
        }  # fmt: skip
        self.names.update(names)
        self.hidden.update(names)
        for name in ("__builtin__", "__builtins__"):  # IPython has the first of them from Python 2.
            self.names.setdefault(name, sys.modules["builtins"])

    def record_input(self, count: int, code: str) -> None:
        """Makes the source of cell n available as `In[n]`, `_i` and `_in`, such as `_i3`."""
        inputs, names = self.inputs, self.names
        while len(inputs) <= count:  # A number may have been skipped.
            inputs.append("")
        inputs[count] = code
        names["_iii"], names["_ii"], names["_i"] = names.get("_ii", ""), names.get("_i", ""), inputs[count - 1]
        name = f"_i{count}"
        names[name] = code
        self.hidden.add(name)

    def record_output(self, count: int, value: Any) -> None:
        """Makes the value of cell n available as `Out[n]`, `_` and `_n`; a `_` that the user has assigned stays until it is deleted."""
        if value is self.outputs:
            return
        names, recent = self.names, self._recent
        is_own = "_" not in names or names["_"] is recent[0]
        if is_own and hasattr(builtins, "_"):  # The function of gettext, which must not be hidden.
            names.pop("_", None)
        elif is_own:
            names["_"], names["__"], names["___"] = value, recent[0], recent[1]
        self._recent = [value, recent[0], recent[1]]
        self.outputs[count] = value
        name = f"_{count}"
        names[name] = value
        self.hidden.add(name)

    def forget_output(self, value: Any) -> None:
        """Removes an object from `_`, `__` and `___`."""
        for index, name in enumerate(("_", "__", "___")):
            if self._recent[index] is value:
                self._recent[index] = ""
            if self.names.get(name) is value:
                self.names[name] = ""

    def forget_warnings(self) -> None:
        """Makes warnings appear again. Python shows a warning once for each line of a module, which all cells share."""
        self.names.pop("__warningregistry__", None)

    def user_names(self) -> list[str]:
        """Returns the names that the user has made, sorted; names with an underscore at the front are left out."""
        return sorted(
            name for name in self.names if name not in self.hidden and not name.startswith("_")
        )

    def reset(self) -> None:
        """Removes the user's names, and the inputs and outputs of cells."""
        keep = {name: self.names[name] for name in self.names if name.startswith("__") and name.endswith("__")}
        self.names.clear()
        self.names.update(keep)
        self.inputs[:] = [""] * len(self.inputs)
        self.outputs.clear()
        self._recent = ["", "", ""]
        self.install()

    def forget_inputs(self) -> None:
        """Removes the inputs of cells from `In`, `_i` and similar names; the numbers go on."""
        self.inputs[:] = [""] * len(self.inputs)
        for name in [name for name in self.names if _INPUT.fullmatch(name)]:
            del self.names[name]
        self.names.update({"_i": "", "_ii": "", "_iii": ""})

    def forget_outputs(self) -> None:
        """Removes the values of cells from `Out`, `_` and similar names."""
        for count in self.outputs:
            self.names.pop(f"_{count}", None)
        self.outputs.clear()
        self._recent = ["", "", ""]
        self.names.update({"_": "", "__": "", "___": ""})
