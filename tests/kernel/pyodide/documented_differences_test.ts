import assert from "node:assert/strict";
import { createKernel } from "../../support/mod.ts";

/** Returns true when each text, executed, raises an exception whose type and message contain the given parts. */
const RAISES = `
def raises(**codes):
    for kind, texts in codes.items():
        for text in texts:
            try: exec(text, {})
            except Exception as error: assert type(error).__name__ == kind, repr(error)
            else: raise AssertionError(text + " did not raise " + kind)
    return True`;

/** Code with the value True for each row of the table "What differs", by the first words of the row. */
const CLAIMS: Readonly<Record<string, string>> = {
  "the language and the standard library": `
import asyncio, decimal, json, sqlite3
sqlite3.connect(":memory:").execute("select 6 * 7").fetchone() == (42,) and (
    decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3")) and raises(
    ZoneInfoNotFoundError=["import zoneinfo; zoneinfo.ZoneInfo('UTC')"])`,
  "cells, magics, display":
    "get_ipython().run_line_magic('pwd', '') == __import__('os').getcwd() and In[-1] == _ih[-1]",
  "permissions of files": `
import os
mask = os.umask(0o077)
open("own", "w").close()
os.chmod("own", 0o500)
mask == os.umask(mask) ^ 0o077 ^ 0o022 and os.stat("own").st_mode & 0o777 == 0o500 and not os.access("own", os.W_OK)`,
  "\`asyncio.run\`, new event loops": `
async def five(): return 5
running = asyncio.get_event_loop()
running.call_later(0.01, running.stop)
running.run_forever()
[asyncio.run(five()), asyncio.new_event_loop().run_until_complete(five()), asyncio.Runner().run(five()),
    running.run_until_complete(five())] == [5, 5, 5, 5]`,
  "\`!command\`, \`%%bash\`": `
import subprocess
lines = !echo one
lines == ["one"] and os.popen("echo two").read() == "two\\n" and subprocess.check_output(["echo", "three"]) == (
    b"three\\n") and os.system("exit 2") == 512 and subprocess.run("git", shell=True, stderr=-3).returncode == 127`,
  "\`subprocess\`: time-outs": `
import subprocess
first = subprocess.Popen(["sleep", "100"])
state = first.poll()
first.terminate()
state is None and first.wait() == -15 and raises(
    TimeoutExpired=["import subprocess; subprocess.run(['sleep', '100'], timeout=0.01)"])`,
  "\`sys.settrace\`": `
import sys
seen = []
def traced(): pass
sys.settrace(lambda frame, event, value: seen.append(frame.f_code.co_name))
traced()
sys.settrace(None)
"traced" in seen and sys.gettrace() is None`,
  "threads": `raises(RuntimeError=["import threading; threading.Thread(target=print).start()",
    "from concurrent.futures import ThreadPoolExecutor as Pool; Pool().submit(print)"])`,
  "\`asyncio.to_thread\`": `
asyncio.run(asyncio.to_thread(abs, -1)) + await asyncio.get_running_loop().run_in_executor(None, abs, -2) == 3`,
  "locks, events, queues": `
import queue, threading
lock = threading.Lock()
lock.acquire() and not lock.acquire(timeout=0.01) and not threading.Event().wait(0.01) and queue.Queue().empty()`,
  "processes": `
raises(ModuleNotFoundError=["import multiprocessing; multiprocessing.Process(target=print).start()"],
    OSError=["import os; os.fork()", "import os; os.execv('/bin/ls', ['ls'])"],
    NotImplementedError=["from concurrent.futures import ProcessPoolExecutor as Pool; Pool().submit(print)",
        "import asyncio; asyncio.run(asyncio.create_subprocess_exec('ls'))"]) and os.cpu_count() == 1`,
  "sockets that connect": `
import socket, ssl, select
ssl.create_default_context().verify_mode == ssl.CERT_REQUIRED and raises(
    OSError=["import socket; socket.create_connection(('127.0.0.1', 9))"])`,
  "sockets that listen": `raises(OSError=["import socket; socket.socket().listen()",
    "import socket; socket.socketpair()", "import socket; socket.socket(type=socket.SOCK_DGRAM)"])`,
  "\`signal.signal\`": `
import signal
got = []
signal.signal(signal.SIGTERM, lambda number, frame: got.append(number))
os.kill(os.getpid(), signal.SIGTERM); signal.raise_signal(signal.SIGTERM)
got == [signal.SIGTERM] * 2`,
  "\`signal.alarm\`": `raises(AttributeError=["import signal; signal.alarm(1)",
    "import signal; signal.setitimer(0, 1)"], OSError=["import signal; signal.sigwait([2])",
    "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [2])"])`,
  "terminals, windows": `raises(ModuleNotFoundError=["import tkinter", "import curses"],
    OSError=["import os; os.get_terminal_size()"])`,
  "IPython's history": "[row[2] for row in get_ipython().history_manager.get_range()] != []",
};

/** The beginnings of the rows of the table in the documentation. */
async function rows(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("../../../docs/python.md", import.meta.url));
  const [, section = ""] = text.split("\n## What differs\n");
  const table = section.split("\n\n").find((it) => it.startsWith("|") || it.includes("\n|"))!;
  return table.trim().split("\n").slice(2).map((row) => row.slice(2));
}

Deno.test("every row of the documented differences says what a kernel does", async (t) => {
  await using fixture = await createKernel();
  await fixture.kernel.execute(RAISES);
  const names = Object.keys(CLAIMS);
  const documented = await rows();
  const claimed = documented.map((row) => names.find((name) => row.startsWith(name)) ?? row);
  assert.deepEqual(claimed.toSorted(), names.toSorted());
  for (const name of claimed) {
    await t.step(name, async () => {
      const { result, error } = await fixture.kernel.execute(CLAIMS[name]!);
      assert.equal(error?.evalue ?? result?.data["text/plain"], "True");
    });
  }
});
