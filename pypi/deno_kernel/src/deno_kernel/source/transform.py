"""Turns magics, shell commands and questions (`name?`) into calls of the shell."""

from __future__ import annotations

import re

from .scanner import Scanner, map_statements

_SHELL = "get_ipython()"
_CELL_MAGIC = re.compile(r"\A((?:[ \t]*\n)*)%%(\w[\w.]*|!)(\??\??)[ \t]*([^\n]*)(?:\n|\Z)")
_LINE = re.compile(r"^(\s*)(%%?|!!?)\s*(\S.*)?$")
_ASSIGNMENT = re.compile(
    r"""^(\s*(?:[\w.*,()\[\]"' \t]+?))\s*=\s*(%|!!?)(?!=)\s*(\S.*)$"""
)
_HELPED = r"(%{0,2}[\w.*]+(?:\[[^\]]*\])?[\w.*]*)"
_HELP = re.compile(rf"^(\s*)(?:(\?\??)\s*{_HELPED}|{_HELPED}\s*(\?\??))\s*;?\s*$")
_HELP_AT_END = re.compile(rf"(?<![\w.%])(?!\d){_HELPED}\s*(\?\??)\s*;?\s*$")
_INDENT = re.compile(r"(?:[ \t]*\n)*([ \t]+)\S")
_PROMPT = re.compile(r"^(?:>>> ?|In ?\[\d+\]: ?)")
_CONTINUATION = re.compile(r"^\.\.\.:? ?")


def transform_cell(source: str) -> str:
    """Returns a cell as Python. The number of lines stays, and lines that are Python stay as they are."""
    source = _without_prompts(_dedented(source))
    cell_magic = _cell_magic(source)
    return cell_magic if cell_magic is not None else map_statements(source, _statement)


def cell_magic_of(source: str) -> tuple[str, str, str] | None:
    """Returns name, line and body of a cell magic; None for any other cell."""
    match = _CELL_MAGIC.match(source)
    if match is None or match[3]:
        return None
    return match[2], match[4].rstrip(), _body(source, match)


def _body(source: str, match: re.Match[str]) -> str:
    """Returns the body of a cell magic. Its last line ends like the others, because magics write it to files."""
    body = source[match.end() :]
    return body if not body or body.endswith("\n") else body + "\n"


def _cell_magic(source: str) -> str | None:
    match = _CELL_MAGIC.match(source)
    if match is None:
        return None
    before, name, question, line = match.groups()
    if question:
        return before + _help("%%" + name, question)
    body = _body(source, match)
    if name == "!" and not body:
        return f"{before}{_SHELL}.getoutput({line!r})"
    return f"{before}{_SHELL}.run_cell_magic({name!r}, {line.rstrip()!r}, {body!r})"


def _statement(line: str) -> str | None:
    stripped = line.strip()
    if not stripped:
        return None
    if stripped[0] in "%!":
        return _command(line)
    if stripped[0] == "?" or stripped.rstrip("; ").endswith("?"):
        return _question(line)
    if "%" in stripped or "!" in stripped:
        match = _ASSIGNMENT.match(line)
        if match:
            target, kind, command = match.groups()
            if kind == "%":
                return f"{target} = {_line_magic(command)}"
            return f"{target} = {_SHELL}.getoutput({command!r})"
    return None


def _command(line: str) -> str | None:
    question = _question(line)
    if question is not None:
        return question
    match = _LINE.match(line)
    if match is None or not match[3]:
        return None
    indent, kind, command = match.groups()
    if kind == "%":
        return indent + _line_magic(command)
    if kind == "%%":
        # Only a cell's first line can be a cell magic. The error is raised when this line is reached, not before.
        name = command.split(None, 1)[0]
        return f"{indent}{_SHELL}.run_line_magic({'%' + name!r}, '')"
    function = "getoutput" if kind == "!!" else "system"
    return f"{indent}{_SHELL}.{function}({command!r})"


def _line_magic(command: str) -> str:
    name, *rest = command.split(None, 1)
    return f"{_SHELL}.run_line_magic({name!r}, {(rest[0].rstrip() if rest else '')!r})"


def _question(line: str) -> str | None:
    match = _HELP.match(line)
    if match is None:
        return _question_at_end(line)
    indent, before, first, second, after = match.groups()
    return indent + _help(first or second, before or after)


def _question_at_end(line: str) -> str | None:
    """Returns the help for the name at the end of a statement, such as `x = len?`, which has no other meaning."""
    match = _HELP_AT_END.search(line)
    if match is None:
        return None
    scanner = Scanner()
    scanner.feed(line[: match.start(2)])
    if scanner.quote or scanner.in_comment or scanner.brackets:
        return None
    return line[: len(line) - len(line.lstrip())] + _help(match[1], match[2])


def _help(name: str, question: str) -> str:
    if "*" in name:
        return f"{_SHELL}.run_line_magic('psearch', {name!r})"
    return f"{_SHELL}.run_line_magic({'pinfo2' if len(question) > 1 else 'pinfo'!r}, {name!r})"


def _dedented(source: str) -> str:
    """Removes the indentation of the first line from each line that has it, as IPython does."""
    indent = _INDENT.match(source)
    return re.sub(f"^{indent[1]}", "", source, flags=re.MULTILINE) if indent else source


def _without_prompts(source: str) -> str:
    lines = source.split("\n")
    if not _PROMPT.match(lines[0].lstrip()):
        return source
    result = []
    for line in lines:
        stripped = line.lstrip()
        for pattern in (_PROMPT, _CONTINUATION):
            match = pattern.match(stripped)
            if match:
                line = stripped[match.end() :]
                break
        result.append(line)
    return "\n".join(result)
