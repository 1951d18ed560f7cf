"""The completer of the shell, with IPython's settings and matchers."""

from __future__ import annotations

import builtins
import enum
import glob
import keyword
import os
import re
import shlex
from collections.abc import Iterator
from typing import Any

from ...current import running_shell
from ...introspection.bounded import TookTooLong, bounded
from ...introspection.completion import complete, with_completers
from ...introspection.completion_imports import complete_import
from ...introspection.completion_keys import keys_after, keys_of
from ...introspection.completion_magics import argument_of, magics
from ...introspection.completion_reply import Reply, ordered
from ...introspection.completion_symbols import (
    back_latex_name_matches, back_unicode_name_matches, character_named, latex_symbols, names_of_characters,
)
from ...introspection.evaluation import POLICIES, Instance, NotKnown
from ...introspection.expressions import open_call, trailing_expression
from ...introspection.replacement_fields import is_formatted, open_field
from ...introspection.scope import Scope
from ...introspection.signatures import defaults_in_docstring, keyword_arguments
from ...source.quiet import parse_quietly
from ...source.scanner import Scanner
from .dict_keys import ENDS_ITEM, IN_TUPLE, match_dict_keys
from ..hooks import CompletionEvent
from .matchers import (
    Completion, CompletionContext, context_matcher, run_matchers, simple_result, sorting_key,
    without_duplicates,
)
from ..traits import Choice, HasTraits, Trait
from .words import DELIMS, GREEDY_DELIMS, PROTECTABLES, CompletionSplitter, has_open_quotes, protect_filename

_MEMBER = re.compile(r"\.((?:[^\W\d]\w*)?)\Z")
_NUMBER_BEFORE_DOT = re.compile(r"(?<![\w.])\d[\d_]*\Z")
_SETTINGS_ARGUMENT = re.compile(r"\s*%?(config|colors)\s+(\S*)\Z")
_MAGIC_ARGUMENT = re.compile(r"\s*%?(aimport|autoreload|reset|xmode|matplotlib)\s+(?:.*\s)?(\S*)\Z")
_NO_JEDI = "there is no jedi"


class _Place(enum.Enum):
    """A `_Place` says what is completed: an attribute, or a name."""

    ATTRIBUTE = "attribute"
    GLOBAL = "global"


def place_of(line: str) -> _Place:
    """Returns what is completed at the end of a line."""
    scanner = Scanner()
    scanner.feed(line)
    if scanner.quote:
        start = line.index(scanner.quote, scanner.string_start)
        prefix, content = line[scanner.string_start : start], line[start + len(scanner.quote) :]
        field = open_field(content) if is_formatted(prefix) else None
        return _Place.GLOBAL if field is None else place_of(field)
    member = None if scanner.in_comment else _MEMBER.search(line)
    if member is None or _NUMBER_BEFORE_DOT.search(line[: member.start()]):
        return _Place.GLOBAL
    return _Place.ATTRIBUTE


class Completer(HasTraits):
    """A `Completer` completes names and attributes in a namespace, or else in that of the user."""

    greedy = Trait(False, bool)
    evaluation = Choice("limited", POLICIES)
    use_jedi = Trait(False, bool, inert=_NO_JEDI)
    jedi_compute_type_timeout = Trait(400, int, inert=_NO_JEDI)
    debug = Trait(False, bool, inert="there is nothing more to log")
    backslash_combining_completions = Trait(True, bool)
    auto_close_dict_keys = Trait(False, bool)
    omit__names = Choice(2, (0, 1, 2))
    limit_to__all__ = Trait(False, bool)

    def __init__(self, namespace: dict[str, Any] | None = None, global_namespace: dict[str, Any] | None = None, **options: Any) -> None:
        self.shell = options.pop("shell", None) or running_shell()
        self._namespace = namespace
        self.global_namespace = global_namespace or {}
        self.custom_matchers: list[Any] = []
        for name, value in options.items():
            if self.has_trait(name):
                setattr(self, name, value)

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that are completed."""
        return self.shell.user_ns if self._namespace is None else self._namespace

    @namespace.setter
    def namespace(self, names: dict[str, Any] | None) -> None:
        self._namespace = names

    @property
    def policy(self) -> str:
        """The policy by which expressions before the cursor are evaluated."""
        return "unsafe" if self.greedy else self.evaluation

    def update_config(self, config: Any) -> None:
        """Takes the settings of the sections `Completer` and `IPCompleter` of a configuration."""
        for section in ("Completer", "IPCompleter"):
            if section in config:
                for name, value in dict(config[section]).items():
                    if self.has_trait(name):
                        setattr(self, name, value)

    def _scope(self, text: str) -> Scope:
        names = {**self.global_namespace, **self.namespace}
        return Scope(names, text, self.policy, self.omit__names, self.limit_to__all__)

    def complete(self, text: str, state: int) -> str | None:
        """Returns a match by its number, as readline asks for it; None after the last one."""
        matches = self.attr_matches(text) if "." in text else self.global_matches(text)
        return matches[state] if state < len(matches) else None

    def global_matches(self, text: str) -> list[str]:
        """Returns the keywords, builtins and names of the namespace that begin with a text, or whose initials do: `n_r` is `new_root`."""
        names = [*keyword.kwlist, *dir(builtins), *self.namespace, *self.global_namespace]
        words = [name for name in names if isinstance(name, str)]
        found = [word for word in words if word.startswith(text) and word != "__builtins__"]
        initials = ((word, "_".join(part[:1] for part in word.split("_"))) for word in words if "_" in word.strip("_"))
        return list(dict.fromkeys([*found, *(word for word, short in initials if text and short.startswith(text))]))

    def attr_matches(self, text: str) -> list[str]:
        """Returns the attributes, each with its dot, of the object whose name and the beginning of an attribute end a text."""
        return self._attr_matches(text)[0]

    def _attr_matches(self, text: str) -> tuple[list[str], str]:
        text = _innermost(text)
        member = _MEMBER.search(text)
        if member is None:
            return [], ""
        scope = self._scope(text)
        try:
            obj = scope.evaluate(self._evaluated(text[: member.start()]))
        except NotKnown:
            return [], member[0]
        return ["." + name for name in ordered(scope.shown(with_completers(obj, scope.members(obj)), member[1]))], member[0]

    def _evaluated(self, code: str) -> str:
        """Returns the expression at the end of code: a chain of names, or what is in brackets."""
        expression = trailing_expression(code)
        return self._trim_expr(f" {expression}") or expression

    def _trim_expr(self, code: str) -> str:
        """Returns the longest expression, after the first character, with which code ends."""
        for start in range(1, len(code)):
            text = code[start:].strip()
            try:
                tree = parse_quietly(text, "eval").body
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                continue
            if type(tree).__name__ != "Tuple" or text.startswith("("):
                return text
        return ""


def _innermost(text: str) -> str:
    """Returns a text, or the expression of the f-string in which it ends."""
    scanner = Scanner()
    scanner.feed(text)
    if scanner.quote:
        start = text.index(scanner.quote, scanner.string_start)
        field = open_field(text[start + len(scanner.quote) :])
        if field is not None and is_formatted(text[scanner.string_start : start]):
            return _innermost(field)
    return text


class IPCompleter(Completer):
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

    @context_matcher()
    def python_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches attributes and names."""
        if place_of(context.text_until_cursor) is _Place.ATTRIBUTE:
            matches, fragment = self._attr_matches(context.text_until_cursor)
            return simple_result(matches, "attribute", fragment)
        return simple_result(self.global_matches(context.token), "variable")

    def python_matches(self, text: str) -> list[str]:
        """Returns the attributes or names that begin as a text."""
        return self.attr_matches(text) if place_of(text) is _Place.ATTRIBUTE else self.global_matches(text)

    @context_matcher()
    def magic_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches magics."""
        return simple_result(self.magic_matches(context.token), "magic", suppress=context.token.startswith("%"))

    def magic_matches(self, text: str) -> list[str]:
        """Returns the magics that begin as a text, without those that a name of the user's hides."""
        hidden = set() if text.startswith("%") else set(self.global_matches(text))
        return sorted((one for one in magics(text) if one.lstrip("%") not in hidden), key=sorting_key)

    @context_matcher()
    def magic_config_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches the settings of `%config`."""
        return simple_result(self.magic_config_matches(context.text_until_cursor), "param", suppress=True)

    def magic_config_matches(self, text: str) -> list[str]:
        """Returns the settings that `%config` takes at the end of a text."""
        return _argument(text, "config")

    @context_matcher()
    def magic_color_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches the arguments of `%colors`."""
        return simple_result(self.magic_color_matches(context.text_until_cursor), "param", suppress=True)

    def magic_color_matches(self, text: str) -> list[str]:
        """Returns the arguments that `%colors` takes at the end of a text."""
        return _argument(text, "colors")

    @context_matcher()
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

    @context_matcher()
    def file_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches paths."""
        return simple_result(self.file_matches(context.token), "path")

    def file_matches(self, text: str) -> list[str]:
        """Returns the paths that begin as the last word of the line; backslashes protect what means something else."""
        line = self.text_until_cursor
        quote = has_open_quotes(line)
        sign = "!" if text.startswith("!") else ""
        text = text.removeprefix("!")
        word = text if "(" in line or "[" in line else _last_word(line, quote)
        if word is None:
            return []
        typed, kept = (text, "") if quote or word == protect_filename(word) else (word, text)
        found = sorted(glob.glob(glob.escape(os.path.expanduser(typed).replace("\\", "")) + "*"))
        protected = [protect_filename(path[len(word) :] if kept else path, str(quote) if quote else PROTECTABLES) for path in found]
        return [
            f"{sign}{kept}{name}{'/' if os.path.isdir(path) else ''}" for name, path in zip(protected, found, strict=True)
        ]

    @context_matcher()
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

    def _determine_completion_context(self, line: str) -> _Place:
        return place_of(line)

    @context_matcher()
    def dict_key_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches keys."""
        return simple_result(self.dict_key_matches(context.token), "dict key", suppress=True)

    def dict_key_matches(self, text: str) -> list[str]:
        """Returns the keys of the object in whose subscript the line ends, without what is typed before the last word."""
        line = self.text_until_cursor
        scanner = Scanner()
        scanner.feed(line)
        if scanner.in_comment or not scanner.brackets or scanner.brackets[-1][0] != "[":
            return []
        opened = scanner.brackets[-1][1]
        inside = line[opened + 1 :]
        written, prefix = _split_keys(inside)
        try:
            obj = self._scope("").evaluate(self._evaluated(line[:opened].rstrip()))
            if isinstance(obj, Instance):
                return []
            keys = keys_after(obj, written) if written else keys_of(obj)
        except NotKnown:
            return []
        before = _literal(written) if written else ()
        if before and type(obj).__name__ != "_LocIndexer":
            keys = keys_of(obj)
        else:
            before = ()
        _, offset, matches = match_dict_keys(keys, prefix, self.splitter.delims, extra_prefix=before)
        key_start = len(line) - len(prefix)
        kept = line[len(line) - len(text) : key_start + offset] if len(line) - len(text) <= key_start + offset else ""
        rest = self.line_buffer[len(line) :]
        return [kept + match + self._closing(prefix, place, rest) for match, place in matches.items()]

    def _closing(self, prefix: str, place: int, rest: str) -> str:
        """Returns the quote and bracket that end a key, if the settings want them and they do not follow."""
        if not (self.auto_close_dict_keys or self.greedy):
            return ""
        quote = prefix.lstrip("bBrRuU")[:1]
        quote = quote if quote in ("'", '"') else ""
        if rest.startswith(quote or "]"):
            return ""
        end = ", " if place == IN_TUPLE else "" if place & ENDS_ITEM and place & IN_TUPLE else "]"
        return quote + end

    @context_matcher()
    def latex_name_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches the names that LaTeX has for characters."""
        fragment, matches = self.latex_matches(context.text_until_cursor)
        return simple_result(matches, "latex", fragment, suppress=True)

    def latex_matches(self, text: str) -> tuple[str, Any]:
        """Returns the end of a text that is the name of a character or begins one, and the character or the names."""
        slash = text.rfind("\\")
        name = text[slash + 1 :]
        if slash < 0 or not name:
            return "", ()
        symbols = latex_symbols()
        if name in symbols:
            return text[slash:], [symbols[name]]
        matches = [f"\\{one}" for one in symbols if one.startswith(name)]
        return (text[slash:], matches) if matches else ("", ())

    @context_matcher()
    def unicode_name_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches the character of a name that Unicode has."""
        fragment, matches = self.unicode_name_matches(context.text_until_cursor)
        return simple_result(matches, "unicode", fragment, suppress=True)

    @staticmethod
    def unicode_name_matches(text: str) -> tuple[str, list[str]]:
        """Returns the end of a text that is the name of a character which names may have, and the character."""
        slash = text.rfind("\\")
        character = character_named(text[slash + 1 :]) if slash >= 0 else ""
        return (text[slash:], [character]) if character and f"a{character}".isidentifier() else ("", [])

    @context_matcher()
    def fwd_unicode_matcher(self, context: CompletionContext) -> dict[str, Any]:
        """Matches names that Unicode has for characters."""
        fragment, matches = self.fwd_unicode_match(context.text_until_cursor)
        return simple_result(matches, "unicode", fragment, suppress=True)

    def fwd_unicode_match(self, text: str) -> tuple[str, list[str]]:
        """Returns the end of a text that begins the name of a character, and the names."""
        slash = text.rfind("\\")
        name = text[slash + 1 :].upper()
        matches = [f"\\{one}" for one in names_of_characters(name)] if slash >= 0 and name else []
        return (text[slash:], matches) if matches else ("", [])


@context_matcher()
def back_latex_name_matcher(context: CompletionContext) -> dict[str, Any]:
    """Matches the name that LaTeX has for a character after a backslash."""
    fragment, matches = back_latex_name_matches(context.text_until_cursor)
    return simple_result(matches, "latex", fragment, suppress=True)


@context_matcher()
def back_unicode_name_matcher(context: CompletionContext) -> dict[str, Any]:
    """Matches the name that Unicode has for a character after a backslash."""
    fragment, matches = back_unicode_name_matches(context.text_until_cursor)
    return simple_result(matches, "unicode", fragment, suppress=True)


def _argument(text: str, magic: str) -> list[str]:
    found = _SETTINGS_ARGUMENT.fullmatch(text)
    reply = argument_of(magic, found[2]) if found and found[1] == magic else None
    return reply.matches if reply else []


def _last_word(line: str, quote: str | bool) -> str | None:
    try:
        return (shlex.split(line) or [""])[-1] if line and not line[-1].isspace() else ""
    except ValueError:  # A quote is open.
        return line.rpartition(str(quote))[2] if quote else None


def _split_keys(inside: str) -> tuple[str, str]:
    """Returns the keys that are written in a subscript, with their last comma, and the beginning of the next one."""
    depth, quote, end, index = 0, "", 0, 0
    while index < len(inside):
        char = inside[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            end = index + 1
        index += 1
    return inside[:end], inside[end:].lstrip()


def _literal(written: str) -> tuple[Any, ...]:
    import ast

    try:
        return tuple(ast.literal_eval(f"({written})"))
    except (ValueError, SyntaxError, TypeError):
        return ()
