"""Chooses the frames of a traceback that are shown."""

from __future__ import annotations

import inspect
import os
import traceback
from types import CodeType, FrameType, TracebackType
from typing import Any, NamedTuple

_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_MACHINERY = (
    "<frozen importlib",
    "<frozen zipimport",
    "<frozen runpy",
)
_MACHINERY_PARTS = (
    os.sep + "_pyodide" + os.sep,
    os.sep + "pyodide" + os.sep + "webloop.py",
    os.sep + "pyodide" + os.sep + "ffi" + os.sep,
)
_LIBRARY = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_DEBUGGER = (_LIBRARY + "bdb.py", _LIBRARY + "pdb.py")
_MAX_FRAMES = 60
_HIDE = "__tracebackhide__"


class Frame(NamedTuple):
    """A `Frame` is one level of a traceback; `columns` has the failing part of the line, in bytes.

    `level` is Python's own frame, if its values are wanted.
    """

    filename: str
    lineno: int
    name: str
    arguments: tuple[str, ...]
    first_line: int
    columns: tuple[int, int] | None
    globals: dict[str, Any]
    level: FrameType | None = None


def visible_frames(tb: TracebackType | None, with_values: bool = False) -> list[Frame]:
    """Returns the frames of a traceback, without those of this package and of the import machinery.

    A frame with a local variable `__tracebackhide__` that is true is left out as well.
    """
    frames: list[Frame] = []
    # An endless recursion has up to a million levels, but few places in the code. Codes are looked up by `id` because
    # hashing a code takes long.
    places: dict[tuple[int, int], _Place] = {}
    while tb is not None:
        frame = tb.tb_frame
        key = (id(frame.f_code), tb.tb_lasti)
        place = places.get(key)
        if place is None:
            place = places[key] = _place(tb)
        if place.frame is not None and not (place.may_hide and frame.f_locals.get(_HIDE)):
            frames.append(place.frame._replace(level=frame) if with_values else place.frame)
        tb = tb.tb_next
    return frames


class _Place(NamedTuple):
    """A `_Place` is an instruction of a code; `frame` is None if its frames are hidden."""

    frame: Frame | None
    may_hide: bool


def _place(tb: TracebackType) -> _Place:
    code = tb.tb_frame.f_code
    if is_hidden(code.co_filename):
        return _Place(None, False)
    lineno, columns = _position(tb, code)
    frame = Frame(
        code.co_filename, lineno, code.co_qualname, _arguments(code), code.co_firstlineno or 1,
        columns, tb.tb_frame.f_globals,
    )  # fmt: skip
    names = (*code.co_varnames, *code.co_cellvars, *code.co_freevars, *code.co_names)
    return _Place(frame, _HIDE in names)


def of_user(tb: TracebackType | None) -> TracebackType | None:
    """Returns a traceback from the first frame that is not of this package; None if there is none."""
    while tb is not None and tb.tb_frame.f_code.co_filename.startswith(_OWN):
        tb = tb.tb_next
    return tb


def is_hidden(filename: str) -> bool:
    """Returns true for a file of this package, of the import machinery, of the debugger or of Pyodide."""
    return _is_of_kernel(filename) or filename in _DEBUGGER or filename.startswith(_MACHINERY)


def hide_own_frames() -> None:
    """Leaves the frames of this package and of Pyodide out of the stacks that the module `traceback` prints.

    Where CPython has a function in C, such as `time.sleep`, this package may have one in Python, and its frames would
    be printed with an exception that it raises. A stack of nothing else is printed as it is, and code that collects
    stacks, such as that of pytest, gets all frames.
    """
    summary: Any = traceback.StackSummary
    format_all = summary.format

    def format_others(self: Any, **options: Any) -> list[str]:
        others = [frame for frame in self if not _is_of_kernel(frame.filename)]
        return list(format_all(type(self)(others) if others else self, **options))

    summary.format = format_others


def _is_of_kernel(filename: str) -> bool:
    return filename.startswith(_OWN) or any(part in filename for part in _MACHINERY_PARTS)


def _position(tb: TracebackType, code: CodeType) -> tuple[int, tuple[int, int] | None]:
    lineno = tb.tb_lineno
    if tb.tb_lasti >= 0:
        for index, (line, end_line, start, end) in enumerate(code.co_positions()):
            if index == tb.tb_lasti // 2:
                if line is not None and line == end_line == lineno and start is not None and end is not None:
                    return lineno, (start, end)
                break
    return lineno or code.co_firstlineno, None


def _arguments(code: CodeType) -> tuple[str, ...]:
    count = code.co_argcount + code.co_kwonlyargcount
    names = list(code.co_varnames[:count])
    if code.co_flags & inspect.CO_VARARGS:
        names.append("*" + code.co_varnames[count])
        count += 1
    if code.co_flags & inspect.CO_VARKEYWORDS:
        names.append("**" + code.co_varnames[count])
    return tuple(names)


def collapse(frames: list[Frame]) -> list[Frame | str]:
    """Returns frames, with the repetitions of a recursion replaced by a text that counts them."""
    result: list[Frame | str] = []
    index = 0
    keys = [(frame.filename, frame.lineno, frame.name) for frame in frames]
    while index < len(frames):
        period, times = _repetition(keys, index)
        if times > 3:
            cycle = frames[index : index + period]
            result.extend(cycle)
            names = ", ".join(f"{frame.name} at line {frame.lineno} ({times - 1} times)" for frame in cycle)
            result.append(f"skipping similar frames: {names}")
            index += period * times
        else:
            result.append(frames[index])
            index += 1
    if len(result) > _MAX_FRAMES:
        half = _MAX_FRAMES // 2
        dropped = len(result) - 2 * half
        result[half:-half] = [f"skipping {dropped} frames"]
    return result


def _repetition(keys: list[tuple[str, int, str]], start: int) -> tuple[int, int]:
    """Returns the length of the shortest cycle of frames that begins at an index, and the number of its repetitions."""
    best = (1, 1)
    for period in range(1, 9):
        times = 1
        cycle = keys[start : start + period]
        while keys[start + times * period : start + (times + 1) * period] == cycle:
            times += 1
        if times > 3:
            return period, times
    return best
