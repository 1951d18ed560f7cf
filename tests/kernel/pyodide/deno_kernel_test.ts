import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createKernel, nextEvent } from "../../support/mod.ts";

Deno.test("deno_kernel passes its own tests inside Pyodide", async () => {
  await using fixture = await createKernel({
    mounts: [{
      root: fileURLToPath(new URL("../../../pypi/deno_kernel", import.meta.url)),
      mountPoint: "/package",
      access: "ro",
    }],
  });
  const { result, outputs } = await fixture.kernel.execute(`
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, "/package")
from tests.__main__ import run
outcome = run()
outcome.testsRun, len(outcome.failures), len(outcome.errors)`);
  const shown = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
  const [, ran, failures, errors] = /\((\d+), (\d+), (\d+)\)/.exec(
    String(result?.data["text/plain"]),
  )?.map(Number) ?? [];
  assert.deepEqual([failures, errors], [0, 0], shown);
  assert.ok(ran! > 100, shown);
});

Deno.test("deno_kernel stands in for IPython, comm and ipykernel where they are not installed", async () => {
  await using fixture = await createKernel();
  const { status, error, outputs } = await fixture.kernel.execute(`
import sys
assert "IPython" in sys.modules and "ipykernel" in sys.modules
import IPython
assert type(IPython.display).__name__ == type(IPython.core.debugger).__name__ == "module"
from IPython import get_ipython
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, register_cell_magic, register_line_magic
from IPython.display import (
    HTML, JSON, SVG, Audio, Code, FileLink, IFrame, Image, Javascript, Latex, Markdown, Math, Pretty, Video,
    clear_output, display, update_display)
from comm import create_comm, get_comm_manager
from ipykernel.comm import Comm

display(HTML("<b>bold</b>"), display_id="shown")
update_display(Markdown("*now*"), display_id="shown")

@register_line_magic
def shout(line): return line.upper()
assert get_ipython().run_line_magic("shout", "hi") == "HI"
assert get_comm_manager().comms == {}
comm = create_comm(target_name="front", data={"a": 1}, buffers=[b"xyz"])
comm.close()
display(Image(data=b"\\x89PNG\\r\\n\\x1a\\n", format="png"), Math("x^2"), JSON({"k": [1]}), Latex("$y$"))`);
  assert.equal(status, "ok", error?.traceback.join("\n"));
  const shown = outputs.flatMap((it) =>
    it.output_type === "display_data" ? Object.keys(it.data) : []
  );
  for (const type of ["text/markdown", "image/png", "text/latex", "application/json"]) {
    assert.ok(shown.includes(type), `${type} in ${shown}`);
  }
});

Deno.test("a kernel imports no module at its start that its memory image does not have", async () => {
  await using fixture = await createKernel();
  // The collector does not list the frozen objects of the image.
  const { result } = await fixture.kernel.execute(
    "import gc, types; [it.__name__ for it in gc.get_objects() if isinstance(it, types.ModuleType)]",
  );
  assert.equal(result?.data["text/plain"], "[]");
});

Deno.test("PyodideRuntime.execute() leaves no Python objects behind", async () => {
  await using fixture = await createKernel();
  const { kernel } = fixture;
  const count = async () => {
    const code = "import gc; gc.unfreeze(); _ = gc.collect(); len(gc.get_objects())";
    return Number((await kernel.execute(code)).result?.data["text/plain"]);
  };
  const rounds = async () => {
    for (let round = 0; round < 50; round++) {
      await kernel.execute("await __import__('asyncio').sleep(0); print([{}])", {
        storeHistory: false,
      });
      await kernel.complete("pri");
    }
  };
  await rounds();
  const before = await count();
  await rounds();
  const after = await count();
  // The source of each cell is kept for tracebacks: a list of lines in a tuple.
  assert.ok(after - before <= 2 * 50 + 10, `${before} objects became ${after} in 100 calls`);
});

Deno.test("an interrupt ends the loops that Python code makes, and the kernel goes on", async () => {
  await using fixture = await createKernel();
  const { kernel } = fixture;
  await kernel.execute(`
import asyncio
async def waits():
    print("waits", flush=True)
    await asyncio.sleep(3600)
def nested():
    with asyncio.Runner() as runner:
        return runner.run(waits())`);
  for (
    const code of [
      "asyncio.new_event_loop().run_until_complete(waits())",
      "nested()",
      "await asyncio.sleep(0)\nnested()",
      "async def outer(): nested()\nasyncio.new_event_loop().run_until_complete(outer())",
      "asyncio.new_event_loop().run_forever()",
      "asyncio.run(waits(), loop_factory=asyncio.new_event_loop)",
    ]
  ) {
    const begun = nextEvent(kernel, "stream");
    const running = kernel.execute(`print('begins', flush=True)\n${code}`);
    await begun;
    await kernel.interrupt();
    const { error } = await running;
    assert.equal(error?.ename, "KeyboardInterrupt", `${code}\n${error?.traceback.join("\n")}`);
    const { result } = await kernel.execute("asyncio.run(asyncio.sleep(0, 5))");
    assert.equal(result?.data["text/plain"], "5", code);
  }
});

Deno.test("a kernel says in a sentence that there are no threads and no processes", async () => {
  await using fixture = await createKernel();
  for (
    const [code, sentence] of [
      ["import threading; threading.Thread(target=print).start()", "this kernel has no threads"],
      ["import _thread; _thread.start_new_thread(print, ())", "this kernel has no threads"],
      [
        "from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor(1).submit(print)",
        "this kernel has no threads",
      ],
      ["import os; os.fork()", "this kernel has no processes"],
      ["os.execv('/bin/ls', ['ls'])", "this kernel has no processes"],
      ["os.execlp('ls', 'ls')", "this kernel has no processes"],
      ["os.posix_spawn('/bin/ls', ['ls'], {})", "this kernel has no processes"],
      ["os.no_such_name", "module 'os' has no attribute 'no_such_name'"],
      ["import multiprocessing; multiprocessing.Pool(2)", "this kernel has no processes"],
      [
        "from concurrent.futures import ProcessPoolExecutor\nProcessPoolExecutor(2)",
        "this kernel has no processes",
      ],
      ["from multiprocessing import shared_memory", "this kernel has no processes"],
      ["import pty; pty.spawn('ls')", "this kernel has no terminal"],
      ["import faulthandler; faulthandler.dump_traceback_later(1)", "this kernel has no threads"],
      ["import signal; signal.pthread_kill(1, 2)", "this kernel has no threads"],
      ["signal.sigwait([signal.SIGINT])", "this kernel's signals cannot be blocked"],
      ["signal.sigtimedwait([signal.SIGINT], 1)", "this kernel's signals cannot be blocked"],
      [
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])",
        "this kernel's signals cannot be blocked",
      ],
      ["os.kill(99_999, 0)", "No such process"],
      ["import signal; signal.alarm(1)", "this kernel has no timers that send signals"],
      ["import tkinter", "this kernel has no windows"],
      ["import turtle", "this kernel has no windows"],
      ["import curses", "this kernel has no terminal"],
      ["import resource", "this kernel has no limits of processes"],
      ["from concurrent import interpreters", "this kernel has one interpreter"],
      ["import webbrowser; webbrowser.get()", "could not locate runnable browser"],
      [
        "import asyncio; await asyncio.create_subprocess_shell('ls')",
        "this kernel runs commands by `subprocess.run`",
      ],
    ]
  ) {
    const { error } = await fixture.kernel.execute(code!);
    assert.ok(error?.evalue.includes(sentence!), error?.evalue);
  }
  const { result } = await fixture.kernel.execute(
    "threading.active_count(), len(threading._limbo), webbrowser.open('http://x'), hasattr(signal, 'alarm'), __import__('importlib.util').util.find_spec('tkinter')",
  );
  assert.equal(result?.data["text/plain"], "(1, 0, False, False, None)");
  const { result: handled } = await fixture.kernel.execute(`
loop, came = asyncio.get_running_loop(), asyncio.Event()
loop.add_signal_handler(signal.SIGUSR1, came.set)
signal.raise_signal(signal.SIGUSR1)
await asyncio.wait_for(came.wait(), 5), loop.remove_signal_handler(signal.SIGUSR1), loop.remove_signal_handler(signal.SIGUSR1)`);
  assert.equal(handled?.data["text/plain"], "(True, True, False)");
});

Deno.test("signal.pause() waits until a handler is called, or an interrupt comes", async () => {
  await using fixture = await createKernel();
  const { kernel } = fixture;
  const { result } = await kernel.execute(`
import asyncio, os, signal
calls = []
def handler(signum, frame): calls.append(signum)
async def kill():
    await asyncio.sleep(0)
    os.kill(os.getpid(), signal.SIGUSR1)
before = signal.signal(signal.SIGUSR1, handler)
task = asyncio.create_task(kill())
signal.pause()
calls == [signal.SIGUSR1], before is signal.SIG_DFL, signal.getsignal(signal.SIGUSR1) is handler`);
  assert.equal(result?.data["text/plain"], "(True, True, True)");
  for (const ended of ["KeyboardInterrupt", undefined]) {
    const begun = nextEvent(kernel, "stream");
    // The event loop goes on, and prints, while the cell waits.
    const running = kernel.execute(
      "asyncio.get_event_loop().call_soon(print, 'waits')\nsignal.pause()\ncalls[1:] == [2]",
    );
    await begun;
    await kernel.interrupt();
    const { error, result } = await running;
    assert.equal(error?.ename, ended);
    if (!ended) assert.equal(result?.data["text/plain"], "True");
    // From now on an interrupt calls the handler.
    await kernel.execute("_ = signal.signal(signal.SIGINT, handler)");
  }
});

Deno.test("a kernel goes on when a cell has replaced functions of json", async () => {
  await using fixture = await createKernel();
  await fixture.kernel.execute("import json\njson.dumps = json.loads = json.JSONEncoder = None");
  const { error } = await fixture.kernel.execute("1 / 0");
  assert.equal(error?.ename, "ZeroDivisionError");
  const { matches } = await fixture.kernel.complete("json.dum", 8);
  assert.ok(matches.includes("dumps") || matches.includes("json.dumps"), String(matches));
});

Deno.test("do_shutdown() of ipykernel ends the kernel after the cell", async () => {
  await using fixture = await createKernel();
  const { kernel } = fixture;
  const ended = nextEvent(kernel, "kernel_terminated");
  const { result } = await kernel.execute(
    "import IPython, sys\nIPython.Application.instance().kernel.do_shutdown(True), sys.ps1",
  );
  assert.equal(result?.data["text/plain"], "({'status': 'ok', 'restart': True}, 'In : ')");
  assert.match((await ended).reason, /exit\(0\)/);
});
