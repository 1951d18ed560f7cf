"""The stand-in for `IPython.core.completer`, whose matches are those of the kernel."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from deno_kernel.introspection.completion_symbols import back_latex_name_matches, back_unicode_name_matches
from deno_kernel.ipython.completion.completer import IPCompleter
from deno_kernel.ipython.completion.dict_keys import match_dict_keys
from deno_kernel.ipython.completion.dict_keys import number_in as _match_number_in_dict_key_prefix
from deno_kernel.ipython.completion.matchers import (
    Completion, CompletionContext, SimpleCompletion, completion_matcher, context_matcher,
)
from deno_kernel.ipython.completion.matchers import sorting_key as completions_sorting_key
from deno_kernel.ipython.completion.matchers import without_duplicates as _deduplicate_completions
from deno_kernel.ipython.completion.name_completer import Completer
from deno_kernel.ipython.completion.symbol_matchers import back_latex_name_matcher, back_unicode_name_matcher
from deno_kernel.ipython.completion.words import (
    DELIMS, GREEDY_DELIMS, PROTECTABLES, CompletionSplitter, compress_user, expand_user, has_open_quotes, protect_filename,
)

__all__ = [
    "DELIMS", "GREEDY_DELIMS", "JEDI_INSTALLED", "MATCHES_LIMIT", "PROTECTABLES", "Completer", "Completion",
    "CompletionContext", "CompletionSplitter", "IPCompleter", "ProvisionalCompleterWarning", "SimpleCompletion",
    "back_latex_name_matcher", "back_latex_name_matches", "back_unicode_name_matcher", "back_unicode_name_matches",
    "completion_matcher", "completions_sorting_key", "compress_user", "context_matcher", "cursor_to_position",
    "expand_user", "get__all__entries", "has_any_completions", "has_open_quotes", "match_dict_keys",
    "position_to_cursor", "protect_filename", "provisionalcompleter", "rectify_completions",
]  # fmt: skip

JEDI_INSTALLED = False
MATCHES_LIMIT = 500
_UNICODE_RANGES = [(32, 0x323B0), (0xE0001, 0xE01F0)]


class ProvisionalCompleterWarning(FutureWarning):
    """A `ProvisionalCompleterWarning` warns that this interface may change."""


@contextmanager
def provisionalcompleter(action: str = "ignore") -> Iterator[None]:
    """Returns a context in which the warning of this module has the given action."""
    with warnings.catch_warnings():
        warnings.filterwarnings(action, category=ProvisionalCompleterWarning)  # type: ignore[arg-type]
        yield


def get__all__entries(obj: Any) -> list[str]:
    """Returns the texts in the `__all__` of an object."""
    try:
        words = obj.__all__
    except Exception:
        return []
    return [word for word in words if isinstance(word, str)]


def has_any_completions(result: Any) -> bool:
    """Returns true if the result of a matcher has any matches."""
    return bool(list(result["completions"]))


def _unicode_name_compute(ranges: Iterable[tuple[int, int]]) -> list[str]:
    names = (unicodedata.name(chr(code), "") for start, end in ranges for code in range(start, end))
    return [name for name in names if name]


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
