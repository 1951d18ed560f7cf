import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Isolation } from "../../../../kernel/hosts/process/isolation.ts";
import { DEFAULT_LIMITS, engineLimits } from "../../../../kernel/limits/limits.ts";
import { NOTHING, type Permissions, workerPermissions } from "../../../../kernel/permissions.ts";
import { temporaryDirectory } from "../../../support/mod.ts";
import type { ProcessOptions } from "../../../../kernel/start_options.ts";

const OPTIONS: ProcessOptions = {
  language: "python",
  mode: "process",
  mounts: [],
  permissions: NOTHING,
  limits: engineLimits(DEFAULT_LIMITS),
  packages: [],
  allowEval: false,
  ownRoot: false,
};
const HOSTS_OWN = {
  entry: new URL("file:///entry.ts"),
  workerEntry: new URL("file:///worker_entry.ts"),
  readable: ["/project"],
  selfContained: false,
  ownUser: false,
};
const MODULES = fileURLToPath(new URL("../../../support/echo_engine", import.meta.url));
const LIBRARY = fileURLToPath(new URL("../../../../kernel", import.meta.url));
const SELF_CONTAINED = {
  entry: new URL("../../../support/echo_engine/process_entry.ts", import.meta.url),
  workerEntry: new URL("../../../support/echo_engine/worker_entry.ts", import.meta.url),
  readable: [LIBRARY, MODULES],
  selfContained: true,
  ownUser: false,
};

async function command(
  permissions: Partial<Permissions> = {},
  { allowEval = false, ownUser = false } = {},
) {
  const { program, args, env } = await new Isolation().command(
    { ...OPTIONS, permissions: { ...NOTHING, ...permissions }, allowEval },
    { ...HOSTS_OWN, ownUser },
  );
  return { line: [program, ...args].join(" "), env };
}

async function applied(name: string): Promise<boolean> {
  const measures = await new Isolation().report();
  return measures.find((it) => it.name === name)?.applied ?? assert.fail(`no measure "${name}"`);
}

Deno.test("command() grants the process what its own files take, and nothing else", async () => {
  const { line } = await command();
  assert.match(line, / --allow-read=\/project /);
  // The process calls the C library to lock itself down, and then gives up the permission.
  const lockDown = await applied("few system calls") ? ["--allow-ffi"] : [];
  assert.deepEqual(line.match(/--allow-\w+/g), ["--allow-read", ...lockDown]);
  assert.match(line, / --no-prompt /);
  assert.match(line, /--disallow-code-generation-from-strings/);
  assert.match(line, / file:\/\/\/entry\.ts$/);
});

Deno.test("command() gives a self-contained process a root of its own, where its mounts have other paths", async () => {
  await using directory = await temporaryDirectory();
  const mounts = [
    { root: `${directory.path}/a`, mountPoint: "/a", access: "rw" },
    { root: `${directory.path}/b`, mountPoint: "/b", access: "ro" },
  ] as const;
  const options: ProcessOptions = {
    ...OPTIONS,
    ...{ mounts: [...mounts], permissions: workerPermissions({}, mounts) },
    ownRoot: await applied("own root"),
  };
  const { program, args, options: seen, nested, lockDown, env } = await new Isolation(
    directory.path,
  ).command(options, SELF_CONTAINED);
  assert.equal(nested, options.ownRoot);
  assert.deepEqual(
    lockDown,
    await applied("few system calls")
      ? {
        changesFiles: true,
        usesNetwork: false,
      }
      : null,
  );
  const line = [program, ...args].join(" ");
  assert.match(line, / --no-npm /);
  assert.doesNotMatch(line, /--config=/);
  if (!options.ownRoot) return;
  assert.deepEqual(seen.mounts.map(({ root }) => root), ["/mnt/0", "/mnt/1"]);
  assert.deepEqual([seen.permissions.read, seen.permissions.write], [["/mnt/0", "/mnt/1"], [
    "/mnt/0",
  ]]);
  assert.match(line, new RegExp(` 2 ${directory.path}/a rw ${directory.path}/b ro /setpriv `));
  assert.match(line, new RegExp(` /deno run .* --allow-read=/mnt/0,/mnt/1,${LIBRARY},${MODULES} `));
  assert.match(line, / --allow-write=\/mnt\/0 /);
  assert.equal(env["DENO_DIR"], "/modules");
  assert.equal(env["TZ"], new Intl.DateTimeFormat().resolvedOptions().timeZone);
});

for (
  const granted of [
    { read: true },
    { read: ["/etc"] },
    { write: ["/tmp/out"] },
    { run: ["/bin/ls"] },
    { ffi: true },
  ]
) {
  Deno.test(`command() keeps the host's root for ${JSON.stringify(granted)}, and refuses when that must not be`, async () => {
    await using directory = await temporaryDirectory();
    const isolation = new Isolation(directory.path);
    const options = { ...OPTIONS, permissions: { ...NOTHING, ...granted } };
    const { nested, lockDown } = await isolation.command(options, SELF_CONTAINED);
    assert.equal(nested, false);
    if ("run" in granted || "ffi" in granted) assert.equal(lockDown, null);
    assert.equal(await isolation.givesOwnRoot(granted), false);
    await assert.rejects(
      isolation.command({ ...options, ownRoot: true }, SELF_CONTAINED),
      /cannot get the root directory of its own/,
    );
  });
}

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
  assert.match(
    line,
    /--allow-sys=hostname,ca /,
    "connections are checked by the machine's authorities",
  );
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
