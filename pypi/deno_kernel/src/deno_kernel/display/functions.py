"""display() and the functions around it, for the running kernel; without one they print."""

from __future__ import annotations

import sys
from typing import Any

from ..current import running_shell


def _new_id() -> str:
    import uuid

    return uuid.uuid4().hex


def publish_display_data(
    data: dict[str, Any],
    metadata: dict[str, Any] | None = None,
    *,
    transient: dict[str, Any] | None = None,
    **options: Any,
) -> None:
    """Publishes a MIME bundle unchanged."""
    shell = running_shell()
    if shell is None:
        print(data.get("text/plain", data))
        return
    # Code that puts its own publisher in the place of this one looks for these arguments, and for no others.
    if transient:
        options["transient"] = transient
    shell.display_pub.publish(data=data, metadata={} if metadata is None else metadata, **options)


def display(
    *objs: Any,
    include: Any = None,
    exclude: Any = None,
    metadata: dict[str, Any] | None = None,
    transient: dict[str, Any] | None = None,
    display_id: str | bool | None = None,
    raw: bool = False,
    clear: bool = False,
    **options: Any,
) -> DisplayHandle | None:
    """Displays objects in all their forms; with a `display_id`, returns a handle that updates the display."""
    shell = running_shell()
    if shell is None:
        for obj in objs:
            print(repr(obj))
        return None
    transient = dict(transient or {})
    if display_id is True:
        display_id = _new_id()
    elif display_id is False:
        display_id = None
    if display_id:
        transient["display_id"] = str(display_id)
    if options.get("update") and "display_id" not in transient:
        raise TypeError("display_id is needed for update=True")
    if not objs and display_id:
        objs, raw = ({},), True
    if clear:
        clear_output(wait=True)
    for obj in objs:
        if raw:
            data, extra = obj, {}
        else:
            data, extra = shell.display_formatter.format(obj, include, exclude)
            if not data:
                continue
        if metadata:
            extra = {**extra, **metadata}
        publish_display_data(data, extra, transient=transient, **options)
    return DisplayHandle(transient["display_id"]) if display_id else None


def update_display(obj: Any, *, display_id: str, **options: Any) -> None:
    """Replaces the display that has an id."""
    display(obj, display_id=display_id, update=True, **options)


class DisplayHandle:
    """A `DisplayHandle` is a display that can be replaced."""

    def __init__(self, display_id: str | None = None) -> None:
        self.display_id = display_id if display_id is not None else _new_id()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} display_id={self.display_id}>"

    def display(self, obj: Any, **options: Any) -> None:
        """Displays an object once more under this id."""
        display(obj, display_id=self.display_id, **options)

    def update(self, obj: Any, **options: Any) -> None:
        """Replaces the displays that have this id."""
        update_display(obj, display_id=self.display_id, **options)


def clear_output(wait: bool = False) -> None:
    """Clears the output of the cell; with `wait`, only when the next output comes."""
    shell = running_shell()
    if shell is None:
        print("\033[2K\r", end="", file=sys.stdout)
        return
    shell.display_pub.clear_output(wait)


def _typed(mime: str) -> Any:
    def show(*objs: Any, raw: bool = False, metadata: dict[str, Any] | None = None) -> None:
        if raw:
            for obj in objs:
                publish_display_data({mime: obj}, {mime: metadata} if metadata else None)
        else:
            display(*objs, include=[mime], metadata={mime: metadata} if metadata else None)

    show.__doc__ = f"Displays the {mime} form of objects; with `raw`, the objects are that form."
    return show


display_pretty = _typed("text/plain")
display_html = _typed("text/html")
display_markdown = _typed("text/markdown")
display_svg = _typed("image/svg+xml")
display_png = _typed("image/png")
display_jpeg = _typed("image/jpeg")
display_pdf = _typed("application/pdf")
display_latex = _typed("text/latex")
display_json = _typed("application/json")
display_javascript = _typed("application/javascript")
