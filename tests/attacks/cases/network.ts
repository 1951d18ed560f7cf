import { type Attack, js, raises } from "../attack.ts";

/**
 * A name that leads to the loopback on every machine, without a name server: the C library reads it as an
 * address, which it is not for a kernel's permissions.
 */
const PRIVATE_NAME = "127.1";
const LED_AWAY =
  /may not connect to 127\.1: the name leads to 127\.0\.0\.1, an address of a private network/;
const NOT_GRANTED = /may not connect to \S+: it was not granted this host/;

/** The options of a kernel with that name and a public one. */
const kernel = { permissions: { net: [`${PRIVATE_NAME}:{PORT}`, "example.com"] } };

/** Attacks by a kernel that was granted hosts, on hosts that it was not granted. */
export const networkAttacks: Attack[] = [
  {
    name: "reach the server by a granted name that leads to it",
    kernel,
    code: `import socket\nsocket.create_connection(("${PRIVATE_NAME}", {PORT}))`,
    outcome: raises(LED_AWAY),
  },
  {
    name: "reach the server by a granted name that leads to it only when it is connected to",
    kernel,
    code: `import socket\nsocket.socket().connect(("${PRIVATE_NAME}", {PORT}))`,
    outcome: raises(LED_AWAY),
  },
  {
    name: "reach the server by a granted name with asyncio",
    kernel,
    code:
      `import asyncio, socket\ns = socket.socket(); s.setblocking(False)\nloop = asyncio.get_running_loop()
await loop.sock_connect(s, ("${PRIVATE_NAME}", {PORT}))
await loop.sock_sendall(s, b"GET /health HTTP/1.0\\r\\n\\r\\n")
print(await loop.sock_recv(s, 100))`,
    outcome: raises(/Errno 2\b/),
  },
  {
    name: "reach the server by a granted name through Deno",
    kernel,
    code: js(`await js.Deno.connect(hostname="${PRIVATE_NAME}", port={PORT})`),
    outcome: raises(/NotCapable/),
  },
  {
    name: "reach the server by a granted name from cells of JavaScript",
    kernel: { language: "javascript", ...kernel },
    code: `const reasons = [];
const note = (error) => reasons.push(error.message);
await Deno.connect({ hostname: "${PRIVATE_NAME}", port: {PORT} }).catch(note);
await Deno.connect({ get hostname() { return reasons.length ? "${PRIVATE_NAME}" : "x" }, port: {PORT} }).catch(note);
await Deno.connectTls({ hostname: "${PRIVATE_NAME}", port: {PORT} }).catch(note);
await fetch("http://${PRIVATE_NAME}:{PORT}/health").catch(note);
await new Promise((resolve) => {
  const socket = new WebSocket("ws://${PRIVATE_NAME}:{PORT}/health");
  socket.onerror = (event) => resolve(note(event));
});
try { Deno.createHttpClient({ proxy: { url: "http://${PRIVATE_NAME}:{PORT}" } }); } catch (error) { note(error); }
console.log(reasons.length, reasons.every((it) => /may not connect to|Cannot use the proxy/.test(it)));`,
    outcome: { status: "ok", prints: /^6 true$/m },
  },
  {
    name: "reach the server, the cloud's metadata and other ports of granted hosts",
    kernel,
    code: `import urllib.request
reasons = []
for place in ["127.0.0.1:{PORT}", "169.254.169.254", "[::1]:{PORT}", "${PRIVATE_NAME}:22", "localhost:{PORT}"]:
    try: urllib.request.urlopen(f"http://{place}/")
    except urllib.error.URLError as error: reasons.append(type(error.reason).__name__)
print(reasons == ["PermissionError"] * 5)`,
    outcome: { status: "ok", prints: /^True$/m },
  },
  {
    name: "reach the server by its address with pyfetch",
    kernel,
    code: "from pyodide.http import pyfetch\nawait pyfetch('http://127.1:{PORT}/health')",
    outcome: raises(NOT_GRANTED),
  },
  {
    name: "pass a name that is none, or that is long",
    kernel,
    code: `import socket
outcomes = []
for name in ["x" * 100_000, "a..b", "exa mple.com", "example.com\\0.test", "-", "[::1]", "0", "0x7f000001"]:
    try: socket.create_connection((name, {PORT}))
    except (OSError, ValueError) as error: outcomes.append(type(error).__name__)
print(len(outcomes))`,
    outcome: { status: "ok", prints: /^8$/m },
  },
  {
    name: "call the functions of sockets with anything",
    kernel,
    code: js(`import socket, gc
sockets = next(it._sockets for it in gc.get_objects() if type(it).__name__ == "PyodideSockets")
for name in ["connect", "startTls", "ready", "lookUp", "refusal", "peek", "abandon", "setOption", "forget"]:
    for args in [(), (0,), (-1, "x", 1), (3, None, None), ("[", 1), ("[[3, 1]]", "x"), (99999, "{}"), (1, "[")]:
        try: getattr(sockets, name)(*args)
        except Exception: pass`),
    outcome: { status: "ok" },
  },
  {
    name: "reach addresses beyond a granted range",
    kernel: { permissions: { net: ["127.0.0.0/30", "192.0.2.0/24:{PORT}", "example.com:443"] } },
    code: js(`import socket
outcomes = []
for host in ["127.0.0.1", "127.0.0.4", "::ffff:127.0.0.4", "10.0.0.1"]:
    try: socket.create_connection((host, {PORT})).close(); outcomes.append("connected")
    except OSError as error: outcomes.append(type(error).__name__)
for host in ["127.0.0.1", "127.0.0.4", "::ffff:127.0.0.4", "example.com"]:
    try: (await js.Deno.connect(hostname=host, port={PORT})).close(); outcomes.append("connected")
    except Exception as error: outcomes.append(str(error).split(":")[0])
refused, through_deno = ["PermissionError"] * 3, ["NotCapable"] * 3
print(outcomes == ["connected", *refused, "connected", *through_deno] or outcomes)`),
    outcome: { status: "ok", prints: /^True$/m },
  },
  {
    name: "listen through Deno",
    kernel,
    code: js("js.Deno.listen(port=0)"),
    outcome: raises(/NotCapable/),
  },
];
