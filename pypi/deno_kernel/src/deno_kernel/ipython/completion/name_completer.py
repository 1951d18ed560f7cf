"""Completes names, and the attributes of objects."""

from __future__ import annotations

import builtins
import enum
import keyword
import re
from typing import Any

from ...current import running_shell
from ...introspection.completion import with_completers
from ...introspection.completion_reply import ordered
from ...introspection.evaluation import POLICIES, NotKnown
from ...introspection.expressions import trailing_expression
from ...introspection.replacement_fields import is_formatted, open_field
from ...introspection.scope import Scope
from ...source.quiet import parse_quietly
from ...source.scanner import Scanner
from ..traits import Choice, HasTraits, Trait

_MEMBER = re.compile(r"\.((?:[^\W\d]\w*)?)\Z")
_NUMBER_BEFORE_DOT = re.compile(r"(?<![\w.])\d[\d_]*\Z")
_NO_JEDI = "there is no jedi"


class Place(enum.Enum):
    """A `Place` says what is completed: an attribute, or a name."""

    ATTRIBUTE = "attribute"
    GLOBAL = "global"


def place_of(line: str) -> Place:
    """Returns what is completed at the end of a line."""
    scanner = Scanner()
    scanner.feed(line)
    if scanner.quote:
        start = line.index(scanner.quote, scanner.string_start)
        prefix, content = line[scanner.string_start : start], line[start + len(scanner.quote) :]
        field = open_field(content) if is_formatted(prefix) else None
        return Place.GLOBAL if field is None else place_of(field)
    member = None if scanner.in_comment else _MEMBER.search(line)
    if member is None or _NUMBER_BEFORE_DOT.search(line[: member.start()]):
        return Place.GLOBAL
    return Place.ATTRIBUTE


class Completer(HasTraits):
    """A `Completer` completes names and attributes in a namespace, or else in that of the user."""

    greedy = Trait(False, bool)
    evaluation = Choice("limited", POLICIES)
    use_jedi = Trait(False, bool, inert=_NO_JEDI)
    jedi_compute_type_timeout = Trait(400, int, inert=_NO_JEDI)
    debug = Trait(False, bool, inert="there is nothing more to log")
    backslash_combining_completions = Trait(True, bool)
    auto_close_dict_keys = Trait(False, bool)
    omit__names = Choice(2, (0, 1, 2))
    limit_to__all__ = Trait(False, bool)

    def __init__(self, namespace: dict[str, Any] | None = None, global_namespace: dict[str, Any] | None = None, **options: Any) -> None:
        self.shell = options.pop("shell", None) or running_shell()
        self._namespace = namespace
        self.global_namespace = global_namespace or {}
        self.custom_matchers: list[Any] = []
        for name, value in options.items():
            if self.has_trait(name):
                setattr(self, name, value)

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that are completed."""
        return self.shell.user_ns if self._namespace is None else self._namespace

    @namespace.setter
    def namespace(self, names: dict[str, Any] | None) -> None:
        self._namespace = names

    @property
    def policy(self) -> str:
        """The policy by which expressions before the cursor are evaluated."""
        return "unsafe" if self.greedy else self.evaluation

    def update_config(self, config: Any) -> None:
        """Takes the settings of the sections `Completer` and `IPCompleter` of a configuration."""
        for section in ("Completer", "IPCompleter"):
            if section in config:
                for name, value in dict(config[section]).items():
                    if self.has_trait(name):
                        setattr(self, name, value)

    def _scope(self, text: str) -> Scope:
        names = {**self.global_namespace, **self.namespace}
        return Scope(names, text, self.policy, self.omit__names, self.limit_to__all__)

    def complete(self, text: str, state: int) -> str | None:
        """Returns a match by its number, as readline asks for it; None after the last one."""
        matches = self.attr_matches(text) if "." in text else self.global_matches(text)
        return matches[state] if state < len(matches) else None

    def global_matches(self, text: str) -> list[str]:
        """Returns the keywords, builtins and names of the namespace that begin with a text, or whose initials do: `n_r` is `new_root`."""
        names = [*keyword.kwlist, *dir(builtins), *self.namespace, *self.global_namespace]
        words = [name for name in names if isinstance(name, str)]
        found = [word for word in words if word.startswith(text) and word != "__builtins__"]
        initials = ((word, "_".join(part[:1] for part in word.split("_"))) for word in words if "_" in word.strip("_"))
        return list(dict.fromkeys([*found, *(word for word, short in initials if text and short.startswith(text))]))

    def attr_matches(self, text: str) -> list[str]:
        """Returns the attributes, each with its dot, of the object whose name and the beginning of an attribute end a text."""
        return self._attr_matches(text)[0]

    def _attr_matches(self, text: str) -> tuple[list[str], str]:
        text = _innermost(text)
        member = _MEMBER.search(text)
        if member is None:
            return [], ""
        scope = self._scope(text)
        try:
            obj = scope.evaluate(self._evaluated(text[: member.start()]))
        except NotKnown:
            return [], member[0]
        return ["." + name for name in ordered(scope.shown(with_completers(obj, scope.members(obj)), member[1]))], member[0]

    def _evaluated(self, code: str) -> str:
        """Returns the expression at the end of code: a chain of names, or what is in brackets."""
        expression = trailing_expression(code)
        return self._trim_expr(f" {expression}") or expression

    def _trim_expr(self, code: str) -> str:
        """Returns the longest expression, after the first character, with which code ends."""
        for start in range(1, len(code)):
            text = code[start:].strip()
            try:
                tree = parse_quietly(text, "eval").body
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                continue
            if type(tree).__name__ != "Tuple" or text.startswith("("):
                return text
        return ""


def _innermost(text: str) -> str:
    """Returns a text, or the expression of the f-string in which it ends."""
    scanner = Scanner()
    scanner.feed(text)
    if scanner.quote:
        start = text.index(scanner.quote, scanner.string_start)
        field = open_field(text[start + len(scanner.quote) :])
        if field is not None and is_formatted(text[scanner.string_start : start]):
            return _innermost(field)
    return text
