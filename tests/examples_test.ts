import assert from "node:assert/strict";
import { temporaryDirectory } from "./support/mod.ts";

/** Runs an example as the README says, and answers what it printed. */
async function run(name: string, ...args: string[]): Promise<string> {
  const path = new URL(`../examples/${name}.ts`, import.meta.url).href;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "--check", path, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.ok(success, err);
  return out!;
}

Deno.test("examples/basic.ts runs Python on the main thread", async () => {
  assert.match(await run("basic"), /^ok .*Hello from Python!/s);
});

Deno.test("examples/filesystem.ts writes into a host directory", async () => {
  await using directory = await temporaryDirectory({ "mine.txt": "mine" });
  assert.equal(await run("filesystem", directory.path), "['greeting.txt', 'mine.txt']\n");
  assert.equal(await Deno.readTextFile(`${directory.path}/greeting.txt`), "Hello from Python!");
});

Deno.test("examples/events.ts hears the output", async () => {
  assert.equal(await run("events"), "Stream output: Hello from Python!\n\n");
});

Deno.test("examples/permissions.ts shows what was granted and what is refused", async () => {
  const output = await run("permissions");
  assert.match(output, /net: \[ "api\.example\.com:443" \]/);
  assert.match(output, /NotCapable: Requires read access to "\/etc\/hostname"/);
});

Deno.test("examples/monitoring.ts reads and changes the inactivity timeout", async () => {
  assert.match(await run("monitoring"), /^Shuts down after 600000 ms, in (600|599) s\n$/);
});

Deno.test("examples/stalled.ts ends an execution that takes too long", async () => {
  const output = await run("stalled", "100");
  assert.match(output, /has been running for over 100ms\nKernel has 1 ongoing executions\n/);
  assert.match(output, /Is kernel stuck\? true\nLongest running time: [0-9.]+ms\n/);
  assert.match(output, /aborted Execution took too long\n$/);
});

Deno.test("examples/stream.ts follows an execution and answers its question", async () => {
  assert.equal(
    await run("stream"),
    "step 0\nstep 1\nstep 2\nHow did it go?\n'well'\nok\n".replace("go?\n", "go? \n"),
  );
});

Deno.test("kernel/mod.ts can be imported by a program elsewhere that has no configuration", async () => {
  const mod = new URL("../kernel/mod.ts", import.meta.url).href;
  await using directory = await temporaryDirectory({
    "main.ts": `
      import { KernelManager } from "${mod}";
      await using manager = new KernelManager();
      const { result } = await manager.execute(await manager.createKernel(), "6 * 7");
      console.log(result?.data["text/plain"]);`,
  });
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "--unstable-worker-options", "main.ts"],
    cwd: directory.path,
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.equal(out, "42\n", err);
});

Deno.test("examples/tools.ts lets Python call functions of the program", async () => {
  assert.equal(await run("tools"), 'there is no product "melon"\ntotal: 5\n');
});
