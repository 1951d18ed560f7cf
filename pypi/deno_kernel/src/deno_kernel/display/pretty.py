"""Reprs that break lines where the structure of the object does.

The printer offers the methods that `_repr_pretty_(p, cycle)` is written against; it builds a tree of
groups first, and `pretty_layout` then decides which of them fit on a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .formatters import real_method
from .pretty_layout import Break, Group, layout


class Pretty:
    """Collects the pretty form of one object."""

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
        """The pretty form of an object."""
        self.pretty(obj)
        return self.result()

    def result(self) -> str:
        """What was collected, laid out."""
        while len(self._open) > 1:
            self.end_group()
        return layout(self._root, self.max_width)

    def text(self, text: str) -> None:
        """Adds text."""
        if text:
            self._open[-1].add(text)

    def breakable(self, sep: str = " ") -> None:
        """Adds a place for a line break, where otherwise `sep` stands."""
        self._open[-1].add(Break(sep, self._deeper[-1]))

    def break_(self) -> None:
        """Adds a line break."""
        self._open[-1].add(Break(None, self._deeper[-1]))

    def begin_group(self, indent: int = 0, open: str = "") -> None:
        """Begins what should be on one line or have all its breakables broken."""
        self.text(open)
        self._open.append(Group(self._deeper[-1] + indent))
        self._deeper.append(self._deeper[-1] + indent)

    def end_group(self, dedent: int = 0, close: str = "") -> None:
        """Ends the group begun last."""
        group = self._open.pop()
        self._deeper.pop()
        # The closing bracket belongs to the group: a line that only it makes too long is too long.
        if close:
            group.add(close)
        self._open[-1].add(group)

    @contextmanager
    def group(self, indent: int = 0, open: str = "", close: str = "") -> Iterator[None]:
        """`begin_group` and `end_group` around a block."""
        self.begin_group(indent, open)
        try:
            yield
        finally:
            self.end_group(indent, close)

    @contextmanager
    def indent(self, indent: int) -> Iterator[None]:
        """Indents line breaks inside a block."""
        self._deeper[-1] += indent
        try:
            yield
        finally:
            self._deeper[-1] -= indent

    def flush(self) -> None:
        """Is there for printers written for a stream."""

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
        from .pretty_types import PRINTERS, print_repr

        typ = type(obj)
        if self._registered is not None:
            registered = self._registered(typ)
            if registered is not None:
                return registered
        for base in typ.__mro__:
            builtin = PRINTERS.get(base)
            if builtin is not None:
                return builtin
            if "_repr_pretty_" in base.__dict__:
                method = real_method(obj, "_repr_pretty_")
                if method is not None:
                    return lambda _, printer, cycle: method(printer, cycle)
            if base is not object and callable(base.__dict__.get("__repr__")):
                return print_repr
        return print_repr


def pretty(obj: Any, max_width: int = 79, max_seq_length: int = 1000, **options: Any) -> str:
    """The pretty form of an object."""
    return Pretty(max_width, max_seq_length).format(obj)


def pprint(obj: Any, max_width: int = 79, max_seq_length: int = 1000, **options: Any) -> None:
    """Prints the pretty form of an object."""
    print(pretty(obj, max_width, max_seq_length))
