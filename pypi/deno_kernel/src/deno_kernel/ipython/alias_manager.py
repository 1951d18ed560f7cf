"""The aliases of the shell: names of commands, which run as line magics."""

from __future__ import annotations

import re
from typing import Any

from .magic import UsageError

_PLACE = re.compile("%?%s")


class AliasError(Exception):
    """An `AliasError` says that an alias cannot be used."""


class InvalidAliasError(AliasError):
    """An `InvalidAliasError` says that an alias cannot be defined."""


class Alias:
    """An `Alias` is a line magic that runs a command of the system's shell."""

    def __init__(self, shell: Any, name: str, cmd: str) -> None:
        self.shell, self.name, self.cmd = shell, name, cmd
        self.__doc__ = f"Runs the shell command `{cmd}`."
        if not isinstance(cmd, str):
            raise InvalidAliasError(f"An alias command must be a string, got: {cmd!r}")
        if not name.isidentifier():
            raise InvalidAliasError(f"The name {name!r} can't be aliased because it is no name of a magic.")

    @property
    def nargs(self) -> int:
        """The number of arguments that the command takes one by one."""
        return self.cmd.replace("%%s", "").count("%s")

    def __call__(self, rest: str = "") -> None:
        self.shell.system(self.filled(rest))

    def filled(self, arguments: str) -> str:
        """Returns the command with its arguments: `%l` is all of them, each `%s` takes one, and `%%s` means `%s`."""
        command = self.cmd
        if "%l" in command:
            return command.replace("%%s", "%s").replace("%l", arguments)
        words = arguments.split(None, self.nargs)
        if len(words) < self.nargs:
            raise UsageError(f"Alias <{self.name}> requires {self.nargs} arguments, {len(words)} given.")
        placed = iter(words)
        command = _PLACE.sub(lambda found: "%s" if found[0] == "%%s" else next(placed), command)
        return " ".join([command, *placed])


class AliasManager:
    """An `AliasManager` has the aliases that were defined in this session."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self._aliases: dict[str, Alias] = {}
        self.default_aliases: list[tuple[str, str]] = []

    @property
    def aliases(self) -> list[tuple[str, str]]:
        """The names and commands, sorted by name."""
        return sorted((name, alias.cmd) for name, alias in self._aliases.items())

    def define_alias(self, name: str, cmd: str) -> None:
        """Defines an alias; raises InvalidAliasError if the name or the command cannot be one."""
        alias = Alias(self.shell, name, cmd)
        if name not in self._aliases and self.shell.find_line_magic(name) is not None:
            raise InvalidAliasError(f"The name {name!r} can't be aliased because it is another magic command.")
        self._aliases[name] = alias
        self.shell.register_magic_function(alias, "line", name)

    def soft_define_alias(self, name: str, cmd: str) -> None:
        """Defines an alias; prints the reason if it cannot be."""
        try:
            self.define_alias(name, cmd)
        except AliasError as error:
            print(f"Error: {error}")

    def undefine_alias(self, name: str) -> None:
        """Removes an alias; raises ValueError if there is none of this name."""
        if self._aliases.pop(name, None) is None:
            raise ValueError(f"{name} is not an alias")
        self.shell.magics_manager.unregister(name, "line")

    def clear_aliases(self) -> None:
        """Removes all aliases."""
        for name in list(self._aliases):
            self.undefine_alias(name)

    def is_alias(self, name: str) -> bool:
        """Returns true if a name is an alias."""
        return name in self._aliases

    def get_alias(self, name: str) -> Alias | None:
        """Returns an alias; None if there is none."""
        return self._aliases.get(name)

    def retrieve_alias(self, name: str) -> str:
        """Returns the command of an alias; raises ValueError if there is none."""
        if name not in self._aliases:
            raise ValueError(f"{name} is not an alias")
        return self._aliases[name].cmd
