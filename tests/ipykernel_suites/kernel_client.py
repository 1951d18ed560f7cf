"""A blocking client of one kernel of a server, with the interface of jupyter_client's managers and clients."""

import json
import queue
import threading
import urllib.error
import urllib.request

import websocket
from jupyter_client.client import KernelClient
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session

_START_SECONDS = 60


class Channel:
    """A `Channel` sends the messages of one channel, and keeps those that come until they are asked for."""

    def __init__(self, name, connection):
        self.name = name
        self._connection = connection
        self._messages = queue.Queue()

    def send(self, message):
        self._connection.send(json.dumps({**message, "channel": self.name}, default=json_default))

    def receive(self, message):
        self._messages.put(message)

    def get_msg(self, timeout=None):
        return self._messages.get(timeout=timeout)

    def is_alive(self):
        return self._connection.connected


class Kernel(KernelClient):
    """A `Kernel` is a new kernel of the server at `url`: its client and its manager in one."""

    parent = shell_channel = iopub_channel = stdin_channel = control_channel = None

    def __init__(self, url):
        super().__init__(session=Session())
        self.parent = self  # The tests take this for the manager of the kernel.
        self._url = url
        self.kernel_id = self._ask("POST", "/api/kernels", {"name": "python"})["id"]
        address = f"{url.replace('http', 'ws', 1)}/api/kernels/{self.kernel_id}/channels"
        self._connection = websocket.create_connection(f"{address}?session_id={self.session.session}")
        self._channels = {name: Channel(name, self._connection) for name in ("shell", "iopub", "stdin", "control")}
        for name, channel in self._channels.items():
            setattr(self, f"{name}_channel", channel)
        threading.Thread(target=self._receive, daemon=True).start()
        self.kernel_info()
        self.get_shell_msg(timeout=_START_SECONDS)
        while self.get_iopub_msg(timeout=_START_SECONDS)["content"].get("execution_state") != "idle":
            pass

    def _receive(self):
        while True:
            try:
                text = self._connection.recv()
            except (OSError, websocket.WebSocketException):
                return
            if isinstance(text, str) and text:
                message = json.loads(text)
                self._channels[message["channel"]].receive(message)

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self._url + path, data, headers, method=method)) as answer:
            return json.loads(answer.read() or "null")

    @property
    def kernel_spec(self):
        """The description of the kernel, whose entries a test may change without an effect."""
        return self

    def get_shell_msg(self, timeout=None):
        return self.shell_channel.get_msg(timeout)

    def get_iopub_msg(self, timeout=None):
        return self.iopub_channel.get_msg(timeout)

    def get_stdin_msg(self, timeout=None):
        return self.stdin_channel.get_msg(timeout)

    def get_control_msg(self, timeout=None):
        return self.control_channel.get_msg(timeout)

    def start_channels(self, **options):
        pass

    def stop_channels(self):
        self._connection.close()

    def interrupt_kernel(self):
        self._ask("POST", f"/api/kernels/{self.kernel_id}/interrupt", {})

    def restart_kernel(self, **options):
        self._ask("POST", f"/api/kernels/{self.kernel_id}/restart", {})

    def is_alive(self):
        try:
            return bool(self._ask("GET", f"/api/kernels/{self.kernel_id}"))
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            return False

    def shutdown_kernel(self, now=False, restart=False):
        self.stop_channels()
        if self.is_alive():
            self._ask("DELETE", f"/api/kernels/{self.kernel_id}")
