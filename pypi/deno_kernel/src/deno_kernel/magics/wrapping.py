"""%code_wrap: code that is put around every later cell."""

from __future__ import annotations

import ast
from typing import Any

from ..ipython.magic import Magics, UsageError, line_cell_magic, magics_class, parse_options


class _Wrapper(ast.NodeTransformer):
    """A `_Wrapper` puts the statements of a cell in the place of `__code__`; `__ret__` is the value of the last one."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.enabled = True
        ast.parse(template)

    def visit_Module(self, node: ast.Module) -> ast.Module:  # noqa: N802 - the name that ast calls
        """Returns the template around a module."""
        if not self.enabled:
            return node
        body = list(node.body)
        if body and isinstance(body[-1], ast.Expr):
            body[-1] = ast.copy_location(ast.Assign([ast.Name("__ret__", ast.Store())], body[-1].value), body[-1])
        else:
            body.append(ast.Assign([ast.Name("__ret__", ast.Store())], ast.Constant(None)))
        whole = _Replacer(body).visit(ast.parse(self.template))
        return ast.fix_missing_locations(whole)


class _Replacer(ast.NodeTransformer):
    def __init__(self, body: list[ast.stmt]) -> None:
        self._body = body

    def visit_Expr(self, node: ast.Expr) -> Any:  # noqa: N802 - the name that ast calls
        return self._body if isinstance(node.value, ast.Name) and node.value.id == "__code__" else node


@magics_class
class WrappingMagics(Magics):
    """A `WrappingMagics` has the magic that puts code around cells."""

    def __init__(self, shell: Any = None, **options: Any) -> None:
        super().__init__(shell, **options)
        self._wrappers: dict[str, _Wrapper] = {}

    @line_cell_magic
    def code_wrap(self, line: str = "", cell: str | None = None) -> None:
        """Puts the code of this cell around every later one: `%%code_wrap name`.

        `__code__` stands for the later cell and `__ret__` for its value; the last line of the template is the value.
        `%code_wrap` lists the wrappers, and `--list`, `--list-all`, `--enable`, `--disable` and `--remove name` change them.
        """
        options, rest = parse_options(line, "", "list", "list-all", "enable=", "disable=", "remove=")
        active = self.shell.ast_transformers
        for choice in ("enable", "disable", "remove"):
            name = options.get(choice)
            if name is None:
                continue
            if name not in self._wrappers:
                raise UsageError(f"%code_wrap: there is no wrapper {name!r}")
            self._wrappers[name].enabled = choice == "enable"
            if choice == "remove":
                wrapper = self._wrappers.pop(name)
                if wrapper in active:
                    active.remove(wrapper)
            return
        if cell is None:
            for name, wrapper in self._wrappers.items():
                print(f"{name}: {'enabled' if wrapper.enabled else 'disabled'}")
            return
        name = rest.strip()
        if not name:
            raise UsageError("%%code_wrap needs a name")
        if name in self._wrappers and self._wrappers[name] in active:
            active.remove(self._wrappers[name])
        self._wrappers[name] = _Wrapper(cell)
        active.append(self._wrappers[name])
