r"""Matches the characters that LaTeX and Unicode name, such as `\alpha`, and their names."""

from __future__ import annotations

from typing import Any

from ...introspection.completion_symbols import (
    back_latex_name_matches, back_unicode_name_matches, character_named, latex_symbols, names_of_characters,
)
from .matchers import CompletionContext, context_matcher, shell_matcher, simple_result


class SymbolMatchers:
    """`SymbolMatchers` are the matchers of the names of characters, after a backslash."""

    @shell_matcher
    def latex_name_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches the names that LaTeX has for characters."""
        fragment, matches = self.latex_matches(context.text_until_cursor)
        return simple_result(matches, "latex", fragment, suppress=True)

    def latex_matches(self, text: str) -> tuple[str, Any]:
        """Returns the end of a text that is the name of a character or begins one, and the character or the names."""
        slash = text.rfind("\\")
        name = text[slash + 1 :]
        if slash < 0 or not name:
            return "", ()
        symbols = latex_symbols()
        if name in symbols:
            return text[slash:], [symbols[name]]
        matches = [f"\\{one}" for one in symbols if one.startswith(name)]
        return (text[slash:], matches) if matches else ("", ())

    @shell_matcher
    def unicode_name_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches the character of a name that Unicode has."""
        fragment, matches = self.unicode_name_matches(context.text_until_cursor)
        return simple_result(matches, "unicode", fragment, suppress=True)

    @staticmethod
    def unicode_name_matches(text: str) -> tuple[str, list[str]]:
        """Returns the end of a text that is the name of a character which names may have, and the character."""
        slash = text.rfind("\\")
        character = character_named(text[slash + 1 :]) if slash >= 0 else ""
        return (text[slash:], [character]) if character and f"a{character}".isidentifier() else ("", [])

    @shell_matcher
    def fwd_unicode_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches names that Unicode has for characters."""
        fragment, matches = self.fwd_unicode_match(context.text_until_cursor)
        return simple_result(matches, "unicode", fragment, suppress=True)

    def fwd_unicode_match(self, text: str) -> tuple[str, list[str]]:
        """Returns the end of a text that begins the name of a character, and the names."""
        slash = text.rfind("\\")
        name = text[slash + 1 :].upper()
        matches = [f"\\{one}" for one in names_of_characters(name)] if slash >= 0 and name else []
        return (text[slash:], matches) if matches else ("", [])


@context_matcher()
def back_latex_name_matcher(context: CompletionContext) -> dict[str, Any]:
    """Matches the name that LaTeX has for a character after a backslash."""
    fragment, matches = back_latex_name_matches(context.text_until_cursor)
    return simple_result(matches, "latex", fragment, suppress=True)


@context_matcher()
def back_unicode_name_matcher(context: CompletionContext) -> dict[str, Any]:
    """Matches the name that Unicode has for a character after a backslash."""
    fragment, matches = back_unicode_name_matches(context.text_until_cursor)
    return simple_result(matches, "unicode", fragment, suppress=True)
