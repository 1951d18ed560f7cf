"""Formats exceptions in the way of IPython."""

from __future__ import annotations

import linecache
import os
import re
from collections.abc import Callable, Container, Iterator
from types import TracebackType
from typing import NamedTuple

from ..display.formatters import real_method
from .excerpts import GAP, excerpt, failing_statement
from .frame_values import ValueOf, arguments_in, values_in
from .traceback_frames import Frame, collapse, visible_frames

RED, GREEN, BOLD_GREEN, CYAN, MARK, PLAIN, END, RESET = (
    "\x1b[31m", "\x1b[32m", "\x1b[1;32m", "\x1b[36m", "\x1b[43m", "\x1b[49m", "\x1b[39m", "\x1b[0m",
)  # fmt: skip
_RULE = RED + "-" * 75 + END
_CONTEXT = 2
"""So many statements are shown before and after the failing one."""
_CONTEXT_OF_CAUSES = 1
"""The same for the exceptions that led to the one that is shown."""
_MOST_LINES_TO_PARSE = 5000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


_SHORT = 2000
_SHORT_LINES = 20


class ExceptionText(NamedTuple):
    """An `ExceptionText` is an exception in the form of the protocol."""

    ename: str
    evalue: str
    traceback: list[str]

    def shortened(self) -> ExceptionText:
        """Returns a copy with only the last lines, and with long lines cut."""
        tail = [_cut(line) for line in self.traceback[-_SHORT_LINES:]]
        return ExceptionText(_cut(self.ename), _cut(self.evalue), tail)


def _cut(text: str) -> str:
    more = len(text) - _SHORT
    return f"{text[:_SHORT]} [and {more} more characters]" if more > 0 else text


class TracebackFormatter:
    """A `TracebackFormatter` formats exceptions.

    `cell_name` returns the name of a cell by its file name, and None for other files. In the files of `inexact`
    columns are not marked, because their code was transformed. `mode` is that of `%xmode`; in the mode `Verbose`
    `value_of` finds the values that are shown.
    """

    def __init__(
        self, cell_name: Callable[[str], str | None], inexact: Container[str] = (), value_of: ValueOf | None = None
    ) -> None:
        self._cell_name = cell_name
        self._value_of = value_of
        self._inexact = inexact
        self.mode = "Context"
        self.coloured = True

    def format(self, error: BaseException, tb: TracebackType | None = None) -> ExceptionText:
        """Returns an exception as text; if methods of the exception fail, with less detail."""
        shown = self._format(error, tb)
        return shown if self.coloured else shown._replace(traceback=[_COLOUR.sub("", part) for part in shown.traceback])

    def _format(self, error: BaseException, tb: TracebackType | None) -> ExceptionText:
        ename, evalue = type(error).__name__, message_of(error)
        if isinstance(error, SystemExit):
            return ExceptionText(ename, evalue, [f"{RED}{ename}{END}: {evalue}"])
        try:
            own = real_method(error, "_render_traceback_")
            if own is not None:
                return ExceptionText(ename, evalue, [str(line) for line in own()])
            return ExceptionText(ename, evalue, list(self._whole(error, tb or error.__traceback__)))
        except Exception as failure:
            note = f"(its traceback could not be formatted: {type(failure).__name__})"
            return ExceptionText(ename, evalue, [_RULE, f"{RED}{ename}{END}: {evalue}", note])

    def _whole(self, error: BaseException, tb: TracebackType | None) -> Iterator[str]:
        ruled = False
        for part, introduction in [(error, "")] if self.mode == "Minimal" else _chain(error):
            if introduction:
                yield f"\n{introduction}\n"
            is_last = part is error
            for text in self._one(part, tb if is_last else part.__traceback__, _CONTEXT if is_last else _CONTEXT_OF_CAUSES):
                if text != _RULE or not ruled:
                    yield text
                ruled = ruled or text == _RULE

    def _one(self, error: BaseException, tb: TracebackType | None, context: int) -> Iterator[str]:
        frames = visible_frames(tb, with_values=self.mode == "Verbose")
        if isinstance(error, SyntaxError) and error.filename is not None and error.lineno is not None:
            # The frames of a syntax error are of interest only if the user's own code has called the compiler.
            if frames:
                yield from self._stack(error, frames, context)
            yield self._syntax_error(error)
        else:
            yield from self._stack(error, frames, context)
            yield _last_line(error).removesuffix(": " if self.mode == "Plain" else "")
        yield from _notes(error)
        if isinstance(error, BaseExceptionGroup):
            yield from self._group(error)

    def _stack(self, error: BaseException, frames: list[Frame], context: int) -> Iterator[str]:
        if self.mode == "Plain":
            yield "Traceback (most recent call last):\n"
            yield from self._plain_frames(frames)
        elif self.mode != "Minimal":
            yield _RULE
            yield self._header(error)
            yield from self._frames(frames, context)

    def _header(self, error: BaseException) -> str:
        name, title = type(error).__name__, "Traceback (most recent call last)"
        return f"{RED}{name}{END}" + title.rjust(75 - len(name))

    def _frames(self, frames: list[Frame], context: int) -> Iterator[str]:
        for item in collapse(frames):
            if isinstance(item, str):
                yield f"    [... {item}]\n"
            else:
                yield self._frame(item, context)

    def _plain_frames(self, frames: list[Frame]) -> Iterator[str]:
        """Yields each frame with its failing line, as `%xmode Plain` shows them."""
        for item in collapse(frames):
            if isinstance(item, str):
                yield f"  [... {item}]\n"
                continue
            name = "" if item.name == "<module>" else f" in {CYAN}{item.name.rpartition('.')[2]}{END}"
            line = linecache.getline(item.filename, item.lineno, item.globals).strip()
            yield f"  {self._place(item)}{name}\n" + (f"    {line}\n" if line else "")

    def _place(self, frame: Frame) -> str:
        name = self._cell_name(frame.filename)
        if name is not None:
            return f"Cell {GREEN}{name}{END}, line {frame.lineno}"
        return f"File {GREEN}{short_path(frame.filename)}:{frame.lineno}{END}"

    def _frame(self, frame: Frame, context: int) -> str:
        where = self._place(frame)
        if frame.name != "<module>":
            arguments = frame.arguments if frame.level is None else arguments_in(frame.arguments, frame.level)
            where += f", in {CYAN}{frame.name}{END}({', '.join(arguments)})"
        lines = list(self._source(frame, context))
        return "\n".join([where, *lines]) + "\n"

    def _source(self, frame: Frame, context: int) -> Iterator[str]:
        linecache.checkcache(frame.filename)
        lines = linecache.getlines(frame.filename, frame.globals)
        if not 0 < frame.lineno <= len(lines):
            return
        numbers = _shown_lines(lines, frame, context)
        margin = _common_indent([lines[number - 1] for number in numbers if number != GAP])
        for number in numbers:
            if number == GAP:
                yield f"{GREEN}   (...){END}"
                continue
            text = lines[number - 1].rstrip("\n")
            if number == frame.lineno:
                arrow = "> ".rjust(7 - len(str(number)), "-")
                yield f"{BOLD_GREEN}{arrow}{number}{RESET} {self._marked(text, frame)[margin:]}"
                yield from (f"        {value}" for value in self._values(frame, lines))
            else:
                yield f"{GREEN}{number:>7}{END} {text[margin:]}"

    def _values(self, frame: Frame, lines: list[str]) -> list[str]:
        """Returns what the mode `Verbose` shows of the failing statement."""
        if frame.level is None or self._value_of is None:
            return []
        first, last = _lines_to_parse(lines, frame)
        found = None if last - first >= _MOST_LINES_TO_PARSE else failing_statement(lines, frame.lineno, first, last)
        return [] if found is None else values_in(*found, frame.level, self._value_of)

    def _marked(self, text: str, frame: Frame) -> str:
        return text if frame.filename in self._inexact else _marked(text, frame)

    def _syntax_error(self, error: SyntaxError) -> str:
        filename, lineno = error.filename or "<string>", error.lineno or 0
        name = self._cell_name(filename)
        if name is not None:
            where = f"  Cell {GREEN}{name}{END}, line {lineno}"
        else:
            where = f"  File {GREEN}{short_path(filename)}:{lineno}{END}"
        text = error.text if error.text is not None else linecache.getline(filename, lineno)
        lines = [where]
        if text and text.strip():
            stripped = text.rstrip().lstrip(" \t\f")
            lines.append("    " + stripped)
            caret = _caret(error, text)
            if caret:
                lines.append(f"    {RED}{caret}{END}")
        lines.append(f"{RED}{type(error).__name__}{END}: {error.msg}")
        return "\n".join(lines)

    def _group(self, group: BaseExceptionGroup[BaseException]) -> Iterator[str]:
        total = len(group.exceptions)
        for number, part in enumerate(group.exceptions, 1):
            yield f"  +---------------- {number} of {total} ----------------"
            for text in self._whole(part, part.__traceback__):
                yield "\n".join("  | " + line for line in text.split("\n"))
        if total:
            yield "  +" + "-" * 40


def message_of(error: BaseException) -> str:
    """Returns str(error), or a note if that raises."""
    try:
        return str(error)
    except Exception:
        return "<exception str() failed>"


def short_path(filename: str) -> str:
    """Returns a path relative to the home or current directory if it is inside of one of them."""
    try:
        home = os.path.expanduser("~")
        if home != "/" and filename.startswith(home + os.sep):
            return "~" + filename[len(home) :]
        relative = os.path.relpath(filename)
        if os.path.isabs(filename) and not relative.startswith(".."):
            return os.path.join(".", relative)
    except (OSError, ValueError):
        pass
    return filename


def _last_line(error: BaseException) -> str:
    message = message_of(error)
    name = type(error).__name__
    return f"{RED}{name}{END}: {message}" if message else f"{RED}{name}{END}: "


def _notes(error: BaseException) -> Iterator[str]:
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, (list, tuple)):
        for note in notes:
            try:
                yield str(note)
            except Exception:
                yield "<note str() failed>"
    elif notes is not None:
        yield repr(notes)


def _chain(error: BaseException) -> list[tuple[BaseException, str]]:
    """Returns an exception and its causes, the oldest first, each with the sentence that introduces it."""
    parts: list[tuple[BaseException, str]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        if current.__cause__ is not None:
            parts.append((current, "The above exception was the direct cause of the following exception:"))
            current = current.__cause__
        elif current.__context__ is not None and not current.__suppress_context__:
            parts.append((current, "During handling of the above exception, another exception occurred:"))
            current = current.__context__
        else:
            parts.append((current, ""))
            current = None
    if current is not None:  # The causes form a circle.
        parts[-1] = (parts[-1][0], "")
    return parts[::-1]


def _caret(error: SyntaxError, text: str) -> str:
    if error.offset is None or error.offset < 1:
        return ""
    start = error.offset - 1
    same_line = error.end_lineno in (None, error.lineno)
    end = (error.end_offset or 0) - 1 if same_line and error.end_offset else start + 1
    if not same_line:
        end = len(text.rstrip())
    margin = len(text) - len(text.lstrip(" \t\f"))
    start, end = max(0, start - margin), max(0, end - margin)
    return " " * start + "^" * max(1, end - start)


def _marked(text: str, frame: Frame) -> str:
    """Returns a line with its failing part on a coloured ground, unless that part is the whole line."""
    if frame.columns is None:
        return text
    raw = text.encode()
    start, end = frame.columns
    if not (0 <= start < end <= len(raw)) or not raw[:start].strip() and not raw[end:].strip():
        return text
    parts = (raw[:start], raw[start:end], raw[end:])
    before, failing, after = (part.decode(errors="replace") for part in parts)
    return f"{before}{MARK}{failing}{PLAIN}{after}"


def _lines_to_parse(lines: list[str], frame: Frame) -> tuple[int, int]:
    """Returns the numbers of the first and the last line of the code around a frame: a whole function or file."""
    if frame.name == "<module>" or frame.name.endswith(">"):  # A lambda is shown with the function around it.
        return 1, len(lines)
    return frame.first_line, max(frame.lineno, _end_of_block(lines, frame))


def _shown_lines(lines: list[str], frame: Frame, context: int) -> list[int]:
    """Returns the numbers of the lines to show of a frame: of whole statements, or of a text that is no Python."""
    first, last = _lines_to_parse(lines, frame)
    if last - first < _MOST_LINES_TO_PARSE:
        shown = excerpt(lines, frame.lineno, first, last, context, context)
        if shown is not None:
            return shown
    first, last = max(first, frame.lineno - context), min(last, frame.lineno + context)
    while last > frame.lineno and not lines[last - 1].strip():
        last -= 1
    return list(range(first, last + 1))


def _end_of_block(lines: list[str], frame: Frame) -> int:
    """Returns the number of the last line of the function around a frame, judged by its indentation."""
    start = frame.first_line
    if not 0 < start <= len(lines):
        return len(lines)
    margin = _indent(lines[start - 1])
    number = frame.lineno
    while number < len(lines):
        text = lines[number]
        if text.strip() and _indent(text) <= margin:
            break
        number += 1
    return number


def _common_indent(lines: list[str]) -> int:
    """Returns the number of spaces and tabs with which all lines begin that are not empty."""
    return len(os.path.commonprefix([line[: _indent(line)] for line in lines if line.strip()]))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
