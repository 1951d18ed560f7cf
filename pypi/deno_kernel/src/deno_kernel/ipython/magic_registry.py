"""The registry of magics: those of the kernel, which are loaded on first use, and those that others add."""

from __future__ import annotations

import os
import re
import sys
from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .magic import MAGIC_NO_VAR_EXPAND_ATTR, MAGIC_OUTPUT_CAN_BE_SILENCED, Magics, UsageError

_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class ShellNames(Protocol):
    """A `ShellNames` has the names of the user that magics are called with."""

    user_ns: dict[str, Any]


MagicFunction = Callable[..., Any]


class MagicRegistry:
    """A `MagicRegistry` has the functions of magics by kind, line or cell, and name."""

    def __init__(self, shell: ShellNames, groups: Mapping[str, str]) -> None:
        self._shell = shell
        self._functions: dict[str, dict[str, MagicFunction]] = {"line": {}, "cell": {}}
        self._unloaded = {name: group for group, names in groups.items() for name in names.split()}

    @property
    def magics(self) -> dict[str, dict[str, MagicFunction]]:
        """All functions, by kind and name."""
        for name in list(self._unloaded):
            self._load(name)
        return self._functions

    def lsmagic(self) -> dict[str, dict[str, MagicFunction]]:
        """Returns all functions, by kind and name."""
        return self.magics

    def find(self, name: str, kind: str = "line") -> MagicFunction | None:
        """Returns the function of a magic; None if there is none."""
        function = self._functions[kind].get(name)
        if function is None and self._load(name):
            function = self._functions[kind].get(name)
        return function

    def _load(self, name: str) -> bool:
        group = self._unloaded.pop(name, None)
        if group is None:
            return False
        import importlib

        module, _, cls = group.rpartition(".")
        instance = getattr(importlib.import_module(module), cls)(self._shell)
        for kind, functions in instance.magics.items():
            for own, function in functions.items():
                self._functions[kind].setdefault(own, function)  # A magic of the user has precedence.
                self._unloaded.pop(own, None)
        return True

    def register(self, *groups: Any) -> None:
        """Registers subclasses of Magics, or their instances; raises TypeError for anything else."""
        for group in groups:
            instance = group(self._shell) if isinstance(group, type) else group
            if not isinstance(instance, Magics):
                raise TypeError(f"{group!r} is no Magics")
            for kind, functions in instance.magics.items():
                self._functions[kind].update(functions)

    def register_function(self, function: MagicFunction, kind: str = "line", name: str | None = None) -> None:
        """Registers a function as "line", "cell" or "line_cell"; raises ValueError for another kind."""
        if kind not in ("line", "cell", "line_cell"):
            raise ValueError(f"magic_kind must be line, cell or line_cell, not {kind!r}")
        for one in kind.split("_"):
            self._functions[one][name or function.__name__] = function

    def register_alias(
        self, alias_name: str, magic_name: str, magic_kind: str = "line", magic_params: str | None = None
    ) -> None:
        """Gives a magic a second name, with parameters that come before those of its line."""

        def run(line: str = "", *cell: str) -> Any:
            """Runs another magic."""
            line = f"{magic_params or ''} {line}".strip()
            return self.run_line(magic_name, line) if magic_kind == "line" else self.run_cell(magic_name, line, *cell)

        run.__doc__ = f"Runs `{'%' if magic_kind == 'line' else '%%'}{magic_name}`."
        setattr(run, MAGIC_NO_VAR_EXPAND_ATTR, True)
        self._functions[magic_kind][alias_name] = run

    @property
    def auto_magic(self) -> bool:
        """True if line magics need no `%`."""
        return self._shell.automagic  # type: ignore[attr-defined]

    def lsmagic_docs(self, brief: bool = False, missing: str = "") -> dict[str, dict[str, str]]:
        """Returns the descriptions of all magics, by kind and name; with `brief`, their first lines."""
        return {
            kind: {name: _doc(function, brief) or missing for name, function in functions.items()}
            for kind, functions in self.magics.items()
        }

    def unregister(self, name: str, kind: str = "line") -> None:
        """Removes a magic; raises KeyError if there is none."""
        del self._functions[kind][name]

    def run_line(self, name: str, line: str) -> Any:
        """Runs a line magic and returns its value; raises UsageError if it is unknown."""
        function = self.find(name, "line")
        if function is None:
            raise self._unknown(name, "line")
        return self._call(function, line)

    def run_cell(self, name: str, line: str, cell: str) -> Any:
        """Runs a cell magic and returns its value; raises UsageError if it is unknown."""
        function = self.find(name, "cell")
        if function is None:
            raise self._unknown(name, "cell")
        if not cell:
            text = f"%%{name} is a cell magic, but the cell body is empty."
            if self.find(name, "line") is not None:
                text += f" Did you mean the line magic %{name} (single %)?"
            raise UsageError(text)
        return self._call(function, line, cell)

    def _call(self, function: MagicFunction, line: str, *cell: str) -> Any:
        scope = _scope_of_caller(self._shell.user_ns)
        if not getattr(function, MAGIC_NO_VAR_EXPAND_ATTR, False):
            line = expand(line, names_of_caller(self._shell.user_ns))
        options = {"local_ns": scope} if getattr(function, "needs_local_scope", False) else {}
        value = function(line, *cell, **options)
        silenced = getattr(function, MAGIC_OUTPUT_CAN_BE_SILENCED, False) and _ends_with_semicolon(cell[0] if cell else line)
        return None if silenced else value

    def _unknown(self, name: str, kind: str) -> UsageError:
        sign, other = ("%", "cell") if kind == "line" else ("%%", "line")
        if name.startswith("%") and self.find(name[1:], "cell"):
            return UsageError(f"Cell magic `%{name}` must be the first line of its cell")
        name = name.lstrip("%")
        text = f"{'Line' if kind == 'line' else 'Cell'} magic function `{sign}{name}` not found."
        if self.find(name, other) is not None:
            other_sign = "%%" if other == "cell" else "%"
            return UsageError(f"{text} But there is the {other} magic `{other_sign}{name}`.")
        import difflib

        close = difflib.get_close_matches(name, self.magics[kind], n=3)
        if close:
            text += f" Did you mean {' or '.join(f'`{sign}{match}`' for match in close)}?"
        return UsageError(f"{text} `%lsmagic` lists all.")


def _doc(function: MagicFunction, brief: bool) -> str:
    doc = (function.__doc__ or "").strip()
    return doc.split("\n", 1)[0] if brief else doc


def _scope_of_caller(default: dict[str, Any]) -> dict[str, Any]:
    """Returns the local names of the code that has called a magic, which may be those of a function."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_OWN):
        frame = frame.f_back  # type: ignore[assignment]
    return default if frame is None else frame.f_locals


def names_of_caller(user_ns: dict[str, Any]) -> Mapping[str, Any]:
    """Returns the names that the code sees that has called the kernel: its local ones, and the user's."""
    return ChainMap(_scope_of_caller(user_ns), user_ns)


def _ends_with_semicolon(source: str) -> bool:
    """Returns true if the last token of some code, before comments, is a semicolon."""
    import io
    import tokenize

    last = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.OP or token.string.strip() and token.type != tokenize.COMMENT:
                last = token.string
    except (tokenize.TokenError, SyntaxError):
        pass
    return last == ";"


_EXPANSION = re.compile(r"\{\{|\}\}|\{([^{}\n]+?)(?:!([rsa]))?\}|\$\$|\$([A-Za-z_][\w.]*)")
_CONVERSIONS: dict[str | None, Callable[[Any], str]] = {None: str, "s": str, "r": repr, "a": ascii}


def expand(text: str, names: Mapping[str, Any]) -> str:
    """Replaces `{expression}`, `{expression!r}` and `$name` by their values; one that cannot be evaluated stays."""
    if "{" not in text and "$" not in text:
        return text
    around: dict[str, Any] = names.maps[-1] if isinstance(names, ChainMap) else names  # type: ignore[assignment]

    def replace(match: re.Match[str]) -> str:
        whole, expression, conversion, name = match[0], match[1], match[2], match[3]
        if expression is None and name is None:
            return whole[0]
        try:
            return _CONVERSIONS[conversion](eval(expression or name, around, names))
        except Exception:
            return whole

    return _EXPANSION.sub(replace, text)
