"""A tree of texts, breaks and groups, laid out in a given width."""

from __future__ import annotations

_ENDLESS = 1 << 60


class Break:
    """A place for a line break; `sep` stands there if the line goes on, None if it never does."""

    __slots__ = ("indent", "sep")

    def __init__(self, sep: str | None, indent: int) -> None:
        self.sep = sep
        self.indent = indent


class Group:
    """Things that stand on one line, or whose breaks are all line breaks."""

    __slots__ = ("indent", "items", "width")

    def __init__(self, indent: int) -> None:
        self.indent = indent
        self.items: list[str | Break | Group] = []
        self.width = 0

    def add(self, item: str | Break | Group) -> None:
        """Adds an item, and its width on one line."""
        self.items.append(item)
        if isinstance(item, str):
            self.width += len(item)
        elif isinstance(item, Group):
            self.width += item.width
        else:
            self.width += _ENDLESS if item.sep is None else len(item.sep)


def layout(root: Group, max_width: int) -> str:
    """The text of the tree; an outer group is broken before the ones inside it."""
    parts: list[str] = []
    column = 0
    # Frames of a walk without recursion: items, position, flat?, what must follow on the last line.
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
                after = _until_break(items, index, trailing)
                fits = flat or column + item.width + after <= max_width
                stack.append((group, index, flat, trailing))
                stack.append((item, 0, fits, after))
                break
    return "".join(parts)


def _until_break(items: list[str | Break | Group], index: int, trailing: int) -> int:
    """The width of what follows up to the next place for a break."""
    width = 0
    while index < len(items):
        item = items[index]
        if isinstance(item, str):
            width += len(item)
        elif isinstance(item, Break):
            return width
        else:
            head = _head(item)
            if head is not None:
                return width + head
            width += item.width
        index += 1
    return width + trailing


def _head(group: Group) -> int | None:
    """The width of a group's beginning up to its first break; None if it has none."""
    width = 0
    for item in group.items:
        if isinstance(item, str):
            width += len(item)
        elif isinstance(item, Break):
            return width
        else:
            head = _head(item)
            if head is not None:
                return width + head
            width += item.width
    return None
