"""Matches paths."""

from __future__ import annotations

import glob
import os
import shlex
from typing import Any

from .matchers import CompletionContext, shell_matcher, simple_result
from .words import PROTECTABLES, has_open_quotes, protect_filename


class FileMatchers:
    """`FileMatchers` are the matcher of paths, and the function that it asks."""

    text_until_cursor: str
    """The line of the cursor, as far as the cursor."""

    @shell_matcher
    def file_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches paths."""
        return simple_result(self.file_matches(context.token), "path")

    def file_matches(self, text: str) -> list[str]:
        """Returns the paths that begin as the last word of the line; backslashes protect what means something else."""
        line = self.text_until_cursor
        quote = has_open_quotes(line)
        sign = "!" if text.startswith("!") else ""
        text = text.removeprefix("!")
        word = text if "(" in line or "[" in line else _last_word(line, quote)
        if word is None:
            return []
        typed, kept = (text, "") if quote or word == protect_filename(word) else (word, text)
        found = sorted(glob.glob(glob.escape(os.path.expanduser(typed).replace("\\", "")) + "*"))
        protected = [protect_filename(path[len(word) :] if kept else path, str(quote) if quote else PROTECTABLES) for path in found]
        return [
            f"{sign}{kept}{name}{'/' if os.path.isdir(path) else ''}" for name, path in zip(protected, found, strict=True)
        ]


def _last_word(line: str, quote: str | bool) -> str | None:
    try:
        return (shlex.split(line) or [""])[-1] if line and not line[-1].isspace() else ""
    except ValueError:  # A quote is open.
        return line.rpartition(str(quote))[2] if quote else None
