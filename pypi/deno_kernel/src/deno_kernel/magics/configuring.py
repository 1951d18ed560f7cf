"""%config: the settings of the shell, of figures, and of the objects that extensions have added."""

from __future__ import annotations

import sys
from typing import Any

from ..figures.inline_config import INLINE
from ..ipython.magic import Magics, UsageError, line_magic, magics_class

_SHELLS = ("InteractiveShell", "ZMQInteractiveShell")
_PLAIN = ("float_precision", "max_seq_length", "max_width", "newline", "pprint")
_INERT = {
    "AliasManager": "there are no programs for which aliases would stand",
    "Application": "the server configures this kernel",
    "BaseIPythonApplication": "the server configures this kernel",
    "HistoryManager": "history is kept for this session only",
    "IPKernelApp": "the server configures this kernel",
    "InteractiveShellApp": "the server configures this kernel",
    "LoggingMagics": "the notebook is the log",
    "PrefilterManager": "cells are transformed by the input transformers",
    "ProfileDir": "there are no profiles",
    "ScriptMagics": "there are no processes",
    "StoreMagics": "`%store -r` restores variables",
    "TerminalInteractiveShell": "there is no terminal",
}
"""The classes of IPython whose settings change nothing here, with the reason."""
_INERT_NAMES: dict[str, tuple[str, ...]] = {
    "AliasManager": ("default_aliases", "user_aliases"),
    "HistoryManager": ("connection_options", "db_cache_size", "db_log_output", "enabled", "hist_file"),
    "LoggingMagics": ("quiet",),
    "PrefilterManager": ("multi_line_specials",),
    "ProfileDir": ("location",),
    "ScriptMagics": ("script_magics", "script_paths"),
    "StoreMagics": ("autorestore",),
}
_SECTIONS = ("DisplayFormatter", "IPCompleter", "InlineBackend", "PlainTextFormatter", *_SHELLS)


@magics_class
class ConfiguringMagics(Magics):
    """A `ConfiguringMagics` has the magic that changes settings."""

    def __init__(self, shell: Any = None, **options: Any) -> None:
        super().__init__(shell, **options)
        self._said: set[str] = set()

    @line_magic
    def config(self, line: str = "") -> Any:
        """Sets an option: `%config InlineBackend.figure_formats = ['svg']`; without a value, shows it."""
        text = line.strip()
        if not text:
            names = [*_SECTIONS, *self._configurables()]
            print("Available objects for config:")
            print("\n".join(f"    {name}" for name in sorted(names)))
            return None
        target, sign, value = text.partition("=")
        section, _, name = target.strip().partition(".")
        if section in _INERT:
            return self._inert(section, name, sign, value)
        settings = self._settings(section)
        if settings is None:
            raise UsageError(f"Invalid config statement: {text!r}; {section!r} is not known")
        if not name:
            print("\n".join(f"{section}.{key} = {getattr(settings, key)!r}" for key in settings.names))
            return None
        try:
            if not sign:
                return getattr(settings, name)
            setattr(settings, name, eval(value, self.shell.user_ns))
        except LookupError as error:
            raise UsageError(str(error.args[0])) from None
        except Exception as error:
            if section in _SHELLS and isinstance(error, ValueError) or type(error).__name__ == "TraitError":
                raise UsageError(str(error)) from None
            raise
        self.shell.config[section][name] = getattr(settings, name)
        return None

    def sections(self) -> dict[str, tuple[str, ...]]:
        """Returns the names of all settings by their sections, as far as they are known."""
        found = dict(_INERT_NAMES)
        for section in (*_SECTIONS, *self._configurables()):
            settings = self._settings(section)
            if settings is not None:
                found[section] = settings.names
        return found

    def _configurables(self) -> dict[str, Any]:
        """Returns the objects of extensions that have settings, by the names of their classes."""
        found = {type(one).__name__: one for one in self.shell.configurables if one is not self.shell}
        return {name: one for name, one in found.items() if callable(getattr(one, "traits", None))}

    def _settings(self, section: str) -> _Settings | None:
        if section == "InlineBackend":
            return _Settings(INLINE, INLINE.names, section)
        if section in _SHELLS:
            return _Settings(self.shell, tuple(self.shell.trait_names(config=True)), section)
        if section == "PlainTextFormatter":
            return _Settings(self.shell.display_formatter.plain, _PLAIN, section)
        if section in ("Completer", "IPCompleter"):
            return _Settings(self.shell.Completer, tuple(self.shell.Completer.trait_names()), section)
        if section == "DisplayFormatter":
            return _Settings(self.shell.display_formatter, ("active_types",), section)
        other = self._configurables().get(section)
        return None if other is None else _Settings(other, tuple(other.traits(config=True)), section)

    def _inert(self, section: str, name: str, sign: str, value: str) -> Any:
        """Keeps a setting that changes nothing, and says so once."""
        kept = self.shell.config[section] if section in self.shell.config else getattr(self.shell.config, section)
        if not sign:
            return kept.get(name) if name else None
        kept[name] = eval(value, self.shell.user_ns)
        if section not in self._said:
            self._said.add(section)
            print(f"%config {section} has no effect here: {_INERT[section]}.", file=sys.stderr)
        return None


class _Settings:
    """A `_Settings` has the attributes of an object that are settings; LookupError is raised for any other name."""

    def __init__(self, target: Any, names: tuple[str, ...], section: str) -> None:
        object.__setattr__(self, "_target", target)
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "_section", section)

    def _check(self, name: str) -> None:
        aliases = ("figure_format",) if self._section == "InlineBackend" else ()
        if name not in self.names and name not in aliases:
            raise LookupError(f"{self._section} has no {name!r}; there are {', '.join(self.names)}")

    def __getattr__(self, name: str) -> Any:
        self._check(name)
        return self._target.get(name) if self._target is INLINE else getattr(self._target, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._check(name)
        if self._target is INLINE:
            INLINE.set(name, value)
        else:
            setattr(self._target, name, value)
