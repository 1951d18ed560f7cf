import assert from "node:assert/strict";
import { delay } from "../../../../kernel/deadline.ts";
import { ProcessTree } from "../../../../kernel/hosts/process/process_tree.ts";

const LINUX = Deno.build.os === "linux";

function start(script: string): Deno.ChildProcess {
  return new Deno.Command("sh", { args: ["-c", script], stdin: "null", stdout: "null" }).spawn();
}

/** Waits for the process that another one starts. */
async function innerOf(tree: ProcessTree, child: Deno.ChildProcess): Promise<number> {
  while (tree.pid === child.pid) await delay(1);
  return tree.pid;
}

Deno.test("ProcessTree is the started process when that is the kernel's", async () => {
  const child = start("exec sleep 60");
  const tree = new ProcessTree(child, { nested: false });
  assert.equal(tree.pid, child.pid);
  tree.kill();
  assert.equal((await child.status).signal, "SIGKILL");
  tree.kill(); // A process that has the id by now stays alive.
});

Deno.test({
  name: "ProcessTree finds the process that another one waits for, and kills it",
  ignore: !LINUX,
  async fn() {
    const child = start("sleep 60; exit 7");
    const tree = new ProcessTree(child, { nested: true });
    const inner = await innerOf(tree, child);
    assert.match(await Deno.readTextFile(`/proc/${inner}/stat`), /\(sleep\)|\(sh\)/);
    tree.kill();
    // The waiting one ends by itself: it has something to tell.
    assert.equal((await child.status).code, 7);
    assert.equal(tree.pid, inner);
  },
});
