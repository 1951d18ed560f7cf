"""Prints objects so that lines break at the structure of the object.

The printer has the methods that `_repr_pretty_(p, cycle)` calls. They build a tree of groups; `pretty_layout` then
decides which groups fit on a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .formatters import real_method
from .pretty_layout import Break, Group, layout


class Pretty:
    """A `Pretty` collects the pretty form of one object."""

    def __init__(
        self,
        max_width: int = 79,
        max_seq_length: int = 1000,
        registered: Callable[[type], Any] | None = None,
    ) -> None:
        self.max_width = max_width
        self.max_seq_length = max_seq_length
        self.stack: list[int] = []
        self._registered = registered
        self._root = Group(0)
        self._open = [self._root]
        self._deeper = [0]

    def format(self, obj: Any) -> str:
        """Returns the pretty form of an object."""
        self.pretty(obj)
        return self.result()

    def result(self) -> str:
        """Returns the text that was collected, laid out in lines."""
        while len(self._open) > 1:
            self.end_group()
        return layout(self._root, self.max_width)

    def text(self, text: str) -> None:
        """Adds text."""
        if text:
            self._open[-1].add(text)

    def breakable(self, sep: str = " ") -> None:
        """Adds a place where the line may break; if it does not, `sep` stands there."""
        self._open[-1].add(Break(sep, self._deeper[-1]))

    def break_(self) -> None:
        """Adds a line break."""
        self._open[-1].add(Break(None, self._deeper[-1]))

    def begin_group(self, indent: int = 0, open: str = "") -> None:
        """Begins a group: either all of it is on one line, or every breakable of it is a line break."""
        self.text(open)
        self._open.append(Group(self._deeper[-1] + indent))
        self._deeper.append(self._deeper[-1] + indent)

    def end_group(self, dedent: int = 0, close: str = "") -> None:
        """Ends the innermost group."""
        group = self._open.pop()
        self._deeper.pop()
        # The closing bracket counts towards the width of the group.
        if close:
            group.add(close)
        self._open[-1].add(group)

    @contextmanager
    def group(self, indent: int = 0, open: str = "", close: str = "") -> Iterator[None]:
        """Returns a context that begins a group and ends it."""
        self.begin_group(indent, open)
        try:
            yield
        finally:
            self.end_group(indent, close)

    @contextmanager
    def indent(self, indent: int) -> Iterator[None]:
        """Returns a context that indents line breaks by so many more columns."""
        self._deeper[-1] += indent
        try:
            yield
        finally:
            self._deeper[-1] -= indent

    def flush(self) -> None:
        """Does nothing; printers that are written for a stream call it."""

    def pretty(self, obj: Any) -> None:
        """Adds the pretty form of an object."""
        key = id(obj)
        cycle = key in self.stack
        self.stack.append(key)
        self.begin_group()
        try:
            self._printer(obj)(obj, self, cycle)
        finally:
            self.end_group()
            self.stack.pop()

    def _printer(self, obj: Any) -> Callable[[Any, Pretty, bool], Any]:
        from .pretty_types import PRINTERS, print_address, print_repr

        typ = type(obj)
        for base in typ.__mro__:
            if self._registered is not None and (registered := self._registered(base)) is not None:
                return registered
            builtin = PRINTERS.get(base)
            if builtin is not None:
                return builtin
            if "_repr_pretty_" in base.__dict__:
                method = real_method(obj, "_repr_pretty_")
                if method is not None:
                    return lambda _, printer, cycle: method(printer, cycle)
            if base is not object and callable(base.__dict__.get("__repr__")):
                return print_repr
        return print_address if type(obj).__repr__ is object.__repr__ else print_repr


def pretty(obj: Any, max_width: int = 79, max_seq_length: int = 1000, **options: Any) -> str:
    """Returns the pretty form of an object."""
    return Pretty(max_width, max_seq_length).format(obj)


def pprint(obj: Any, max_width: int = 79, max_seq_length: int = 1000, **options: Any) -> None:
    """Prints the pretty form of an object."""
    print(pretty(obj, max_width, max_seq_length))
