"""Comms: channels over which a Python object and the front end send each other messages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from .events import EventSender
from .executions import Execution, current_execution

Message = dict[str, Any]
Handler = Callable[[Message], Any]


class BaseComm:
    """A `BaseComm` is the kernel's end of a channel; a subclass sends its messages in `publish_msg`."""

    def __init__(
        self,
        target_name: str = "comm",
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[Any] | None = None,
        comm_id: str | None = None,
        primary: bool = True,
        target_module: str | None = None,
        topic: bytes | None = None,
        _open_data: dict[str, Any] | None = None,
        _close_data: dict[str, Any] | None = None,
        **others: Any,
    ) -> None:
        if comm_id is None:
            import uuid

            comm_id = uuid.uuid4().hex
        self.comm_id = comm_id
        self.target_name = target_name
        self.target_module = target_module
        self.primary = primary
        self.topic = topic
        self._open_data = _open_data or {}
        self._close_data = _close_data or {}
        self._closed = True
        self._message_handler: Handler | None = None
        self._close_handler: Handler | None = None
        if primary:
            self.open(data=data, metadata=metadata, buffers=buffers)
        else:
            self._closed = False

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[Any] | None = None,
        **keys: Any,
    ) -> None:
        """Sends one message of type `comm_open`, `comm_msg` or `comm_close` to the front end."""
        raise NotImplementedError("publish_msg() must be implemented by a subclass")

    def open(
        self,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[Any] | None = None,
    ) -> None:
        """Registers the comm and opens it in the front end."""
        manager = get_comm_manager()
        manager.register_comm(self)
        try:
            self.publish_msg(
                "comm_open",
                data=self._open_data if data is None else data,
                metadata=metadata,
                buffers=buffers,
                target_name=self.target_name,
                target_module=self.target_module,
            )
            self._closed = False
        except BaseException:
            manager.unregister_comm(self)
            raise

    def send(
        self,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[Any] | None = None,
    ) -> None:
        """Sends a message to the front end."""
        self.publish_msg("comm_msg", data=data, metadata=metadata, buffers=buffers)

    def close(
        self,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[Any] | None = None,
        deleting: bool = False,
    ) -> None:
        """Closes the channel; closing it twice does nothing."""
        if self._closed:
            return
        self._closed = True
        self.publish_msg(
            "comm_close", data=self._close_data if data is None else data, metadata=metadata, buffers=buffers
        )
        if not deleting:
            get_comm_manager().unregister_comm(self)

    def on_msg(self, callback: Handler | None) -> None:
        """Sets the handler of messages from the front end; None removes it."""
        self._message_handler = callback

    def on_close(self, callback: Handler | None) -> None:
        """Sets the handler that is called when the front end closes the channel; None removes it."""
        self._close_handler = callback

    def handle_msg(self, msg: Message) -> None:
        """Passes a message from the front end to the handler."""
        if self._message_handler is not None:
            self._message_handler(msg)

    def handle_close(self, msg: Message) -> None:
        """Marks the comm as closed by the front end, and calls the handler."""
        self._closed = True
        if self._close_handler is not None:
            self._close_handler(msg)


class Comm(BaseComm):
    """A `Comm` sends its messages as events of this kernel."""

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[Any] | None = None,
        **keys: Any,
    ) -> None:
        content: dict[str, Any] = {
            "commId": self.comm_id, "data": {} if data is None else data, "metadata": metadata or {},
        }  # fmt: skip
        if msg_type == "comm_open":
            content["targetName"] = keys.get("target_name") or self.target_name
        events = get_comm_manager().events
        if events is None:
            raise RuntimeError("Cannot use a comm: no kernel is running")
        events.send(msg_type, content, [_bytes(buffer) for buffer in buffers] if buffers else None)

    @property
    def kernel(self) -> Any:
        """Returns `get_ipython().kernel`, for libraries that ask a comm for the kernel."""
        import builtins

        shell = getattr(builtins, "get_ipython", lambda: None)()
        return getattr(shell, "kernel", None)


def _bytes(buffer: Any) -> bytes:
    return buffer if isinstance(buffer, bytes) else memoryview(buffer).tobytes()


class CommManager:
    """A `CommManager` has the open comms by id, and the targets to which the front end may open comms."""

    def __init__(self) -> None:
        self.comms: dict[str, BaseComm] = {}
        self.targets: dict[str, Callable[[BaseComm, Message], Any]] = {}
        self.events: EventSender | None = None
        self.comm_class: type[BaseComm] = Comm
        # The executions that have made the comms and the targets: what their handlers print is output of these.
        self._makers: dict[str, Execution | None] = {}
        self._target_makers: dict[str, Execution | None] = {}

    def maker_of(self, comm_id: str, target_name: str | None = None) -> Execution | None:
        """Returns the execution that has made a comm, or a target; None if no execution has."""
        if comm_id in self.comms:
            return self._makers.get(comm_id)
        return None if target_name is None else self._target_makers.get(target_name)

    def register_target(self, target_name: str, f: Callable[[BaseComm, Message], Any] | str) -> None:
        """Calls `f(comm, msg)` for every comm that the front end opens to this target; `f` may be a dotted name."""
        if isinstance(f, str):
            module_name, _, attribute = f.rpartition(".")
            import importlib

            f = getattr(importlib.import_module(module_name), attribute)
        self.targets[target_name] = f  # type: ignore[assignment]
        self._target_makers[target_name] = current_execution.get()

    def unregister_target(self, target_name: str, f: Any = None) -> Any:
        """Removes a target and returns its function; raises KeyError if it is unknown."""
        self._target_makers.pop(target_name, None)
        return self.targets.pop(target_name)

    def register_comm(self, comm: BaseComm) -> str:
        """Adds an open comm, and returns its id."""
        self.comms[comm.comm_id] = comm
        self._makers[comm.comm_id] = current_execution.get()
        return comm.comm_id

    def unregister_comm(self, comm: BaseComm) -> None:
        """Removes a comm."""
        self.comms.pop(comm.comm_id, None)
        self._makers.pop(comm.comm_id, None)

    def get_comm(self, comm_id: str) -> BaseComm | None:
        """Returns the open comm with an id; None, with a line on stderr, if there is none."""
        comm = self.comms.get(comm_id)
        if comm is None:
            print(f"No such comm: {comm_id}", file=sys.stderr)
        return comm

    def comm_open(self, stream: Any, ident: Any, msg: Message) -> None:
        """Makes the comm that the front end opens; closes it if its target is unknown or raises."""
        content = msg["content"]
        target = self.targets.get(content["target_name"])
        comm = self.comm_class(
            comm_id=content["comm_id"], primary=False, target_name=content["target_name"]
        )
        self.register_comm(comm)
        if target is None:
            print(f"No such comm target registered: {content['target_name']}", file=sys.stderr)
        else:
            try:
                target(comm, msg)
                return
            except BaseException:
                comm.close()
                raise
        comm.close()

    def comm_msg(self, stream: Any, ident: Any, msg: Message) -> None:
        """Passes a message from the front end to its comm."""
        comm = self.get_comm(msg["content"]["comm_id"])
        if comm is not None:
            comm.handle_msg(msg)

    def comm_close(self, stream: Any, ident: Any, msg: Message) -> None:
        """Removes the comm that the front end has closed."""
        comm = self.get_comm(msg["content"]["comm_id"])
        if comm is not None:
            self.unregister_comm(comm)
            comm.handle_close(msg)


_manager = CommManager()


def get_comm_manager() -> CommManager:
    """Returns the comm manager of this process."""
    return _manager


def use_comm_manager(manager: CommManager) -> CommManager:
    """Makes a manager the one of this process, and returns the manager that was there before."""
    global _manager
    previous, _manager = _manager, manager
    return previous


def create_comm(*args: Any, **kwargs: Any) -> BaseComm:
    """Makes a comm of this kernel, which opens it."""
    return _manager.comm_class(*args, **kwargs)
