import {
  ContentsManager,
  type Kernel,
  KernelAPI,
  type KernelMessage,
  KernelSpecManager,
  SessionAPI,
} from "@jupyterlab/services";
import assert from "node:assert/strict";
import { createJupyter, run } from "../../../support/jupyter.ts";
import { temporaryDirectory } from "../../../support/mod.ts";

/** The next message that a kernel's client receives and that fits. */
function received(
  kernel: Kernel.IKernelConnection,
  fits: (message: KernelMessage.IMessage) => boolean,
): Promise<KernelMessage.IMessage> {
  const { promise, resolve } = Promise.withResolvers<KernelMessage.IMessage>();
  kernel.anyMessage.connect(function listen(_sender, { msg, direction }) {
    if (direction !== "recv" || !fits(msg)) return;
    kernel.anyMessage.disconnect(listen);
    resolve(msg);
  });
  return promise;
}

function until(kernel: Kernel.IKernelConnection, status: Kernel.Status): Promise<void> {
  if (kernel.status === status) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  kernel.statusChanged.connect(function listen(_sender, changed) {
    if (changed !== status) return;
    kernel.statusChanged.disconnect(listen);
    resolve();
  });
  return promise;
}

Deno.test("JupyterLab's client finds the kinds of kernels, and what they run", async () => {
  await using jupyter = await createJupyter({
    KERNEL_PROFILES: '{"small": {"displayName": "Small", "limits": {"memoryMb": 256}}}',
  });
  const manager = new KernelSpecManager({ serverSettings: jupyter.settings });
  await manager.ready;
  const specs = manager.specs!;
  manager.dispose(); // At once: it leaves a timer behind when it has asked a second time.
  assert.equal(specs.default, "python");
  assert.deepEqual(
    Object.values(specs.kernelspecs).map((it) => [it!.name, it!.display_name]),
    [
      ["python", "Python"],
      ["python-worker", "Python (in a worker)"],
      ["python-process", "Python (in a process)"],
      ["javascript", "JavaScript"],
      ["typescript", "TypeScript"],
      ["bash", "Bash"],
      ["small", "Small"],
    ],
  );
  const logo = specs.kernelspecs["small"]!.resources["logo-svg"]!;
  const answer = await fetch(new URL(logo, jupyter.url));
  assert.equal(answer.headers.get("Content-Type"), "image/svg+xml");
  await answer.body?.cancel();
  const kernel = await jupyter.start("small");
  assert.equal(kernel.name, "small");
  const info = await kernel.info;
  assert.deepEqual([info.status, info.language_info.name], ["ok", "python"]);
  assert.equal(jupyter.server.kernels.getKernel(kernel.id).limits.memoryMb, 256);
});

Deno.test("JupyterLab's client runs cells and sees their messages in order", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  const shown = await run(kernel, "print('hi')\n6 * 7", { user_expressions: { a: "1", b: "no" } });
  assert.deepEqual(shown.outputs.map(({ type }) => type), [
    "status",
    "execute_input",
    "stream",
    "execute_result",
    "status",
  ]);
  assert.deepEqual(shown.outputs[3]!.content, {
    data: { "text/plain": "42" },
    metadata: {},
    execution_count: 1,
  });
  assert.equal(shown.reply.user_expressions.a.data["text/plain"], "1");
  assert.equal(shown.reply.user_expressions.b.ename, "NameError");
  const failed = await run(kernel, "1/0");
  assert.deepEqual([failed.reply.status, failed.reply.ename, failed.reply.execution_count], [
    "error",
    "ZeroDivisionError",
    2,
  ]);
  assert.equal(failed.outputs.filter(({ type }) => type === "error").length, 1);
  const silent = await run(kernel, "print('quiet')", { silent: true });
  assert.deepEqual(silent.outputs.map(({ type }) => type), ["status", "stream", "status"]);
  const unkept = await run(kernel, "3", { store_history: false });
  assert.equal(unkept.reply.execution_count, 2);
  assert.equal((await run(kernel, "4")).reply.execution_count, 3);
  const updated = await run(
    kernel,
    "d = display('one', display_id='x')\ndisplay('two', display_id='x', update=True)\n" +
      "from IPython.display import clear_output\nclear_output(wait=True)",
  );
  assert.deepEqual(
    updated.outputs.slice(2, -1).map(({ type, content }) => [
      type,
      (content as { transient?: unknown }).transient,
    ]),
    [
      ["display_data", { display_id: "x" }],
      ["update_display_data", { display_id: "x" }],
      ["clear_output", undefined],
    ],
  );
});

Deno.test("JupyterLab's client completes, inspects, looks back and asks what is complete", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  await run(kernel, "velocity = 3");
  const completed = await kernel.requestComplete({ code: "x = velo", cursor_pos: 8 });
  assert(completed.content.status === "ok");
  const { matches, cursor_start, cursor_end } = completed.content;
  assert.deepEqual([matches, cursor_start, cursor_end], [["velocity"], 4, 8]);
  const inspected = await kernel.requestInspect({ code: "len", cursor_pos: 3, detail_level: 0 });
  assert(inspected.content.status === "ok" && inspected.content.found);
  const incomplete = await kernel.requestIsComplete({ code: "for x in y:" });
  assert.deepEqual(incomplete.content, { status: "incomplete", indent: "    " });
  const past = await kernel.requestHistory(
    {
      hist_access_type: "tail",
      n: 1,
      output: false,
      raw: true,
    } as KernelMessage.IHistoryRequestMsg["content"],
  );
  assert(past.content.status === "ok");
  assert.deepEqual(past.content.history, [[1, 1, "velocity = 3"]]);
});

Deno.test("JupyterLab's client answers input(), and may not be asked", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  const future = kernel.requestExecute({ code: "input('name? ') + '!'", allow_stdin: true });
  let result: unknown;
  future.onIOPub = ({ content }) => {
    if ("data" in content) result = (content.data as Record<string, unknown>)["text/plain"];
  };
  future.onStdin = (message) => {
    assert.deepEqual(message.content, { prompt: "name? ", password: false });
    assert.equal((message.parent_header as KernelMessage.IHeader).msg_id, future.msg.header.msg_id);
    kernel.sendInputReply({ value: "ada", status: "ok" }, message.header as never);
  };
  assert.equal((await future.done).content.status, "ok");
  assert.equal(result, "'ada!'");
  const refused = await run(kernel, "input()", { allow_stdin: false });
  assert.equal(refused.reply.ename, "StdinNotImplementedError");
});

Deno.test("JupyterLab's client and Python talk over comms, with buffers, both ways", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  await run(
    kernel,
    `
from comm import create_comm, get_comm_manager
def target(comm, opening):
    def answer(message):
        parent = get_ipython().kernel.get_parent()["header"]["msg_id"]
        print("got", message["content"]["data"], parent)
        comm.send({"back": [bytes(b).hex() for b in message["buffers"]]}, buffers=[b"xyz"])
    comm.on_msg(answer)
    comm.send({"opened": opening["content"]["data"]})
get_comm_manager().register_target("echo", target)`,
  );
  const comm = kernel.createComm("echo");
  const messages: KernelMessage.ICommMsgMsg[] = [];
  comm.onMsg = (message) => void messages.push(message);
  await comm.open({ a: 1 }).done;
  const sent = comm.send({ b: 2 }, undefined, [new Uint8Array([1, 255])]);
  const printed: unknown[] = [];
  sent.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream") printed.push((content as { text: string }).text);
  };
  await sent.done;
  assert.deepEqual(messages.map(({ content }) => content.data), [
    { opened: { a: 1 } },
    { back: ["01ff"] },
  ]);
  const [buffer] = messages[1]!.buffers as DataView[];
  assert.equal(new TextDecoder().decode(buffer), "xyz");
  // The output of a widget's handler belongs to the message, whose id Python knows.
  assert.deepEqual(printed, [`got {'b': 2} ${sent.msg.header.msg_id}\n`]);
  const open = await kernel.requestCommInfo({ target_name: "echo" });
  assert(open.content.status === "ok");
  assert.deepEqual(open.content.comms, { [comm.commId]: { target_name: "echo" } });
  await comm.close({}).done;
  const none = await kernel.requestCommInfo({});
  assert(none.content.status === "ok");
  assert.deepEqual(none.content.comms, {});
  const unknown = kernel.createComm("nobody");
  const closed = received(kernel, ({ header }) => header.msg_type === "comm_close");
  await unknown.open().done;
  await closed;
});

Deno.test("JupyterLab's client interrupts; what waits behind a failure is given up", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  const runs = received(kernel, ({ header }) => header.msg_type === "execute_input");
  const endless = kernel.requestExecute({ code: "while True: pass" });
  await runs;
  const model = await KernelAPI.getKernelModel(kernel.id, jupyter.settings);
  assert.deepEqual([model!.execution_state, model!.connections], ["busy", 1]);
  // Control is answered while the shell is busy, and so is what needs no Python.
  assert.equal((await kernel.requestKernelInfo())!.content.status, "ok");
  const behind = kernel.requestExecute({ code: "print('never')", stop_on_error: true });
  await kernel.interrupt();
  const { content } = await endless.done;
  assert.equal(content.status === "error" && content.ename, "KeyboardInterrupt");
  // JupyterLab asks for what follows all the same, unless it says otherwise.
  assert.equal((await behind.done).content.status, "ok");
  const cells = [
    kernel.requestExecute({ code: "1/0", stop_on_error: true }),
    kernel.requestExecute({ code: "print('never')" }),
    kernel.requestExecute({ code: "2" }),
  ];
  const replies = await Promise.all(cells.map((it) => it.done));
  assert.deepEqual(replies.map(({ content }) => content.status), ["error", "aborted", "aborted"]);
  assert.ok(replies.every(({ content }) => Number.isInteger(content.execution_count)));
  assert.equal((await run(kernel, "2")).reply.status, "ok");
});

Deno.test("JupyterLab's client restarts a kernel: same id, nothing left, counting from 1", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  await run(kernel, "x = 1");
  const statuses: string[] = [];
  kernel.statusChanged.connect((_, status) => void statuses.push(status));
  await kernel.restart();
  const fresh = await run(kernel, "'x' in globals()");
  assert.equal(fresh.reply.execution_count, 1);
  assert(!statuses.includes("autorestarting"), statuses.join());
});

Deno.test("JupyterLab's client learns why a kernel has died, and that it is started again", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  await run(kernel, "x = 1");
  const again = until(kernel, "autorestarting");
  const lost = await run(kernel, "import os\nos._exit(3)");
  assert.equal(lost.reply.ename, "KernelDied");
  assert.match(lost.reply.evalue, /exit\(3\)/);
  assert.equal(lost.outputs.filter(({ type }) => type === "error").length, 1);
  await again;
  await until(kernel, "idle");
  const fresh = await run(kernel, "'x' in globals()");
  assert.deepEqual(fresh.outputs[2]?.content, {
    data: { "text/plain": "False" },
    metadata: {},
    execution_count: 1,
  });
});

Deno.test("JupyterLab's client is told that a kernel was shut down", async () => {
  await using jupyter = await createJupyter();
  const kernel = await jupyter.start();
  await kernel.info;
  const dead = until(kernel, "dead");
  await jupyter.server.kernels.destroyKernel(kernel.id);
  await dead;
  await jupyter.server.json(404, "GET", `/api/kernels/${kernel.id}`);
});

Deno.test("two of JupyterLab's clients see one kernel's outputs, and each its own replies", async () => {
  await using jupyter = await createJupyter();
  const first = await jupyter.start();
  await first.info;
  const second = jupyter.connect(first);
  await second.info;
  const replies: string[] = [];
  second.anyMessage.connect((_, { msg, direction }) => {
    if (direction === "recv" && msg.channel === "shell") replies.push(msg.header.msg_type);
  });
  const seen = received(second, ({ header }) => header.msg_type === "execute_result");
  const shown = await run(first, "'both'");
  assert.equal(shown.reply.status, "ok");
  const message = await seen;
  assert.equal((message.content as KernelMessage.IExecuteResultMsg["content"]).execution_count, 1);
  await run(second, "1");
  assert.deepEqual(replies, ["execute_reply"]);
  // The client also sees the outputs of executions that came by the native interface.
  const native = received(second, ({ header }) => header.msg_type === "stream");
  await jupyter.server.kernels.execute(first.id, "print('native')");
  assert.deepEqual((await native).content, { name: "stdout", text: "native\n" });
});

Deno.test("JupyterLab's client opens, moves and closes sessions", async () => {
  await using jupyter = await createJupyter();
  const { settings, server } = jupyter;
  const options = { path: "a.ipynb", name: "a", type: "notebook", kernel: { name: "python" } };
  const [session, same] = await Promise.all([
    SessionAPI.startSession(options as never, settings),
    SessionAPI.startSession(options as never, settings),
  ]);
  assert.equal(session.id, same.id);
  assert.equal(server.kernels.listKernels().length, 1);
  const moved = await SessionAPI.updateSession({ id: session.id, path: "b.ipynb" }, settings);
  assert.deepEqual([moved.path, moved.kernel?.id], ["b.ipynb", session.kernel!.id]);
  const change = { id: session.id, kernel: { name: "python-process" } };
  const changed = await SessionAPI.updateSession(change as never, settings);
  assert.equal(changed.kernel!.name, "python-process");
  assert.deepEqual(server.kernels.listKernels().map(({ id }) => id), [changed.kernel!.id]);
  assert.equal((await SessionAPI.listRunning(settings)).length, 1);
  await SessionAPI.shutdownSession(session.id, settings);
  assert.deepEqual(await SessionAPI.listRunning(settings), []);
  assert.deepEqual(server.kernels.listKernels(), []);
  const other = await SessionAPI.startSession(options as never, settings);
  await KernelAPI.shutdownKernel(other.kernel!.id, settings);
  assert.deepEqual(await SessionAPI.listRunning(settings), []);
});

Deno.test("JupyterLab's client keeps files, and versions of them", async () => {
  await using directory = await temporaryDirectory();
  await using jupyter = await createJupyter({ NOTEBOOK_DIR: directory.path });
  const contents = new ContentsManager({ serverSettings: jupyter.settings });
  const notebook = await contents.newUntitled({ path: "", type: "notebook" });
  assert.equal(notebook.path, "Untitled.ipynb");
  const folder = await contents.newUntitled({ path: "", type: "directory" });
  assert.equal(folder.path, "Untitled Folder");
  const cells = { cells: [], metadata: { a: 1 }, nbformat: 4, nbformat_minor: 5 };
  const saved = await contents.save(notebook.path, {
    type: "notebook",
    format: "json",
    content: cells,
  });
  assert.equal(saved.type, "notebook");
  const kept = await contents.createCheckpoint(notebook.path);
  await contents.save(notebook.path, {
    type: "notebook",
    format: "json",
    content: { ...cells, metadata: {} },
  });
  await contents.restoreCheckpoint(notebook.path, kept.id);
  assert.deepEqual((await contents.get(notebook.path)).content, cells);
  const renamed = await contents.rename(notebook.path, "Untitled Folder/b.ipynb");
  assert.equal(renamed.path, "Untitled Folder/b.ipynb");
  assert.equal((await contents.listCheckpoints(renamed.path)).length, 1);
  const copy = await contents.copy(renamed.path, "Untitled Folder");
  assert.equal(copy.name, "b-Copy1.ipynb");
  await contents.save("data.bin", { type: "file", format: "base64", content: "/wA=" });
  const binary = await contents.get("data.bin");
  assert.deepEqual([binary.format, binary.content], ["base64", "/wA="]);
  const listed = await contents.get("");
  assert.deepEqual(listed.content.map(({ name }: { name: string }) => name), [
    "Untitled Folder",
    "data.bin",
  ]);
  await assert.rejects(contents.delete("Untitled Folder"), /not empty/);
  await contents.delete("data.bin");
  await assert.rejects(contents.get("data.bin"));
  contents.dispose();
});
