"""%time and %timeit: magics that measure time."""

from __future__ import annotations

import gc
import math
import time
from typing import Any

from ..ipython.magic import Magics, UsageError, line_cell_magic, magics_class, needs_local_scope, no_var_expand, output_can_be_silenced, parse_options
from ..ipython.nested import compile_nested, run_compiled

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "μs"), (1e-9, "ns"))


def format_time(seconds: float, precision: int = 3) -> str:
    """Returns a time in seconds as text such as `1.5 ms` or `2min 3s`."""
    if seconds >= 60:
        parts, rest = [], int(seconds)
        for name, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
            value, rest = divmod(rest, size)
            if value:
                parts.append(f"{value}{name}")
        return " ".join(parts)
    if seconds <= 0:
        return "0 ns"
    at = next((index for index, (scale, _) in enumerate(_UNITS) if seconds >= scale), len(_UNITS) - 1)
    if at > 0 and float(f"{seconds / _UNITS[at][0]:.{precision}g}") >= 1000:
        at -= 1  # It is rounded to one of the next unit, and would be shown as 1e+03.
    scale, unit = _UNITS[at]
    return f"{seconds / scale:.{precision}g} {unit}"


class TimeitResult:
    """A `TimeitResult` has the times of a %timeit, per loop, in seconds."""

    def __init__(self, loops: int, repeat: int, all_runs: list[float], precision: int) -> None:
        self.loops, self.repeat, self.all_runs = loops, repeat, all_runs
        self.timings = [run / loops for run in all_runs]
        self.best, self.worst = min(self.timings), max(self.timings)
        self.average = math.fsum(self.timings) / len(self.timings)
        self.stdev = math.sqrt(math.fsum((t - self.average) ** 2 for t in self.timings) / len(self.timings))
        self._precision = precision

    def __str__(self) -> str:
        runs, loops = self.repeat, self.loops
        return (
            f"{format_time(self.average, self._precision)} ± {format_time(self.stdev, self._precision)} per loop "
            f"(mean ± std. dev. of {runs} run{'s' * (runs != 1)}, {loops:,} loop{'s' * (loops != 1)} each)"
        )

    def __repr__(self) -> str:
        return f"<TimeitResult : {self}>"


@magics_class
class TimingMagics(Magics):
    """A `TimingMagics` has the magics that measure time."""

    @output_can_be_silenced
    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    def time(self, line: str = "", cell: str | None = None, local_ns: dict[str, Any] | None = None) -> Any:
        """Times one run of a statement or a cell, and returns the value of its last expression.

        %time statement
        %%time
        """
        kernel = self.shell._kernel
        if cell is not None and line.strip():
            raise UsageError("Can't use statement directly after '%%time'!")
        source = line if cell is None else cell
        begin = time.perf_counter()
        compiled = compile_nested(kernel, source)
        compile_time = time.perf_counter() - begin
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            value = run_compiled(kernel, compiled, local_names=local_ns)
        finally:
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            # The system's part of the time cannot be told apart here.
            print(f"CPU times: user {format_time(cpu)}, sys: {format_time(0)}, total: {format_time(cpu)}")
            print(f"Wall time: {format_time(wall)}")
            if compile_time > 0.1:
                print(f"Compiler : {format_time(compile_time)}")
        return value if compiled.shows_result else None

    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    def timeit(self, line: str = "", cell: str | None = None, local_ns: dict[str, Any] | None = None) -> Any:
        """Times many runs of a statement or a cell; for a cell, the line is its setup.

        %timeit [-n loops] [-r repeats] [-p precision] [-q] [-o] statement
        """
        import timeit

        options, statement = parse_options(line, "n:r:p:tcqov:")
        if cell is None and not statement:
            raise UsageError("%timeit needs a statement to time")
        setup, code = ("pass", statement) if cell is None else (statement or "pass", cell)
        try:
            loops, repeat = int(options.n or 0), int(options.r or 7)
            precision = int(options.p or 3)
        except ValueError as error:
            raise UsageError(f"%timeit: {error}") from None
        if repeat < 1 or loops < 0:
            raise UsageError("%timeit: the numbers of loops and repeats must be positive")
        transform = self.shell.transform_cell
        code = transform(code) if "%" in code or "!" in code else code
        names = self.shell.user_ns
        if local_ns is not None and local_ns is not names:
            names = {**names, **local_ns}
        timer = timeit.Timer(code, setup, globals=names)
        enabled = gc.isenabled()
        try:
            if not loops:
                loops, _ = timer.autorange()
            runs = timer.repeat(repeat, loops)
        finally:
            if enabled:
                gc.enable()
        result = TimeitResult(loops, repeat, runs, precision)
        if options.v:
            self.shell.user_ns[options.v] = result
        if options.q is None:
            print(result)
        return result if options.o is not None else None
