"""The completer of the shell, with IPython's settings and matchers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...introspection.bounded import TookTooLong, bounded
from ...introspection.completion import complete
from ...introspection.completion_imports import complete_import
from ...introspection.completion_magics import argument_of
from ...introspection.completion_reply import Reply
from ...introspection.evaluation import NotKnown
from ...introspection.expressions import open_call
from ...introspection.signatures import defaults_in_docstring, keyword_arguments
from ..hooks import CompletionEvent
from ..traits import Trait
from .file_matchers import FileMatchers
from .key_matchers import KeyMatchers
from .magic_matchers import MagicMatchers
from .matchers import (
    Completion, CompletionContext, context_matcher, run_matchers, shell_matcher, simple_result, sorting_key,
    without_duplicates,
)
from .name_completer import Place, place_of
from .symbol_matchers import SymbolMatchers, back_latex_name_matcher, back_unicode_name_matcher
from .words import DELIMS, GREEDY_DELIMS, CompletionSplitter

_MAGIC_ARGUMENT = re.compile(r"\s*%?(aimport|autoreload|reset|xmode|matplotlib)\s+(?:.*\s)?(\S*)\Z")


class IPCompleter(MagicMatchers, KeyMatchers, FileMatchers, SymbolMatchers):
    """An `IPCompleter` asks matchers for magics, keys, files, arguments and what users have added, besides names."""

    merge_completions = Trait(True, bool, inert="matches are never merged")
    dict_keys_only = Trait(False, bool)
    suppress_competing_matchers = Trait(None, object)
    disable_matchers = Trait((), (list, tuple))  # type: ignore[arg-type]

    def __init__(self, *args: Any, **options: Any) -> None:
        from IPython.utils.strdispatch import StrDispatch

        super().__init__(*args, **options)
        self.custom_completers = StrDispatch()
        self.splitter = CompletionSplitter()
        self.observe(lambda change: setattr(self.splitter, "delims", GREEDY_DELIMS if change["new"] else DELIMS), "greedy")

    @property
    def matchers(self) -> list[Any]:
        """The matchers, in the order in which they are asked."""
        if self.dict_keys_only:
            return [self.dict_key_matcher]
        symbols = [
            self.unicode_name_matcher, back_latex_name_matcher, back_unicode_name_matcher, self.latex_name_matcher,
            self.fwd_unicode_matcher,
        ] if self.backslash_combining_completions else []  # fmt: skip
        return [
            *self.custom_matchers, *symbols, self.magic_config_matcher, self.magic_color_matcher, self.custom_completer_matcher,
            *([self._kernel_matcher] if self.use_jedi else []), self.dict_key_matcher, self.magic_matcher,
            self.python_matcher, self.file_matcher, self.python_func_kw_matcher,
        ]  # fmt: skip

    # Completion

    def all_completions(self, text: str) -> list[str]:
        """Returns the matches at the end of a text."""
        prefix = text.rpartition(".")[0] if self.use_jedi else ""
        return [
            f"{prefix}.{one.text}" if prefix and not one.text.startswith(".") else one.text for one in self.completions(text, len(text))
        ]

    def completions(self, text: str, offset: int) -> Iterator[Completion]:
        """Yields the matches at an offset of a text."""
        before = text[:offset]
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        results = self._complete(full_text=text, cursor_line=line, cursor_pos=column)
        found: list[Completion] = []
        for name, result in results.items():
            fragment = result["matched_fragment"]
            for one in result["completions"]:
                start = offset - len(fragment)
                signature = getattr(one, "signature", "")
                found.append(Completion(start, offset, one.text, type=one.type, signature=signature, _origin=name))
        yield from without_duplicates(text, found)

    def complete(  # type: ignore[override]
        self, text: str | None = None, line_buffer: str | None = None, cursor_pos: int | None = None, cursor_line: int = 0
    ) -> tuple[str, list[str]]:
        """Returns the text that a match would replace, and the matches."""
        if cursor_pos is None:
            cursor_pos = len(line_buffer or "") if text is None else len(text)
        results = self._complete(line_buffer=line_buffer, cursor_pos=cursor_pos, text=text, cursor_line=cursor_line)
        results.pop("IPCompleter.jedi_matcher", None)
        fragment, in_order, to_sort = "", [], []
        for result in results.values():
            if not result["completions"]:
                continue
            if (in_order or to_sort) and result["matched_fragment"] != fragment:
                continue
            fragment = result["matched_fragment"]
            (in_order if result.get("ordered") else to_sort).extend(one.text for one in result["completions"])
        return fragment, list(dict.fromkeys([*in_order, *sorted(to_sort, key=sorting_key)]))

    def _complete(
        self, *, cursor_line: int, cursor_pos: int, line_buffer: str | None = None, text: str | None = None, full_text: str | None = None
    ) -> dict[str, Any]:
        """Returns the results of the matchers by their names, each with its `matched_fragment`."""
        if full_text is not None:
            line_buffer = full_text.split("\n")[cursor_line]
        if not line_buffer:
            line_buffer = text or ""
        self.line_buffer, self.text_until_cursor = line_buffer, line_buffer[:cursor_pos]
        # A word that is given may stand anywhere in the line.
        self._command_line = line_buffer if text else self.text_until_cursor
        token = text or self.splitter.split_line(line_buffer, cursor_pos)
        context = CompletionContext(token, full_text or line_buffer, cursor_pos, cursor_line if full_text else 0)
        try:
            with bounded():
                results = run_matchers(self.matchers, context, self)
        except TookTooLong:
            return {}
        for result in results.values():
            result.setdefault("matched_fragment", token)
        return results

    def with_matchers(self, text: str, reply: Reply) -> Reply:
        """Returns a reply about a text up to the cursor with the matches of the functions that users have added, or with theirs alone."""
        added = [*self.custom_matchers, *([self.custom_completer_matcher] if self.custom_completers.strs or self.custom_completers.regexs else [])]
        if not added:
            return reply
        line = text[text.rfind("\n") + 1 :]
        self.line_buffer = self.text_until_cursor = self._command_line = line
        context = CompletionContext(self.splitter.split_line(line), text, len(line), text.count("\n"))
        try:
            with bounded():
                results = run_matchers(added, context, self)
        except TookTooLong:
            return reply
        for result in results.values():
            matches, length = [one.text for one in result["completions"]], len(result.get("matched_fragment", context.token))
            if matches and (result.get("suppress") or not reply.matches or reply.length == length):
                others = [] if result.get("suppress") or reply.length != length else reply.matches
                reply = Reply(dict.fromkeys([*matches, *others]), length, reply.kinds)
        return reply

    @context_matcher(identifier="IPCompleter.jedi_matcher")
    def _kernel_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches as the kernel answers its clients."""
        before = context.full_text.split("\n")[: context.cursor_line]
        offset = sum(len(line) + 1 for line in before) + context.cursor_position
        names = {**self.global_namespace, **self.namespace}
        reply = complete(names, context.full_text, offset)
        found = [
            Completion(one["start"], one["end"], one["text"], type=one["type"], signature=one["signature"])
            for one in reply["metadata"].get("_jupyter_types_experimental", ())
        ]
        return {"completions": found, "matched_fragment": context.full_text[reply["cursorStart"] : offset]}

    # Matchers

    @shell_matcher
    def python_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches attributes and names."""
        if place_of(context.text_until_cursor) is Place.ATTRIBUTE:
            matches, fragment = self._attr_matches(context.text_until_cursor)
            return simple_result(matches, "attribute", fragment)
        return simple_result(self.global_matches(context.token), "variable")

    def python_matches(self, text: str) -> list[str]:
        """Returns the attributes or names that begin as a text."""
        return self.attr_matches(text) if place_of(text) is Place.ATTRIBUTE else self.global_matches(text)

    @shell_matcher
    def custom_completer_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches what functions of the user find, modules in import statements, and arguments of magics."""
        matches = self.dispatch_custom_completer(context.token)
        return {**simple_result(matches, "<unknown>", suppress=True), "ordered": True}

    def dispatch_custom_completer(self, text: str) -> list[str]:
        """Returns the matches of the first function that has any: those of the user's for the command of the line, or the kernel's."""
        line = self._command_line
        event = CompletionEvent(line, text)
        known = [*self.custom_completers.s_matches(event.command), *self.custom_completers.flat_matches(line)]
        for function in known:
            try:
                matches = [match for match in function(event) if match.startswith(text)]
            except Exception:  # A function of the user's may raise anything.
                continue
            if matches:
                return matches
        magic = _MAGIC_ARGUMENT.fullmatch(line)
        reply = argument_of(magic[1], magic[2]) if magic else complete_import(line, line, self._scope(""))
        if reply is None:
            return []
        kept = text[: len(text) - reply.length]
        return [kept + match for match in reply.matches]

    @shell_matcher
    def python_func_kw_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches the names of arguments."""
        return simple_result(self.python_func_kw_matches(context.token), "param")

    def python_func_kw_matches(self, text: str) -> list[str]:
        """Returns the arguments that begin as a text, of the function in whose call the line ends."""
        line = self.text_until_cursor
        call = None if "." in text else open_call(line[: len(line) - len(text)] if line.endswith(text) else line)
        if call is None:
            return []
        try:
            names = keyword_arguments(self._scope("").evaluate(call[0]))
        except NotKnown:
            return []
        used = set(re.findall(r"\b(\w+)\s*=(?!=)", call[1]))
        return [f"{name}=" for name in names if name.startswith(text) and name not in used]

    def _default_arguments_from_docstring(self, doc: str | None) -> list[str]:
        return defaults_in_docstring(doc)

    def _determine_completion_context(self, line: str) -> Place:
        return place_of(line)
