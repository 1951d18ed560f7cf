"""The part of the shell that finds, transforms and runs code."""

from __future__ import annotations

import ast
import builtins
import keyword
import os
import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..execution.callbacks import ExecutionResult
from .transformer_manager import Lines, TransformerManager

if TYPE_CHECKING:
    from ..kernel import Kernel
    from .magic_registry import MagicRegistry

# A name that is followed by a space or nothing, and not by an assignment, on the only line of a cell.
_AUTOMAGIC = re.compile(r"([A-Za-z_]\w*+)(?:[ \t]++(?![-+*/%@&|^:<>]{0,2}=(?!=)|[,:]).*+)?\Z")
# A callable and its arguments, as autocall takes them.
_CALL = re.compile(r"([A-Za-z_][\w.]*+)(?:[ \t]++(?![-+*/%@&|^:<>!]{0,2}=|[-+*/%@&|^<>,:.;()\[]|(?:in|is|not|and|or|if|else|for)\b)(.++))?\Z")


class CodeRunning:
    """A `CodeRunning` runs code in the user's namespace."""

    _kernel: Kernel
    user_ns: dict[str, Any]
    automagic: Any
    autocall: Any
    magics_manager: MagicRegistry

    def __init__(self) -> None:
        self.input_transformer_manager = TransformerManager()
        self._main_modules: dict[str, ModuleType] = {}
        self.tempfiles: list[str] = []

    @property
    def input_transformers_cleanup(self) -> list[Lines]:
        """The functions that change the lines of a cell before magics become calls."""
        return self.input_transformer_manager.cleanup_transforms

    @property
    def input_transformers_post(self) -> list[Lines]:
        """The functions that change the lines of a cell after magics have become calls."""
        return self.input_transformer_manager.line_transforms

    @property
    def ast_transformers(self) -> list[ast.NodeTransformer]:
        """The objects whose `visit` changes the syntax tree of every cell."""
        return self._kernel.compiler.ast_transformers

    @ast_transformers.setter
    def ast_transformers(self, transformers: list[ast.NodeTransformer]) -> None:
        self._kernel.compiler.ast_transformers = transformers

    def run_cell(
        self, raw_cell: str, store_history: bool = False, silent: bool = False, shell_futures: bool = True, **options: Any
    ) -> ExecutionResult:
        """Runs code as a part of the running cell; an error is shown, and is in the result.

        With `store_history`, the code is a cell of its own: it has the next number, and is in `In` and `Out`.
        """
        from .nested import NestedCell, run_nested

        return run_nested(self._kernel, NestedCell(self._kernel, raw_cell, silent, store_history, self.prepared))

    async def run_cell_async(
        self, raw_cell: str, store_history: bool = False, silent: bool = False, shell_futures: bool = True, **options: Any
    ) -> ExecutionResult:
        """Does the same as `run_cell` without blocking the event loop."""
        from .nested import NestedCell, run_nested_async

        cell = NestedCell(self._kernel, raw_cell, silent, store_history, self.prepared)
        return await run_nested_async(self._kernel, cell)

    def should_run_async(self, raw_cell: str, **options: Any) -> bool:
        """Returns true if a cell awaits something at its top level."""
        from ..source.compiler import needs_await

        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        try:
            return needs_await(compile(self.transform_cell(raw_cell), "<cell>", "exec", flags))
        except (SyntaxError, ValueError):
            return False

    async def run_ast_nodes(
        self, nodelist: list[ast.stmt], cell_name: str, interactivity: str = "last_expr", compiler: Any = compile,
        result: ExecutionResult | None = None,
    ) -> bool:  # fmt: skip
        """Runs statements in the user's namespace; returns true if one failed, and shows the error."""
        last = len(nodelist) - 1
        for index, node in enumerate(nodelist):
            shown = interactivity == "all" or index == last and (interactivity == "last" or isinstance(node, ast.Expr))
            single = shown and interactivity != "none"
            tree: Any = ast.Interactive([node]) if single else ast.Module([node], [])
            if await self.run_code(compiler(tree, cell_name, "single" if single else "exec"), result):
                return True
        return False

    async def run_code(self, code_obj: Any, result: ExecutionResult | None = None, *, async_: bool = False) -> bool:
        """Runs a code object in the user's namespace; returns true if it failed, and shows the error."""
        from ..source.compiler import needs_await

        try:
            value = eval(code_obj, self.user_ns)
            if needs_await(code_obj):
                await value
        except Exception as error:
            if result is not None:
                result.error_in_exec = error
            self.showtraceback((type(error), error, error.__traceback__))  # type: ignore[attr-defined]
            return True
        return False

    runcode = run_code

    def ev(self, expr: str) -> Any:
        """Returns the value of an expression in the user's namespace."""
        return eval(expr, self.user_ns)

    def ex(self, cmd: str) -> None:
        """Runs statements in the user's namespace."""
        exec(cmd, self.user_ns)

    # Transformations

    def transform_cell(self, raw_cell: str) -> str:
        """Returns a cell as Python: the user's transformers, and the magics between them."""
        return self.input_transformer_manager.transform_cell(raw_cell)

    def transform_ast(self, node: ast.AST) -> ast.AST:
        """Returns a syntax tree after `ast_transformers` have changed it."""
        return self._kernel.compiler.transformed_tree(node)

    def prepared(self, code: str) -> str:
        """Returns a cell as it is compiled: with the user's transformers if there are any, and with automagic."""
        if self.input_transformer_manager.in_use:
            code = self.transform_cell(code)
        return self.with_automagic(code)

    def with_automagic(self, code: str) -> str:
        """Returns a cell of one line that is a line magic without `%` with it, and other cells unchanged."""
        line = code.strip()
        if "\n" in line or not (self.automagic or self.autocall):
            return code
        match = _AUTOMAGIC.match(line) if self.automagic else None
        if match is not None:
            name = match[1]
            if name in self.user_ns or hasattr(builtins, name) or keyword.iskeyword(name):
                match = None
        if match is not None and self.magics_manager.find(match[1]) is not None:
            return f"%{line}"
        return self._with_autocall(line) if self.autocall else code

    def _with_autocall(self, line: str) -> str:
        """Returns `f(x)` for the line `f x` if f is something callable; with autocall 2, `f()` for `f` too."""
        match = _CALL.match(line)
        if match is None or keyword.iskeyword(match[1]) or (match[2] is None and self.autocall < 2):
            return line
        from ..introspection.evaluation import NotKnown, value_of

        try:
            known = callable(value_of(match[1], self.user_ns))
        except NotKnown:
            known = callable(getattr(builtins, match[1], None))
        if not known:
            return line
        call = f"{match[1]}({(match[2] or '').rstrip()})"
        print(f"------> {call}")
        return call

    def check_complete(self, code: str) -> tuple[str, str]:
        """Returns `complete`, `incomplete` or `invalid`, and the indentation of the next line."""
        from ..source.completeness import check_complete

        return check_complete(code)

    # Files and earlier cells

    def safe_execfile(
        self, fname: Any, *where: dict[str, Any], exit_ignore: bool = False, raise_exceptions: bool = False,
        shell_futures: bool = False,
    ) -> None:  # fmt: skip
        """Runs a file in the given namespaces; shows an exception unless it is to be raised."""
        path = os.path.abspath(os.path.expanduser(os.fspath(fname)))
        if not os.path.isfile(path):
            print(f"Could not open file <{path}> for safe execution.", file=sys.stderr)
            return
        from ..source.files import read_source

        sys.path.insert(0, os.path.dirname(path))
        try:
            exec(compile(read_source(path), path, "exec"), *(where or (self.user_ns,)))
        except SystemExit as left:
            if raise_exceptions:
                raise
            if left.code and not exit_ignore:
                self.showtraceback(exception_only=True)  # type: ignore[attr-defined]
        except Exception:
            if raise_exceptions:
                raise
            self.showtraceback()  # type: ignore[attr-defined]
        finally:
            sys.path.remove(os.path.dirname(path))

    def safe_execfile_ipy(self, fname: Any, shell_futures: bool = False, raise_exceptions: bool = False) -> None:
        """Runs a file with magics (.ipy), or the cells of a notebook, in the user's namespace."""
        path = os.path.abspath(os.path.expanduser(os.fspath(fname)))
        from ..source.files import cells_of

        try:
            cells = cells_of(path)
        except OSError:
            print(f"Could not open file <{path}> for safe execution.", file=sys.stderr)
            return
        for cell in cells:
            result = self.run_cell(cell, silent=True)
            if raise_exceptions:
                result.raise_error()
            elif not result.success:
                break

    def safe_run_module(self, mod_name: str, where: dict[str, Any]) -> None:
        """Runs a module as `python -m` does, and puts its names into a namespace; shows an exception."""
        import runpy

        try:
            where.update(runpy.run_module(str(mod_name), run_name="__main__", alter_sys=True))
        except SystemExit as left:
            if left.code:
                self.showtraceback(exception_only=True)  # type: ignore[attr-defined]
        except Exception:
            self.showtraceback()  # type: ignore[attr-defined]

    def new_main_mod(self, filename: str, modname: str) -> ModuleType:
        """Returns an empty module for a script; the same file gets the same module again."""
        module = self._main_modules.setdefault(os.path.abspath(filename), ModuleType(modname))
        module.__dict__.clear()
        module.__dict__.update({"__name__": modname, "__file__": filename})
        return module

    def clear_main_mod_cache(self) -> None:
        """Forgets the modules of `new_main_mod`."""
        self._main_modules.clear()

    def mktempfile(self, data: str | None = None, prefix: str = "ipython_edit_") -> str:
        """Returns the path of a new temporary file, with text if some is given."""
        import tempfile

        handle, path = tempfile.mkstemp(".py", prefix)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(data or "")
        self.tempfiles.append(path)
        return path

    def extract_input_lines(self, range_str: str, raw: bool = False) -> str:
        """Returns the cells of ranges such as `1 3-5`, one after the other."""
        rows = self.history_manager.get_range_by_str(range_str, raw=raw)  # type: ignore[attr-defined]
        return "\n".join(text for _, _, text in rows)

    def find_user_code(
        self, target: str, raw: bool = True, py_only: bool = False, skip_encoding_cookie: bool = True, search_ns: bool = False
    ) -> str:
        """Returns the text of earlier cells, of a file, or of a str or macro of the user; raises ValueError otherwise."""
        code = self.extract_input_lines(target, raw=raw)
        if code:
            return code
        from .user_code import user_code

        return user_code(self, target)
