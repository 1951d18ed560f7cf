"""Makes a kernel ready to be saved as an image of installed packages, from which other kernels wake."""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from typing import Any

from ..current import running_kernel

_LARGEST = 1 << 29
_SMALLEST = 1 << 9

_WARM_UPS = {
    "numpy": "import numpy\nnumpy.linalg.inv(numpy.eye(3) + 1).sum()\nrepr(numpy.random.default_rng().normal(size=3))",
    "pandas": (
        "import io, pandas\nframe = pandas.DataFrame({'a': [1, 2, 3], 'b': list('xyx'), 'c': [0.5, None, 2.5]})\n"
        "frame.groupby('b').agg({'a': 'sum', 'c': 'mean'})\nframe.merge(frame, on='a').sort_values('a').describe()\n"
        "frame._repr_html_(), repr(frame), pandas.read_csv(io.StringIO(frame.to_csv()))"
    ),
    "matplotlib": (
        "import io, matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 3, 2], label='x')\n"
        "axes.set_title('x')\naxes.legend()\nfigure.savefig(io.BytesIO(), format='png')\nplt.close('all')"
    ),
    "scipy": (
        "import scipy.linalg, scipy.optimize, scipy.stats\nscipy.stats.ttest_ind([1.0, 2.0, 3.0], [2.0, 3.0, 5.0])\n"
        "scipy.linalg.lu([[1.0, 2.0], [3.0, 4.0]])\nscipy.optimize.minimize(lambda x: (x[0] - 3) ** 2, [0.0])"
    ),
    "sklearn": (
        "import sklearn.ensemble, sklearn.linear_model, sklearn.model_selection\n"
        "sklearn.linear_model.LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]).predict([[2.0]])"
    ),
    "sympy": "import sympy\nx = sympy.Symbol('x')\nsympy.latex(sympy.integrate(sympy.cos(x) * x, x)), sympy.solve(x**2 - 2)",
}
"""Code that cells tend to run first with a module, by its name: run once, it is quick in a woken kernel."""


def warm_up(modules_json: str) -> None:
    """Imports the modules of a JSON list, and runs a few statements with those that are known.

    A module that cannot be imported is left out: a package may bring libraries that look like modules. Raises
    ImportError if all of them are.
    """
    modules = json.loads(modules_json)
    failed: list[ImportError] = []
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError as error:
            failed.append(error)
            continue
        if module in _WARM_UPS:
            exec(compile(_WARM_UPS[module], "<warm-up>", "exec"), {"__name__": "__warm_up__"})
    if failed and len(failed) == len(modules):
        raise failed[0]


def describe_warm_up(modules_json: str) -> None:
    """Does the same as `warm_up`, and prints facts of it as JSON.

    These are the versions of the packages that are installed (`packages`), the modules that are loaded besides those of
    the standard library and the kernel (`modules`), and the environment variables that were read (`environ`).
    """
    from ..packages.installed import installed

    with _ReadVariables() as read:
        warm_up(modules_json)
    loaded = {name.partition(".")[0] for name in list(sys.modules)}
    own = {"deno_kernel", "deno_resolver", "__main__", "pyodide", "_pyodide", "_pyodide_core", "js", "pyodide_js"}
    modules = sorted(loaded - own - set(sys.stdlib_module_names))
    print(json.dumps({"packages": installed(), "modules": modules, "environ": sorted(read)}))


class _ReadVariables:
    """A `_ReadVariables` notes the names of environment variables that Python code reads."""

    def __enter__(self) -> set[str]:
        names: set[str] = set()
        environ: Any = type(os.environ)
        self._read = read = environ.__getitem__

        def noting(self: Any, key: str) -> str:
            names.add(key)
            return read(self, key)

        environ.__getitem__ = noting
        return names

    def __exit__(self, *_: Any) -> None:
        environ: Any = type(os.environ)
        environ.__getitem__ = self._read


def settle() -> None:
    """Forgets what an image must not repeat, and writes zeros over all memory that is free.

    JavaScript calls this while the memory cannot grow.
    """
    running_kernel().packages.forget()
    # An open font file, for example, has its position in JavaScript.
    for name in ("linecache", "matplotlib.font_manager"):
        module = sys.modules.get(name)
        clear = getattr(getattr(module, "_get_font", None), "cache_clear", None) or getattr(module, "clearcache", None)
        if clear is not None:
            clear()
    for _ in range(3):
        gc.collect()
    taken, size = [], _LARGEST
    while size >= _SMALLEST:
        try:
            taken.append(bytes(size))
        except MemoryError:
            size //= 2
    del taken
    gc.collect()
    gc.freeze()
