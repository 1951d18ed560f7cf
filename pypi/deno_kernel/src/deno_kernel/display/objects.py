"""Objects that exist to be displayed: texts in a markup language, JSON, JavaScript and others."""

from __future__ import annotations

import html
import os
import warnings
from typing import Any


class DisplayObject:
    """A `DisplayObject` has data, read from a file or URL if one is given, and metadata."""

    _read_flags = "r"
    _show_mem_addr = False
    metadata: dict[str, Any] | None = None

    def __init__(
        self,
        data: Any = None,
        url: str | None = None,
        filename: str | os.PathLike[str] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        if isinstance(data, os.PathLike):
            data = os.fspath(data)
        if data is not None and isinstance(data, str):
            if data.startswith(("http://", "https://")) and url is None:
                url, data = data, None
            elif filename is None and _names_file(data):
                filename, data = data, None
        self.data = data
        self.url = url
        self.filename = None if filename is None else os.fspath(filename)
        self.metadata = {} if metadata is None else metadata
        self.reload()
        self._check_data()

    def __repr__(self) -> str:
        return object.__repr__(self) if self._show_mem_addr else f"<IPython.core.display.{type(self).__name__} object>"

    def _check_data(self) -> None:
        """Raises TypeError if the data has a wrong type."""

    def reload(self) -> None:
        """Reads the data again from its file or URL."""
        if self.filename is not None:
            encoding = None if "b" in self._read_flags else "utf-8"
            with open(self.filename, self._read_flags, encoding=encoding) as file:
                self.data = file.read()
        elif self.url is not None:
            from urllib.request import urlopen

            with urlopen(self.url) as response:
                data = response.read()
            self.data = data if "b" in self._read_flags else data.decode("utf-8")

    def _with_metadata(self) -> Any:
        return (self.data, self.metadata) if self.metadata else self.data


def _names_file(text: str) -> bool:
    # Text that is to be shown must not be taken for the name of a file by accident.
    if len(text) > 255 or "\n" in text or not os.path.splitext(text)[1]:
        return False
    try:
        return os.path.isfile(text)
    except (OSError, ValueError):
        return False


class TextDisplayObject(DisplayObject):
    """A `TextDisplayObject` has text as its data."""

    def _check_data(self) -> None:
        if self.data is not None and not isinstance(self.data, str):
            raise TypeError(f"{type(self).__name__} expects text, not {self.data!r}")


class Pretty(TextDisplayObject):
    """A `Pretty` shows plain text unchanged."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.data)


class HTML(TextDisplayObject):
    """An `HTML` shows HTML."""

    def __init__(self, data: Any = None, url: str | None = None, filename: Any = None, metadata: Any = None) -> None:
        if isinstance(data, str):
            text = data.strip().lower()
            if text.startswith("<iframe ") and text.endswith("</iframe>"):
                warnings.warn("Consider using IPython.display.IFrame instead", stacklevel=2)
        super().__init__(data, url, filename, metadata)

    def _repr_html_(self) -> Any:
        return self._with_metadata()

    def __html__(self) -> str:
        """Returns the HTML, for template engines that ask objects for it."""
        return str(self.data)


class Markdown(TextDisplayObject):
    """A `Markdown` shows Markdown."""

    def _repr_markdown_(self) -> Any:
        return self._with_metadata()


class Math(TextDisplayObject):
    """A `Math` shows a formula that is written in LaTeX."""

    def _repr_latex_(self) -> Any:
        text = "$\\displaystyle {}$".format(str(self.data).strip("$"))
        return (text, self.metadata) if self.metadata else text


class Latex(TextDisplayObject):
    """A `Latex` shows LaTeX."""

    def _repr_latex_(self) -> Any:
        return self._with_metadata()


class SVG(DisplayObject):
    """An `SVG` shows an SVG image; its data is the first `<svg>` element. Raises ExpatError for text that is no XML."""

    _read_flags = "rb"
    _data: Any = None

    @property
    def data(self) -> Any:  # type: ignore[override]
        """The text of the `<svg>` element."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        self._data = None if data is None else _svg_element(data)

    def _repr_svg_(self) -> Any:
        return self._with_metadata()


def _svg_element(data: Any) -> str:
    from xml.dom import minidom

    elements = minidom.parseString(data).getElementsByTagName("svg")
    if elements:
        return elements[0].toxml()
    return data.decode("utf-8") if isinstance(data, bytes) else str(data)


class JSON(DisplayObject):
    """A `JSON` shows a dict, a list or JSON text as a tree."""

    def __init__(
        self, data: Any = None, url: str | None = None, filename: Any = None, expanded: bool = False,
        metadata: dict[str, Any] | None = None, root: str = "root", **options: Any,
    ) -> None:  # fmt: skip
        import json

        extra = {"expanded": expanded, "root": root, **(metadata or {}), **options}
        super().__init__(data, url, filename, extra)
        if isinstance(self.data, (str, bytes)):
            if data is not None:
                warnings.warn("JSON expects a dict or a list that JSON can hold, not JSON text", stacklevel=2)
            self.data = json.loads(self.data)

    def _check_data(self) -> None:
        if self.data is not None and not isinstance(self.data, (dict, list, tuple, str, bytes)):
            raise TypeError(f"{type(self).__name__} expects a dict, a list or JSON text, not {self.data!r}")

    def _repr_json_(self) -> Any:
        return self.data, self.metadata


class GeoJSON(JSON):
    """A `GeoJSON` shows a layer of a map."""

    def _ipython_display_(self) -> None:
        from .functions import publish_display_data

        publish_display_data(
            {"application/geo+json": self.data, "text/plain": repr(self)},
            {"application/geo+json": self.metadata},
        )


class Javascript(TextDisplayObject):
    """A `Javascript` makes the front end run JavaScript, after it has loaded the libraries `lib` and styles `css`."""

    def __init__(
        self, data: Any = None, url: str | None = None, filename: Any = None, lib: Any = None, css: Any = None
    ) -> None:
        self.lib = [lib] if isinstance(lib, str) else list(lib or ())
        self.css = [css] if isinstance(css, str) else list(css or ())
        super().__init__(data, url, filename)

    def _repr_javascript_(self) -> str:
        import json

        styles = "".join(
            "(function(){var l=document.createElement('link');l.rel='stylesheet';l.href="
            f"{json.dumps(address)};document.head.appendChild(l);}})();\n"
            for address in self.css
        )
        text = str(self.data)
        for address in reversed(self.lib):
            text = (
                "new Promise(function(done,fail){var s=document.createElement('script');s.onload=done;"
                f"s.onerror=fail;s.src={json.dumps(address)};document.head.appendChild(s);}})"
                f".then(()=>{{\n{text}\n}});"
            )
        return styles + text


class Code(TextDisplayObject):
    """A `Code` shows source code; front ends that highlight code get its language."""

    def __init__(
        self, data: Any = None, url: str | None = None, filename: Any = None, language: str | None = None
    ) -> None:
        self.language = language
        super().__init__(data, url, filename)

    def _repr_html_(self) -> str:
        name = f' class="language-{html.escape(self.language)}"' if self.language else ""
        return f"<pre><code{name}>{html.escape(str(self.data))}</code></pre>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self.data))

    def _repr_latex_(self) -> str:
        return f"\\begin{{verbatim}}\n{self.data}\n\\end{{verbatim}}"


class ProgressBar:
    """A `ProgressBar` moves when `progress` is set, or while a loop iterates over it."""

    def __init__(self, total: int) -> None:
        from .functions import _new_id

        self.total = total
        self._progress = 0
        self.html_width = "60ex"
        self.text_width = 60
        self._display_id = _new_id()

    def __repr__(self) -> str:
        done = int(self._progress / self.total * self.text_width) if self.total else self.text_width
        return f"[{'=' * done}{' ' * (self.text_width - done)}] {self._progress}/{self.total}"

    def _repr_html_(self) -> str:
        return (
            f"<progress style='width:{self.html_width}' max='{self.total}' value='{self._progress}'></progress>"
        )

    def display(self) -> None:
        """Displays the bar."""
        from .functions import display

        display(self, display_id=self._display_id)

    def update(self) -> None:
        """Displays the present state of the bar in its place."""
        from .functions import display

        display(self, display_id=self._display_id, update=True)

    @property
    def progress(self) -> int:
        """The number of steps that are done."""
        return self._progress

    @progress.setter
    def progress(self, value: int) -> None:
        self._progress = value
        self.update()

    def __iter__(self) -> ProgressBar:
        self.display()
        self._progress = -1
        return self

    def __next__(self) -> int:
        self.progress += 1  # The last step is shown as well.
        if self._progress < self.total:
            return self._progress
        raise StopIteration
