"""The stand-in for `ipykernel.kernelapp`."""

from __future__ import annotations

from typing import Any, NoReturn

from deno_kernel.current import running_shell

__all__ = ["IPKernelApp", "launch_new_instance"]


class IPKernelApp:
    """An `IPKernelApp` is the program of a kernel; there is one in this process."""

    @classmethod
    def initialized(cls) -> bool:
        """Returns true if a kernel runs."""
        return running_shell() is not None

    @classmethod
    def instance(cls, *args: Any, **options: Any) -> IPKernelApp:
        """Returns the program of this process."""
        return cls()

    @property
    def kernel(self) -> Any:
        """The kernel."""
        return running_shell().kernel

    @property
    def shell(self) -> Any:
        """The shell."""
        return running_shell()

    @classmethod
    def launch_instance(cls, *args: Any, **options: Any) -> NoReturn:
        """Raises NotImplementedError, because the process of a kernel has one kernel."""
        raise NotImplementedError("Cannot start a kernel: this code runs in a kernel already")


launch_new_instance = IPKernelApp.launch_instance
