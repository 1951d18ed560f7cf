"""Decorators of magics, and the base class of their groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..current import running_shell

F = TypeVar("F", bound=Callable[..., Any])

_MARK = "_deno_kernel_magics"


class UsageError(Exception):
    """A `UsageError` says that a magic was called in a way that cannot work; it is shown without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[31mUsageError\x1b[39m: {self}"]


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
        self.magics: dict[str, dict[str, Callable[..., Any]]] = {"line": {}, "cell": {}}
        for attribute in dir(type(self)):
            for kind, name in marks_of(getattr(type(self), attribute, None)):
                self.magics[kind][name] = getattr(self, attribute)

    def parse_options(
        self, arg_str: str, opt_str: str, *long_opts: str, mode: str = "string", **options: Any
    ) -> tuple[Any, Any]:
        """Returns the options and the rest of a line; see the function `parse_options`."""
        return parse_options(arg_str, opt_str, *long_opts, mode=mode)


class Options(dict[str, Any]):
    """An `Options` has options by name, also as attributes; an option that was not given is None."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name)


def parse_options(
    arg_str: str, opt_str: str, *long_opts: str, mode: str = "string"
) -> tuple[Options, Any]:
    """Returns the options of a line, by getopt's rules, and the rest: a str, or with mode="list" a list."""
    import getopt

    words = split(arg_str)
    try:
        pairs, rest = getopt.getopt([word for word, _ in words], opt_str, list(long_opts))
    except getopt.GetoptError as error:
        raise UsageError(f"{error.msg} (allowed: {opt_str!r} {' '.join(long_opts)})".rstrip()) from None
    options = Options()
    for name, value in pairs:
        options[name.lstrip("-")] = value
    if mode == "list":
        return options, rest
    # The rest stays as it was written, because quotes may belong to code.
    start = words[len(words) - len(rest)][1] if rest else len(arg_str)
    return options, arg_str[start:].strip()


def split(text: str) -> list[tuple[str, int]]:
    """Returns the words of a command line with their positions; quotes hold words together."""
    import re

    words = []
    for match in re.finditer(r"""(?:[^\s"']+|"[^"]*"|'[^']*'|["'])+""", text):
        word = re.sub(r""""([^"]*)"|'([^']*)'""", lambda m: m[1] if m[1] is not None else m[2], match[0])
        words.append((word, match.start()))
    return words


def needs_local_scope(function: F) -> F:
    """Makes a magic get the user's names as `local_ns`."""
    function.needs_local_scope = True  # type: ignore[attr-defined]
    return function


def no_var_expand(function: F) -> F:
    """Keeps `{...}` and `$name` in a magic's line as they are."""
    function._deno_kernel_no_var_expand = True  # type: ignore[attr-defined]
    return function


def output_can_be_silenced(function: F) -> F:
    """Makes a semicolon at the end of a magic's line or cell hide its value."""
    function._deno_kernel_silenced = True  # type: ignore[attr-defined]
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
