"""%prun and %%prun: magics that profile code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..ipython.magic import Magics, UsageError, line_cell_magic, magics_class, no_var_expand, parse_options
from ..ipython.nested import Caller, compile_nested, run_compiled


@magics_class
class ProfilingMagics(Magics):
    """A `ProfilingMagics` has the magics that profile code."""

    @no_var_expand
    @line_cell_magic
    def prun(self, line: str = "", cell: str | None = None) -> Any:
        """Profiles a statement or a cell: `%prun [-l limit] [-s key] [-T file] [-D file] [-q] [-r] statement`.

        -l limits the lines, by a number or the text of names, and may come several times; -s sorts by a key of pstats;
        -T writes the text and -D the data to a file; -q shows nothing; -r returns the `pstats.Stats`.
        """
        limits, line = _limits(line)
        options, statement = parse_options(line, "D:s:T:rq")
        source = statement if cell is None else f"{statement}\n{cell}" if statement else cell
        if not source.strip():
            raise UsageError("%prun needs a statement to profile")
        compiled = compile_nested(self.shell._kernel, source)
        stats = profiled(self.shell, lambda call: run_compiled(self.shell._kernel, compiled, call=call), options, limits)
        return stats if "r" in options else None


def profiled(
    shell: Any, run: Callable[[Caller], Any], options: Mapping[str, Any], limits: Sequence[int | float | str] = ()
) -> Any:
    """Profiles what `run` calls by the function that it gets, and returns the stats.

    The table is shown as the options `s`, `T`, `D` and `q` of %prun want it.
    """
    import cProfile
    import io
    import pstats

    profile = cProfile.Profile()
    try:
        run(profile.runcall)
        note = ""
    except SystemExit:
        note = "*** SystemExit exception caught in code being profiled."
    shown = io.StringIO()
    stats = pstats.Stats(profile, stream=shown).strip_dirs()
    text_file, data_file = options.get("T"), options.get("D")
    try:
        stats.sort_stats(options.get("s") or "time").print_stats(*limits)
    except KeyError:
        raise UsageError(f"%prun cannot sort by {options['s']!r}") from None
    text = shown.getvalue().rstrip()
    try:
        if text_file:
            with open(text_file, "w", encoding="utf-8") as file:
                file.write(text)
            print(f"*** Profile printout saved to text file {text_file!r}.{note}")
        if data_file:
            stats.dump_stats(data_file)
            print(f"*** Profile stats marshalled to file {data_file!r}.{note}")
    except OSError as error:
        raise UsageError(f"%prun cannot write {error.filename!r}: {error.strerror}") from None
    if "q" not in options:
        shell.write_payload({"source": "page", "data": {"text/plain": f"{text}\n{note}"}, "start": 0})
    return stats


def _limits(line: str) -> tuple[list[int | float | str], str]:
    """Takes the options `-l` off a line; getopt would keep only the last one."""
    import re

    limits: list[int | float | str] = []

    def take(match: re.Match[str]) -> str:
        word = match[1].strip("'\"")
        for kind in (int, float):
            try:
                limits.append(kind(word))
                return ""
            except ValueError:
                continue
        limits.append(word)
        return ""

    head = re.match(r"(?:\s*-(?:[rq]+|[DsTl]\s*(?:\"[^\"]*\"|'[^']*'|\S+)))*", line)
    end = head.end() if head else 0
    return limits, re.sub(r"(?:^|(?<=\s))-l\s*(\"[^\"]*\"|'[^']*'|\S+)", take, line[:end]) + line[end:]
