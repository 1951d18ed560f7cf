"""The warnings of Python's compiler about the sources of packages, which nobody who uses a package can mend."""

from __future__ import annotations

import re
import warnings


def ignore_warnings_about(directory: str) -> None:
    """Ignores the compiler's warnings about the sources in a directory, as pip does when it compiles them."""
    warnings.filterwarnings("ignore", category=SyntaxWarning, module=re.escape(f"{directory}/"), append=True)
