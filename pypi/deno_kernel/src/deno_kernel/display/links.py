"""Frames that show other pages, and links to files."""

from __future__ import annotations

import html
import os
from typing import Any


class IFrame:
    """An `IFrame` shows another page in a frame."""

    def __init__(
        self, src: str, width: int | str, height: int | str, extras: list[str] | None = None, **params: Any
    ) -> None:
        self.src, self.width, self.height = src, width, height
        self.extras = extras or []
        self.params = params

    def __repr__(self) -> str:
        return f"<IPython.lib.display.{type(self).__name__} object>"

    def _repr_html_(self) -> str:
        from urllib.parse import urlencode

        address = self.src + ("?" + urlencode(self.params) if self.params else "")
        extras = "".join(" " + extra for extra in self.extras)
        return (
            f'<iframe width="{self.width}" height="{self.height}" src="{html.escape(address)}" '
            f'frameborder="0" allowfullscreen{extras}></iframe>'
        )


class YouTubeVideo(IFrame):
    """A `YouTubeVideo` shows a video of YouTube by its id."""

    def __init__(
        self, id: str, width: int = 400, height: int = 300, allow_autoplay: bool = False, **params: Any
    ) -> None:
        self.id = id
        extras = ['allow="autoplay"'] if allow_autoplay else []
        if allow_autoplay:
            params.setdefault("autoplay", 1)
        super().__init__(f"https://www.youtube.com/embed/{id}", width, height, extras, **params)


class VimeoVideo(IFrame):
    """A `VimeoVideo` shows a video of Vimeo by its id."""

    def __init__(self, id: str, width: int = 400, height: int = 300, **params: Any) -> None:
        self.id = id
        super().__init__(f"https://player.vimeo.com/video/{id}", width, height, **params)


class FileLink:
    """A `FileLink` is a link to a file."""

    def __init__(
        self, path: Any, url_prefix: str = "", result_html_prefix: str = "", result_html_suffix: str = "<br>"
    ) -> None:
        self.path = os.fspath(path)
        if os.path.isdir(self.path):
            raise ValueError("FileLink is for files; use FileLinks for a directory")
        self.url_prefix = url_prefix
        self.result_html_prefix, self.result_html_suffix = result_html_prefix, result_html_suffix

    def __repr__(self) -> str:
        return os.path.abspath(self.path)

    def _link(self, path: str, text: str) -> str:
        address = html.escape(self.url_prefix + path)
        return f"<a href='{address}' target='_blank'>{html.escape(text)}</a>"

    def _repr_html_(self) -> str:
        if not os.path.exists(self.path):
            return f"Path (<tt>{html.escape(self.path)}</tt>) doesn't exist. It may still be in the process of being generated, or you may have the incorrect path."
        return f"{self.result_html_prefix}{self._link(self.path, self.path)}{self.result_html_suffix}"


class FileLinks(FileLink):
    """A `FileLinks` has links to the files of a directory and of those below it."""

    def __init__(
        self, path: Any, url_prefix: str = "", included_suffixes: list[str] | None = None, recursive: bool = True,
        **options: Any,
    ) -> None:  # fmt: skip
        if os.path.isfile(path):
            raise ValueError("FileLinks is for directories; use FileLink for a file")
        self.path = os.fspath(path).rstrip("/") or "/"
        self.url_prefix = url_prefix
        self.included_suffixes = included_suffixes
        self.recursive = recursive
        self.result_html_prefix, self.result_html_suffix = "", "<br>"

    def _files(self) -> list[tuple[str, list[str]]]:
        found = []
        for directory, folders, names in os.walk(self.path):
            folders.sort()
            suffixes = self.included_suffixes
            kept = sorted(n for n in names if suffixes is None or os.path.splitext(n)[1] in suffixes)
            found.append((directory, kept))
            if not self.recursive:
                break
        return found

    def __repr__(self) -> str:
        return "\n".join(
            "\n".join([directory + "/", *("  " + name for name in names)]) for directory, names in self._files()
        )

    def _repr_html_(self) -> str:
        if not os.path.exists(self.path):
            return f"Path (<tt>{html.escape(self.path)}</tt>) doesn't exist. It may still be in the process of being generated, or you may have the incorrect path."
        parts = []
        for directory, names in self._files():
            parts.append(f"{html.escape(directory)}/<br>")
            parts.extend(f"&nbsp;&nbsp;{self._link(os.path.join(directory, name), name)}<br>" for name in names)
        return "\n".join(parts)
