"""Matches magics, and the arguments of those that change settings."""

from __future__ import annotations

import re
from typing import Any

from ...introspection.completion_magics import argument_of, magics
from .matchers import CompletionContext, shell_matcher, simple_result, sorting_key
from .name_completer import Completer

_SETTINGS_ARGUMENT = re.compile(r"\s*%?(config|colors)\s+(\S*)\Z")


class MagicMatchers(Completer):
    """`MagicMatchers` are the matchers of magics."""

    @shell_matcher
    def magic_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches magics."""
        return simple_result(self.magic_matches(context.token), "magic", suppress=context.token.startswith("%"))

    def magic_matches(self, text: str) -> list[str]:
        """Returns the magics that begin as a text, without those that a name of the user's hides."""
        hidden = set() if text.startswith("%") else set(self.global_matches(text))
        return sorted((one for one in magics(text) if one.lstrip("%") not in hidden), key=sorting_key)

    @shell_matcher
    def magic_config_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches the settings of `%config`."""
        return simple_result(self.magic_config_matches(context.text_until_cursor), "param", suppress=True)

    def magic_config_matches(self, text: str) -> list[str]:
        """Returns the settings that `%config` takes at the end of a text."""
        return _argument(text, "config")

    @shell_matcher
    def magic_color_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches the arguments of `%colors`."""
        return simple_result(self.magic_color_matches(context.text_until_cursor), "param", suppress=True)

    def magic_color_matches(self, text: str) -> list[str]:
        """Returns the arguments that `%colors` takes at the end of a text."""
        return _argument(text, "colors")


def _argument(text: str, magic: str) -> list[str]:
    found = _SETTINGS_ARGUMENT.fullmatch(text)
    reply = argument_of(magic, found[2]) if found and found[1] == magic else None
    return reply.matches if reply else []
