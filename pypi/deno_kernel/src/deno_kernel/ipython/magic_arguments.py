"""Decorators that describe the arguments of a magic, as for argparse."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from .magic import UsageError, split

_PARTS = "_deno_kernel_arguments"


class MagicArgumentParser(argparse.ArgumentParser):
    """A `MagicArgumentParser` raises UsageError where argparse would end the process."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)

    def parse_argstring(self, argstring: str, *, partial: bool = False) -> Any:
        """Parses the line of a magic; with `partial`, also returns the words that it does not know."""
        words = [word for word, _ in split(argstring)]
        return self.parse_known_args(words) if partial else self.parse_args(words)


class _Part:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args, self.kwargs = args, kwargs

    def __call__(self, function: Any) -> Any:
        parts = list(getattr(function, _PARTS, ()))
        parts.insert(0, self)  # Decorators are applied from the bottom up.
        setattr(function, _PARTS, parts)
        return function


class argument(_Part):
    """An `argument` describes one argument, as for `ArgumentParser.add_argument`."""


class argument_group(_Part):
    """An `argument_group` begins a group of arguments."""


class defaults(_Part):
    """A `defaults` sets defaults, as for `ArgumentParser.set_defaults`."""


class kwds(_Part):
    """A `kwds` has options of the parser itself."""


def magic_arguments(name: str | None = None) -> Any:
    """Returns a decorator that builds the parser from the decorators below it."""

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
