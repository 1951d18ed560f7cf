import assert from "node:assert/strict";
import { createKernel, nextEvent } from "../../support/mod.ts";

/** Cells that wait for ever after they have printed `1`, whose output is to be seen before they end. */
const CELLS = [
  "for i in 1 2 3; do echo $i; sleep 1000; done",
  "f() { echo 1; sleep 1000; }; f",
  "echo 1 && sleep 1000 && echo 2",
  "seq 3 | while read -r i; do echo $i; sleep 1000; done",
  "echo 'echo 1; sleep 1000' > s.sh; bash s.sh",
  "eval '( if true; then echo 1; sleep 1000; fi )'",
  "echo x | xargs -I{} sh -c 'echo 1; sleep 1000'",
  "node -e 'console.log(1); setTimeout(() => {}, 1_000_000)'",
  "python3 -c 'print(1); import time; time.sleep(1000)'",
];

Deno.test("bash cells show the output of each command when it ends", async (t) => {
  await using fixture = await createKernel({ language: "bash", mode: "worker" });
  const { kernel, manager, id } = fixture;
  for (const cell of CELLS) {
    await t.step(cell, async () => {
      const shown = nextEvent(kernel, "stream");
      const running = kernel.execute(cell);
      assert.equal((await shown).text, "1\n");
      await manager.interruptKernel(id);
      assert.equal((await running).error?.ename, "KeyboardInterrupt");
    });
  }
  await t.step("output that goes to files, pipes and variables is not shown", async () => {
    const { outputs } = await kernel.execute(
      "f() { echo a; echo b >&2; }; f > out 2>&1; x=$(f 2>/dev/null); { f; } 2>/dev/null | cat > /dev/null\n" +
        "g() { f; } > out2 2>&1; g; for i in 1; do f; done &> out3; cat out out2 out3; echo [$x]",
    );
    const text = outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
    assert.equal(text, "a\nb\na\nb\na\nb\n[a]\n");
  });
  await t.step("a trap of the end waits for the end of the shell", async () => {
    const run = async (code: string) => {
      const { outputs } = await kernel.execute(code);
      return outputs.map((it) => it.output_type === "stream" ? it.text : "").join("");
    };
    assert.equal(await run("trap 'echo bye' EXIT; echo hi"), "hi\n");
    assert.equal(await run("trap -p; exit 3"), "trap -- 'echo bye' EXIT\nbye\n");
    assert.equal(
      await run("trap -p; trap nothing FOO 2>&1"),
      "bash: trap: FOO: invalid signal specification\n",
    );
  });
});
