"""The extension `autoreload`: modules whose files have changed are loaded again before a cell runs."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import types
import weakref
from typing import Any

from ..ipython.magic import Magics, UsageError, line_magic, magics_class

OFF, MARKED, ALL = "0", "1", "2"
_MODES = {"": "now", "now": "now", "0": OFF, "off": OFF, "1": MARKED, "explicit": MARKED, "2": ALL, "all": ALL, "3": ALL, "complete": ALL}


class Reloader:
    """A `Reloader` loads changed modules again, and puts the new code into functions and classes that are in use."""

    def __init__(self) -> None:
        self.mode = OFF
        self.marked: set[str] = set()
        self.skipped: set[str] = {"__main__", "__mp_main__", "builtins"}
        self._times: dict[str, int] = {}
        self._failed: dict[str, int] = {}
        self._versions: dict[tuple[str, str], list[weakref.ref[Any]]] = {}
        """The functions and classes of modules, by module and name, from all the times that these were loaded."""

    def check(self, every: bool = False) -> None:
        """Loads the changed modules again: all of them, or only those that are marked; an error is printed."""
        if self.mode == OFF and not every:
            return
        for name, module in list(sys.modules.items()):
            time = self._changed(name, module)
            if time is None or self._failed.get(name) == time:
                continue
            if not every and self.mode == MARKED and name not in self.marked:
                continue
            try:
                self._reload(module)
                self._times[name] = time
                self._failed.pop(name, None)
            except Exception as error:
                self._failed[name] = time
                print(f"[autoreload of {name} failed: {type(error).__name__}: {error}]", file=sys.stderr)

    def _reload(self, module: types.ModuleType) -> None:
        """Loads a module again, and gives its new code to all that was imported from it at any time before."""
        for name, old in reload(module).items():
            new = vars(module).get(name)
            if new is None or new is old or getattr(old, "__module__", None) != module.__name__:
                continue
            try:
                version = weakref.ref(old)
            except TypeError:  # This is a value such as a number or a text, which has no code.
                continue
            versions = self._versions.setdefault((module.__name__, name), [])
            versions[:] = [kept for kept in versions if kept() is not None] + [version]
            for earlier in [kept() for kept in versions]:
                if earlier is not None and earlier is not new:
                    update(earlier, new)

    def note(self) -> None:
        """Notes the times of the files of modules that are new."""
        for name, module in list(sys.modules.items()):
            if name not in self._times:
                time = _time_of(module)
                if time is not None:
                    self._times[name] = time

    def _changed(self, name: str, module: Any) -> int | None:
        """Returns the time of the file of a module that has changed since it was loaded; None for any other module."""
        if name in self.skipped or name.partition(".")[0] == "deno_kernel":
            return None
        time = _time_of(module)
        if time is None or time == self._times.setdefault(name, time):
            return None
        return time


def _time_of(module: Any) -> int | None:
    path = getattr(module, "__file__", None)
    if not isinstance(module, types.ModuleType) or not isinstance(path, str) or not path.endswith(".py"):
        return None
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None


def reload(module: types.ModuleType) -> dict[str, Any]:
    """Loads a module again and returns what it contained before; a failed load leaves it unchanged."""
    before = dict(vars(module))
    for name in [name for name in before if not name.startswith("__")]:
        del vars(module)[name]
    try:
        importlib.reload(module)
    except BaseException:
        vars(module).update(before)
        raise
    return before


def update(old: Any, new: Any) -> None:
    """Gives an old function, property or class the code of a new one."""
    if isinstance(old, types.FunctionType) and isinstance(new, types.FunctionType):
        if old.__code__.co_freevars == new.__code__.co_freevars:
            for name in ("__code__", "__defaults__", "__kwdefaults__", "__doc__", "__annotations__"):
                setattr(old, name, getattr(new, name))
            old.__dict__.update(new.__dict__)
    elif isinstance(old, type) and isinstance(new, type):
        _update_class(old, new)
    elif isinstance(old, (staticmethod, classmethod)) and type(old) is type(new):
        update(old.__func__, new.__func__)  # type: ignore[attr-defined]
    elif isinstance(old, property) and isinstance(new, property):
        for name in ("fget", "fset", "fdel"):
            update(getattr(old, name), getattr(new, name))


def _update_class(old: type, new: type) -> None:
    for name in list(vars(old)):
        value = vars(old)[name]
        if name not in vars(new):
            if not name.startswith("__"):
                _set(old, name)
            continue
        update(value, vars(new)[name])
    for name, value in vars(new).items():
        if name not in ("__dict__", "__weakref__", "__doc__", "__module__") and not isinstance(
            value, types.MemberDescriptorType
        ):
            _set(old, name, value)
    for instance in gc.get_referrers(old):
        if type(instance) is old:
            try:
                instance.__class__ = new
            except TypeError:
                continue


def _set(cls: type, name: str, *value: Any) -> None:
    try:
        setattr(cls, name, *value) if value else delattr(cls, name)
    except (AttributeError, TypeError):
        pass  # This attribute cannot be changed, such as one of a slot.


@magics_class
class AutoreloadMagics(Magics):
    """An `AutoreloadMagics` has the magics of the extension."""

    def __init__(self, shell: Any = None, **options: Any) -> None:
        super().__init__(shell, **options)
        self._reloader = Reloader()
        self._reloader.note()

    def pre_run_cell(self, *info: Any) -> None:
        """Loads changed modules again."""
        self._reloader.check()

    def post_execute_hook(self, *info: Any) -> None:
        """Notes the modules that the cell has imported."""
        self._reloader.note()

    @line_magic
    def autoreload(self, line: str = "") -> None:
        """Loads changed modules again before each cell: `%autoreload 2`; 1 only those of %aimport, 0 none.

        Without an argument, changed modules are loaded again now.
        """
        words = [word for word in line.split() if word not in ("-p", "--print", "-l", "--log")]
        mode = _MODES.get(" ".join(words).lower())
        if mode is None:
            raise UsageError(f"%autoreload: unrecognized mode {line.strip()!r}; there are 0, 1, 2 and now")
        if mode == "now":
            self._reloader.check(every=True)
        else:
            self._reloader.mode = mode

    @line_magic
    def aimport(self, line: str = "", stream: Any = None) -> None:
        """Imports modules and marks them for `%autoreload 1`: `%aimport a, b`; `-a` is never loaded again."""
        names = [name.strip() for name in line.split(",") if name.strip()]
        if not names:
            print(f"Modules to reload:\n{' '.join(sorted(self._reloader.marked)) or 'all-except-skipped'}", file=stream)
            print(f"\nModules to skip:\n{' '.join(sorted(self._reloader.skipped))}", file=stream)
        for name in names:
            if name.startswith("-"):
                self._reloader.skipped.add(name[1:].strip())
                continue
            importlib.import_module(name)
            self._reloader.note()
            self._reloader.marked.add(name)
            self._reloader.skipped.discard(name)
            top = name.partition(".")[0]
            self.shell.user_ns[top] = sys.modules[top]


def load_ipython_extension(shell: Any) -> None:
    """Registers the magics and callbacks of the extension."""
    magics = AutoreloadMagics(shell)
    shell.register_magics(magics)
    shell.events.register("pre_run_cell", magics.pre_run_cell)
    shell.events.register("post_execute", magics.post_execute_hook)
