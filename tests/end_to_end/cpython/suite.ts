/**
 * Runs modules of CPython's own test suite inside kernels and prints what fails.
 *
 * ```bash
 * ./engine.sh run -A --no-prompt tests/end_to_end/cpython/suite.ts test_json test_re
 * ```
 *
 * `SUITE` names the directory of the suite's package `test`. Debian's is that of Python 3.11.
 */
import { fileURLToPath } from "node:url";
import { KernelManager, KernelMode } from "../../../kernel/mod.ts";
import { readRecordedFailures } from "../../support/recorded_failures.ts";

/** The directory of the package `test`. */
export const SUITE = Deno.env.get("SUITE") ?? "/usr/lib/python3.11/test";
/** The longest time that one test may take, in milliseconds. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 250;

/** The result of one module. */
export interface ModuleOutcome {
  /** The names of the tests that passed or were skipped, such as `test_json.test_dump.TestPyDump.test_dump`. */
  passed: string[];
  /** The details of the tests that failed, by their names. */
  failed: Map<string, string>;
  /** The names of tests that took too long. */
  stalled: string[];
  /** The names of tests that ended their kernel. */
  killers: string[];
}

type Line = [kind: "begin" | "pass" | "fail" | "skip" | "end", name: string, detail: string];

/** Runs the tests of a module. A kernel that a test has ended, or that does not go on, is replaced by another one. */
export async function runModule(manager: KernelManager, module: string): Promise<ModuleOutcome> {
  const outcome: ModuleOutcome = { passed: [], failed: new Map(), stalled: [], killers: [] };
  const done = new Set<string>();
  const directory = await Deno.makeTempDir({ prefix: "cpython_suite_" });
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      const log = `${directory}/${attempt}.log`;
      await Deno.writeTextFile(log, "");
      const ending = await runTests(manager, module, directory, log, [...done]);
      const lines = await linesOf(log);
      for (const [kind, name, detail] of lines) {
        if (kind === "fail") outcome.failed.set(name, detail);
        if (kind === "pass") outcome.passed.push(name);
        if (kind === "begin" || kind === "fail") done.add(name);
      }
      const last = lines.at(-1);
      if (last?.[0] === "end") return outcome;
      const name = last?.[0] === "begin" ? last[1] : module;
      if (last === undefined) outcome.failed.set(module, ending.detail);
      else (ending.stalled ? outcome.stalled : outcome.killers).push(name);
      if (name === module) return outcome;
    }
    return outcome;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function runTests(
  manager: KernelManager,
  module: string,
  directory: string,
  log: string,
  done: string[],
): Promise<{ stalled: boolean; detail: string }> {
  const id = await manager.createKernel({
    mode: KernelMode.PROCESS,
    mounts: [
      { root: SUITE, mountPoint: "/suite/test", access: "ro" },
      { root: fileURLToPath(new URL(".", import.meta.url)), mountPoint: "/runner", access: "ro" },
      { root: directory, mountPoint: "/results", access: "rw" },
    ],
  });
  let stalled = false;
  let seen = -1;
  let since = performance.now();
  const watch = setInterval(() => {
    const size = Deno.statSync(log).size;
    if (size !== seen) [seen, since] = [size, performance.now()];
    else if (!stalled && performance.now() - since > PATIENCE_MS) {
      stalled = true;
      manager.forceTerminateKernel(id, "a test took too long").catch(() => {});
    }
  }, LOOK_MS);
  try {
    const file = `/results/${log.slice(log.lastIndexOf("/") + 1)}`;
    const { error } = await manager.execute(
      id,
      `import sys; sys.dont_write_bytecode = True; sys.path.insert(0, "/runner")\n` +
        `from run_module import run\nrun(${JSON.stringify(module)}, ${JSON.stringify(file)}, ` +
        `${JSON.stringify(done)})`,
    );
    return { stalled, detail: error?.traceback.join("\n") ?? "" };
  } catch (error) {
    return { stalled, detail: String(error) };
  } finally {
    clearInterval(watch);
    await manager.destroyKernel(id);
  }
}

async function linesOf(log: string): Promise<Line[]> {
  const text = await Deno.readTextFile(log);
  // The last line may be cut where the kernel has ended.
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line) as Line);
}

/** Returns the names of the tests that are known to fail, each with the reason, from `failures.txt`. */
export async function recordedFailures(): Promise<Map<string, string>> {
  return await readRecordedFailures(new URL("failures.txt", import.meta.url));
}

/** Compares an outcome with the record: what fails and is not in it, and what is in it and passes. */
export function differences(
  module: string,
  outcome: ModuleOutcome,
  recorded: ReadonlyMap<string, string>,
): { news: string[]; mended: string[] } {
  const bad = new Set([...outcome.failed.keys(), ...outcome.stalled]);
  const ofModule = [...recorded.keys()].filter((name) => isOf(name, module));
  return {
    news: [...bad].filter((name) => !recorded.has(name)),
    mended: ofModule.filter((name) => !bad.has(name)),
  };
}

function isOf(name: string, module: string): boolean {
  const bare = /\((.*)\)/.exec(name)?.[1] ?? name;
  return bare === module || bare.startsWith(`${module}.`);
}

if (import.meta.main) {
  await using manager = new KernelManager();
  const recorded = await recordedFailures();
  const details = Deno.args.includes("--details");
  for (const module of Deno.args.filter((it) => !it.startsWith("--"))) {
    const outcome = await runModule(manager, module);
    const { passed, failed, stalled, killers } = outcome;
    const { news, mended } = differences(module, outcome, recorded);
    console.log(
      `${module}: ${passed.length} passed, ${failed.size} failed, ${stalled.length} stalled, ` +
        `${killers.length} ended the kernel; ${news.length} not recorded`,
    );
    for (const name of details ? failed.keys() : news) {
      console.log(`  fail ${name}`);
      if (details) console.log(failed.get(name)?.replace(/^/gm, "    "));
    }
    for (const name of mended) console.log(`  passes, but is recorded: ${name}`);
    for (const name of stalled) console.log(`  stalled ${name}`);
    for (const name of killers) console.log(`  ended the kernel: ${name}`);
    if (news.length + mended.length + killers.length > 0) Deno.exitCode = 1;
  }
}
