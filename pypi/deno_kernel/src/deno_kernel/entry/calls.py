"""Answers the requests of the host that do not wait."""

from __future__ import annotations

from json import loads
import sys
from collections.abc import Callable, Iterable
from typing import Any

from ..current import running_shell
from ..execution.tracebacks import message_of
from ..host.json_text import to_json
from ..kernel import Kernel

Method = Callable[[Kernel, dict[str, Any], list[bytes]], dict[str, Any]]


def configure(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Gives a kernel, which may have woken from a shared memory image, its id, environment and directory."""
    from .configure import configure

    configure(kernel, args)
    return {}


def complete(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Returns the matches at the cursor."""
    from ..introspection.completion import complete

    code = args["code"]
    return complete(kernel.namespace.names, code, int(args.get("cursorPos", len(code))))


def inspect(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Returns the description of the object at the cursor."""
    from ..introspection.inspection import inspect_at

    code, names = args["code"], kernel.namespace.names
    return inspect_at(names, code, int(args.get("cursorPos", len(code))), int(args.get("detailLevel") or 0))


def is_complete(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Returns `complete`, `incomplete` or `invalid` as `status`, and the indentation of the next line."""
    from ..source.completeness import check_complete

    code, shell = args["code"], running_shell()
    status, indent = check_complete(code if shell is None else shell.with_automagic(code))
    return {"status": status, "indent": indent}


def history(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Returns cells of this session."""
    return {"history": kernel.history.query(args)}


def comm_info(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Returns the open comms, of one target or of all."""
    target = args.get("targetName")
    return {
        "comms": {
            comm_id: {"targetName": comm.target_name}
            for comm_id, comm in kernel.comms.comms.items()
            if target is None or comm.target_name == target
        }
    }


def _comm_message(args: dict[str, Any], buffers: list[bytes], msg_type: str) -> dict[str, Any]:
    content = {"comm_id": args["commId"], "data": args.get("data") or {}}
    if msg_type == "comm_open":
        content["target_name"] = args.get("targetName") or "comm"
    return {
        "header": {"msg_type": msg_type, "msg_id": args.get("requestId") or "", "session": "", "username": ""},
        "parent_header": {},
        "msg_type": msg_type,
        "content": content,
        "metadata": args.get("metadata") or {},
        "buffers": [memoryview(buffer) for buffer in buffers],
    }


def _comm_call(msg_type: str) -> Method:
    def handle(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
        message = _comm_message(args, buffers, msg_type)
        events, request_id = kernel.events, args.get("requestId")
        maker = kernel.comms.maker_of(args["commId"], message["content"].get("target_name"))
        with events.caused_by(request_id) if request_id else events.code_of(maker):
            kernel.run_user_code(lambda: getattr(kernel.comms, msg_type)(None, None, message))
        return {}

    return handle


def input_reply(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Passes an answer of the client to input()."""
    return {"accepted": kernel.stdin.reply(args["requestId"], args.get("value"))}


def tool_reply(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Passes the answer of a tool to the code that has called it."""
    return {"accepted": kernel.tool_calls.reply(args["requestId"], loads(args["outcome"]))}


def variables(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Returns a summary of the user's variables."""
    from ..introspection.variables import variables

    namespace = kernel.namespace
    return {"variables": variables(namespace.names, namespace.user_names())}


def packages(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Returns the installed packages, sorted by name."""
    from ..packages.installed import installed

    found = sorted(installed().items(), key=lambda item: item[0].lower())
    return {"packages": [{"name": name, "version": version} for name, version in found]}


def debug(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Returns the response to a request of a debugger."""
    if kernel.debugger is None:
        from ..debugging.adapter import Debugger

        kernel.debugger = Debugger(kernel)
    return {"response": kernel.debugger.answer(args["request"])}


def interrupt(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Ends the wait of an execution; `delivered` is false if it does not wait."""
    return {"delivered": kernel.interrupt(args["executionId"])}


def interrupt_noted(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Ends the wait of an execution if a SIGINT was noted; `delivered` is false otherwise."""
    return {"delivered": kernel.interrupt_noted(args["executionId"])}


def info(kernel: Kernel, args: dict[str, Any], buffers: list[bytes]) -> dict[str, Any]:
    """Returns the versions and the language of this kernel."""
    from .. import __version__

    version = ".".join(str(part) for part in sys.version_info[:3])
    return {
        "implementation": "deno_kernel",
        "implementationVersion": __version__,
        "banner": f"Python {sys.version.split(chr(10))[0]} in Pyodide\ndeno_kernel {__version__}",
        "supportedFeatures": ["debugger"],
        "languageInfo": {
            "name": "python",
            "version": version,
            "mimetype": "text/x-python",
            "file_extension": ".py",
            "pygments_lexer": "ipython3",
            "codemirror_mode": {"name": "ipython", "version": 3},
            "nbconvert_exporter": "python",
        },
    }


METHODS: dict[str, Method] = {
    "configure": configure,
    "complete": complete,
    "inspect": inspect,
    "isComplete": is_complete,
    "history": history,
    "commInfo": comm_info,
    "commOpen": _comm_call("comm_open"),
    "commMsg": _comm_call("comm_msg"),
    "commClose": _comm_call("comm_close"),
    "inputReply": input_reply,
    "toolReply": tool_reply,
    "variables": variables,
    "packages": packages,
    "debug": debug,
    "interrupt": interrupt,
    "interruptNoted": interrupt_noted,
    "info": info,
}


def answer(kernel: Kernel, method: str, args_json: str, buffers: Iterable[Any] | None = None) -> str:
    """Returns the JSON of the answer to a request, or of an error: `{"error": {ename, evalue}}`. Never raises."""
    try:
        function = METHODS.get(method)
        if function is None:
            raise ValueError(f"Cannot call {method!r}: there are {', '.join(METHODS)}")
        args = loads(args_json) if args_json else {}
        if not isinstance(args, dict):
            raise TypeError("arguments must be an object")
        raw = [buffer if isinstance(buffer, bytes) else bytes(buffer) for buffer in buffers or ()]
        reply = function(kernel, args, raw)
    except BaseException as error:
        missing = isinstance(error, KeyError)
        evalue = f"missing argument {error}" if missing else message_of(error)
        reply = {"error": {"ename": type(error).__name__, "evalue": evalue}}
    kernel.events.flush()
    return to_json(reply)
