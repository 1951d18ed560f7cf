"""What could stand at the cursor: magics, modules, keys, files, attributes, arguments, names."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .expressions import NotKnown, attribute, evaluate, open_call, trailing_expression
from .scanner import Scanner

if TYPE_CHECKING:
    from .kernel import Kernel

_IDENTIFIER_END = re.compile(r"(?:[^\W\d]\w*)?\Z")
_MAGIC = re.compile(r"^\s*(?:[\w.,\[\]'\" ]+=\s*)?(%{1,2})([\w.]*)\Z")
_PATH_MAGIC = re.compile(r"^\s*%{1,2}(?:cd|run|load|ls|writefile|file|pycat)\s+(?:-\w+\s+)*(\S*)\Z")
_FROM = re.compile(r"^\s*from\s+([\w.]*)\Z")
_FROM_IMPORT = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+\(?\s*(?:[\w\s,]*[,\s(])?(\w*)\Z", re.DOTALL)
_IMPORT = re.compile(r"^\s*import\s+(?:[\w.\s,]*[,\s])?([\w.]*)\Z")
_ERROR_PREFIXES = ("raise ", "except ", "except (")


class Reply:
    """The matches for the last `length` characters before the cursor."""

    def __init__(self, matches: Iterable[str] = (), length: int = 0, kinds: dict[str, str] | None = None) -> None:
        self.matches = list(matches)
        self.length = length
        self.kinds = kinds or {}


def complete(kernel: Kernel, code: str, cursor_pos: int) -> dict[str, Any]:
    """The answer to a completion request; nothing that is looked at is called."""
    cursor = max(0, min(cursor_pos, len(code)))
    reply = _reply(kernel, code[:cursor])
    start = cursor - reply.length
    types = [
        {"start": start, "end": cursor, "text": match, "type": reply.kinds.get(match, ""), "signature": ""}
        for match in reply.matches
    ]
    return {
        "matches": reply.matches,
        "cursorStart": start,
        "cursorEnd": cursor,
        "metadata": {"_jupyter_types_experimental": types} if types else {},
    }


def _reply(kernel: Kernel, text: str) -> Reply:
    line = text[text.rfind("\n") + 1 :]
    names = kernel.namespace.names
    path = _PATH_MAGIC.match(line)
    if path:
        return _paths(path[1])
    scanner = Scanner()
    scanner.feed(text)
    if scanner.in_comment:
        return Reply()
    if scanner.quote:
        return _in_string(text, scanner, names)
    magic = _MAGIC.match(line)
    if magic and not scanner.brackets:
        return _magics(kernel, magic[1], magic[2], first_line="\n" not in text.strip())
    for find in (_modules, _attributes, _keys_after_bracket):
        reply = find(text, line, names)
        if reply is not None:
            return reply
    return _names(text, line, names)


def _magics(kernel: Kernel, sign: str, prefix: str, first_line: bool) -> Reply:
    from .shell import running_shell

    shell = running_shell()
    if shell is None or shell._kernel is not kernel:
        from .shell import InteractiveShell

        shell = InteractiveShell.__new__(InteractiveShell)
        return Reply()
    magics = shell.magics_manager.magics
    matches = []
    if sign == "%":
        matches += ["%" + name for name in sorted(magics["line"]) if name.startswith(prefix)]
    if first_line:
        matches += ["%%" + name for name in sorted(magics["cell"]) if name.startswith(prefix)]
    return Reply(matches, len(sign + prefix), dict.fromkeys(matches, "magic"))


# Modules


def _modules(text: str, line: str, names: Any) -> Reply | None:
    match = _FROM_IMPORT.match(line) or _FROM_IMPORT.match(text[_statement_start(text) :])
    if match:
        return _module_members(match[1], match[2])
    match = _FROM.match(line) or _IMPORT.match(line)
    if not match:
        return None
    package, dot, prefix = match[1].rpartition(".")
    found = submodules(package) if dot else top_level_modules()
    matches = sorted({name for name in found if name.startswith(prefix) and _public(name, prefix)})
    return Reply(matches, len(prefix), dict.fromkeys(matches, "module"))


def _statement_start(text: str) -> int:
    """Where the last `from` that begins a line is: its names may go on over several lines in brackets."""
    found = [match.start() for match in re.finditer(r"^[ \t]*from\b", text, re.MULTILINE)]
    return found[-1] if found else len(text)


def _module_members(module_name: str, prefix: str) -> Reply:
    import sys

    module = sys.modules.get(module_name)
    members: set[str] = set(submodules(module_name))
    if module is not None:
        members.update(_directory(module))
    else:
        members.update(_members_in_source(module_name))
    matches = _ordered(name for name in members if name.startswith(prefix) and _public(name, prefix))
    return Reply(matches, len(prefix))


def _members_in_source(module_name: str) -> set[str]:
    """The names that a module's source defines: importing it would run it."""
    import ast
    import importlib.util

    try:
        spec = importlib.util.find_spec(module_name)
        source = spec.loader.get_source(module_name) if spec and spec.loader else None  # type: ignore[attr-defined]
        tree = ast.parse(source or "")
    except Exception:
        return set()
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    found.discard("*")
    return found


def top_level_modules() -> set[str]:
    """Every module that can be imported."""
    import pkgutil
    import sys

    found = set(sys.builtin_module_names) | {name for name in sys.modules if "." not in name}
    found.update(getattr(sys, "stdlib_module_names", ()))
    found.update(module.name for module in pkgutil.iter_modules())
    return found


def submodules(package: str) -> set[str]:
    """The modules of a package, which is looked for but not imported."""
    import importlib.util
    import pkgutil
    import sys

    try:
        module = sys.modules.get(package)
        if module is not None:
            path = getattr(module, "__path__", None)
        else:
            top = importlib.util.find_spec(package.partition(".")[0])
            path = top.submodule_search_locations if top else None
            for part in package.split(".")[1:]:
                path = _below(path, part)
        if path is None:
            return set()
        return {found.name for found in pkgutil.iter_modules(list(path))}
    except Exception:
        return set()


def _below(path: Any, part: str) -> Any:
    import os

    return [os.path.join(one, part) for one in path or ()] or None


# Attributes and keys


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
    matches = _ordered(name for name in _directory(obj) if name.startswith(prefix) and _public(name, prefix))
    return Reply(matches, len(prefix), {name: _kind_of(obj, name) for name in matches})


def _directory(obj: Any) -> list[str]:
    try:
        return [name for name in dir(obj) if isinstance(name, str) and name.isidentifier()]
    except Exception:
        return []


def _kind_of(obj: Any, name: str) -> str:
    try:
        value = attribute(obj, name)
    except NotKnown:
        return "property"
    return _kind(value)


def _kind(value: Any) -> str:
    import types

    if isinstance(value, type):
        return "class"
    if isinstance(value, types.ModuleType):
        return "module"
    return "function" if isinstance(value, (*_FUNCTIONS,)) else "instance"


def _function_types() -> tuple[type, ...]:
    import types

    return (
        types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType,
        types.MethodDescriptorType, types.WrapperDescriptorType,
    )  # fmt: skip


_FUNCTIONS = _function_types()


def keys_of(obj: Any) -> list[Any]:
    """The keys to offer for a subscript."""
    method = getattr(type(obj), "_ipython_key_completions_", None)
    try:
        if method is not None:
            return list(method(obj))
        if isinstance(obj, dict):
            return list(obj)
        names = getattr(getattr(obj, "dtype", None), "names", None)  # a structured array
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
    if before.endswith("["):
        container = trailing_expression(before[:-1].rstrip())
        try:
            keys = keys_of(evaluate(container, names)) if container else []
        except NotKnown:
            keys = []
        matches = [key for key in keys if isinstance(key, str) and key.startswith(content)]
        if matches or container:
            return Reply([_escaped(key, scanner.quote) for key in matches], len(content))
    return _paths(content, in_string=True)


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


# Files


def _paths(prefix: str, in_string: bool = False) -> Reply:
    import os

    directory, name = os.path.split(prefix)
    try:
        entries = sorted(os.listdir(os.path.expanduser(directory) or "."))
    except (OSError, ValueError):
        return Reply()
    matches = []
    for entry in entries:
        if not entry.startswith(name) or (entry.startswith(".") and not name.startswith(".")):
            continue
        slash = "/" if os.path.isdir(os.path.join(os.path.expanduser(directory), entry)) else ""
        matches.append(entry + slash)
    return Reply(matches, len(name), dict.fromkeys(matches, "path"))


# Names


def _names(text: str, line: str, names: Any) -> Reply:
    prefix = _IDENTIFIER_END.search(text)[0]  # type: ignore[index]
    arguments = _arguments(text[: len(text) - len(prefix)], prefix, names)
    if not prefix and not arguments and line.strip() and not line.endswith((" ", "(", ",", "\t", "=", "[", "{", ":")):
        return Reply()
    if line.lstrip().startswith(("def ", "class ", "import ", "from ")) and "=" not in line and "(" not in line:
        return Reply()
    found: dict[str, str] = dict.fromkeys(arguments, "param")
    for name in _ordered(name for name in names if name.startswith(prefix) and _public(name, prefix)):
        found.setdefault(name, _kind(names[name]))
    words = [*keyword.kwlist, *(getattr(keyword, "softkwlist", ()) if prefix else ())]
    for name in sorted(word for word in words if word.startswith(prefix) and word != "_"):
        found.setdefault(name, "keyword")
    for name in _ordered(name for name in dir(builtins) if name.startswith(prefix) and _public(name, prefix)):
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


def _public(name: str, prefix: str) -> bool:
    return not name.startswith("_") or prefix.startswith("_")


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (name.startswith("_"), name.startswith("__"), name))
