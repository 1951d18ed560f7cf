"""The types of what the methods of builtin types return, which have no annotations."""

from __future__ import annotations

_METHODS: dict[type, dict[type, str]] = {
    str: {
        str: (
            "capitalize casefold center expandtabs format format_map join ljust lower lstrip removeprefix removesuffix "
            "replace rjust rstrip strip swapcase title translate upper zfill"
        ),
        bool: (
            "endswith isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle "
            "isupper startswith"
        ),
        int: "count find index rfind rindex", list: "rsplit split splitlines", tuple: "partition rpartition", bytes: "encode",
        dict: "maketrans",
    },
    bytes: {
        bytes: (
            "capitalize center expandtabs fromhex join ljust lower lstrip removeprefix removesuffix replace rjust rstrip strip "
            "swapcase title translate upper zfill"
        ),
        bool: "endswith isalnum isalpha isascii isdigit islower isspace istitle isupper startswith",
        int: "count find index rfind rindex", list: "rsplit split splitlines", tuple: "partition rpartition",
        str: "decode hex",
    },
    int: {int: "bit_count bit_length conjugate from_bytes", bytes: "to_bytes", tuple: "as_integer_ratio", bool: "is_integer"},
    float: {float: "conjugate fromhex", tuple: "as_integer_ratio", bool: "is_integer", str: "hex"},
    list: {list: "copy", int: "count index"},
    tuple: {int: "count index"},
    dict: {dict: "copy fromkeys", type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items", tuple: "popitem"},
    set: {set: "copy difference intersection symmetric_difference union", bool: "isdisjoint issubset issuperset"},
    frozenset: {frozenset: "copy difference intersection symmetric_difference union", bool: "isdisjoint issubset issuperset"},
}  # fmt: skip
_BY_NAME = {
    cls: {name: found for found, names in methods.items() for name in names.split()} for cls, methods in _METHODS.items()
}


def result_type(cls: type, method: str) -> type | None:
    """Returns the type of what a method of a builtin type returns; None if it is not known."""
    return _BY_NAME.get(cls, {}).get(method)
