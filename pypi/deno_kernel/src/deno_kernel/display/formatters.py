"""Finds the form of an object for a MIME type: by a `_repr_*_` method, or a function registered for its type."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable
from types import MethodType
from typing import Any

from ..current import running_shell

FormatFunction = Callable[[Any], Any]

_CANARY = "_deno_kernel_canary_that_no_object_has_"


class FormatterWarning(UserWarning):
    """A `FormatterWarning` says that a form of an object was dropped."""


class MimeFormatter:
    """A `MimeFormatter` makes the form of objects for one MIME type; a form of another type than its own is dropped."""

    def __init__(
        self,
        format_type: str,
        print_method: str | None,
        on_register: Callable[[], None] | None = None,
        return_type: type | tuple[type, ...] = str,
    ) -> None:
        self._return_type = return_type
        self.format_type = format_type
        self.print_method = print_method
        self._on_register = on_register
        self.enabled = True
        self.type_printers: dict[type, FormatFunction] = {}
        self.deferred_printers: dict[tuple[str, str], FormatFunction] = {}

    def __call__(self, obj: Any) -> Any:
        """Returns the same as `form`; an exception of the object is shown, and there is no form."""
        try:
            return self.form(obj)
        except NotImplementedError:
            return None
        except Exception as error:
            show_error(error)
            return None

    def form(self, obj: Any) -> Any:
        """Returns the form of an object, alone or as `(form, metadata)`; None if the object has no such form."""
        if not self.enabled:
            return None
        function = self._registered(type(obj))
        if function is not None:
            return self.checked(function(obj), obj)
        method = real_method(obj, self.print_method) if self.print_method else None
        return None if method is None else self.checked(method(), obj)

    def checked(self, form: Any, obj: Any) -> Any:
        """Returns a form of an object; None, with a FormatterWarning, if the form has a wrong type."""
        data = form[0] if isinstance(form, tuple) and form else form
        if form is None or isinstance(data, self._return_type):
            return form
        text = (
            f"{self.format_type} formatter returned invalid type {type(form)} (expected {self._return_type}) "
            f"for object: {_safe_repr(obj)}"
        )
        # A registry of its own makes the warning appear every time.
        warnings.warn_explicit(text, FormatterWarning, f"<{self.format_type} formatter>", 1, registry={})
        return None

    def for_type(self, typ: type | str, func: FormatFunction | None = None) -> FormatFunction | None:
        """Registers a function for a type and its subclasses; returns the earlier one. None registers nothing."""
        if isinstance(typ, str):
            module, _, name = typ.rpartition(".")
            return self.for_type_by_name(module, name, func)
        old = self.type_printers.get(typ)
        if old is None:
            old = self.deferred_printers.pop((typ.__module__, typ.__name__), None)
            if old is not None:
                self.type_printers[typ] = old
        if func is not None:
            self.type_printers[typ] = func
            self._registered_one()
        return old

    def _registered_one(self) -> None:
        if self._on_register is not None:
            self._on_register()

    def for_type_by_name(
        self, type_module: str, type_name: str, func: FormatFunction | None = None
    ) -> FormatFunction | None:
        """Does the same as `for_type` for a type whose module need not be imported yet."""
        key = (type_module, type_name)
        module = sys.modules.get(type_module)
        typ = getattr(module, type_name, None) if module is not None else None
        if isinstance(typ, type):
            return self.for_type(typ, func)
        old = self.deferred_printers.get(key)
        if func is not None:
            self.deferred_printers[key] = func
            self._registered_one()
        return old

    def pop(self, typ: type | str, default: Any = ...) -> Any:
        """Removes and returns the function of a type; without one, returns the default or raises KeyError."""
        key: Any
        if isinstance(typ, str):
            module, _, name = typ.rpartition(".")
            key, table = (module, name), self.deferred_printers
            for known in list(self.type_printers):
                if (known.__module__, known.__name__) == key:
                    return self.type_printers.pop(known)
        else:
            self.for_type(typ)  # This registers a deferred function for the type itself.
            key, table = typ, self.type_printers  # type: ignore[assignment]
        if key in table:
            return table.pop(key)  # type: ignore[call-overload]
        if default is ...:
            raise KeyError(f"No formatter is registered for {typ!r}")
        return default

    def __contains__(self, typ: type | str) -> bool:
        if isinstance(typ, str):
            module, _, name = typ.rpartition(".")
            known = {(it.__module__, it.__name__) for it in self.type_printers}
            return (module, name) in known or (module, name) in self.deferred_printers
        return typ in self.type_printers or (typ.__module__, typ.__name__) in self.deferred_printers

    def lookup(self, obj: Any) -> FormatFunction:
        """Returns the function registered for an object's type; raises KeyError if there is none."""
        return self.lookup_by_type(type(obj))

    def lookup_by_type(self, typ: type | str) -> FormatFunction:
        """Returns the function registered for a type; raises KeyError if there is none."""
        function = self._registered(typ) if isinstance(typ, type) else self.for_type(typ)
        if function is None:
            raise KeyError(f"No formatter is registered for {typ!r}")
        return function

    def _registered(self, typ: type) -> FormatFunction | None:
        if not self.type_printers and not self.deferred_printers:
            return None
        return next((it for base in _mro(typ) if (it := self._registered_itself(base)) is not None), None)

    def _registered_itself(self, typ: type) -> FormatFunction | None:
        """Returns the function registered for a type, and not for one that it is derived from."""
        function = self.type_printers.get(typ)
        if function is None and self.deferred_printers:
            function = self.deferred_printers.pop((getattr(typ, "__module__", ""), typ.__name__), None)
            if function is not None:
                self.type_printers[typ] = function
        return function


def show_error(error: BaseException) -> None:
    """Shows an exception of an object's method as the kernel does; without a kernel, as Python does."""
    shell = running_shell()
    if shell is not None:
        shell._kernel.report(error)
        return
    import traceback

    traceback.print_exception(error, file=sys.stderr)


def _safe_repr(obj: Any) -> str:
    try:
        return repr(obj)
    except Exception as error:
        return f"<an object of {type(obj)} whose repr() raised {type(error).__name__}>"


def _mro(typ: type) -> Iterable[type]:
    try:
        return typ.__mro__
    except AttributeError:
        return (typ,)


def real_method(obj: Any, name: str) -> Callable[..., Any] | None:
    """Returns a method of an object; None for an object that has an attribute of every name.

    The methods of a class are those of its metaclass and class methods: the others are for its objects.
    """
    try:
        if getattr(obj, _CANARY, None) is not None:
            return None
        method = getattr(obj, name, None)
    except Exception:
        return None
    if isinstance(obj, type) and not isinstance(method, MethodType):
        return None
    return method if callable(method) else None


_BYTES = (bytes, bytearray, memoryview, str)
"""Data that is sent as base64; a str is base64 already."""

STANDARD: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "text/html": ("_repr_html_", str),
    "text/markdown": ("_repr_markdown_", str),
    "image/svg+xml": ("_repr_svg_", str),
    "image/png": ("_repr_png_", _BYTES),
    "application/pdf": ("_repr_pdf_", _BYTES),
    "image/jpeg": ("_repr_jpeg_", _BYTES),
    "text/latex": ("_repr_latex_", str),
    "application/json": ("_repr_json_", (list, dict)),
    "application/javascript": ("_repr_javascript_", str),
}
"""The method that returns the form for a MIME type, and the types that the form may have."""
