"""Captures the text and the displays of code."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Any

from ..current import running_shell
from .publisher import CapturedOutput


class RichOutput:
    """A `RichOutput` is a captured display, which can be displayed again."""

    def __init__(
        self, data: Any = None, metadata: Any = None, transient: Any = None, update: bool = False
    ) -> None:
        self.data, self.metadata = data or {}, metadata or {}
        self.transient, self.update = transient or {}, update

    def __repr__(self) -> str:
        return str(self.data.get("text/plain", f"<{', '.join(self.data)}>"))

    def display(self) -> None:
        """Displays the output again."""
        from .functions import publish_display_data

        publish_display_data(self.data, self.metadata, transient=self.transient, update=self.update)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return self.data, self.metadata

    def _of_type(self, mime: str) -> Any:
        """Returns the form of a MIME type, with its metadata if it has any; None without one."""
        if mime not in self.data:
            return None
        return (self.data[mime], self.metadata[mime]) if mime in self.metadata else self.data[mime]

    def _repr_html_(self) -> Any:
        return self._of_type("text/html")

    def _repr_latex_(self) -> Any:
        return self._of_type("text/latex")

    def _repr_json_(self) -> Any:
        return self._of_type("application/json")

    def _repr_javascript_(self) -> Any:
        return self._of_type("application/javascript")

    def _repr_png_(self) -> Any:
        return self._of_type("image/png")

    def _repr_jpeg_(self) -> Any:
        return self._of_type("image/jpeg")

    def _repr_svg_(self) -> Any:
        return self._of_type("image/svg+xml")


def _rich(output: CapturedOutput | dict[str, Any]) -> RichOutput:
    if isinstance(output, dict):
        return RichOutput(**output)
    kind, data, metadata, transient = output
    return RichOutput(data, metadata, transient, kind == "update_display_data")


class CapturedIO:
    """A `CapturedIO` has the captured text and displays."""

    def __init__(
        self, stdout: io.StringIO | None, stderr: io.StringIO | None, outputs: Sequence[CapturedOutput | dict[str, Any]] | None = None
    ) -> None:
        self._stdout, self._stderr, self._outputs = stdout, stderr, outputs

    def __str__(self) -> str:
        return self.stdout

    @property
    def stdout(self) -> str:
        """The text that was written to stdout."""
        return self._stdout.getvalue() if self._stdout else ""

    @property
    def stderr(self) -> str:
        """The text that was written to stderr."""
        return self._stderr.getvalue() if self._stderr else ""

    @property
    def outputs(self) -> list[RichOutput]:
        """The displays, in their order."""
        return [_rich(output) for output in self._outputs or ()]

    def show(self) -> None:
        """Writes the text and shows the displays again."""
        sys.stdout.write(self.stdout)
        sys.stderr.write(self.stderr)
        for output in self.outputs:
            output.display()

    __call__ = show


class capture_output:
    """A `capture_output` is a context that captures output instead of sending it."""

    def __init__(self, stdout: bool = True, stderr: bool = True, display: bool = True) -> None:
        self.stdout, self.stderr, self.display = stdout, stderr, display

    def __enter__(self) -> CapturedIO:
        self._streams = (sys.stdout, sys.stderr)
        shell = running_shell()
        self._publisher = shell.display_pub if shell is not None and self.display else None
        self._outputs = self._publisher.start_capture() if self._publisher else None
        out = io.StringIO() if self.stdout else None
        err = io.StringIO() if self.stderr else None
        if out is not None:
            sys.stdout = out
        if err is not None:
            sys.stderr = err
        return CapturedIO(out, err, self._outputs)

    def __exit__(self, *error: object) -> None:
        sys.stdout, sys.stderr = self._streams
        if self._publisher is not None and self._outputs is not None:
            self._publisher.stop_capture(self._outputs)
