"""The object that get_ipython() returns, with the interface of IPython's InteractiveShell."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..current import running_shell
from ..execution.callbacks import ExecutionResult
from ..host.executions import current_execution
from ..source import interactivity
from .kernel_facade import IPythonKernel
from .managers import Managers
from .shell_code import CodeRunning
from .shell_errors import ErrorShowing
from .traceback_printer import MODES
from .traits import Choice, HasTraits, Trait

if TYPE_CHECKING:
    from ..kernel import Kernel

_ONE_SESSION = "history is kept for this session only"
_NO_PROMPTS = "prompts belong to the front end"
_NOT_LOGGED = "the notebook is the log"


class Config(dict[str, Any]):
    """A `Config` has its keys as attributes, and makes sections on first use: `config.InlineBackend.figure_formats`."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.setdefault(name, type(self)())

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __missing__(self, name: str) -> Any:
        if not name[:1].isupper():
            raise KeyError(name)
        return self.setdefault(name, type(self)())


class InteractiveShell(HasTraits, CodeRunning, ErrorShowing, Managers):
    """An `InteractiveShell` is the user's interface to a kernel."""

    ast_node_interactivity = Choice(interactivity.DEFAULT, interactivity.CHOICES)
    automagic = Trait(True, bool)
    autocall = Choice(0, (0, 1, 2))
    autoawait = Choice(True, (True,))
    autoindent = Trait(False, int, inert=_NO_PROMPTS)
    banner1 = Trait("", str, inert="the front end writes the banner")
    banner2 = Trait("", str, inert="the front end writes the banner")
    cache_size = Trait(1000, int, inert="all values of cells are kept")
    color_info = Trait(True, bool, inert="the front end decides about colours")
    colors = Choice("Neutral", ("Neutral", "NoColor", "LightBG", "Linux"), fold=True)
    debug = Trait(False, bool, inert="there is nothing more to log")
    disable_failing_post_execute = Trait(False, bool, inert="callbacks stay registered when they fail")
    display_page = Trait(False, bool)
    enable_html_pager = Trait(False, bool, inert="pages are sent as text")
    history_length = Trait(10000, int, inert=_ONE_SESSION)
    history_load_length = Trait(1000, int, inert=_ONE_SESSION)
    ipython_dir = Trait("", str, inert="there are no profiles")
    logappend = Trait("", str, inert=_NOT_LOGGED)
    logfile = Trait("", str, inert=_NOT_LOGGED)
    logstart = Trait(False, bool, inert=_NOT_LOGGED)
    loop_runner = Trait(None, object, inert="cells run on the one event loop")
    object_info_string_level = Choice(0, (0, 1, 2), inert="help is always whole")
    pdb = Trait(False, bool)
    quiet = Trait(False, bool, inert="a semicolon hides the value of a cell")
    separate_in = Trait("", str, inert=_NO_PROMPTS)
    separate_out = Trait("", str, inert=_NO_PROMPTS)
    separate_out2 = Trait("", str, inert=_NO_PROMPTS)
    show_rewritten_input = Trait(True, bool)
    sphinxify_docstring = Choice(False, (False,))
    warn_venv = Trait(True, bool, inert="there are no virtual environments")
    wildcards_case_sensitive = Trait(True, bool, inert="patterns tell small letters from capitals")
    xmode = Choice("Context", MODES, fold=True)
    kernel = Trait(None, config=False)
    config = Trait(None, config=False)
    parent = Trait(None, config=False)

    def __init__(
        self, kernel: Kernel, magic_groups: Mapping[str, str], own_extensions: Mapping[str, str] | None = None
    ) -> None:
        self._kernel = kernel
        self.kernel = IPythonKernel(kernel, self)
        self.config = Config()
        self.config["IPKernelApp"] = Config()
        self.events = kernel.callbacks
        self.display_formatter = kernel.display_formatter
        self.display_pub = kernel.display_pub
        self.displayhook = kernel.results
        self.user_module = kernel.namespace.module
        self.user_ns = kernel.namespace.names
        self.user_ns_hidden = kernel.namespace.hidden
        self.payload_manager = SimpleNamespace(write_payload=self.write_payload)
        self.dir_stack: list[str] = []
        self.configurables: list[Any] = [self]
        self.meta: dict[str, Any] = {}
        self.builtin_trap = self.display_trap = nullcontext(self)
        CodeRunning.__init__(self)
        ErrorShowing.__init__(self)
        Managers.__init__(self, magic_groups, own_extensions or {})
        self.observe(self._apply, ["colors", "xmode"])

    def _apply(self, change: Any) -> None:
        tracebacks = self._kernel.tracebacks
        if change["name"] == "xmode":
            tracebacks.mode = change["new"]
        else:
            tracebacks.coloured = change["new"] != "NoColor"
            self.InteractiveTB.color_scheme = change["new"]

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
        """The number of the cell that runs, or of the last one. The next cell has the next number."""
        return self._kernel.runner.count

    @execution_count.setter
    def execution_count(self, count: int) -> None:
        self._kernel.runner.count = int(count)

    @property
    def last_execution_result(self) -> ExecutionResult | None:
        """The result of the last cell that ended; None before one did."""
        return self._kernel.runner.last_result

    @property
    def last_execution_succeeded(self) -> bool:
        """True if the last cell ran to its end."""
        result = self.last_execution_result
        return result is None or result.success

    @property
    def banner(self) -> str:
        """The text that a console shows first."""
        return self.banner1 or f"Python {sys.version}\n"

    # The user's namespace

    @property
    def user_global_ns(self) -> dict[str, Any]:
        """The global names of the user, which are those of the user's module."""
        return self.user_module.__dict__

    @property
    def ns_table(self) -> dict[str, dict[str, Any]]:
        """The namespaces in which a name is looked up."""
        import builtins

        return {"user_global": self.user_global_ns, "user_local": self.user_ns, "builtin": builtins.__dict__}

    @property
    def all_ns_refs(self) -> list[dict[str, Any]]:
        """The namespaces that hold references to the user's objects."""
        return [self.user_ns, self.user_global_ns, self.user_ns_hidden]

    def get_local_scope(self, stack_depth: int) -> dict[str, Any]:
        """Returns the local names of the caller, or of a frame further up."""
        return sys._getframe(stack_depth + 1).f_locals

    def push(self, variables: Any, interactive: bool = True) -> None:
        """Sets variables in the user's namespace; %who does not list them unless `interactive`."""
        if isinstance(variables, str):
            variables = variables.split()
        if isinstance(variables, (list, tuple)):
            frame = sys._getframe(1)
            variables = {name: frame.f_locals.get(name, frame.f_globals.get(name)) for name in variables}
        elif not isinstance(variables, dict):
            raise ValueError("vars must be a dict/str/list/tuple")
        self.user_ns.update(variables)
        (self.user_ns_hidden.difference_update if interactive else self.user_ns_hidden.update)(variables)

    def drop_by_id(self, variables: dict[str, Any]) -> None:
        """Removes variables whose values are still the given objects."""
        for name, value in variables.items():
            if self.user_ns.get(name) is value:
                del self.user_ns[name]
                self.user_ns_hidden.discard(name)

    def del_var(self, varname: str, by_name: bool = False) -> None:
        """Removes a variable; unless `by_name`, the same object under its other names and in the outputs as well."""
        if varname in ("__builtin__", "__builtins__"):
            raise ValueError(f"Refusing to delete {varname}")
        try:
            value = self.user_ns[varname]
        except KeyError:
            raise NameError(f"name {varname!r} is not defined") from None
        del self.user_ns[varname]
        if by_name:
            return
        self._kernel.namespace.forget_output(value)
        self._kernel.runner.forget(value)
        outputs = self._kernel.namespace.outputs
        for names in (self.user_ns, outputs):
            for name in [name for name, other in names.items() if other is value]:  # type: ignore[attr-defined]
                del names[name]  # type: ignore[attr-defined]

    def reset(self, new_session: bool = True, aggressive: bool = False) -> None:
        """Empties the user's namespace; with `new_session`, the next cell is the first one again."""
        last = self.last_execution_result
        if last is not None:
            self._kernel.runner.forget(last.result)
        self._kernel.namespace.reset()
        self.alias_manager.clear_aliases()

    def reset_selective(self, regex: str | None = None) -> None:
        """Removes the variables whose names match a regular expression; raises TypeError for another object."""
        import re

        if regex is None:
            return
        try:
            matcher = re.compile(regex)
        except TypeError:
            raise TypeError("regex must be a string or compiled pattern") from None
        for name in [name for name in self.user_ns if matcher.search(name)]:
            del self.user_ns[name]

    def define_macro(self, name: str, themacro: Any) -> None:
        """Gives a macro, or the text of one, a name."""
        from .macro import Macro

        if not isinstance(themacro, (str, Macro)):
            raise ValueError("A macro must be a string or a Macro instance.")
        self.user_ns[name] = Macro(themacro) if isinstance(themacro, str) else themacro

    def user_expressions(self, expressions: dict[str, str]) -> dict[str, Any]:
        """Returns the forms of the values of expressions, or their errors, by name."""
        return self._kernel.evaluate_expressions(expressions)

    def var_expand(self, cmd: str, depth: int = 0, formatter: Any = None) -> str:
        """Returns a command with `{expression}` and `$name` replaced by their values, as the calling code sees them."""
        from .magic_registry import expand, names_of_caller

        return expand(cmd, names_of_caller(self.user_ns))

    def complete(self, text: str, line: str | None = None, cursor_pos: int | None = None) -> tuple[str, list[str]]:
        """Returns the text that a match would replace, and the matches."""
        return self.Completer.complete(text, line, cursor_pos)

    def object_inspect(self, oname: str, detail_level: int = 0) -> dict[str, Any]:
        """Returns the parts of the description of an object, by its name; `found` is false if there is none."""
        return self.inspector.named_info(self._kernel.namespace.names, oname, detail_level)

    def object_inspect_mime(self, oname: str, detail_level: int = 0, omit_sections: Any = ()) -> dict[str, Any]:
        """Returns the description of an object by MIME type; raises KeyError if there is none of this name."""
        from ..introspection.inspection import describe

        reply = describe(self._kernel.namespace.names, oname, detail_level)
        if not reply["found"]:
            raise KeyError(oname)
        return reply["data"]

    def _ofind(self, oname: str, namespaces: Any = None) -> Any:
        """Finds what a name stands for, in namespaces that are pairs of a name and a dict, or else in the user's."""
        import builtins

        from .inspector import find_object

        known = namespaces or [("Interactive", self.user_ns), ("Python builtin", vars(builtins))]
        bare = oname.lstrip("%")
        magic = (self.find_line_magic(bare) or self.find_cell_magic(bare)) if bare.isidentifier() else None
        return find_object(oname, known if bare == oname else [], magic)

    def _inspect(self, meth: str, oname: str, namespaces: Any = None, **options: Any) -> Any:
        """Does what the magic `%pinfo`, `%pdoc` and so on does."""
        name = "pinfo2" if meth == "pinfo" and options.get("detail_level") else meth
        return self.run_line_magic(name, oname)

    def object_inspect_text(self, oname: str, detail_level: int = 0) -> str:
        """Returns the description of an object as text; raises KeyError if there is none of this name."""
        return self.object_inspect_mime(oname, detail_level)["text/plain"]

    # Output and the rest

    def get_parent(self) -> dict[str, Any]:
        """Returns the request that is being executed, as a message."""
        return self.kernel.get_parent()

    @property
    def parent_header(self) -> dict[str, Any]:
        """The request that is being executed, as a message."""
        return self.kernel.get_parent()

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

    def auto_rewrite_input(self, cmd: str) -> None:
        """Prints a command as it was understood."""
        if self.show_rewritten_input:
            print(f"------> {cmd}")

    def show_banner(self, banner: str | None = None) -> None:
        """Prints the banner."""
        print(self.banner if banner is None else banner, end="")

    def ask_yes_no(self, prompt: str, default: str | None = None, interrupt: str | None = None) -> bool:
        """Asks the client until the answer is yes or no; an empty answer is the default."""
        from IPython.utils.io import ask_yes_no

        return ask_yes_no(prompt, default, interrupt)

    def enable_gui(self, gui: str | None = None) -> None:
        """Raises NotImplementedError for a window system, because there is none; None and `inline` need nothing."""
        if gui not in (None, "inline", "asyncio", "agg"):
            raise NotImplementedError(f"Cannot enable the event loop of {gui!r}: this kernel has no window system")

    def enable_matplotlib(self, gui: str | None = None) -> tuple[str | None, str]:
        """Makes figures appear in the output of cells; returns the names of the GUI and the backend."""
        self.run_line_magic("matplotlib", gui or "inline")
        return None, "inline"

    def enable_pylab(self, gui: str | None = None, import_all: bool = True, **options: Any) -> tuple[str | None, str, set[str]]:
        """Does what `%pylab` does."""
        self.run_line_magic("pylab", f"{gui or 'inline'}{'' if import_all else ' --no-import-all'}")
        return None, "inline", set()

    def system(self, cmd: str) -> None:
        """Runs `pip` as `%pip` does, and other commands in the kernel's shell; `_exit_code` becomes their status."""
        from ..packages.pip_commands import pip_commands

        commands = pip_commands(cmd, self._kernel.run_shell is not None)
        if commands is None:
            result = self._run_in_shell(cmd, shown=True)
            self.user_ns["_exit_code"] = result.returncode
            return
        self.user_ns["_exit_code"] = 1
        for command in commands:
            command.run(lambda words: self.run_line_magic("pip", words))
        self.user_ns["_exit_code"] = 0

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Returns the lines that a command prints, or with split=False its text; `pip` runs as `%pip` does."""
        from IPython.utils.text import LSString, SList

        from ..packages.pip_commands import pip_commands

        if self._kernel.run_shell is None and pip_commands(cmd) is not None:
            return self.system(cmd)
        result = self._run_in_shell(cmd)
        text = result.stdout + result.stderr
        self.user_ns["_exit_code"] = result.returncode
        return SList(text.splitlines()) if split else LSString(text)

    def _run_in_shell(self, cmd: str, shown: bool = False) -> Any:
        from ..shell.host import run_command
        from .magic import UsageError

        result = run_command(self._kernel, self.var_expand(cmd), shown=shown)
        if result is None:
            raise UsageError(f"Cannot run the shell command {cmd!r}: this kernel has no processes")
        return result

    @property
    def profile(self) -> str:
        """The name of the profile."""
        return "default"

    @property
    def profile_dir(self) -> Any:
        """The directory of the profile, in which `%store` and `%bookmark` keep what they know."""
        from .profile import ProfileDir

        return ProfileDir(os.path.join(os.path.expanduser("~/.ipython"), "profile_default"))

    def set_completer_frame(self, frame: Any = None) -> None:
        """Makes the completer complete in a frame, or again in the user's namespace."""
        self.Completer.namespace = self.user_ns if frame is None else frame.f_locals
        self.Completer.global_namespace = self.user_global_ns if frame is None else frame.f_globals

    def get_path_links(self, p: Any) -> list[str]:
        """Returns the links that a path goes through, and the path at their end."""
        found = [os.fspath(p)]
        while os.path.islink(found[-1]):
            found.append(os.path.join(os.path.dirname(found[-1]), os.readlink(found[-1])))
        return found

    def set_autoindent(self, value: bool | None = None) -> None:
        """Sets whether lines are indented as they are typed, which is up to the front end."""
        self.autoindent = (not self.autoindent) if value is None else bool(value)

    def cleanup(self) -> None:
        """Removes the files of `mktempfile`."""
        for path in self.tempfiles:
            if os.path.exists(path):
                os.unlink(path)
        self.tempfiles.clear()

    def show_usage(self) -> None:
        """Shows a summary of what cells understand beyond Python."""
        self.run_line_magic("quickref", "")

    @property
    def exiter(self) -> Any:
        """The function `exit`."""
        return self.user_ns.get("exit")

    @property
    def starting_dir(self) -> str:
        """The directory in which the kernel has started."""
        directories = self._kernel.namespace.directories
        return directories[0] if directories else os.getcwd()

    @property
    def home_dir(self) -> str:
        """The home directory."""
        return os.path.expanduser("~")

    def ask_exit(self) -> None:
        """Tells the front end that the user wants to leave."""
        self.write_payload({"source": "ask_exit", "keepkernel": False})


class ZMQInteractiveShell(InteractiveShell):
    """A `ZMQInteractiveShell` is the shell of a kernel; libraries know by its name that they are in a notebook."""


InteractiveShell.__module__ = "IPython.core.interactiveshell"
ZMQInteractiveShell.__module__ = "ipykernel.zmqshell"
IPythonKernel.__module__ = "ipykernel.ipkernel"
