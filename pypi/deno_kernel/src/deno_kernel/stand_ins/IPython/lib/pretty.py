"""The stand-in for `IPython.lib.pretty`."""

from __future__ import annotations

from typing import Any

from deno_kernel.current import running_shell
from deno_kernel.display.pretty import Pretty, pprint, pretty
from deno_kernel.display.pretty_types import raw_literal

__all__ = [
    "CallExpression", "MAX_SEQ_LENGTH", "PrettyPrinter", "RawStringLiteral", "RawText", "RepresentationPrinter",
    "for_type", "for_type_by_name", "pprint", "pretty",
]  # fmt: skip

MAX_SEQ_LENGTH = 1000


class PrettyPrinter(Pretty):
    """A `PrettyPrinter` writes the pretty form of objects to a stream when it is flushed."""

    def __init__(self, output: Any, max_width: int = 79, newline: str = "\n", max_seq_length: int = MAX_SEQ_LENGTH) -> None:
        super().__init__(max_width, max_seq_length)
        self.output = output
        self.newline = newline
        self._options = max_width, max_seq_length

    def flush(self) -> None:
        """Writes what was collected."""
        self.output.write(self.result().replace("\n", self.newline))
        super().__init__(*self._options)


class RepresentationPrinter(PrettyPrinter):
    """A `RepresentationPrinter` is a `PrettyPrinter` with printers of its own for some types."""

    def __init__(
        self, output: Any, verbose: bool = False, max_width: int = 79, newline: str = "\n", singleton_pprinters: Any = None,
        type_pprinters: Any = None, deferred_pprinters: Any = None, max_seq_length: int = MAX_SEQ_LENGTH,
    ) -> None:  # fmt: skip
        super().__init__(output, max_width, newline, max_seq_length)
        self.verbose = verbose
        self.type_pprinters = dict(type_pprinters or {})
        self._registered = lambda typ: next(
            (self.type_pprinters[base] for base in typ.__mro__ if base in self.type_pprinters), None
        )


class RawText:
    """A `RawText` is printed as its text, without quotes."""

    def __init__(self, value: str) -> None:
        self.value = value

    def _repr_pretty_(self, p: Any, cycle: bool) -> None:
        p.text(self.value)


class RawStringLiteral(RawText):
    """A `RawStringLiteral` is printed as a literal with the prefix `r`."""

    def __init__(self, value: str | bytes) -> None:
        super().__init__(raw_literal(value))


class CallExpression:
    """A `CallExpression` is printed as the call of a function."""

    def __init__(__self, __name: str, *args: Any, **kwargs: Any) -> None:  # noqa: N805 - arguments may have any name
        __self.name, __self.args, __self.kwargs = __name, args, kwargs

    @classmethod
    def factory(cls, name: str) -> Any:
        """Returns a function that makes calls of one name."""
        return lambda *args, **kwargs: cls(name, *args, **kwargs)

    def _repr_pretty_(self, p: Any, cycle: bool) -> None:
        started = False
        with p.group(len(self.name) + 1, f"{self.name}(", ")"):
            for key, value in [*((None, one) for one in self.args), *self.kwargs.items()]:
                if started:
                    p.text(",")
                    p.breakable()
                started = True
                if key is not None:
                    p.text(f"{key}=")
                p.pretty(value)


def for_type(typ: type, func: Any) -> Any:
    """Registers a pretty printer for a type, and returns the earlier one."""
    from deno_kernel.display.pretty_types import PRINTERS

    old = PRINTERS.get(typ)
    if func is not None:
        PRINTERS[typ] = func
    return old


def for_type_by_name(type_module: str, type_name: str, func: Any) -> Any:
    """Registers a pretty printer for a type whose module need not be imported yet, and returns the earlier one."""
    return running_shell().display_formatter.plain.for_type_by_name(type_module, type_name, func)
