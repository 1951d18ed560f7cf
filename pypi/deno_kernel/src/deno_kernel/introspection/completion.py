"""Completes magics, modules, keys, files, attributes, arguments and names at the cursor."""

from __future__ import annotations

import builtins
import keyword
import re
import types
from typing import Any

from ..current import running_shell
from ..source.scanner import Scanner
from .bounded import TookTooLong, bounded
from .completion_imports import complete_import
from .completion_keys import complete_key_after_bracket, complete_key_in_string
from .completion_magics import complete_command, complete_magic, paths
from .completion_reply import Reply, ordered
from .evaluation import Instance, NotKnown, attribute
from .expressions import open_call, trailing_expression
from .replacement_fields import is_formatted, open_field
from .scope import Scope
from .signatures import keyword_arguments, short_signature

_IDENTIFIER_END = re.compile(r"(?:[^\W\d]\w*)?\Z")
_FUNCTIONS = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType,
    types.MethodDescriptorType, types.WrapperDescriptorType,
)  # fmt: skip
_MAX_MATCHES = 10_000
_MAX_SIGNATURES = 20
"""More matches have no signatures, because finding one takes about as long as finding a hundred names."""
_ERROR_PREFIXES = ("raise ", "except ", "except (")


def complete(user_names: dict[str, Any], code: str, cursor_pos: int) -> dict[str, Any]:
    """Returns the answer to a completion request; only methods such as `__dir__` of the user's objects are called."""
    cursor = max(0, min(cursor_pos, len(code)))
    shell = running_shell()
    completer = None if shell is None else vars(shell).get("Completer")  # It is made when it is first used.
    text = code[:cursor]
    reply = Reply()
    try:
        with bounded():
            reply = _reply(_scope(user_names, text, completer), text)
    except TookTooLong:
        pass
    if shell is not None:
        reply = _with_hooks(shell, text, reply)
    if completer is not None:
        reply = completer.with_matchers(text, reply)
    start = cursor - reply.length
    # A namespace may have more names than one answer can carry, and than anybody reads.
    matches = reply.matches[:_MAX_MATCHES]
    kinds = [
        {
            "start": start, "end": cursor, "text": match, "type": reply.kinds.get(match, ""),
            "signature": reply.signatures.get(match, ""),
        }
        for match in matches
    ]  # fmt: skip
    return {
        "matches": matches,
        "cursorStart": start,
        "cursorEnd": cursor,
        "metadata": {"_jupyter_types_experimental": kinds} if kinds else {},
    }


def _scope(user_names: dict[str, Any], text: str, completer: Any) -> Scope:
    if completer is None:
        return Scope(user_names, text)
    return Scope(user_names, text, completer.policy, completer.omit__names, completer.limit_to__all__)


def _reply(scope: Scope, text: str) -> Reply:
    line = text[text.rfind("\n") + 1 :]
    command = complete_command(line)
    if command is not None:
        return command
    scanner = Scanner()
    scanner.feed(text)
    if scanner.in_comment:
        return Reply()
    if scanner.quote:
        return _in_string(text, scanner, scope)
    if "\\" in line:
        from .completion_symbols import complete_symbol

        symbols = complete_symbol(line)
        if symbols is not None:
            return symbols
    magic = None if scanner.brackets else complete_magic(line, first_line="\n" not in text.strip())
    if magic is not None:
        return magic
    for find in (complete_import, _attributes, complete_key_after_bracket):
        reply = find(text, line, scope)
        if reply is not None:
            return reply
    return _names(text, line, scope)


def _with_hooks(shell: Any, text: str, reply: Reply) -> Reply:
    """Returns a reply with the matches of the functions that the user has set as hooks before the others."""
    hooks = vars(shell).get("hooks")  # They are made when the first one is set.
    if hooks is None:
        return reply
    matches, length = hooks.complete(text[text.rfind("\n") + 1 :])
    if not matches:
        return reply
    others = reply.matches if reply.length == length else []
    return Reply([*dict.fromkeys([*matches, *others])], length, reply.kinds)


def _attributes(text: str, line: str, scope: Scope) -> Reply | None:
    prefix = _IDENTIFIER_END.search(text)[0]  # type: ignore[index]
    before = text[: len(text) - len(prefix)]
    if not before.endswith("."):
        return None
    expression = trailing_expression(before[:-1])
    if not expression or expression.isdigit():
        return Reply()
    try:
        obj = scope.evaluate(expression)
    except NotKnown:
        return Reply()
    matches = ordered(scope.shown(with_completers(obj, scope.members(obj)), prefix))
    reply = Reply(matches, len(prefix))
    few = len(matches) <= _MAX_SIGNATURES
    for name in matches:
        try:
            value = attribute(obj, name)
        except NotKnown:
            reply.kinds[name] = "property"
            continue
        reply.kinds[name] = _kind(value)
        if few and callable(value) and not isinstance(value, Instance):
            reply.signatures[name] = short_signature(value)
    return reply


def with_completers(obj: Any, names: list[str]) -> list[str]:
    """Returns the names of attributes, as the function for the type of the object changes them if there is one."""
    import sys

    generics = sys.modules.get("IPython.utils.generics")  # Registering a function loads this.
    if generics is None or isinstance(obj, Instance):
        return names
    try:
        return [name for name in generics.complete_object(obj, names) if isinstance(name, str)]
    except Exception:  # TryNext says that there is no function; one of the user's may raise anything.
        return names


def _kind(value: Any) -> str:
    if isinstance(value, Instance):
        return "instance"
    if isinstance(value, type):
        return "class"
    if isinstance(value, types.ModuleType):
        return "module"
    return "function" if isinstance(value, _FUNCTIONS) else "instance"


def _in_string(text: str, scanner: Scanner, scope: Scope) -> Reply:
    start = scanner.string_start
    content_start = text.index(scanner.quote, start) + len(scanner.quote)
    prefix, content = text[start : content_start - len(scanner.quote)], text[content_start:]
    if is_formatted(prefix):
        field = open_field(content)
        if field is not None:
            return _reply(scope, field)
    keys = complete_key_in_string(text[:start].rstrip(), prefix, scanner.quote, content, scope)
    return paths(content) if keys is None else keys


def _names(text: str, line: str, scope: Scope) -> Reply:
    prefix = _IDENTIFIER_END.search(text)[0]  # type: ignore[index]
    arguments = _arguments(text[: len(text) - len(prefix)], prefix, scope)
    if not prefix and not arguments and line.strip() and not line.endswith((" ", "(", ",", "\t", "=", "[", "{", ":")):
        return Reply()
    if line.lstrip().startswith(("def ", "class ", "import ", "from ")) and "=" not in line and "(" not in line:
        return Reply()
    found: dict[str, str] = dict.fromkeys(arguments, "param")
    for name in ordered(scope.shown(scope.names, prefix)):
        found.setdefault(name, _kind(scope.names[name]))
    words = [*keyword.kwlist, *(getattr(keyword, "softkwlist", ()) if prefix else ())]
    for name in sorted(word for word in words if word.startswith(prefix) and word != "_"):
        found.setdefault(name, "keyword")
    for name in ordered(scope.shown(dir(builtins), prefix)):
        found.setdefault(name, _kind(getattr(builtins, name)))
    matches = list(found)
    if line.lstrip().startswith(_ERROR_PREFIXES):
        matches.sort(key=lambda name: not _is_exception(name, scope))
    reply = Reply(matches, len(prefix), found)
    if len(matches) <= _MAX_SIGNATURES:
        for name in matches:
            value = scope.names.get(name, getattr(builtins, name, None))
            if callable(value) and not isinstance(value, Instance):
                reply.signatures[name] = short_signature(value)
    return reply


def _is_exception(name: str, scope: Scope) -> bool:
    value = scope.names.get(name, getattr(builtins, name, None))
    return isinstance(value, type) and issubclass(value, BaseException)


def _arguments(before: str, prefix: str, scope: Scope) -> list[str]:
    call = open_call(before)
    if call is None or (before.rstrip()[-1:] not in ("(", ",")):
        return []
    function, written = call
    try:
        names = keyword_arguments(scope.evaluate(function))
    except NotKnown:
        return []
    used = set(re.findall(r"\b(\w+)\s*=(?!=)", written))
    return [f"{name}=" for name in names if name.startswith(prefix) and name not in used]
