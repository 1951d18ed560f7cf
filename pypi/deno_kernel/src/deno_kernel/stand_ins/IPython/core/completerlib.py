"""The stand-in for `IPython.core.completerlib`."""

from __future__ import annotations

import importlib
from typing import Any

from deno_kernel.introspection.completion_imports import complete_import, top_level_modules
from deno_kernel.introspection.completion_magics import complete_argument

__all__ = [
    "cd_completer", "get_root_modules", "magic_run_completer", "module_completer", "module_completion",
    "quick_completer", "reset_completer", "try_import",
]  # fmt: skip


def get_root_modules() -> list[str]:
    """Returns the names of all modules that can be imported."""
    return sorted(top_level_modules())


def try_import(mod: str, only_modules: bool = False) -> list[str]:
    """Imports a module and returns the names that it offers, or only its modules."""
    name = mod.rstrip(".")
    try:
        module = importlib.import_module(name)
    except Exception:
        return []
    if getattr(module, "__file__", None) is None and hasattr(module, "__path__"):
        return []  # This is a directory without a module of its own.
    line = f"import {name}."
    reply = complete_import(line, line, {})
    found = set(reply.matches if reply else ())
    if not only_modules:
        found.update(getattr(module, "__all__", None) or dir(module))
    return sorted(one for one in found if isinstance(one, str) and one != "__init__")


def module_completion(line: str) -> list[str]:
    """Returns the matches at the end of an import statement."""
    reply = complete_import(line, line, {})
    if reply is None:
        return []
    word = line.split(" ")[-1]
    kept = word[: len(word) - reply.length]
    return [kept + match for match in reply.matches]


def module_completer(self: Any, event: Any) -> list[str]:
    """Completes an import statement, as a hook."""
    return module_completion(event.line)


def _argument(event: Any) -> list[str]:
    reply = complete_argument(event.line)
    if reply is None:
        return []
    word = event.line.split(" ")[-1].lstrip("'\"")
    kept = word[: len(word) - reply.length]
    return [kept + match for match in reply.matches]


def cd_completer(self: Any, event: Any) -> list[str]:
    """Completes the directory of `%cd`, as a hook."""
    return _argument(event)


def magic_run_completer(self: Any, event: Any) -> list[str]:
    """Completes the file of `%run`, as a hook."""
    return _argument(event)


def reset_completer(self: Any, event: Any) -> list[str]:
    """Completes the arguments of `%reset`, as a hook."""
    return _argument(event)


def quick_completer(cmd: str, completions: Any) -> None:
    """Completes the arguments of a command with words, given as a list or as one str."""
    from IPython import get_ipython

    words = completions.split() if isinstance(completions, str) else list(completions)
    get_ipython().set_hook("complete_command", lambda self, event: words, str_key=cmd)
