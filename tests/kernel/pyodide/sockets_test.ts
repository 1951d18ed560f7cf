import assert from "node:assert/strict";
import { createKernel, type KernelFixture } from "../../support/mod.ts";
import { NetworkServers } from "../../support/network_servers.ts";

/** Runs a cell, in which `HTTP` and `RAW` are the servers' ports, and returns its result as text. */
type Run = (code: string) => Promise<string>;

function runnerOf({ kernel }: KernelFixture): Run {
  return async (code) => {
    const { result, error } = await kernel.execute(code);
    assert.equal(error, null, error ? `${error.ename}: ${error.evalue}` : "");
    return String(result?.data["text/plain"]);
  };
}

/** Each step: what it shows, the code, and its result. */
const STEPS: readonly (readonly [string, string, string])[] = [
  [
    "urllib.request gets a page",
    `import urllib.request
urllib.request.urlopen(f"http://localhost:{HTTP}/text").read()`,
    "b'hello'",
  ],
  [
    "urllib.request gets a large page whole",
    `data = urllib.request.urlopen(f"http://localhost:{HTTP}/bytes/3000000").read()
len(data), data == b"x" * len(data)`,
    "(3000000, True)",
  ],
  [
    "urllib.request.urlretrieve and pyodide.http.open_url get a page",
    `from pyodide.http import open_url
file, headers = urllib.request.urlretrieve(f"http://localhost:{HTTP}/text", "page.txt")
open(file).read(), headers.get_content_type(), open_url(f"http://localhost:{HTTP}/csv").read()`,
    "('hello', 'text/plain', 'a,b\\n1,2\\n3,4\\n')",
  ],
  [
    "urllib3 is left on sockets, although it takes Pyodide for a page",
    `import os, sys
os.makedirs("lib/urllib3/contrib/emscripten")
open("lib/urllib3/__init__.py", "w").close(); open("lib/urllib3/contrib/__init__.py", "w").close()
print("def inject_into_urllib3(): raise SystemError", file=open("lib/urllib3/contrib/emscripten/__init__.py", "w"))
sys.path.insert(0, "lib")
from urllib3.contrib.emscripten import inject_into_urllib3
sys.path.remove("lib"); inject_into_urllib3()`,
    "undefined",
  ],
  [
    "http.client keeps a connection, and knows its ends",
    `import http.client
connection = http.client.HTTPConnection("localhost", HTTP, timeout=20)
texts = []
for _ in range(2):
    connection.request("GET", "/text")
    texts.append(connection.getresponse().read())
ends = connection.sock.getpeername(), connection.sock.getsockname()[0]
connection.close()
texts, ends == (("127.0.0.1", HTTP), "127.0.0.1")`,
    "([b'hello', b'hello'], True)",
  ],
  [
    "urllib.request follows a redirect to a granted host and to no other",
    `from urllib.error import URLError
def refused(address):
    try: urllib.request.urlopen(f"http://localhost:{HTTP}/to?{address}")
    except URLError as error: return type(error.reason).__name__, error.reason.strerror
(urllib.request.urlopen(f"http://localhost:{HTTP}/to?http://localhost:{HTTP}/text").read(),
 refused("http://other.example/"), refused("http://169.254.169.254/"))`,
    "(b'hello',\n ('PermissionError',\n  'The kernel may not connect to other.example: it was not " +
    "granted this host'),\n ('PermissionError',\n  'The kernel may not connect to " +
    "169.254.169.254:80: it was not granted this host'))",
  ],
  [
    "a socket sends and receives in any portions, into buffers and files",
    `import socket
echo = socket.create_connection(("localhost", RAW), timeout=20)
echo.sendall(b"echo\\n" + b"0123456789" * 100_000)
first = echo.recv(4, socket.MSG_PEEK), echo.recv(4), echo.recv(3, socket.MSG_WAITALL)
buffer = bytearray(5)
size = echo.recv_into(buffer, 3)
lines = echo.makefile("rb")
rest = lines.read(1_000_000 - 4 - 3 - size)
echo.shutdown(socket.SHUT_WR)
end = lines.read()
lines.close(); echo.close()
first, size, bytes(buffer), len(rest), rest.endswith(b"789"), end, echo.fileno()`,
    "((b'0123', b'0123', b'456'), 3, b'789\\x00\\x00', 999990, True, b'', -1)",
  ],
  [
    "a time-out, an end and an error are the exceptions that Python has for them",
    `import errno
def outcome(call):
    try: return call()
    except Exception as error: return f"{type(error).__name__}: {error}"
silent = socket.create_connection(("localhost", RAW), timeout=0.05)
silent.sendall(b"silent\\n")
ended = socket.create_connection(("localhost", RAW))
ended.sendall(b"end\\n")
outcomes = [outcome(lambda: silent.recv(1)), outcome(lambda: ended.recv(1))]
silent.setblocking(False)
outcomes += [outcome(lambda: silent.recv(1)), silent.gettimeout(), outcome(lambda: socket.socket().recv(1))]
silent.close(); ended.close()
outcomes += [outcome(lambda: silent.recv(1)), outcome(lambda: socket.create_connection(("localhost", CLOSED)))]
closed = socket.socket()
[*outcomes, errno.errorcode[closed.connect_ex(("localhost", CLOSED))]]`,
    "['TimeoutError: timed out',\n b'',\n 'BlockingIOError: [Errno 6] Resource temporarily " +
    "unavailable',\n 0.0,\n 'OSError: [Errno 53] Socket not connected',\n 'OSError: [Errno 8] Bad file " +
    "descriptor',\n 'ConnectionRefusedError: [Errno 14] Connection refused',\n 'ECONNREFUSED']",
  ],
  [
    "what is no address is refused as by C code",
    `s = socket.socket()
[outcome(lambda: s.connect(it)) for it in ["localhost", ("localhost",), ("localhost", 70000), (5, 1), ("h", "1")]]`,
    "['TypeError: connect(): AF_INET address must be tuple, not str',\n 'TypeError: connect(): AF_INET " +
    "address must be a pair (host, port)',\n 'OverflowError: connect(): port must be 0-65535.',\n " +
    "'TypeError: str, bytes or bytearray expected, not int',\n \"TypeError: 'str' object cannot be " +
    'interpreted as an integer"]',
  ],
  [
    "addresses of IPv6 and names of services are known, and what is no name is none",
    `names = [outcome(lambda: call(*args)) for call, *args in [
    (socket.inet_pton, socket.AF_INET6, "::1"), (socket.inet_ntop, socket.AF_INET6, bytes(15) + bytes([1])),
    (socket.inet_pton, socket.AF_INET6, "fe80::1%x"), (socket.inet_ntop, socket.AF_INET6, b"1"),
    (socket.getservbyname, "https"), (socket.getservbyport, 21), (socket.getservbyname, "no such"),
    (socket.getaddrinfo, "", 80), (socket.getaddrinfo, "a\\0b", 80), (socket.create_connection, ("", 80)),
    (socket.socket().connect, ("a\\0b", 80)), (socket.gethostbyname, "LocalHost")]]
names.append(socket.getaddrinfo("127.0.0.1", "http", type=socket.SOCK_STREAM)[0][4])
names[0].hex(), names[1:]`,
    `('00000000000000000000000000000001',
 ['::1',
  'OSError: illegal IP address string passed to inet_pton',
  'ValueError: invalid length of packed IP address string',
  443,
  'ftp',
  'OSError: service/proto not found',
  'gaierror: [Errno -2] Name or service not known',
  'ValueError: embedded null character',
  'gaierror: [Errno -2] Name or service not known',
  'TypeError: host name must not contain null character',
  '127.0.0.1',
  ('127.0.0.1', 80)])`,
  ],
  [
    "names are looked up when they were granted",
    `[
    socket.getaddrinfo("localhost", HTTP, type=socket.SOCK_STREAM)[0][4] == ("127.0.0.1", HTTP),
    socket.gethostbyname("localhost"), socket.getaddrinfo("127.0.0.1", 80)[0][4], outcome(
    lambda: socket.getaddrinfo("other.example", 80)), outcome(lambda: socket.gethostbyname("no name")),
    socket.gethostbyname(socket.gethostname()),
]`,
    "[True,\n '127.0.0.1',\n ('127.0.0.1', 80),\n 'PermissionError: [Errno 2] The kernel may not connect " +
    "to other.example: it was not granted this host',\n 'PermissionError: [Errno 2] The kernel may not " +
    "connect to no name: it was not granted this host',\n '127.0.0.1']",
  ],
  [
    "addresses of IPv6 have the form that programs expect",
    `[
    socket.getaddrinfo("::1", HTTP, type=socket.SOCK_STREAM)[0][4] == ("::1", HTTP, 0, 0),
    socket.getaddrinfo(None, 80, socket.AF_INET6, flags=socket.AI_PASSIVE)[0][4],
    outcome(lambda: socket.create_connection(("::1", 1))).split(":")[0] in (
        "PermissionError", "ConnectionRefusedError", "OSError"),
    socket.has_ipv6,
]`,
    "[True, ('::', 80, 0, 0), True, True]",
  ],
  [
    "select, poll and selectors wait for several sockets, also for one that connects",
    `import select, selectors, time
def connect(line):
    s = socket.socket(); s.setblocking(False)
    started = s.connect_ex(("localhost", RAW))
    assert errno.errorcode[started] == "EINPROGRESS", started
    assert select.select([], [s], [], 20)[1] == [s] and s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    s.send(line)
    return s
quiet, loud = connect(b"silent\\n"), connect(b"echo\\nx")
seen = [select.select([quiet, loud], [], [], 20)[0] == [loud]]
p = select.poll(); p.register(quiet, select.POLLIN); p.register(loud, select.POLLIN)
seen.append(p.poll(20_000) == [(loud.fileno(), select.POLLIN)])
with selectors.DefaultSelector() as selector:
    for s in (quiet, loud): selector.register(s, selectors.EVENT_READ)
    seen.append([key.fileobj is loud for key, _ in selector.select(20)])
loud.recv(1)
began = time.monotonic()
seen += [select.select([quiet, loud], [], [], 0.1), p.poll(100), 0.2 <= time.monotonic() - began]
for s in (quiet, loud): s.close()
seen`,
    "[True, True, [True], ([], [], []), [], True]",
  ],
  [
    "options are kept, and those of a connection take effect",
    `s = socket.socket(); s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
s.connect(("localhost", RAW)); s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
got = [s.getsockopt(*it) for it in [(socket.IPPROTO_TCP, socket.TCP_NODELAY), (socket.SOL_SOCKET, socket.SO_KEEPALIVE),
    (socket.SOL_SOCKET, socket.SO_RCVBUF), (socket.SOL_SOCKET, socket.SO_TYPE)]]
s.close()
got`,
    "[1, 1, 0, 1]",
  ],
  [
    "a copy of a socket keeps the connection open",
    `one = socket.create_connection(("localhost", RAW)); one.sendall(b"echo\\n")
two = one.dup(); one.close()
two.sendall(b"still"); answer = two.recv(10); two.close()
answer`,
    "b'still'",
  ],
  [
    "asyncio's streams send, receive and end, beside each other",
    `import asyncio
async def talk(size):
    reader, writer = await asyncio.open_connection("localhost", RAW)
    writer.write(b"echo\\n" + b"x" * size)
    await writer.drain(); writer.write_eof()
    data = await reader.read()
    writer.close(); await writer.wait_closed()
    return len(data), writer.get_extra_info("peername") == ("127.0.0.1", RAW)
[*await asyncio.gather(*map(talk, [1, 10, 1_000_000])), asyncio.run(talk(5))]`,
    "[(1, True), (10, True), (1000000, True), (5, True)]",
  ],
  [
    "asyncio's waits for connections can be given up, and fail in its words",
    `async def outcome_of(waiting, seconds=None):
    try: return await asyncio.wait_for(waiting, seconds)
    except Exception as error: return f"{type(error).__name__}: {error}"
reader, writer = await asyncio.open_connection("localhost", RAW)
writer.write(b"silent\\n")
answers = [await outcome_of(reader.read(1), 0.1)]
writer.close()
[*answers, await outcome_of(asyncio.open_connection("localhost", CLOSED)),
 await outcome_of(asyncio.start_server(print, "localhost", 1)), asyncio.all_tasks() == {asyncio.current_task()}]`,
    "['TimeoutError: ',\n \"ConnectionRefusedError: [Errno 14] Connect call failed ('127.0.0.1', CLOSED)\",\n " +
    "\"OSError: [Errno 138] Not supported: this kernel's sockets can connect to hosts, but not listen, so " +
    'there are no servers in it",\n True]',
  ],
  [
    "asyncio describes a transport, also one that nobody has closed",
    `reader, writer = await asyncio.open_connection("localhost", RAW)
shown = repr(writer.transport).split(" ", 2)[2]
writer.close(); await writer.wait_closed()
shown`,
    "'read=polling write=<idle, bufsize=0>>'",
  ],
  [
    "asyncio's loop has sockets, readers and names",
    `loop = asyncio.get_running_loop()
s = socket.socket(); s.setblocking(False)
await loop.sock_connect(s, ("localhost", RAW))
await loop.sock_sendall(s, b"echo\\nabc")
data = await loop.sock_recv(s, 10)
seen = loop.create_future()
loop.add_reader(s, lambda: seen.done() or seen.set_result(s.recv(10)))
s.send(b"d")
data += await seen
loop.remove_reader(s), s.close()
data, (await loop.getaddrinfo("localhost", 80, flags=socket.AI_ADDRCONFIG))[0][4]`,
    "(b'abcd', ('127.0.0.1', 80))",
  ],
  [
    "a sender who is ahead of its reader waits",
    `flood = socket.create_connection(("localhost", RAW)); flood.sendall(b"flood\\n")
import time; time.sleep(0.3)
import array, fcntl
waiting = array.array("i", [0]); fcntl.ioctl(flood, 21531, waiting)
flood.close()
0 < waiting[0] <= 600_000`,
    "True",
  ],
];

/** Returns a port at which nobody listens. */
function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

for (const mode of ["worker", "process", "main_thread"] as const) {
  Deno.test(`a ${mode} kernel's sockets reach the hosts that it was granted`, async (t) => {
    await using servers = NetworkServers.start();
    const closed = closedPort();
    const ports = { HTTP: servers.http, RAW: servers.raw, CLOSED: closed };
    const net = Object.values(ports).map((port) => `localhost:${port}`);
    await using fixture = await createKernel(
      mode === "main_thread" ? { mode } : { mode, deno: { permissions: { net } } },
    );
    const run = runnerOf(fixture);
    await run(Object.entries(ports).map(([name, port]) => `${name} = ${port}`).join("\n"));
    for (const [what, code, expected] of STEPS) {
      // A kernel in this thread has all permissions of this process.
      if (mode === "main_thread" && /granted|redirect/.test(what)) continue;
      await t.step(what, async () => {
        assert.equal((await run(code)).replaceAll(String(closed), "CLOSED"), expected);
      });
    }
    await t.step("an interrupt ends a wait, and the socket still works", async () => {
      const { kernel } = fixture;
      await run(`s = socket.create_connection(("localhost", RAW)); s.sendall(b"echo\\n")`);
      const waiting = await kernel.execute("s.recv(1)", { timeoutMs: 200 });
      assert.deepEqual([waiting.timedOut, waiting.error?.ename], [true, "KeyboardInterrupt"]);
      assert.equal(await run(`s.sendall(b"x"); s.recv(1)`), "b'x'");
    });
    await t.step("the end of the kernel closes its connections", async () => {
      assert.ok(servers.connections > 0);
      await fixture.manager.terminateKernel(fixture.id);
      await waitUntil(() => servers.connections === 0);
    });
  });
}

/** Resolves when the condition holds; the test's own deadline ends a wait that does not end. */
async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
