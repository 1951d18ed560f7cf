"""Decorators of magics, and the base class of their groups."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from ..current import running_shell
from .errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])

_MARK = "_deno_kernel_magics"
MAGIC_NO_VAR_EXPAND_ATTR = "_ipython_magic_no_var_expand"
MAGIC_OUTPUT_CAN_BE_SILENCED = "_ipython_magic_output_can_be_silenced"


def _marker(kinds: tuple[str, ...], doc: str) -> Any:
    def decorator(name_or_function: Any = None) -> Any:
        def mark(function: F, name: str | None = None) -> F:
            marks = list(getattr(function, _MARK, ()))
            marks.extend((kind, name or function.__name__) for kind in kinds)
            setattr(function, _MARK, marks)
            return function

        if callable(name_or_function):
            return mark(name_or_function)
        return lambda function: mark(function, name_or_function)

    decorator.__doc__ = doc
    return decorator


line_magic = _marker(("line",), "Makes a method of a Magics class a line magic.")
cell_magic = _marker(("cell",), "Makes a method of a Magics class a cell magic.")
line_cell_magic = _marker(
    ("line", "cell"), "Makes a method of a Magics class a line magic and a cell magic; `cell` is None for a line."
)


def marks_of(function: Any) -> list[tuple[str, str]]:
    """Returns the kinds and names with which a function was marked."""
    return list(getattr(function, _MARK, ()))


def magics_class(cls: type) -> type:
    """Marks a class of magics, whose methods have marks of their own."""
    cls.registered = True  # type: ignore[attr-defined]
    return cls


class Magics:
    """A `Magics` is a group of magics that share a shell."""

    registered = False

    def __init__(self, shell: Any = None, **options: Any) -> None:
        self.shell = shell
        self.options_table: dict[str, str] = {}
        self.magics: dict[str, dict[str, Callable[..., Any]]] = {"line": {}, "cell": {}}
        for attribute in dir(type(self)):
            for kind, name in marks_of(getattr(type(self), attribute, None)):
                self.magics[kind][name] = getattr(self, attribute)

    def parse_options(
        self, arg_str: str, opt_str: str, *long_opts: str, mode: str = "string", **options: Any
    ) -> tuple[Any, Any]:
        """Returns the options and the rest of a line; see the function `parse_options`."""
        caller = sys._getframe(1).f_code.co_name
        if caller in self.options_table:
            arg_str = f"{self.options_table[caller]} {arg_str}"
        return parse_options(arg_str, opt_str, *long_opts, mode=mode, **options)

    def default_option(self, fn: str, optstr: str) -> None:
        """Sets options that a magic always has; raises ValueError if there is no such magic in the group."""
        if fn not in self.magics["line"] and fn not in self.magics["cell"]:
            raise ValueError(f"{fn} is not a magic function")
        self.options_table[fn] = optstr

    def arg_err(self, func: Callable[..., Any]) -> None:
        """Prints the docstring of a magic, for arguments that it does not understand."""
        print("Error in arguments:")
        print(inspect.getdoc(func))

    def format_latex(self, strng: str) -> str:
        """Returns text as LaTeX, with its special characters escaped."""
        strng = re.sub(r"([$%&_#{}])", r"\\\1", strng)
        return strng.replace("\\n", "\\\\n")


class Options(dict[str, Any]):
    """An `Options` has options by name, also as attributes; an option that was not given is None."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name)


def parse_options(
    arg_str: str, opt_str: str, *long_opts: str, mode: str = "string", list_all: bool = False,
    posix: bool = True, strict: bool = True, preserve_non_opts: bool = False,
) -> tuple[Options, Any]:  # fmt: skip
    """Returns the options of a line, by getopt's rules, and the rest: a str, or with mode="list" a list.

    An option that is given more than once has a list of its values; with `list_all`, every option has one.
    """
    import getopt

    if mode not in ("string", "list"):
        raise ValueError(f"incorrect mode given: {mode}")
    words = split(arg_str)
    try:
        pairs, rest = getopt.getopt([word for word, _ in words], opt_str, [name.strip("-") for name in long_opts])
    except getopt.GetoptError as error:
        raise UsageError(f"{error.msg} (allowed: {opt_str!r} {' '.join(long_opts)})".rstrip()) from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name.lstrip("-"), []).append(value)
    options = Options({name: all_of if list_all or len(all_of) > 1 else all_of[0] for name, all_of in values.items()})
    if mode == "list":
        return options, rest
    # The rest stays as it was written, because quotes may belong to code.
    start = words[len(words) - len(rest)][1] if rest else len(arg_str)
    return options, arg_str[start:].strip()


def split(text: str) -> list[tuple[str, int]]:
    """Returns the words of a command line with their positions; quotes and backslashes hold words together."""
    words = []
    for match in re.finditer(r"""(?:[^\s"'\\]+|\\.|"[^"]*"|'[^']*'|["'\\])+""", text):
        word = re.sub(r""""([^"]*)"|'([^']*)'|\\(.)""", lambda m: next(part for part in m.groups() if part is not None), match[0])
        words.append((word, match.start()))
    return words


def needs_local_scope(function: F) -> F:
    """Makes a magic get the user's names as `local_ns`."""
    function.needs_local_scope = True  # type: ignore[attr-defined]
    return function


def no_var_expand(function: F) -> F:
    """Keeps `{...}` and `$name` in a magic's line as they are."""
    setattr(function, MAGIC_NO_VAR_EXPAND_ATTR, True)
    return function


def output_can_be_silenced(function: F) -> F:
    """Makes a semicolon at the end of a magic's line or cell hide its value."""
    setattr(function, MAGIC_OUTPUT_CAN_BE_SILENCED, True)
    return function


def _register(kind: str, doc: str) -> Any:
    def decorator(name_or_function: Any) -> Any:
        def register(function: F, name: str | None = None) -> F:
            shell = running_shell()
            if shell is None:
                raise RuntimeError("Cannot register a magic: no kernel is running")
            shell.register_magic_function(function, kind, name or function.__name__)
            return function

        if callable(name_or_function):
            return register(name_or_function)
        return lambda function: register(function, name_or_function)

    decorator.__doc__ = doc
    return decorator


register_line_magic = _register("line", "Makes a function `f(line)` a line magic.")
register_cell_magic = _register("cell", "Makes a function `f(line, cell)` a cell magic.")
register_line_cell_magic = _register(
    "line_cell", "Makes a function `f(line, cell=None)` a line magic and a cell magic."
)
