"""Completes magics, modules, keys, files, attributes, arguments and names at the cursor."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import types
from typing import Any

from ..current import running_shell
from ..source.scanner import Scanner
from .completion_imports import complete_import, names_in
from .completion_reply import Reply, directory, ordered, public
from .expressions import NotKnown, attribute, evaluate, open_call, trailing_expression

_IDENTIFIER_END = re.compile(r"(?:[^\W\d]\w*)?\Z")
_MAGIC = re.compile(r"^\s*(?:[\w.,\[\]'\" ]+=\s*)?(%{1,2})([\w.]*)\Z")
_PATH_MAGIC = re.compile(r"^\s*%{1,2}(?:cd|run|load|ls|writefile|file|pycat)\s+(?:-\w+\s+)*(\S*)\Z")
_SHELL_WORDS = re.compile(r"^\s*(?:[\w.,\[\]'\" ]+=\s*)?(?:!{1,2}|%{1,2}(?:sx|system|bash|sh)\s).*?([^\s'\"=<>|&;]*)\Z")
_FIRST_KEYS = re.compile(r"\[((?:[^][(){},]+,)+)\Z")
_FUNCTIONS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType,
    types.MethodDescriptorType, types.WrapperDescriptorType,
)  # fmt: skip
_MAX_MATCHES = 10_000
_ERROR_PREFIXES = ("raise ", "except ", "except (")


def complete(user_names: dict[str, Any], code: str, cursor_pos: int) -> dict[str, Any]:
    """Returns the answer to a completion request, without calling any object."""
    cursor = max(0, min(cursor_pos, len(code)))
    reply = _with_hooks(code[:cursor], _reply(user_names, code[:cursor]))
    start = cursor - reply.length
    # A namespace may have more names than one answer can carry, and than anybody reads.
    matches = reply.matches[:_MAX_MATCHES]
    kinds = [
        {"start": start, "end": cursor, "text": match, "type": reply.kinds.get(match, ""), "signature": ""}
        for match in matches
    ]
    return {
        "matches": matches,
        "cursorStart": start,
        "cursorEnd": cursor,
        "metadata": {"_jupyter_types_experimental": kinds} if kinds else {},
    }


def _reply(user_names: dict[str, Any], text: str) -> Reply:
    line = text[text.rfind("\n") + 1 :]
    path = _PATH_MAGIC.match(line) or _SHELL_WORDS.match(line)
    if path:
        return _paths(path[1])
    scanner = Scanner()
    scanner.feed(text)
    if scanner.in_comment:
        return Reply()
    names = names_in(user_names, text)
    if scanner.quote:
        return _in_string(text, scanner, names)
    if "\\" in line:
        from .completion_symbols import complete_symbol

        symbols = complete_symbol(line)
        if symbols is not None:
            return symbols
    magic = _MAGIC.match(line)
    if magic and not scanner.brackets:
        return _magics(magic[1], magic[2], first_line="\n" not in text.strip())
    for find in (complete_import, _attributes, _keys_after_bracket):
        reply = find(text, line, names)
        if reply is not None:
            return reply
    return _names(text, line, names)


def _with_hooks(text: str, reply: Reply) -> Reply:
    """Returns a reply with the matches of the functions that the user has set as hooks before the others."""
    shell = running_shell()
    hooks = None if shell is None else vars(shell).get("hooks")  # They are made when the first one is set.
    if hooks is None:
        return reply
    matches, length = hooks.complete(text[text.rfind("\n") + 1 :])
    if not matches:
        return reply
    others = reply.matches if reply.length == length else []
    return Reply([*dict.fromkeys([*matches, *others])], length, reply.kinds)


def _magics(sign: str, prefix: str, first_line: bool) -> Reply:
    shell = running_shell()
    if shell is None:
        return Reply()
    magics = shell.magics_manager.magics
    matches = []
    if sign == "%":
        matches += ["%" + name for name in sorted(magics["line"]) if name.startswith(prefix)]
    if first_line:
        matches += ["%%" + name for name in sorted(magics["cell"]) if name.startswith(prefix)]
    return Reply(matches, len(sign + prefix), dict.fromkeys(matches, "magic"))


def _attributes(text: str, line: str, names: Any) -> Reply | None:
    prefix = _IDENTIFIER_END.search(text)[0]  # type: ignore[index]
    before = text[: len(text) - len(prefix)]
    if not before.endswith("."):
        return None
    expression = trailing_expression(before[:-1])
    if not expression or expression.isdigit():
        return Reply()
    try:
        obj = evaluate(expression, names)
    except NotKnown:
        return Reply()
    matches = ordered(name for name in directory(obj) if name.startswith(prefix) and public(name, prefix))
    return Reply(matches, len(prefix), {name: _kind_of(obj, name) for name in matches})


def _kind_of(obj: Any, name: str) -> str:
    try:
        value = attribute(obj, name)
    except NotKnown:
        return "property"
    return _kind(value)


def _kind(value: Any) -> str:
    if isinstance(value, type):
        return "class"
    if isinstance(value, types.ModuleType):
        return "module"
    return "function" if isinstance(value, _FUNCTIONS) else "instance"


def keys_of(obj: Any) -> list[Any]:
    """Returns the keys to offer for a subscript of an object."""
    method = getattr(type(obj), "_ipython_key_completions_", None)
    try:
        if method is not None:
            return list(method(obj))
        if isinstance(obj, dict):
            return list(obj)
        names = getattr(getattr(obj, "dtype", None), "names", None)  # This is a structured array.
        if names:
            return list(names)
        if type(obj).__module__.partition(".")[0] == "pandas" and hasattr(obj, "keys"):
            return list(obj.keys())
    except Exception:
        pass
    return []


def _in_string(text: str, scanner: Scanner, names: Any) -> Reply:
    start = scanner.string_start
    content_start = text.index(scanner.quote, start) + len(scanner.quote)
    content, before = text[content_start:], text[:start].rstrip()
    first_keys = _FIRST_KEYS.search(before)
    if before.endswith("[") or first_keys:
        container = trailing_expression(before[: first_keys.start() if first_keys else -1].rstrip())
        try:
            keys = keys_of(evaluate(container, names)) if container else []
        except NotKnown:
            keys = []
        if first_keys:
            keys = _next_keys(keys, first_keys[1])
        if "b" in text[start:content_start].lower():
            keys = [key.decode("latin-1") for key in keys if isinstance(key, bytes)]
        matches = [key for key in keys if isinstance(key, str) and key.startswith(content)]
        if matches or container:
            return Reply([_escaped(key, scanner.quote) for key in matches], len(content))
    return _paths(content, in_string=True)


def _next_keys(keys: list[Any], written: str) -> list[Any]:
    """Returns what may follow in those keys that are tuples and begin with the values that are written."""
    try:
        first = ast.literal_eval(f"({written})")
    except (ValueError, SyntaxError):
        return []
    count = len(first)
    return [key[count] for key in keys if isinstance(key, tuple) and len(key) > count and key[:count] == first]


def _escaped(key: str, quote: str) -> str:
    return repr(key)[1:-1] if quote not in key else key.replace("\\", "\\\\").replace(quote, "\\" + quote)


def _keys_after_bracket(text: str, line: str, names: Any) -> Reply | None:
    match = re.search(r"\[\s*(\w*)\Z", text)
    if match is None:
        return None
    container = trailing_expression(text[: match.start()].rstrip())
    if not container:
        return None
    try:
        keys = keys_of(evaluate(container, names))
    except NotKnown:
        return None
    prefix = match[1]
    matches = [
        repr(key) for key in keys if isinstance(key, (str, int, float, bytes, tuple)) and repr(key).startswith(prefix)
    ]
    if not matches:
        return None
    return Reply(matches, len(prefix), dict.fromkeys(matches, "dict key"))


def _paths(prefix: str, in_string: bool = False) -> Reply:
    import os

    folder, name = os.path.split(prefix)
    try:
        entries = sorted(os.listdir(os.path.expanduser(folder) or "."))
    except (OSError, ValueError):
        return Reply()
    matches = []
    for entry in entries:
        if not entry.startswith(name) or (entry.startswith(".") and not name.startswith(".")):
            continue
        slash = "/" if os.path.isdir(os.path.join(os.path.expanduser(folder), entry)) else ""
        matches.append(entry + slash)
    return Reply(matches, len(name), dict.fromkeys(matches, "path"))


def _names(text: str, line: str, names: Any) -> Reply:
    prefix = _IDENTIFIER_END.search(text)[0]  # type: ignore[index]
    arguments = _arguments(text[: len(text) - len(prefix)], prefix, names)
    if not prefix and not arguments and line.strip() and not line.endswith((" ", "(", ",", "\t", "=", "[", "{", ":")):
        return Reply()
    if line.lstrip().startswith(("def ", "class ", "import ", "from ")) and "=" not in line and "(" not in line:
        return Reply()
    found: dict[str, str] = dict.fromkeys(arguments, "param")
    for name in ordered(name for name in names if name.startswith(prefix) and public(name, prefix)):
        found.setdefault(name, _kind(names[name]))
    words = [*keyword.kwlist, *(getattr(keyword, "softkwlist", ()) if prefix else ())]
    for name in sorted(word for word in words if word.startswith(prefix) and word != "_"):
        found.setdefault(name, "keyword")
    for name in ordered(name for name in dir(builtins) if name.startswith(prefix) and public(name, prefix)):
        found.setdefault(name, _kind(getattr(builtins, name)))
    matches = list(found)
    if line.lstrip().startswith(_ERROR_PREFIXES):
        matches.sort(key=lambda name: not _is_exception(name, names))
    return Reply(matches, len(prefix), found)


def _is_exception(name: str, names: Any) -> bool:
    value = names.get(name, getattr(builtins, name, None))
    return isinstance(value, type) and issubclass(value, BaseException)


def _arguments(before: str, prefix: str, names: Any) -> list[str]:
    call = open_call(before)
    if call is None or (before.rstrip()[-1:] not in ("(", ",")):
        return []
    function, written = call
    try:
        signature = _signature(evaluate(function, names))
    except NotKnown:
        return []
    used = set(re.findall(r"\b(\w+)\s*=(?!=)", written))
    return [
        f"{name}="
        for name, parameter in signature.items()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        and name.startswith(prefix)
        and name not in used
    ]


def _signature(function: Any) -> dict[str, Any]:
    import inspect

    if not callable(function):
        return {}
    try:
        return dict(inspect.signature(function).parameters)
    except (ValueError, TypeError):
        return {}
