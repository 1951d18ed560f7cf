"""A client of the Deno Code Interpreter, which runs Python in sandboxed kernels."""

from .aio import AsyncCodeInterpreter
from .errors import CodeInterpreterError, ConnectionLost, ExecutionError, RequestError, StartError
from .interpreter import CodeInterpreter
from .outputs import Execution, Output

__version__ = "0.1.0"

__all__ = [
    "AsyncCodeInterpreter",
    "CodeInterpreter",
    "CodeInterpreterError",
    "ConnectionLost",
    "Execution",
    "ExecutionError",
    "Output",
    "RequestError",
    "StartError",
]
