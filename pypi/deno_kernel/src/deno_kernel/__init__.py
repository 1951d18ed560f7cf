"""A Python kernel that speaks Jupyter's vocabulary, for Pyodide inside Deno.

Importing the package does nothing but define its version; a kernel is made by
``deno_kernel.entry.pyodide_platform.start`` (in Pyodide) or ``deno_kernel.kernel.Kernel`` (anywhere).
"""

__version__ = "0.1.0"
