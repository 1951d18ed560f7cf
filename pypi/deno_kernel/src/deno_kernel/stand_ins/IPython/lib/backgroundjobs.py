"""The stand-in for `IPython.lib.backgroundjobs`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

__all__ = ["BackgroundJobBase", "BackgroundJobExpr", "BackgroundJobFunc", "BackgroundJobManager"]


class BackgroundJob:
    """A `BackgroundJob` is a task of the event loop: there are no threads, so that a job runs between cells."""

    def __init__(self, num: int, work: Callable[[], Any]) -> None:
        self.num = num
        self.status = "Created"
        self.result: Any = None
        self.error: BaseException | None = None
        self._task = asyncio.ensure_future(self._run(work))

    async def _run(self, work: Callable[[], Any]) -> None:
        await asyncio.sleep(0)
        self.status = "Running"
        try:
            self.result = work()
            self.status = "Completed"
        except Exception as error:
            self.error = error
            self.status = "Dead (Exception), call jobs.traceback() for details"

    def traceback(self) -> None:
        """Prints what the job failed with."""
        import traceback

        if self.error is not None:
            traceback.print_exception(self.error)


BackgroundJobBase = BackgroundJobFunc = BackgroundJobExpr = BackgroundJob


class BackgroundJobManager:
    """A `BackgroundJobManager` starts jobs, which run on the event loop after the present cell."""

    def __init__(self) -> None:
        self.all: dict[int, BackgroundJob] = {}

    def new(self, func_or_exp: Any, *args: Any, **kwargs: Any) -> BackgroundJob:
        """Starts a job from a function and its arguments, or from an expression and its namespaces."""
        number = len(self.all)
        if isinstance(func_or_exp, str):
            from deno_kernel.current import running_shell

            names = args or (running_shell().user_ns,)
            job = BackgroundJob(number, lambda: eval(func_or_exp, *names))
        elif callable(func_or_exp):
            job = BackgroundJob(number, lambda: func_or_exp(*args, **(kwargs.get("kw") or kwargs)))
        else:
            raise TypeError("invalid args for new job")
        self.all[number] = job
        print(f"Starting job # {number}.")
        return job

    def __getitem__(self, num: int) -> BackgroundJob:
        return self.all[num]

    def result(self, num: int) -> Any:
        """Returns the result of a job."""
        return self.all[num].result

    def status(self, verbose: int = 0) -> None:
        """Prints the status of all jobs."""
        for number, job in self.all.items():
            print(f"{number} : {job.status}")

    def traceback(self, job: int | None = None) -> None:
        """Prints what a job failed with, or what all have failed with."""
        for one in self.all.values() if job is None else [self.all[job]]:
            one.traceback()
