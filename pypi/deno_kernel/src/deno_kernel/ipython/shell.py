"""The object that get_ipython() returns, with the interface of IPython's InteractiveShell."""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..current import running_shell
from ..execution.callbacks import ExecutionResult
from ..host.executions import current_execution
from ..source import interactivity
from .traits import Choice

if TYPE_CHECKING:
    from ..kernel import Kernel
    from .magic_registry import MagicRegistry


# A name that is followed by a space or nothing, and not by an assignment, on the only line of a cell.
_AUTOMAGIC = re.compile(r"([A-Za-z_]\w*+)(?:[ \t]++(?![-+*/%@&|^:<>]{0,2}=(?!=)|[,:]).*+)?\Z")


class KernelFacade:
    """A `KernelFacade` is `get_ipython().kernel`, with the parts of ipykernel's kernel that libraries use."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.comm_manager = kernel.comms
        self.shell: InteractiveShell | None = None

    def get_parent(self, channel: str | None = None) -> dict[str, Any]:
        """Returns the header of the request that is being executed, as a message."""
        execution = current_execution.get()
        if execution is None:
            return {}
        return {"header": {"msg_id": execution.id, "msg_type": "execute_request"}, "metadata": {}}

    _parent_header = property(get_parent)

    def raw_input(self, prompt: str = "") -> str:
        """Asks the client, as `input` does."""
        return self._kernel.stdin.input(prompt)

    def getpass(self, prompt: str = "") -> str:
        """Asks the client, as `getpass.getpass` does."""
        return self._kernel.stdin.getpass(prompt)


class Config(dict[str, Any]):
    """A `Config` has its keys as attributes, and makes sections on first use: `config.InlineBackend.figure_formats`."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.setdefault(name, Config())

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


class InteractiveShell:
    """An `InteractiveShell` is the user's interface to a kernel."""

    ast_node_interactivity = Choice(interactivity.DEFAULT, interactivity.CHOICES)
    colors = "Linux"
    autocall = 0
    automagic = True
    banner1 = ""

    def __init__(
        self, kernel: Kernel, magic_groups: Mapping[str, str], own_extensions: Mapping[str, str] | None = None
    ) -> None:
        self._kernel = kernel
        self._magic_groups = magic_groups
        self.kernel = KernelFacade(kernel)
        self.kernel.shell = self
        self.config = Config()
        self.events = kernel.callbacks
        self.display_formatter = kernel.display_formatter
        self.display_pub = kernel.display_pub
        self.displayhook = kernel.results.hook
        self.user_module = kernel.namespace.module
        self.user_ns = kernel.namespace.names
        self.user_ns_hidden = kernel.namespace.hidden
        self.payload_manager = SimpleNamespace(write_payload=self.write_payload)
        self._magics: MagicRegistry | None = None
        self._own_extensions = own_extensions or {}
        self._extensions: set[str] = set()
        self._skipped_extensions: set[str] = set()
        self.dir_stack: list[str] = []

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__qualname__} of deno_kernel>"

    def get_ipython(self) -> InteractiveShell:
        """Returns this shell."""
        return self

    @classmethod
    def instance(cls, *args: Any, **kwargs: Any) -> InteractiveShell:
        """Returns the shell of this process; raises RuntimeError if there is none."""
        shell = running_shell()
        if shell is None:
            raise RuntimeError("No kernel is running")
        return shell

    @classmethod
    def initialized(cls) -> bool:
        """Returns true if this process has a shell."""
        return running_shell() is not None

    @property
    def execution_count(self) -> int:
        """The number of the cell that runs, or of the last one."""
        return self._kernel.runner.count

    @property
    def magics_manager(self) -> MagicRegistry:
        """The registry of magics."""
        if self._magics is None:
            from .magic_registry import MagicRegistry

            self._magics = MagicRegistry(self, self._magic_groups)
        return self._magics

    # Code

    def run_cell(
        self, raw_cell: str, store_history: bool = False, silent: bool = False, **options: Any
    ) -> ExecutionResult:
        """Runs code as a part of the running cell; an error is shown, and is in the result."""
        from .nested import run_nested

        return run_nested(self._kernel, raw_cell, silent=silent)

    async def run_cell_async(self, raw_cell: str, **options: Any) -> ExecutionResult:
        """Does the same as `run_cell` without blocking the event loop."""
        from .nested import run_nested_async

        return await run_nested_async(self._kernel, raw_cell, silent=bool(options.get("silent")))

    def ev(self, expr: str) -> Any:
        """Returns the value of an expression in the user's namespace."""
        return eval(expr, self.user_ns)

    def ex(self, cmd: str) -> None:
        """Runs statements in the user's namespace."""
        exec(cmd, self.user_ns)

    def push(self, variables: Any, interactive: bool = True) -> None:
        """Sets variables in the user's namespace; %who does not list them unless `interactive`."""
        if isinstance(variables, str):
            variables = variables.split()
        if isinstance(variables, (list, tuple)):
            frame = sys._getframe(1)
            variables = {name: frame.f_locals.get(name, frame.f_globals.get(name)) for name in variables}
        self.user_ns.update(variables)
        (self.user_ns_hidden.difference_update if interactive else self.user_ns_hidden.update)(variables)

    def drop_by_id(self, variables: dict[str, Any]) -> None:
        """Removes variables whose values are still the given objects."""
        for name, value in variables.items():
            if self.user_ns.get(name) is value:
                del self.user_ns[name]

    def reset(self, new_session: bool = True, aggressive: bool = False) -> None:
        """Empties the user's namespace."""
        self._kernel.namespace.reset()

    def transform_cell(self, raw_cell: str) -> str:
        """Returns a cell with its magics turned into Python."""
        from ..source.transform import transform_cell

        return transform_cell(raw_cell)

    def with_automagic(self, code: str) -> str:
        """Returns a cell of one line that is a line magic without `%` with it, and other cells unchanged."""
        line = code.strip()
        match = _AUTOMAGIC.match(line) if self.automagic and "\n" not in line else None
        if match is None:
            return code
        name = match[1]
        if name in self.user_ns or hasattr(builtins, name) or keyword.iskeyword(name):
            return code
        return f"%{line}" if self.magics_manager.find(name) is not None else code

    def check_complete(self, code: str) -> tuple[str, str]:
        """Returns `complete`, `incomplete` or `invalid`, and the indentation of the next line."""
        from ..source.completeness import check_complete

        return check_complete(code)

    def complete(self, text: str, line: str | None = None, cursor_pos: int | None = None) -> tuple[str, list[str]]:
        """Returns the text that a match would replace, and the matches."""
        from ..introspection.completion import complete

        code = text if line is None else line
        position = len(code) if cursor_pos is None else cursor_pos
        reply = complete(self.user_ns, code, position)
        return code[reply["cursorStart"] : position], reply["matches"]

    # Magics

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Runs the line magic `%name line` and returns its value."""
        return self.magics_manager.run_line(magic_name, line)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Runs the cell magic `%%name line` with a cell and returns its value."""
        return self.magics_manager.run_cell(magic_name, line, cell)

    def magic(self, arg_s: str) -> Any:
        """Runs a line magic that is written in one str."""
        name, _, rest = arg_s.lstrip("%").partition(" ")
        return self.run_line_magic(name, rest)

    def register_magic_function(self, func: Any, magic_kind: str = "line", magic_name: str | None = None) -> None:
        """Makes a function a magic of the kind "line", "cell" or "line_cell"."""
        self.magics_manager.register_function(func, magic_kind, magic_name)

    def register_magics(self, *magics: Any) -> None:
        """Registers subclasses of Magics, or their instances."""
        self.magics_manager.register(*magics)

    def find_line_magic(self, magic_name: str) -> Any:
        """Returns the function of a line magic; None if there is none."""
        return self.magics_manager.find(magic_name, "line")

    def find_cell_magic(self, magic_name: str) -> Any:
        """Returns the function of a cell magic; None if there is none."""
        return self.magics_manager.find(magic_name, "cell")

    def find_magic(self, magic_name: str, magic_kind: str = "line") -> Any:
        """Returns the function of a magic; None if there is none."""
        return self.magics_manager.find(magic_name, magic_kind)

    # Output and the rest

    def write_payload(self, data: dict[str, Any], single: bool = True) -> None:
        """Adds a payload to the reply of the cell; with `single`, it replaces one of the same source."""
        execution = current_execution.get()
        if execution is None or execution.finished:
            return
        if single:
            execution.payload[:] = [old for old in execution.payload if old.get("source") != data.get("source")]
        execution.payload.append(data)

    def set_next_input(self, s: str, replace: bool = False) -> None:
        """Makes the front end put text into the next cell, or with `replace` into this one."""
        self.write_payload({"source": "set_next_input", "text": s, "replace": replace})

    def showtraceback(
        self, exc_tuple: Any = None, filename: Any = None, tb_offset: Any = None, exception_only: bool = False,
        running_compiled_code: bool = False,
    ) -> None:  # fmt: skip
        """Shows an exception as output of the cell: the given one, or else the present or last one."""
        error = exc_tuple[1] if exc_tuple else sys.exc_info()[1] or getattr(sys, "last_value", None)
        if error is None:
            print("No traceback has been produced, nothing to show", file=sys.stderr)
            return
        shown = self._kernel.tracebacks.format(error, exc_tuple[2] if exc_tuple else None)
        lines = shown.traceback[-1:] if exception_only else shown.traceback
        self._kernel.events.send(
            "execute_error", {"ename": shown.ename, "evalue": shown.evalue, "traceback": lines}
        )

    def showsyntaxerror(self, filename: Any = None, running_compiled_code: bool = False) -> None:
        """Shows the present SyntaxError."""
        self.showtraceback()

    def set_custom_exc(self, exc_tuple: Any, handler: Any) -> None:
        """Does nothing; custom handlers of exceptions are not supported."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Does nothing, because there is no window system."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str, str]:
        """Makes figures appear in the output of cells; returns the names of the GUI and the backend."""
        self.run_line_magic("matplotlib", "inline")
        return "inline", "module://deno_kernel.figures.matplotlib_backend"

    def system(self, cmd: str) -> None:
        """Runs `pip` as `%pip` does; raises UsageError for other commands, because there are no processes."""
        from .magic import UsageError

        from ..packages.pip_commands import pip_commands

        commands = pip_commands(cmd)
        if commands is None:
            raise UsageError(f"Cannot run the shell command {cmd!r}: this kernel has no processes")
        for words in commands:
            self.run_line_magic("pip", words)

    system_raw = system_piped = getoutput = system

    def var_expand(self, cmd: str, depth: int = 0) -> str:
        """Returns a command with `{expression}` and `$name` replaced by their values."""
        from .magic_registry import expand

        return expand(cmd, self.user_ns)

    def object_inspect(self, oname: str, detail_level: int = 0) -> dict[str, Any]:
        """Returns the description of an object, by its name, as an inspection reply."""
        from ..introspection.inspection import describe

        return describe(self._kernel.namespace.names, oname, detail_level)

    def load_extension(self, module_str: str) -> str | None:
        """Imports an IPython extension and calls its `load_ipython_extension`; returns None, or a reason."""
        if module_str in self._extensions:
            return "already loaded"
        load = getattr(self._extension(module_str), "load_ipython_extension", None)
        if load is None:
            return "no load function"
        load(self)
        self._extensions.add(module_str)
        return None

    def unload_extension(self, module_str: str) -> str | None:
        """Calls the `unload_ipython_extension` of an extension; returns None, or a reason."""
        if module_str not in self._extensions:
            return "not loaded"
        self._extensions.discard(module_str)
        unload = getattr(self._extension(module_str), "unload_ipython_extension", None)
        if unload is None:
            return "no unload function"
        unload(self)
        return None

    def _extension(self, name: str) -> Any:
        import importlib

        return importlib.import_module(self._own_extensions.get(name.removeprefix("IPython.extensions."), name))

    def note_skipped_extension(self, name: str) -> bool:
        """Notes an extension that is not installed and not needed; returns true the first time."""
        new = name not in self._skipped_extensions
        self._skipped_extensions.add(name)
        return new

    @property
    def extension_manager(self) -> Any:
        """The extension manager, which can load extensions and knows the loaded ones."""
        return SimpleNamespace(
            load_extension=self.load_extension, unload_extension=self.unload_extension, loaded=self._extensions
        )
