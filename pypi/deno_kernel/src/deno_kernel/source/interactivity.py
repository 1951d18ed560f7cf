"""The choice of the statements of a cell whose values are shown, as IPython's `ast_node_interactivity` makes it."""

from __future__ import annotations

import ast

DEFAULT = "last_expr"
CHOICES = ("all", "last", "last_expr", "none", "last_expr_or_assign")
"""Shown are the values of all statements, of the last one, of the last one if it is an expression, of none, or of the
last one if it is an expression or assigns a name. The value of a loop is that of the expressions inside of it.
"""


def assigned_value(statement: ast.stmt) -> ast.Expr | None:
    """Returns an expression for the name that a statement assigns; None if it does not assign one name."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        target = statement.target
    else:
        return None
    if not isinstance(target, ast.Name):
        return None
    name = ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return ast.copy_location(ast.Expr(name), statement)
