"""argparse for magics: decorators that describe the arguments of one."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from .magic import UsageError, split

_PARTS = "_deno_kernel_arguments"


class MagicArgumentParser(argparse.ArgumentParser):
    """A parser that raises UsageError instead of leaving."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)

    def parse_argstring(self, argstring: str, *, partial: bool = False) -> Any:
        """Parses one string."""
        words = [word for word, _ in split(argstring)]
        return self.parse_known_args(words) if partial else self.parse_args(words)


class _Part:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args, self.kwargs = args, kwargs

    def __call__(self, function: Any) -> Any:
        parts = list(getattr(function, _PARTS, ()))
        parts.insert(0, self)  # decorators are applied from below
        setattr(function, _PARTS, parts)
        return function


class argument(_Part):
    """One argument, described as for `ArgumentParser.add_argument`."""


class argument_group(_Part):
    """Begins a group of arguments."""


class defaults(_Part):
    """Defaults, as for `ArgumentParser.set_defaults`."""


class kwds(_Part):
    """Options of the parser itself."""


def magic_arguments(name: str | None = None) -> Any:
    """Builds the parser out of the decorators below it."""

    def decorate(function: Any) -> Any:
        parts = getattr(function, _PARTS, ())
        options: dict[str, Any] = {"description": function.__doc__}
        for part in parts:
            if isinstance(part, kwds):
                options.update(part.kwargs)
        real_name = name or function.__name__.removeprefix("magic_")
        parser = MagicArgumentParser(prog=f"%{real_name}", add_help=False, **options)
        target: Any = parser
        for part in parts:
            if isinstance(part, argument_group):
                target = parser.add_argument_group(*part.args, **part.kwargs)
            elif isinstance(part, argument):
                target.add_argument(*part.args, **part.kwargs)
            elif isinstance(part, defaults):
                parser.set_defaults(**part.kwargs)
        function.parser = parser
        function.__doc__ = parser.format_help()
        return function

    return decorate


def parse_argstring(magic_func: Any, argstring: str, *, partial: bool = False) -> Any:
    """Parses a magic's line with the parser of its function."""
    return magic_func.parser.parse_argstring(argstring, partial=partial)
