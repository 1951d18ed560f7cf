import assert from "node:assert/strict";
import { createKernel, type KernelFixture } from "../../support/mod.ts";

/** What Python programs call of the system, all of it. */
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
/** These end an interpreter, as they say. */
const ENDS =
  /^(os|posix)\.(_exit|abort|kill|killpg)$|^signal\.(raise_signal|pthread_kill)$|^faulthandler\._/;
/** These wait for ever, or for a line of input; that is what they are for. */
const WAITS =
  /(^|\.)(pause|sleep|sigwait|sigwaitinfo|sigtimedwait|getpass|unix_getpass|fallback_getpass|run_forever|main|run_child|interact|spawn)$/;
/** These install what is called from then on. */
const HOOKS = /(settrace|setprofile)(_all_threads)?$/;
/** These reach into memory by numbers that they are given. */
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

/** Calls one with nothing, then with arguments that such functions take; what they raise is their answer. */
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
