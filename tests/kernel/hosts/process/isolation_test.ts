import assert from "node:assert/strict";
import { Isolation } from "../../../../kernel/hosts/process/isolation.ts";
import { DEFAULT_LIMITS, engineLimits } from "../../../../kernel/limits/limits.ts";
import { NOTHING, type Permissions } from "../../../../kernel/permissions.ts";
import type { ProcessOptions } from "../../../../kernel/start_options.ts";

const OPTIONS: ProcessOptions = {
  language: "python",
  mode: "process",
  mounts: [],
  permissions: NOTHING,
  limits: engineLimits(DEFAULT_LIMITS),
  packages: [],
  allowEval: false,
};
const DENO = {
  entry: new URL("file:///entry.ts"),
  config: "/deno.json",
  readable: ["/project"],
  ownUser: false,
};

async function command(
  permissions: Partial<Permissions> = {},
  { allowEval = false, ownUser = false } = {},
) {
  const { program, args, env } = await new Isolation().command(
    { ...OPTIONS, permissions: { ...NOTHING, ...permissions }, allowEval },
    { ...DENO, ownUser },
  );
  return { line: [program, ...args].join(" "), env };
}

Deno.test("command() grants the process what its own files take, and nothing else", async () => {
  const { line } = await command();
  assert.match(line, / --allow-read=\/project /);
  assert.deepEqual(line.match(/--allow-\w+/g), ["--allow-read"]);
  assert.match(line, / --no-prompt /);
  assert.match(line, /--disallow-code-generation-from-strings/);
  assert.match(line, / file:\/\/\/entry\.ts$/);
});

Deno.test("command() grants what the kernel was granted", async () => {
  const { line } = await command({
    read: ["/a,b"],
    write: ["/w"],
    net: true,
    sys: ["hostname"],
    run: ["/bin/ls"],
  });
  assert.match(line, /--allow-read=\/a,,b,\/project /);
  assert.match(line, /--allow-write=\/w /);
  assert.match(line, /--allow-net /);
  assert.match(line, /--allow-sys=hostname /);
  assert.match(line, /--allow-run=\/bin\/ls /);
  assert.doesNotMatch(line, /unshare/, "a granted network is the host's");
});

Deno.test("command() lets the process become another user, and make JavaScript of strings, only when it is to", async () => {
  const { line: changing } = await command({}, { ownUser: true });
  assert.match(changing, /--allow-sys=setuid,setgid /);
  assert.doesNotMatch((await command()).line, /\+setuid|--allow-sys/);
  const { line } = await command({}, { allowEval: true });
  assert.doesNotMatch(line, /--disallow-code-generation-from-strings/);
});

Deno.test("command() passes no variables but those that are granted", async () => {
  Deno.env.set("ISOLATION_TEST_A", "a");
  Deno.env.set("ISOLATION_TEST_B", "b");
  try {
    const names = Object.keys((await command()).env);
    assert(names.every((name) => /^(MALLOC_|DENO_|RUST_MIN_STACK$)/.test(name)), names.join());
    const { env } = await command({ env: ["ISOLATION_TEST_A"] });
    assert.deepEqual([env["ISOLATION_TEST_A"], env["ISOLATION_TEST_B"]], ["a", undefined]);
    assert.equal((await command({ env: true })).env["ISOLATION_TEST_B"], "b");
  } finally {
    Deno.env.delete("ISOLATION_TEST_A");
    Deno.env.delete("ISOLATION_TEST_B");
  }
});

Deno.test("report() says of each measure whether it is applied, and why not", async () => {
  const measures = await new Isolation().report();
  assert.equal(new Set(measures.map(({ name }) => name)).size, measures.length);
  assert(measures.every(({ detail }) => detail !== ""));
  const own = measures.find(({ name }) => name === "own process");
  assert.equal(own?.applied, true);
});
