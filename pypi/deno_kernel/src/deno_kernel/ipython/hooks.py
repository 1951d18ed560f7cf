"""Functions of users that the kernel calls, as IPython's hooks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from .errors import TryNext

KNOWN = ("show_in_pager", "complete_command")
"""The hooks that this kernel calls."""


class CommandChainDispatcher:
    """A `CommandChainDispatcher` calls functions in the order of their priorities until one does not raise TryNext."""

    def __init__(self, commands: Iterable[tuple[int, Callable[..., Any]]] | None = None) -> None:
        self.chain = list(commands or ())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        last = TryNext()
        for _, command in self.chain:
            try:
                return command(*args, **kwargs)
            except TryNext as error:
                last = error
        raise last

    def __str__(self) -> str:
        return str(self.chain)

    def __iter__(self) -> Any:
        return iter(self.chain)

    def add(self, func: Callable[..., Any], priority: int = 0) -> None:
        """Adds a function; a lower priority is called earlier."""
        self.chain.append((priority, func))
        self.chain.sort(key=lambda item: item[0])


class CompletionEvent:
    """A `CompletionEvent` tells a hook what is completed: the `line`, its first word `command`, and the `symbol`."""

    def __init__(self, line: str, symbol: str) -> None:
        self.line = self.text_until_cursor = line
        self.symbol = symbol
        self.command = line.split()[0] if line.split() else ""


class Hooks:
    """A `Hooks` has the functions that were set with `set_hook`."""

    def __init__(self) -> None:
        self.show_in_pager = CommandChainDispatcher()
        self.completers: list[Callable[[CompletionEvent], Iterable[str]]] = []
        self._by_word: dict[str, CommandChainDispatcher] = {}
        self._by_pattern: list[tuple[re.Pattern[str], CommandChainDispatcher]] = []

    def set(self, shell: Any, name: str, hook: Any, priority: int, str_key: Any, re_key: Any) -> None:
        """Adds a function to a hook; raises ValueError for one that this kernel never calls."""
        if name not in KNOWN:
            raise ValueError(f"Cannot set the hook {name!r}: this kernel calls only {' and '.join(KNOWN)}")
        bound = hook.__get__(shell) if hasattr(hook, "__get__") else lambda *args: hook(shell, *args)
        if name == "show_in_pager":
            self.show_in_pager.add(bound, priority)
        elif str_key is not None:
            self._by_word.setdefault(str_key, CommandChainDispatcher()).add(bound, priority)
        elif re_key is not None:
            chain = CommandChainDispatcher([(priority, bound)])
            self._by_pattern.append((re.compile(re_key), chain))
        else:
            self.completers.append(bound)

    def complete(self, line: str) -> tuple[list[str], int]:
        """Returns the matches of the hooks for a line up to the cursor, and the length of what they replace.

        A hook that fails gives none.
        """
        symbol = re.split(r"[\s=(]", line)[-1]
        event = CompletionEvent(line, symbol)
        chains: list[Callable[[CompletionEvent], Iterable[str]]] = [*self.completers]
        if line.strip() != event.command or line.endswith(" "):
            word = event.command
            chains += [self._by_word[key] for key in {word, word.lstrip("%")} if key in self._by_word]
            chains += [chain for pattern, chain in self._by_pattern if pattern.match(word)]
        found: list[str] = []
        for chain in chains:
            try:
                found += [match for match in chain(event) or () if str(match).startswith(symbol)]
            except Exception:
                continue
        return found, len(symbol)
