import assert from "node:assert/strict";
import { createKernel, type KernelFixture } from "../../support/mod.ts";

/** The modules by which Python programs use the system. */
const MODULES = [
  ...[
    "os",
    "posix",
    "os.path",
    "socket",
    "_socket",
    "select",
    "selectors",
    "signal",
    "resource",
    "pwd",
  ],
  ...["grp", "time", "mmap", "fcntl", "termios", "ssl", "ctypes", "shutil", "tempfile", "platform"],
  ...["getpass", "locale", "errno", "faulthandler", "syslog", "multiprocessing", "threading"],
  ...["subprocess", "webbrowser", "netrc", "http.server", "socketserver", "asyncio", "pty", "tty"],
];
/** The functions that end an interpreter on purpose. */
const ENDS =
  /^(os|posix)\.(_exit|abort|kill|killpg)$|^signal\.(raise_signal|pthread_kill)$|^faulthandler\._/;
/** The functions that wait for ever, or for a line of input, on purpose. */
const WAITS =
  /(^|\.)(pause|sleep|sigwait|sigwaitinfo|sigtimedwait|getpass|unix_getpass|fallback_getpass|run_forever|main|run_child|interact|spawn)$/;
/** The functions that install a hook, which Python calls from then on. */
const HOOKS = /(settrace|setprofile)(_all_threads)?$/;
/** The functions that read or write memory at any address. */
const POINTERS = /^ctypes\.(memmove|memset|string_at|wstring_at|memoryview_at|cast|.*_at)$/;

/** Lists the functions and classes of a module, by name. */
function listOf(module: string): string {
  return `
import importlib
try: module = importlib.import_module("${module}")
except ImportError: module = None
" ".join(sorted(name for name in dir(module) if callable(getattr(module, name)) and not name.startswith("__"))
    if module else [])`;
}

/** Calls a function without arguments, then with usual ones; an exception counts as an outcome. */
function callOf(module: string, name: string): string {
  return `
import importlib
call = getattr(importlib.import_module("${module}"), "${name}")
outcomes = []
for args in [
    (), (0,), (1,), (-1,), (5,), ("/tmp/sweep",), ("/nowhere",), (b"x",), (0.001,), (float("nan"),), (10**20,),
    (0, 0), (7, 1), ("/tmp/sweep", 0), ("/tmp/sweep", "/tmp/sweep2"), ("localhost", 80), (("127.0.0.1", 9),),
    ([], [], [], 0), (2, 1, 0), ("/tmp/sweep", 1, 1), (7, b"x", 0), (None,), (0, None), (1, 2, 3, 4),
]:
    try: result = call(*args)
    except SystemExit as error: outcomes.append("SystemExit")
    except Exception as error: outcomes.append(str(error))
    except KeyboardInterrupt: outcomes.append("KeyboardInterrupt")
    else:
        outcomes.append(repr(result)[:200])
        close = getattr(result, "close", None)
        try: close and close()
        except Exception: pass
    result = None
"\\n".join(outcomes)`;
}

const RESET = `
import builtins, os, sys, time
for name in ("/tmp/sweep", "/tmp/sweep2"):
    if not os.path.lexists(name): open(name, "w").close()
os.chdir("/home/pyodide")`;

async function textOf({ kernel }: KernelFixture, code: string): Promise<string> {
  const { status, result, error } = await kernel.execute(code, { storeHistory: false });
  if (status === "aborted") throw new Error(error?.evalue);
  return String(result?.data["text/plain"] ?? "").slice(1, -1);
}

for (const module of MODULES) {
  Deno.test(`no function of Python's "${module}" ends a kernel, or tells a path of this host`, async () => {
    await using fixture = await createKernel();
    const names = (await textOf(fixture, listOf(module))).split(" ").filter((name) => name);
    const host = Deno.cwd();
    for (const name of names) {
      const full = `${module}.${name}`;
      if (ENDS.test(full) || WAITS.test(full) || POINTERS.test(full)) continue;
      if (HOOKS.test(full)) continue;
      await textOf(fixture, RESET);
      const outcome = await textOf(fixture, callOf(module, name)).catch((error) => {
        throw new Error(`${full}: ${error.message}`);
      });
      assert.ok(!outcome.includes(host), `${full}: ${outcome}`);
      const { result } = await fixture.kernel.execute("1+1");
      assert.equal(result?.data["text/plain"], "2", full);
    }
  });
}

for (const mode of ["worker", "process", "main_thread"] as const) {
  Deno.test(`a ${mode} kernel's Python knows its own user, program and language`, async () => {
    await using fixture = await createKernel({ mode });
    const { result, error } = await fixture.kernel.execute(`
import getpass, grp, netrc, os, pwd, sys
ids = [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), os.getpid(), os.getppid()]
me = pwd.getpwuid(os.getuid())
try: netrc.netrc()
except FileNotFoundError as missing: found = missing.filename
[
    ids, os.getlogin(), getpass.getuser(), me.pw_name, me.pw_dir, pwd.getpwnam(me.pw_name) == me,
    os.path.expanduser("~"), grp.getgrgid(os.getgid()).gr_name,
    sys.executable, os.environ["LANG"], found,
]`);
    assert.equal(error, null, error?.evalue);
    assert.equal(
      String(result?.data["text/plain"]).replaceAll(/\s+/g, " "),
      "[[0, 0, 0, 0, 42, 1], 'pyodide', 'pyodide', 'pyodide', '/home/pyodide', True, " +
        "'/home/pyodide', 'pyodide', '/bin/python3', 'en_US.UTF-8', '/home/pyodide/.netrc']",
    );
  });
}

const NO_SERVERS =
  "[Errno 138] Not supported: this kernel's sockets can connect to hosts, but not " +
  "listen, so there are no servers in it";
const NO_HOSTS = "[Errno 40] Network unreachable: the kernel was granted no hosts";

for (
  const [what, code, raised] of [
    ["listens", "s = socket.socket(); s.listen()", NO_SERVERS],
    ["binds", "socket.socket().bind(('', 8000))", NO_SERVERS],
    [
      "is for datagrams",
      "socket.socket(type=socket.SOCK_DGRAM).bind(('', 8000))",
      "[Errno 66] Protocol not supported: this kernel's sockets have TCP only, and neither UDP nor " +
      "raw packets",
    ],
    [
      "makes a pair",
      "socket.socketpair()",
      "[Errno 138] Not supported: this kernel has no pairs of sockets, because it has no other " +
      "process to connect with",
    ],
    [
      "serves HTTP",
      "import http.server as h; h.HTTPServer(('', 8000), h.SimpleHTTPRequestHandler)",
      NO_SERVERS,
    ],
    ["connects", "socket.socket().connect(('127.0.0.1', 9))", NO_HOSTS],
    ["reads and is not connected", "socket.socket().recv(1)", "[Errno 53] Socket not connected"],
  ] as const
) {
  Deno.test(`Python's socket that ${what} is an OSError`, async () => {
    await using fixture = await createKernel();
    const { error } = await fixture.kernel.execute(`import socket\n${code}`);
    assert.deepEqual([error?.ename, error?.evalue], ["OSError", raised]);
  });
}

Deno.test("Python looks up no names in a kernel without a network, except its own", async () => {
  await using fixture = await createKernel();
  const { result, error } = await fixture.kernel.execute(`
import smtplib, socket
def outcome(call, *args):
    try: return call(*args)
    except socket.gaierror as error: return error.args
[outcome(socket.getaddrinfo, "example.com", 80), outcome(socket.gethostbyname, "example.com"), socket.getfqdn(),
 socket.gethostbyname(socket.gethostname())]`);
  assert.equal(error, null, error?.evalue);
  const failure = "(-3, 'Temporary failure in name resolution: the kernel was granted no hosts')";
  assert.equal(
    result?.data["text/plain"],
    `[${failure},\n ${failure},\n 'emscripten',\n '127.0.0.1']`,
  );
});

Deno.test("Python's time.sleep() refuses a time that is none, and select.select() waits", async () => {
  await using fixture = await createKernel();
  const { kernel } = fixture;
  const nan = await kernel.execute("import time\ntime.sleep(float('nan'))");
  assert.equal(nan.error?.ename, "ValueError");
  const waited = await kernel.execute(`
import select, time
began = time.monotonic()
answer = select.select([], [], [], 0.2)
answer, 0.15 < time.monotonic() - began < 5`);
  assert.equal(waited.result?.data["text/plain"], "(([], [], []), True)");
  const interrupted = await kernel.execute("select.select([], [], [])", { timeoutMs: 300 });
  assert.deepEqual(
    [interrupted.timedOut, interrupted.error?.ename, interrupted.kernel.statePreserved],
    [true, "KeyboardInterrupt", true],
  );
});
