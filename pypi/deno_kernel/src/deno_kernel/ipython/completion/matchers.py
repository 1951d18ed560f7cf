"""The interface of matchers, the functions that a completer asks for matches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any


class CompletionContext:
    """A `CompletionContext` tells a matcher what is completed: the whole text, the cursor, and the word before it."""

    def __init__(self, token: str, full_text: str, cursor_position: int, cursor_line: int, limit: int | None = None) -> None:
        self.token = token
        self.full_text = full_text
        self.cursor_position = cursor_position
        self.cursor_line = cursor_line
        self.limit = limit

    @cached_property
    def text_until_cursor(self) -> str:
        """The line of the cursor, as far as the cursor."""
        return self.line_with_cursor[: self.cursor_position]

    @cached_property
    def line_with_cursor(self) -> str:
        """The line of the cursor."""
        return self.full_text.split("\n")[self.cursor_line]


class Completion:
    """A `Completion` is a match: its `text` takes the place of the code from `start` to `end`."""

    def __init__(self, start: int, end: int, text: str, *, type: str | None = None, signature: str = "", _origin: str = "") -> None:
        self.start, self.end, self.text = start, end, text
        self.type = type
        self.signature = signature
        self._origin = _origin

    def __repr__(self) -> str:
        return f"<Completion start={self.start} end={self.end} text={self.text!r} type={self.type!r}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Completion) and (self.start, self.end, self.text) == (other.start, other.end, other.text)

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.text))


class SimpleCompletion:
    """A `SimpleCompletion` is a match in the place of the word before the cursor."""

    def __init__(self, text: str, *, type: str | None = None) -> None:
        self.text = text
        self.type = type

    def __repr__(self) -> str:
        return f"<SimpleCompletion text={self.text!r} type={self.type!r}>"


def completion_matcher(
    *, priority: float | None = None, identifier: str | None = None, api_version: int = 1
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Returns a decorator that makes a function a matcher.

    One of version 1 takes the word and returns texts; one of version 2 takes a context and returns a dict with the
    key `completions`, and perhaps `suppress`, `do_not_suppress`, `ordered` and `matched_fragment`.
    """

    def decorate(function: Any) -> Any:
        function.matcher_priority = priority or 0
        function.matcher_identifier = identifier or function.__qualname__
        function.matcher_api_version = api_version
        return function

    return decorate


def context_matcher(*, priority: float | None = None, identifier: str | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Returns a decorator that makes a function a matcher of version 2."""
    return completion_matcher(priority=priority, identifier=identifier, api_version=2)


def shell_matcher(method: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a method a matcher of version 2; settings know it as one of `IPCompleter`, whichever class has it."""
    return context_matcher(identifier=f"IPCompleter.{method.__name__}")(method)


def identifier_of(matcher: Any) -> str:
    """Returns the name by which settings know a matcher."""
    return getattr(matcher, "matcher_identifier", None) or getattr(matcher, "__qualname__", repr(matcher))


def result_of(matcher: Any, context: CompletionContext) -> dict[str, Any]:
    """Returns what a matcher finds, as a dict whose `completions` are a list."""
    if getattr(matcher, "matcher_api_version", 1) == 2:
        result = dict(matcher(context))
        result["completions"] = list(result["completions"])
        return result
    return simple_result(matcher(context.token))


def simple_result(texts: Iterable[str], type: str = "", fragment: str | None = None, suppress: Any = False) -> dict[str, Any]:
    """Returns the result of a matcher: its matches, which take the place of a fragment, the word before the cursor if None."""
    result: dict[str, Any] = {"completions": [SimpleCompletion(text, type=type) for text in texts], "suppress": suppress}
    if fragment is not None:
        result["matched_fragment"] = fragment
    return result


def run_matchers(matchers: Iterable[Any], context: CompletionContext, settings: Any) -> dict[str, dict[str, Any]]:
    """Returns the results of matchers by their names, without those that another one suppresses.

    `settings` has `disable_matchers` and `suppress_competing_matchers`: None leaves it to the matchers, a bool decides
    for all, and a dict for each.
    """
    ordered = sorted(matchers, key=lambda one: -getattr(one, "matcher_priority", 0))
    names = {identifier_of(one) for one in ordered}
    results: dict[str, dict[str, Any]] = {}
    suppressed: set[str] = set()
    for matcher in ordered:
        name = identifier_of(matcher)
        if name in settings.disable_matchers or name in suppressed:
            continue
        try:
            result = result_of(matcher, context)
        except Exception:  # A matcher of the user's may raise anything.
            continue
        wish = result.get("suppress", False)
        setting = settings.suppress_competing_matchers
        if isinstance(setting, dict):
            setting = setting.get(name)
        if result["completions"] and (setting is True or (wish and setting is not False)):
            others = set(wish) if isinstance(wish, (set, frozenset, list, tuple)) else names
            suppressed = others - {name} - set(result.get("do_not_suppress", ()))
            results = {known: found for known, found in results.items() if known not in suppressed}
        results[name] = result
    return results


def sorting_key(word: str) -> tuple[int, str, int]:
    """Returns the key by which matches are sorted: arguments first, names with underscores last, signs of magics ignored."""
    first = 2 if word.startswith("__") else 1 if word.startswith("_") else -1 if word.endswith("=") else 0
    bare = word.lstrip("%")
    signs = len(word) - len(bare)
    return (first, bare, signs) if signs in (1, 2) and "%" not in bare else (first, word, 0)


def without_duplicates(text: str, completions: Iterable[Completion]) -> Iterator[Completion]:
    """Yields matches, and of those that make the same text of the code only the first."""
    found = list(completions)
    start, end = min((one.start for one in found), default=0), max((one.end for one in found), default=0)
    seen = set()
    for one in found:
        whole = text[start : one.start] + one.text + text[one.end : end]
        if whole not in seen:
            seen.add(whole)
            yield one
