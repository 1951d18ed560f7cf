"""Lays a tree of texts, breaks and groups out in lines of a given width."""

from __future__ import annotations

_ENDLESS = 1 << 60


class Break:
    """A `Break` is a place for a line break; `sep` stands there if the line goes on, and is None if it must not."""

    __slots__ = ("indent", "sep")

    def __init__(self, sep: str | None, indent: int) -> None:
        self.sep = sep
        self.indent = indent


class Group:
    """A `Group` is on one line, or all of its own breaks are line breaks. Its width is that on one line."""

    __slots__ = ("indent", "items", "width")

    def __init__(self, indent: int) -> None:
        self.indent = indent
        self.items: list[str | Break | Group] = []
        self.width = 0

    def add(self, item: str | Break | Group) -> None:
        """Adds an item and its width."""
        self.items.append(item)
        if isinstance(item, str):
            self.width += len(item)
        elif isinstance(item, Group):
            self.width += item.width
        else:
            self.width += _ENDLESS if item.sep is None else len(item.sep)


def layout(root: Group, max_width: int) -> str:
    """Returns the text of the tree; an outer group is broken before the groups inside of it."""
    parts: list[str] = []
    column = 0
    # The walk does not recurse. A frame is a group, a position in it, true if the group is on one line, and the
    # width of the text that must follow on its last line.
    stack: list[tuple[Group, int, bool, int]] = [(root, 0, root.width <= max_width, 0)]
    while stack:
        group, index, flat, trailing = stack.pop()
        items = group.items
        while index < len(items):
            item = items[index]
            index += 1
            if isinstance(item, str):
                parts.append(item)
                column += len(item)
            elif isinstance(item, Break):
                if flat and item.sep is not None:
                    parts.append(item.sep)
                    column += len(item.sep)
                else:
                    parts.append("\n" + " " * item.indent)
                    column = item.indent
            else:
                after, is_break = _until_break(items, index)
                if not is_break:
                    after += trailing
                fits = flat or column + item.width + after <= max_width
                stack.append((group, index, flat, trailing))
                stack.append((item, 0, fits, after))
                break
    return "".join(parts)


def _until_break(items: list[str | Break | Group], index: int) -> tuple[int, bool]:
    """Returns the width of the items from an index up to the next break, and False if there is no break."""
    width = 0
    while index < len(items):
        item = items[index]
        if isinstance(item, Break):
            return width, True
        if isinstance(item, str):
            width += len(item)
        else:
            more, is_break = _until_break(item.items, 0)
            width += more
            if is_break:
                return width, True
        index += 1
    return width, False
