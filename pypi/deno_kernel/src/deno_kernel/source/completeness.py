"""Tells consoles, which run a cell when Enter is pressed, whether it is complete."""

from __future__ import annotations

import ast
import re
import warnings

from .scanner import Scanner
from .transform import cell_magic_of, transform_cell

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST
_ONE_LINE_BLOCK = re.compile(
    r"\s*(?:if|for|while|with|def|class|try|async|else|elif|except|finally|match)\b.*:\s*\S"
)
_LEAVES_BLOCK = re.compile(r"^\s*(?:return|raise|pass|break|continue)\b")


def check_complete(code: str) -> tuple[str, str]:
    """Returns `complete`, `incomplete` or `invalid`, and the indentation of the next line."""
    if not code.strip():
        return "complete", ""
    lines = code.split("\n")
    if lines[0].startswith("%%") and (cell_magic_of(code) or len(lines) == 1):
        # The body of a cell magic may be any text. An empty line ends it.
        return ("complete", "") if len(lines) > 1 and not lines[-1].strip() else ("incomplete", "")
    scanner = Scanner()
    scanner.feed(code)
    if scanner.quote:
        return ("incomplete", _indentation(lines)) if len(scanner.quote) == 3 else ("invalid", "")
    if scanner.continued:
        return "incomplete", _indentation(lines)
    if scanner.brackets:
        return _with_open_bracket(code, lines)
    return _statements(code, lines)


def _with_open_bracket(code: str, lines: list[str]) -> tuple[str, str]:
    error = _syntax_error(code)
    message = (error.msg if error else "") or ""
    if "was never closed" in message or "unexpected EOF" in message or _at_end(error, lines):
        return "incomplete", _indentation(lines)
    return "invalid", ""


def _at_end(error: SyntaxError | None, lines: list[str]) -> bool:
    return error is not None and error.lineno is not None and error.lineno > len(lines)


def _statements(code: str, lines: list[str]) -> tuple[str, str]:
    source = transform_cell(code)
    error = _syntax_error(source)
    last = lines[-1]
    if error is None:
        if _in_block(lines) and last.strip():
            return "incomplete", _next_indentation(lines)
        return "complete", ""
    if isinstance(error, IndentationError) and "expected an indented block" in (error.msg or ""):
        return ("incomplete", _next_indentation(lines)) if _ends_with_header(lines) else ("invalid", "")
    if _ends_with_header(lines) and _syntax_error(f"{source.rstrip()}\n{_next_indentation(lines)}pass") is None:
        return "incomplete", _next_indentation(lines)
    if _is_unfinished_compound(source, lines):
        return "incomplete", _indentation(lines)
    return "invalid", ""


def _is_unfinished_compound(source: str, lines: list[str]) -> bool:
    """Returns true for a `try` without `except` and for a decorator without a function."""
    margin = _margin(lines)
    return any(
        _syntax_error(f"{source.rstrip()}\n{margin}{rest}") is None
        for rest in ("finally:\n" + margin + " pass", "def f(): pass")
    )


def _margin(lines: list[str]) -> str:
    for line in lines:
        if line.strip():
            return line[: len(line) - len(line.lstrip())]
    return ""


def _syntax_error(source: str) -> SyntaxError | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<input>", "exec", _FLAGS, True)
            if "await" not in source:
                compile(source, "<input>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, True)
        return None
    except SyntaxError as error:
        return error
    except (ValueError, OverflowError, MemoryError, RecursionError) as error:
        return SyntaxError(str(error))


def _in_block(lines: list[str]) -> bool:
    """Returns true if the last line that is not empty is inside of a block, or begins one."""
    text = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not text:
        return False
    if len(text[-1]) - len(text[-1].lstrip()) > len(_margin(lines)):
        return len(lines) > 1
    # A header with its block on the same line may continue too.
    return bool(_ONE_LINE_BLOCK.match(text[-1]))


def _ends_with_header(lines: list[str]) -> bool:
    for line in reversed(lines):
        stripped = line.split("#")[0].rstrip()
        if stripped:
            return stripped.endswith(":")
    return False


def _indentation(lines: list[str]) -> str:
    for line in reversed(lines):
        if line.strip():
            return line[: len(line) - len(line.lstrip(" \t"))]
    return ""


def _next_indentation(lines: list[str]) -> str:
    indentation = _indentation(lines)
    if _ends_with_header(lines):
        return indentation + "    "
    last = next((line for line in reversed(lines) if line.strip()), "")
    return indentation[:-4] if _LEAVES_BLOCK.match(last) else indentation
