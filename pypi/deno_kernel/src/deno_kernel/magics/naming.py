"""%alias, %automagic, %autocall, %colors and others: magics about the ways of writing and showing code."""

from __future__ import annotations

import functools
import shlex
from typing import Any

from ..ipython.alias_manager import AliasError
from ..ipython.magic import Magics, Options, UsageError, line_magic, magics_class, no_var_expand, parse_options


@magics_class
class NamingMagics(Magics):
    """A `NamingMagics` has the magics about the ways of writing and showing code."""

    @line_magic
    def alias_magic(self, line: str = "") -> None:
        """Gives a magic a second name: `%alias_magic [-l] [-c] [-p parameters] name magic`; -l, -c only as that kind."""
        options, words, rest = Options(), [], line
        while rest:  # Options may come after the names, too.
            found, left = parse_options(rest, "lcp:", "line", "cell", "params=", mode="list")
            options.update(found)
            words += left[:1]
            rest = " ".join(shlex.quote(word) for word in left[1:])
        if len(words) != 2:
            raise UsageError("%alias_magic needs a new name and the name of a magic")
        name, target = (word.lstrip("%") for word in words)
        parameters = options.p or options.params or ""
        registry = self.shell.magics_manager
        functions = {kind: registry.find(target, kind) for kind in ("line", "cell")}
        wanted = [kind for kind in ("line", "cell") if kind in options or kind[0] in options]
        for kind in wanted:
            if functions[kind] is None:
                raise UsageError(f"{kind.capitalize()} magic function `{'%' if kind == 'line' else '%%'}{target}` not found.")
        kinds = wanted or [kind for kind, function in functions.items() if function is not None]
        if not kinds:
            raise UsageError(f"Magic function `%{target}` not found.")
        for kind in kinds:
            registry.register_function(_with_parameters(functions[kind], parameters), kind, name)
            sign = "%" if kind == "line" else "%%"
            print(f"Created `{sign}{name}` as an alias for `{sign}{' '.join([target, *parameters.split()])}`.")

    @no_var_expand
    @line_magic
    def alias(self, line: str = "") -> list[tuple[str, str]] | None:
        """Defines a name for a shell command, `%alias name command`; without an argument, lists them."""
        name, _, command = line.strip().partition(" ")
        aliases = self.shell.alias_manager
        if not name:
            print(f"Total number of aliases: {len(aliases.aliases)}")
            return aliases.aliases
        if not command.strip():
            try:
                print(f"{name} -> {aliases.retrieve_alias(name)}")
            except ValueError as error:
                raise UsageError(str(error)) from None
            return None

        try:
            aliases.define_alias(name, command.strip())
        except AliasError as error:
            raise UsageError(str(error)) from None
        return None

    @line_magic
    def unalias(self, line: str = "") -> None:
        """Removes a name that %alias has defined."""
        try:
            self.shell.alias_manager.undefine_alias(line.strip())
        except ValueError as error:
            raise UsageError(str(error)) from None

    @line_magic
    def automagic(self, line: str = "") -> None:
        """Makes line magics callable without `%`, or no longer: `%automagic on`, `off`, or the other one."""
        choice = line.strip().lower()
        if choice in ("on", "1", "true"):
            self.shell.automagic = True
        elif choice in ("off", "0", "false"):
            self.shell.automagic = False
        elif choice:
            raise UsageError(f"%automagic is on or off, not {choice!r}")
        else:
            self.shell.automagic = not self.shell.automagic
        print(automagic_state(self.shell.automagic))

    @line_magic
    def autocall(self, line: str = "") -> None:
        """Calls functions without brackets: `%autocall 1` takes `f x` for `f(x)`, 2 also `f` for `f()`, and 0 neither."""
        choice = line.strip()
        if choice not in ("", "0", "1", "2"):
            raise UsageError("Valid modes: (0->Off, 1->Smart, 2->Full")
        self.shell.autocall = int(choice) if choice else 0 if self.shell.autocall else 1
        print("Automatic calling is:", ("OFF", "Smart", "Full")[self.shell.autocall])

    @line_magic
    def colors(self, line: str = "") -> None:
        """Sets the colours of tracebacks: `%colors NoColor` takes them away, and any other scheme gives them back."""
        try:
            self.shell.colors = line.strip()
        except ValueError as error:
            raise UsageError(str(error)) from None


def automagic_state(on: bool) -> str:
    """Returns the sentence that tells whether magics need a `%`."""
    state, needed = ("ON", "IS NOT") if on else ("OFF", "IS")
    return f"Automagic is {state}, % prefix {needed} needed for line magics."


def _with_parameters(function: Any, parameters: str) -> Any:
    if not parameters:
        return function

    @functools.wraps(function)
    def call(line: str = "", *cell: str, **options: Any) -> Any:
        return function(f"{parameters} {line}".rstrip(), *cell, **options)

    return call
