"""Matches the keys of the object in whose subscript a line ends."""

from __future__ import annotations

import ast
from typing import Any

from ...introspection.completion_keys import keys_after, keys_of
from ...introspection.evaluation import Instance, NotKnown
from ...source.scanner import Scanner
from .dict_keys import ENDS_ITEM, IN_TUPLE, match_dict_keys
from .matchers import CompletionContext, shell_matcher, simple_result
from .name_completer import Completer
from .words import CompletionSplitter


class KeyMatchers(Completer):
    """`KeyMatchers` are the matcher of keys, and the functions that it asks."""

    line_buffer: str
    """The line of the cursor."""
    text_until_cursor: str
    """The line of the cursor, as far as the cursor."""
    splitter: CompletionSplitter

    @shell_matcher
    def dict_key_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches keys."""
        return simple_result(self.dict_key_matches(context.token), "dict key", suppress=True)

    def dict_key_matches(self, text: str) -> list[str]:
        """Returns the keys of the object in whose subscript the line ends, without what is typed before the last word."""
        line = self.text_until_cursor
        scanner = Scanner()
        scanner.feed(line)
        if scanner.in_comment or not scanner.brackets or scanner.brackets[-1][0] != "[":
            return []
        opened = scanner.brackets[-1][1]
        inside = line[opened + 1 :]
        written, prefix = _split_keys(inside)
        try:
            obj = self._scope("").evaluate(self._evaluated(line[:opened].rstrip()))
            if isinstance(obj, Instance):
                return []
            keys = keys_after(obj, written) if written else keys_of(obj)
        except NotKnown:
            return []
        before = _literal(written) if written else ()
        if before and type(obj).__name__ != "_LocIndexer":
            keys = keys_of(obj)
        else:
            before = ()
        _, offset, matches = match_dict_keys(keys, prefix, self.splitter.delims, extra_prefix=before)
        key_start = len(line) - len(prefix)
        kept = line[len(line) - len(text) : key_start + offset] if len(line) - len(text) <= key_start + offset else ""
        rest = self.line_buffer[len(line) :]
        return [kept + match + self._closing(prefix, place, rest) for match, place in matches.items()]

    def _closing(self, prefix: str, place: int, rest: str) -> str:
        """Returns the quote and bracket that end a key, if the settings want them and they do not follow."""
        if not (self.auto_close_dict_keys or self.greedy):
            return ""
        quote = prefix.lstrip("bBrRuU")[:1]
        quote = quote if quote in ("'", '"') else ""
        if rest.startswith(quote or "]"):
            return ""
        end = ", " if place == IN_TUPLE else "" if place & ENDS_ITEM and place & IN_TUPLE else "]"
        return quote + end


def _split_keys(inside: str) -> tuple[str, str]:
    """Returns the keys that are written in a subscript, with their last comma, and the beginning of the next one."""
    depth, quote, end, index = 0, "", 0, 0
    while index < len(inside):
        char = inside[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            end = index + 1
        index += 1
    return inside[:end], inside[end:].lstrip()


def _literal(written: str) -> tuple[Any, ...]:
    try:
        return tuple(ast.literal_eval(f"({written})"))
    except (ValueError, SyntaxError, TypeError):
        return ()
