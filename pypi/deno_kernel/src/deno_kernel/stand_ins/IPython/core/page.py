"""The stand-in for `IPython.core.page`: text is shown in the pager of the front end."""

from __future__ import annotations

from typing import Any

from deno_kernel.current import running_shell
from IPython.core.error import TryNext

__all__ = ["display_page", "page", "page_dumb", "page_file"]


def page(data: Any, start: int = 0, screen_lines: int = 0, pager_cmd: Any = None) -> None:
    """Shows text, or a MIME bundle, in the pager of the front end, or by the hook `show_in_pager`."""
    bundle = data if isinstance(data, dict) else {"text/plain": str(data)}
    shell = running_shell()
    if shell is None or shell.display_page:
        display_page(bundle)
        return
    try:
        shell.hooks.show_in_pager(bundle, start=start, screen_lines=screen_lines)
    except TryNext:
        shell.write_payload({"source": "page", "data": bundle, "start": max(0, start)})


def display_page(strng: Any, start: int = 0, screen_lines: int = 25) -> None:
    """Shows text, or a MIME bundle, as output of the cell."""
    from IPython.display import display

    bundle = strng if isinstance(strng, dict) else {"text/plain": "".join(str(strng).splitlines(keepends=True)[start:])}
    display(bundle, raw=True)


def page_dumb(strng: Any, start: int = 0, screen_lines: int = 25) -> None:
    """Prints text."""
    print("\n".join(str(strng).splitlines()[start:]))


def page_file(fname: str, start: int = 0, pager_cmd: Any = None) -> None:
    """Shows a file in the pager of the front end."""
    with open(fname, encoding="utf-8", errors="replace") as file:
        page(file.read(), start)
