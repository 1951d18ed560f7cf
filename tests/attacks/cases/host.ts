import { type Attack, js, raises } from "../attack.ts";

const DENIED = /NotCapable/;
/** The error of a fetch: the server answers it, and gives packages and nothing else. */
const NO_NETWORK = /the kernel has no network/;
const MISSING = /AttributeError/;

/** Attacks on the host: its files, variables, network, programs, signals and terminal. */
export const hostAttacks: Attack[] = [
  { name: "open a host file", code: "open('/etc/passwd')", outcome: raises(/FileNotFoundError/) },
  {
    name: "read a host file through Deno",
    code: js("js.Deno.readTextFileSync('/etc/passwd')"),
    outcome: raises(DENIED),
  },
  {
    name: "read a host file through Deno, waiting",
    code: js("await js.Deno.readTextFile('/etc/passwd')"),
    outcome: raises(DENIED),
  },
  {
    name: "read the environment of its process",
    code: js("js.Deno.readTextFileSync('/proc/self/environ')"),
    outcome: raises(DENIED),
  },
  {
    name: "read the environment of the parent process",
    code: js("js.Deno.readTextFileSync('/proc/1/environ')"),
    outcome: raises(DENIED),
  },
  {
    name: "list a host directory through Deno",
    code: js("list(js.Deno.readDirSync('/'))"),
    outcome: raises(DENIED),
  },
  {
    name: "read what the server is made of",
    code: js("js.Deno.readTextFileSync('{PROJECT}/kernel/mod.ts')"),
    outcome: raises(DENIED),
  },
  {
    name: "write a host file through Deno",
    code: js("js.Deno.writeTextFileSync('/tmp/attack', 'x')"),
    outcome: raises(DENIED),
  },
  {
    name: "append to a host file through Deno",
    code: js("js.Deno.openSync('{PROJECT}/deno.json', write=True, append=True)"),
    outcome: raises(DENIED),
  },
  {
    name: "make a temporary directory on the host",
    code: js("js.Deno.makeTempDirSync()"),
    outcome: raises(DENIED),
  },
  {
    name: "remove a host directory",
    code: js("js.Deno.removeSync('{PROJECT}/kernel', recursive=True)"),
    outcome: raises(DENIED),
  },
  {
    name: "link to a host file",
    code: js("js.Deno.symlinkSync('/etc/passwd', '/tmp/attack')"),
    outcome: raises(DENIED),
  },
  {
    name: "link hard to a host file",
    code: js("js.Deno.linkSync('/etc/passwd', '/tmp/attack')"),
    outcome: raises(DENIED),
  },
  {
    name: "watch host files",
    code: js("js.Deno.watchFs('/etc')"),
    outcome: raises(MISSING),
  },
  {
    name: "mount the host's root from Python",
    code: `import pyodide_js, js, os
os.mkdir('/host')
FS = pyodide_js.FS
FS.mount(FS.filesystems.NODEFS, js.Object.fromEntries([['root', '/']]), '/host')
os.listdir('/host/etc')`,
    outcome: raises(/JsException|PermissionError|OSError/),
  },
  {
    name: "write to the server's standard output with a file of its own making",
    code: js(`import pyodide_js
from pyodide.ffi import to_js
stream = js.Object.fromEntries(to_js([['nfd', 1]]))
pyodide_js.FS.filesystems.NODEFS.stream_ops.write(stream, to_js(b'forged\\n'), 0, 7, None)`),
    outcome: raises(/JsException/),
  },
  {
    name: "write to the server's standard output as Python's own",
    code: js(`import pyodide_js
from pyodide.ffi import to_js
js.Object.prototype.stdout = js.Object.fromEntries(to_js([['fd', 1]]))
pyodide_js.setStdout()
print('forged')`),
    outcome: raises(/OSError|JsException|AttributeError/),
  },
  {
    name: "read the server's standard input as the terminal's",
    code: js(`import os
from pyodide.ffi import to_js
js.Object.prototype.stdin = js.Object.fromEntries(to_js([['fd', 0]]))
os.read(os.open('/dev/tty', os.O_RDONLY), 10)`),
    // Nothing can be added to the prototype of all objects; and the terminal is none without it.
    outcome: raises(/OSError|JsException/),
  },
  {
    name: "close the server's standard output",
    code: js(`import pyodide_js
from pyodide.ffi import to_js
shared = js.Object.fromEntries(to_js([['refcount', 1]]))
stream = js.Object.fromEntries(to_js([['nfd', 1]]))
stream.shared = shared
pyodide_js.FS.filesystems.NODEFS.stream_ops.close(stream)`),
    outcome: raises(/JsException/),
  },
  {
    name: "read a host file with a file system of its own making",
    code: js(`import pyodide_js
FS = pyodide_js.FS
node = js.Object.fromEntries(js.Object.entries(js.Object.new()))
mount = js.Object.new(); mount.opts = js.Object.new(); mount.opts.root = '/etc/passwd'
node.mount = mount; node.parent = node
FS.filesystems.NODEFS.node_ops.getattr(node)`),
    outcome: raises(/JsException/),
  },
  {
    name: "load a library of the host",
    code: "import ctypes\nctypes.CDLL('/lib/x86_64-linux-gnu/libc.so.6')",
    outcome: raises(/OSError: could not load/),
  },
  {
    name: "fetch a host file by its URL",
    code: js("await js.fetch('file:///etc/passwd')"),
    outcome: raises(/NotCapable|TypeError/),
  },
  {
    name: "find the server's variables in Python",
    code: "import os\nprint('seen', dict(os.environ))",
    harmless: true,
    outcome: { status: "ok", prints: /seen/, not: /the-servers-secret/ },
  },
  {
    name: "find the server's variables through Deno",
    code: js("js.Deno.env.get('ATTACK_SECRET')"),
    outcome: raises(MISSING),
  },
  {
    name: "find the server's variables through Node's process",
    code: js("js.process.env.ATTACK_SECRET"),
    outcome: raises(MISSING),
  },
  {
    name: "call the server back",
    code: js("await js.fetch('http://127.0.0.1:{PORT}/health')"),
    outcome: raises(NO_NETWORK),
  },
  {
    name: "call the cloud's metadata",
    code: js("await js.fetch('http://169.254.169.254/latest/meta-data')"),
    outcome: raises(NO_NETWORK),
  },
  {
    name: "call out with pyfetch",
    code: "from pyodide.http import pyfetch\nawait pyfetch('http://127.0.0.1:{PORT}/health')",
    outcome: raises(NO_NETWORK),
  },
  {
    name: "call out with urllib",
    code:
      "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:{PORT}/health', timeout=3)",
    timeoutMs: 60_000,
    outcome: raises(/URLError|OSError|NotCapable/),
  },
  {
    name: "open a socket from Python",
    code: `import socket
s = socket.socket(); s.settimeout(2)
s.connect(('127.0.0.1', {PORT}))
s.sendall(b'GET /health HTTP/1.0\\r\\n\\r\\n')
print(s.recv(100))`,
    timeoutMs: 60_000,
    outcome: raises(/./),
  },
  {
    name: "open a connection through Deno",
    code: js("await js.Deno.connect(hostname='127.0.0.1', port={PORT})"),
    outcome: raises(MISSING),
  },
  {
    name: "listen through Deno",
    code: js("js.Deno.listen(port=0)"),
    outcome: raises(MISSING),
  },
  {
    name: "open a WebSocket",
    code: js("js.WebSocket.new('ws://127.0.0.1:{PORT}/')"),
    outcome: raises(MISSING),
  },
  {
    name: "open an event source",
    code: js("js.EventSource.new('http://127.0.0.1:{PORT}/')"),
    outcome: raises(MISSING),
  },
  {
    name: "load a package from the host's disk",
    code: "import pyodide_js\nawait pyodide_js.loadPackage('file:///etc/passwd')\nimport passwd",
    outcome: raises(/./),
  },
  {
    name: "start a program with os.system",
    // The kernel has a shell of its own, whose commands are none of the host's.
    code: "import os\nprint('status', os.system('mount') != 0)",
    harmless: true,
    outcome: { status: "ok", prints: /status True/ },
  },
  {
    name: "read a host file through the shell",
    code:
      "import os\nprint('status', os.system('cat /etc/passwd /proc/1/environ {PROJECT}/README.md') != 0)",
    harmless: true,
    outcome: { status: "ok", prints: /^(?!.*(root:|ATTACK_SECRET|Deno Code)).*status True/s },
  },
  {
    name: "read the server's environment through the shell",
    code:
      "import subprocess\nprint(subprocess.run('env', capture_output=True, text=True).stdout, 'end')",
    harmless: true,
    outcome: { status: "ok", prints: /^(?!.*ATTACK_SECRET).*end/s },
  },
  {
    name: "reach the network through the shell",
    code: "import os\nprint('status', os.system('curl -s http://127.0.0.1:9/') != 0)",
    harmless: true,
    outcome: { status: "ok", prints: /status True/ },
  },
  {
    name: "exhaust the thread with an endless command of the shell",
    code: "import os\nos.system('while true; do :; done')",
    timeoutMs: 1_000,
    outcome: { status: "interrupted" },
  },
  {
    name: "start a program with subprocess",
    code: "import subprocess\nsubprocess.run(['mount'])",
    outcome: raises(/FileNotFoundError/),
  },
  {
    name: "start a program with os.popen",
    code: "import os\nprint('read', os.popen('mount').read() == '')",
    harmless: true,
    outcome: { status: "ok", prints: /read True/ },
  },
  {
    name: "start a program with os.execv",
    code: "import os\nos.execv('/bin/sh', ['sh'])",
    outcome: raises(/OSError|AttributeError/),
  },
  {
    name: "start a program with os.posix_spawn",
    code: "import os\nos.posix_spawn('/bin/sh', ['sh'], {})",
    outcome: raises(/OSError|AttributeError/),
  },
  {
    name: "start a program through Deno",
    code: js("js.Deno.Command.new('id').outputSync()"),
    outcome: raises(MISSING),
  },
  { name: "fork", code: "import os\nos.fork()", outcome: raises(/OSError|AttributeError/) },
  {
    name: "fork by multiprocessing",
    code: "import multiprocessing\nmultiprocessing.Process(target=print).start()",
    outcome: raises(/./),
  },
  {
    name: "start a thread",
    code: "import threading\nthreading.Thread(target=print).start()",
    outcome: raises(/RuntimeError/),
  },
  {
    name: "start a worker",
    code: js("js.Worker.new('data:text/javascript,')"),
    outcome: raises(MISSING),
  },
  {
    name: "load a library of the host with ctypes",
    code: "import ctypes\nctypes.CDLL('libc.so.6').getpid()",
    outcome: raises(/OSError/),
  },
  {
    name: "load a library of the host through Deno",
    code: js("js.Deno.dlopen('libc.so.6', js.Object.new())"),
    outcome: raises(MISSING),
  },
  ...["SIGKILL", "SIGSTOP", "SIGTERM", "SIGUSR1"].map((signal): Attack => ({
    name: `send its process ${signal} through Deno`,
    code: js(`js.Deno.kill(js.Deno.pid, '${signal}')`),
    outcome: raises(MISSING),
  })),
  {
    name: "send its process SIGKILL through Node's process",
    code: js("js.process.kill(js.process.pid, 'SIGKILL')"),
    outcome: raises(MISSING),
  },
  {
    name: "send itself SIGKILL from Python",
    code: "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    outcome: { status: "ended", reason: /the interpreter failed|exit/ },
  },
  {
    name: "send the server SIGKILL from Python",
    code: "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    outcome: raises(/OSError|ProcessLookupError|PermissionError/),
  },
  { name: "end the process through Deno", code: js("js.Deno.exit(0)"), outcome: raises(MISSING) },
  {
    name: "change the server's directory",
    code: js("js.Deno.chdir('/')"),
    outcome: raises(MISSING),
  },
  {
    name: "listen to the server's signals",
    code: js("js.Deno.addSignalListener('SIGTERM', print)"),
    outcome: raises(MISSING),
  },
  {
    name: "ask for permissions",
    code: js("await js.Deno.permissions.request(name='read')"),
    outcome: raises(MISSING),
  },
  {
    name: "ask on the server's terminal",
    code: js("js.prompt('password?')"),
    outcome: raises(/AttributeError|TypeError/),
  },
  {
    name: "read the server's standard input",
    code: js("js.Deno.stdin.readSync(js.Uint8Array.new(1))"),
    outcome: raises(MISSING),
  },
  {
    name: "write to the server's standard output",
    code: js("js.Deno.stdout.writeSync(js.Uint8Array.new(1))"),
    outcome: raises(MISSING),
  },
  {
    name: "wait for input that nobody gives",
    code: "input('password?')",
    outcome: raises(/StdinNotImplementedError/),
  },
  {
    name: "change the mask for new files of the server",
    code: "import os\nos.umask(0)\nprint('masked')",
    outcome: { status: "ok", prints: /masked/ },
  },
];
