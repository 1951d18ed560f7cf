"""The stand-in for `IPython.core.completer`, whose matches are those of the kernel."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from deno_kernel.current import running_shell
from deno_kernel.introspection.completion import complete
from deno_kernel.ipython.traits import HasTraits, Trait

__all__ = [
    "Completer", "Completion", "IPCompleter", "ProvisionalCompleterWarning", "cursor_to_position",
    "position_to_cursor", "provisionalcompleter", "rectify_completions",
]  # fmt: skip


class ProvisionalCompleterWarning(FutureWarning):
    """A `ProvisionalCompleterWarning` warns that this interface may change."""


class Completion:
    """A `Completion` is a match: its `text` takes the place of the code from `start` to `end`."""

    def __init__(self, start: int, end: int, text: str, *, type: str | None = None, signature: str = "") -> None:
        self.start, self.end, self.text = start, end, text
        self.type = type
        self.signature = signature

    def __repr__(self) -> str:
        return f"<Completion start={self.start} end={self.end} text={self.text!r} type={self.type!r}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Completion) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.text))


_NO_SETTINGS = "completion takes no settings"


class Completer(HasTraits):
    """A `Completer` completes code in a namespace, or else in that of the user."""

    greedy = Trait(False, bool, inert=_NO_SETTINGS)
    use_jedi = Trait(False, bool, inert="there is no jedi")
    limit_to__all__ = Trait(False, bool, inert=_NO_SETTINGS)
    merge_completions = Trait(True, bool, inert=_NO_SETTINGS)
    omit__names = Trait(2, int, inert=_NO_SETTINGS)
    debug = Trait(False, bool, inert=_NO_SETTINGS)
    evaluation = Trait("limited", str, inert=_NO_SETTINGS)
    jedi_compute_type_timeout = Trait(400, int, inert="there is no jedi")
    dict_keys_only = Trait(False, bool, inert=_NO_SETTINGS)
    backslash_combining_completions = Trait(True, bool, inert=_NO_SETTINGS)
    auto_close_dict_keys = Trait(False, bool, inert=_NO_SETTINGS)
    suppress_competing_matchers = Trait(None, object, inert=_NO_SETTINGS)
    disable_matchers = Trait((), object, inert=_NO_SETTINGS)

    def __init__(self, namespace: dict[str, Any] | None = None, global_namespace: dict[str, Any] | None = None, **options: Any) -> None:
        self.shell = options.get("shell", running_shell())
        self.namespace = namespace if namespace is not None else self.shell.user_ns
        self.global_namespace = global_namespace or {}

    def completions(self, text: str, offset: int) -> Iterator[Completion]:
        """Yields the matches at an offset of a text."""
        reply = complete({**self.global_namespace, **self.namespace}, text, offset)
        for item in reply["metadata"].get("_jupyter_types_experimental", ()):
            yield Completion(item["start"], item["end"], item["text"], type=item["type"] or None)

    def complete(self, text: str | None = None, line_buffer: str | None = None, cursor_pos: int | None = None) -> tuple[str, list[str]]:
        """Returns the text that a match would replace, and the matches."""
        code = line_buffer if line_buffer is not None else text or ""
        position = len(code) if cursor_pos is None else cursor_pos
        reply = complete({**self.global_namespace, **self.namespace}, code, position)
        return code[reply["cursorStart"] : position], reply["matches"]


IPCompleter = Completer


@contextmanager
def provisionalcompleter(action: str = "ignore") -> Iterator[None]:
    """Returns a context in which the warning of this module has the given action."""
    with warnings.catch_warnings():
        warnings.filterwarnings(action, category=ProvisionalCompleterWarning)  # type: ignore[arg-type]
        yield


def rectify_completions(text: str, completions: Any, *, _debug: bool = False) -> Iterator[Completion]:
    """Yields matches that all replace the same part of the text."""
    found = list(completions)
    start = min((one.start for one in found), default=0)
    end = max((one.end for one in found), default=0)
    for one in found:
        yield Completion(start, end, text[start : one.start] + one.text + text[one.end : end], type=one.type)


def cursor_to_position(text: str, line: int, column: int) -> int:
    """Returns the offset of a line and a column."""
    lines = text.split("\n")
    return sum(len(one) + 1 for one in lines[:line]) + column


def position_to_cursor(text: str, offset: int) -> tuple[int, int]:
    """Returns the line and the column of an offset."""
    before = text[:offset].split("\n")
    return len(before) - 1, len(before[-1])
