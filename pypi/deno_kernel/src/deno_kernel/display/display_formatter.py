"""Makes the MIME bundle of an object: all of its forms."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from typing import Any

from ..host.json_text import base64_text
from .formatters import STANDARD, MimeFormatter, real_method, show_error

Bundle = tuple[dict[str, Any], dict[str, Any]]


class PlainTextFormatter(MimeFormatter):
    """A `PlainTextFormatter` makes text/plain: by a registered printer, `_repr_pretty_`, or the wrapped repr."""

    max_width = 79
    max_seq_length = 1000
    pprint = True

    def __init__(self, on_register: Callable[[], None] | None = None, **options: Any) -> None:
        super().__init__("text/plain", None, on_register)
        self.singleton_printers: dict[int, Any] = {}
        self._precision = ""
        for name, value in options.items():
            setattr(self, name, value)

    def form(self, obj: Any) -> Any:
        from .pretty import Pretty

        if not self.pprint:
            return repr(obj)
        printer = Pretty(self.max_width, self.max_seq_length, self._registered_itself)
        return printer.format(obj)

    @property
    def float_precision(self) -> str:
        """The form of floats: "" for their repr, a number of digits, or a %-format."""
        return self._precision

    @float_precision.setter
    def float_precision(self, value: str | int) -> None:
        text = str(value)
        pattern, digits = _float_pattern(text)
        numpy = sys.modules.get("numpy")
        if numpy is not None and (digits is not None or not text):
            numpy.set_printoptions(precision=8 if digits is None else digits)
        if pattern:
            self.for_type(float, lambda number, printer, cycle: printer.text(pattern % number))
        else:
            self.type_printers.pop(float, None)
        self._precision = pattern


def _float_pattern(text: str) -> tuple[str, int | None]:
    """Returns the %-format of floats for a precision, and its number of digits; raises ValueError for a wrong one."""
    if "%" in text:
        try:
            text % 3.14159  # noqa: B018
        except (TypeError, ValueError) as error:
            raise ValueError(f"Precision must be a number or a format, not {text!r}: {error}") from None
        return text, None
    if not text:
        return "", None
    try:
        digits = int(text)
    except ValueError:
        raise ValueError(f"Precision must be a number or a format, not {text!r}") from None
    if digits < 0:
        raise ValueError(f"Precision must not be negative: {digits}")
    return f"%.{digits}f", digits


class _Formatters(dict[str, MimeFormatter]):
    """The formatters by MIME type; one that takes the place of another counts as registered."""

    def __init__(self, on_change: Callable[[], None], formatters: dict[str, MimeFormatter]) -> None:
        super().__init__(formatters)
        self._on_change = on_change

    def __setitem__(self, mime: str, formatter: MimeFormatter) -> None:
        if mime in self:
            self._on_change()
        super().__setitem__(mime, formatter)


class DisplayFormatter:
    """A `DisplayFormatter` asks every formatter for its form of an object.

    An exception of one formatter is reported on stderr; the forms of the others are kept. `customised` is true once
    somebody has registered a function: before that, the builtin types have no form but their repr.
    """

    def __init__(self, report: Callable[[BaseException], None] | None = None) -> None:
        self._report = report or show_error
        # Adds to the metadata of an object's forms; data frames get an id here.
        self.annotate: Callable[[Any, dict[str, Any], dict[str, Any]], None] = lambda obj, data, metadata: None
        self.customised = False
        self.plain = PlainTextFormatter(self._customise)
        self.formatters = _Formatters(self._customise, {"text/plain": self.plain})
        for mime, (method, return_type) in STANDARD.items():
            self.formatters[mime] = MimeFormatter(mime, method, self._customise, return_type)
        self.mimebundle_formatter = MimeFormatter("mimebundle", None, self._customise, dict)
        self.ipython_display_formatter = MimeFormatter("ipython display", "_ipython_display_", self._customise)

    def _customise(self) -> None:
        self.customised = True

    @property
    def active_types(self) -> list[str]:
        """The MIME types of the enabled formatters."""
        return [mime for mime, formatter in self.formatters.items() if formatter.enabled]

    @active_types.setter
    def active_types(self, types: Collection[str]) -> None:
        for mime, formatter in self.formatters.items():
            formatter.enabled = mime in types

    @property
    def format_types(self) -> list[str]:
        """The MIME types of all formatters."""
        return list(self.formatters)

    def format(
        self, obj: Any, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> Bundle:
        """Returns data and metadata by MIME type; both are empty if the object has displayed itself."""
        if self._displays_itself(obj):
            return {}, {}
        include, exclude = _as_set(include), _as_set(exclude)
        data, metadata = self._bundle(obj, include, exclude)
        for mime, formatter in self.formatters.items():
            if mime in data or (include and mime not in include) or (exclude and mime in exclude):
                continue
            form = self._form(formatter, obj)
            if form is None:
                continue
            if isinstance(form, tuple) and len(form) == 2:
                form, extra = form
                if extra:
                    metadata[mime] = extra
            data[mime] = encoded(form)
        if self.formatters["text/html"]._registered(type(obj)) is None:
            self.annotate(obj, data, metadata)
        return data, metadata

    def _displays_itself(self, obj: Any) -> bool:
        formatter = self.ipython_display_formatter
        function = formatter._registered(type(obj))
        method = None if function is not None else real_method(obj, "_ipython_display_")
        try:
            if function is not None:
                function(obj)
                return True
            if method is not None:
                method()
                return True
        except NotImplementedError:
            pass
        except Exception as error:
            self._report(error)  # Its other forms are shown, as IPython does.
        return False

    def _bundle(self, obj: Any, include: set[str] | None, exclude: set[str] | None) -> Bundle:
        function = self.mimebundle_formatter._registered(type(obj))
        method = None if function is not None else real_method(obj, "_repr_mimebundle_")
        if function is None and method is None:
            return {}, {}
        try:
            made = function(obj) if function else method(include=include, exclude=exclude)  # type: ignore[misc]
        except NotImplementedError:
            return {}, {}
        except Exception as error:
            self._report(error)
            return {}, {}
        made = self.mimebundle_formatter.checked(made, obj)
        if made is None:
            return {}, {}
        data, metadata = made if isinstance(made, tuple) and len(made) == 2 else (made, {})
        chosen = {
            mime: encoded(form)
            for mime, form in data.items()
            if not (include and mime not in include) and not (exclude and mime in exclude)
        }
        return chosen, dict(metadata or {})

    def _form(self, formatter: MimeFormatter, obj: Any) -> Any:
        # A class of the user's may have its own way to be called.
        form = formatter.form if type(formatter).__call__ is MimeFormatter.__call__ else formatter
        try:
            return form(obj)
        except NotImplementedError:
            if formatter is self.plain:
                return object.__repr__(obj)
            return None
        except Exception as error:
            self._report(error)
            # The user must see something, and a list with one broken item is still a list.
            return object.__repr__(obj) if formatter is self.plain else None


def encoded(form: Any) -> Any:
    """Returns a form as JSON can hold it: bytes become base64 text."""
    if isinstance(form, (bytes, bytearray, memoryview)):
        return base64_text(form)
    return form


def _as_set(types: Collection[str] | None) -> set[str] | None:
    if types is None:
        return None
    return {types} if isinstance(types, str) else set(types)
