"""Tests that the package's docstrings and comments are sentences."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unittest
from collections.abc import Iterator

from .test_architecture import sources

RIDDLE = re.compile(r"(?:What|How|Whether|Who|Whoever|Where|Which|Why)\b")
SENTENCE = re.compile(r"[A-Z`(%_].*[.:]", re.DOTALL)


def docstrings(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    """Yields the names of modules, classes and functions with their docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module):
            yield "module", ast.get_docstring(node)
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, ast.get_docstring(node)


def comments(source: str) -> Iterator[str]:
    """Yields the texts of comments, without the ones that are read by tools."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            text = token.string.lstrip("#: ")
            if not text.startswith(("type: ignore", "fmt:")):
                yield text


class Docstrings(unittest.TestCase):
    """Tests of the texts in the sources."""

    def test_docstrings_are_sentences(self) -> None:
        for module, source in sources().items():
            for name, text in docstrings(ast.parse(source)):
                if text is not None:
                    with self.subTest(module=module, name=name):
                        self.assertRegex(text.partition("\n\n")[0], SENTENCE)
                        self.assertIsNone(RIDDLE.match(text), text)

    def test_public_functions_have_docstrings(self) -> None:
        for module, source in sources().items():
            tree = ast.parse(source)
            for node in tree.body:
                if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
                    with self.subTest(module=module, name=node.name):
                        self.assertIsNotNone(ast.get_docstring(node))

    def test_comments_are_no_riddles(self) -> None:
        for module, source in sources().items():
            for text in comments(source):
                with self.subTest(module=module):
                    self.assertIsNone(RIDDLE.match(text), text)
