"""Finds the expression in which the text of an f-string ends."""

from __future__ import annotations

_PREFIXES = ("f", "t")


def is_formatted(prefix: str) -> bool:
    """Returns true if the letters before a quote make a string with replacement fields."""
    return any(letter in prefix.lower() for letter in _PREFIXES)


def open_field(content: str) -> str | None:
    """Returns the expression of the replacement field in which the content of an f-string ends; None outside of one."""
    index = 0
    while index < len(content):
        if content.startswith(("{{", "}}"), index):
            index += 2
        elif content[index] == "{":
            end = _end_of_expression(content, index + 1)
            if end is None:
                return content[index + 1 :]
            closing = content.find("}", end)
            if closing < 0:
                return open_field(content[end:])  # A format may have fields too.
            index = closing + 1
        else:
            index += 1
    return None


def _end_of_expression(content: str, index: int) -> int | None:
    """Returns the position of the `}`, `:` or `!` after an expression; None if the expression does not end."""
    depth, quote = 0, ""
    while index < len(content):
        char = content[index]
        if quote:
            if char == "\\":
                index += 1
            elif content.startswith(quote, index):
                index += len(quote) - 1
                quote = ""
        elif char in "'\"":
            quote = char * 3 if content.startswith(char * 3, index) else char
            index += len(quote) - 1
        elif char in "([{":
            depth += 1
        elif char in ")]}" and depth > 0:
            depth -= 1
        elif depth == 0 and (char in "}:" or (char == "!" and not content.startswith("!=", index))):
            return index
        index += 1
    return None
