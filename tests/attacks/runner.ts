import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { makeWheel } from "../support/distribution.ts";
import { tinyWheel } from "../support/image_kernels.ts";
import { ServerProcess } from "../support/server_process.ts";
import type { Attack, Outcome } from "./attack.ts";
import { STATE_CELLS } from "./state.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url)).slice(0, -1);

/** A secret in a variable of the server and in a file beside a mount, which no kernel may read. */
const SECRET = "the-servers-secret";
/** The limits of the attacked kernels, low so that an attack ends soon. */
const VICTIM_LIMITS = { memoryMb: 192, filesMb: 16, outputBytes: 1_000_000, openFiles: 64 };
/** The cells that keep and print 42. */
const BOOT: Readonly<Record<string, string>> = {
  python: "kept = 6 * 7\nprint(kept)",
  bash: "kept=42; echo $kept",
  javascript: "const kept = 6 * 7;\nconsole.log(kept)",
};
/** The longest time for an answer of the server while nothing runs, in milliseconds: it only ends what hangs. */
const ANSWER_MS = 60_000;
/** The memory by which the server may grow, in bytes: garbage that the engine has not collected. */
const SPARE_BYTES = 256 * 2 ** 20;
/** The longest time for the server to come back to rest, in milliseconds: it only ends what hangs. */
const REST_MS = 60_000;
/** The longest time until an image is made, in milliseconds. */
const IMAGE_MS = 120_000;
/** The longest answer of the server about an attacked kernel, in bytes. */
const MAX_ANSWER_BYTES = 8_000_000;

/** Options for {@linkcode testAttacks} and {@linkcode Target.start}. */
export interface TargetOptions {
  /** The attacked kernels start from an image of an installed package. @default false */
  fromImage?: boolean;
}

/** Tests that process kernels withstand all attacks, and worker kernels those without `notInWorker`. */
export function testAttacks(
  kind: string,
  attacks: readonly Attack[],
  options: TargetOptions = {},
): void {
  const origin = options.fromImage ? " from an image" : "";
  for (const mode of ["process", "worker"]) {
    Deno.test(`a ${mode} kernel${origin} withstands attacks: ${kind}`, async (t) => {
      await using target = await Target.start(mode, options);
      for (const attack of attacks) {
        const ignore = mode === "worker" && attack.notInWorker !== undefined;
        await t.step({ name: attack.name, ignore, fn: () => target.attack(attack) });
      }
      await t.step("another kernel starts", () => target.startsAnother());
    });
  }
}

/** An attacked kernel. */
interface Victim {
  id: string;
  /** The options that it was made with, as JSON. */
  options: string;
  /** The output of its state cell before any attack; undefined when that cell failed. */
  state: string | undefined;
}

/** A server that is attacked over HTTP, as its users would, with a bystander: a kernel that is not attacked. */
export class Target implements AsyncDisposable {
  readonly #server: ServerProcess;
  readonly #url: string;
  readonly #base: string;
  readonly #mode: string;
  #bystander = "";
  /** The kernel that the last attempts have left as it was, for the next one. */
  #unharmed: Victim | undefined;
  #ownRoots = false;
  /** The first cell of attacked kernels, by language. */
  #boot = BOOT;
  #restingBytes = 0;
  #restingProcesses = 0;

  private constructor(server: ServerProcess, url: string, base: string, mode: string) {
    this.#server = server;
    this.#url = url;
    this.#base = base;
    this.#mode = mode;
  }

  /** Starts a server whose kernels have that mode, and a bystander with a secret. */
  static async start(mode: string, { fromImage = false }: TargetOptions = {}): Promise<Target> {
    const base = await Deno.realPath(await Deno.makeTempDir({ prefix: "kernel_test_" }));
    for (const directory of ["mount", "tool", "linked"]) await Deno.mkdir(`${base}/${directory}`);
    await Deno.writeTextFile(`${base}/mount/in.txt`, "mounted\n");
    for (const file of ["secret", "tool/cli.js"]) {
      await Deno.writeTextFile(`${base}/${file}`, SECRET);
    }
    if (fromImage) {
      const { fileName, bytes } = makeWheel(await tinyWheel());
      await Deno.mkdir(`${base}/wheels`);
      await Deno.writeFile(`${base}/wheels/${fileName}`, bytes);
    }
    const server = new ServerProcess([
      "--port=0",
      "--kernel-pool-size=0",
      `--allowed-kernel-modes=${mode}`,
      `--mount-roots=${base}`,
      "--max-kernel-limits=memoryMb=2048",
      "--kernel-allow-net=true",
      // Deno has other packages in its cache, which no kernel may get from there.
      "--npm-allow=@nobody/*",
      "--log-level=error",
      ...(fromImage
        ? ["--packages=locked", `--package-wheels-dir=${base}/wheels`, "--package-images=tiny"]
        : []),
    ], { ATTACK_SECRET: SECRET });
    const target = new Target(server, await server.url(), base, mode);
    const { isolation } = JSON.parse(await target.#fetch("/health", {}));
    target.#ownRoots = mode === "process" &&
      isolation.some((it: { name: string; applied: boolean }) =>
        it.name === "own root" && it.applied
      );
    if (fromImage) await target.#makeImage();
    target.#bystander = await target.#create({});
    const { status } = await target.#run(target.#bystander, "secret = 'untouched'");
    assert.equal(status, "ok");
    target.#restingBytes = target.#residentBytes();
    target.#restingProcesses = target.#children();
    return target;
  }

  /**
   * Runs an attack, and checks that the server and the bystander are as before. Attempts that are harmless, or
   * are answered by an exception, share a kernel as long as it is what it was; each other attack has a kernel of
   * its own.
   */
  async attack(attack: Attack): Promise<void> {
    const { code, kernel = {}, meanwhile, timeoutMs, then } = attack;
    const outcome = this.#ownRoots ? attack.outcome : attack.withoutOwnRoot ?? attack.outcome;
    await layOutLinks(`${this.#base}/linked`);
    if (outcome.status === "refused") {
      await assert.rejects(this.#create(kernel), outcome.message);
    } else if (isAttempt(attack, outcome)) {
      const victim = await this.#takeUnharmed(kernel);
      try {
        await this.#expect(victim.id, code, timeoutMs, outcome);
        if (then) await this.#expect(victim.id, then.code, then.timeoutMs, then.outcome);
        const state = await this.#state(victim.id, kernel);
        assert(victim.state !== undefined, "the state cell of a new kernel fails");
        if (state === victim.state) this.#unharmed = victim;
      } finally {
        if (this.#unharmed !== victim) await this.#remove(victim.id);
      }
    } else {
      const id = await this.#start(kernel);
      try {
        await meanwhile?.(`${this.#base}/linked`);
        await this.#expect(id, code, timeoutMs, outcome);
        if (then) await this.#expect(id, then.code, then.timeoutMs, then.outcome);
      } finally {
        await this.#remove(id);
      }
    }
    await this.#isAsBefore();
  }

  /** Starts a kernel and runs its first cell: one that never ran anything withstands everything. */
  async #start(options: Record<string, unknown>): Promise<string> {
    const id = await this.#create(options);
    try {
      const booted = await this.#run(id, this.#boot[String(options["language"] ?? "python")]!);
      assert.equal(text(booted), "42\n");
      return id;
    } catch (error) {
      await this.#remove(id);
      throw error;
    }
  }

  /** Returns the kernel that earlier attempts have left as it was, or starts one. */
  async #takeUnharmed(kernel: Record<string, unknown>): Promise<Victim> {
    const options = JSON.stringify(kernel);
    const unharmed = this.#unharmed;
    if (unharmed?.options === options) {
      this.#unharmed = undefined;
      return unharmed;
    }
    await this.#removeUnharmed();
    const id = await this.#start(kernel);
    const state = await this.#state(id, kernel);
    return { id, options, state };
  }

  async #removeUnharmed(): Promise<void> {
    const unharmed = this.#unharmed;
    this.#unharmed = undefined;
    if (unharmed) await this.#remove(unharmed.id);
  }

  /** Returns what the state cell of a kernel prints, or undefined when it fails. */
  async #state(
    id: string,
    { language = "python" }: Record<string, unknown>,
  ): Promise<string | undefined> {
    const record = await this.#run(id, STATE_CELLS[String(language)]!);
    return record.status === "ok" ? text(record) : undefined;
  }

  /**
   * Uses a package until a kernel starts from its image, which has the package from before that kernel. From
   * then on the attacked kernels begin with the package, and check that it is the image's.
   */
  async #makeImage(): Promise<void> {
    const deadline = performance.now() + IMAGE_MS;
    for (let last = "";;) {
      const id = await this.#create({});
      const record = await this.#run(id, "import tinypack\nprint(tinypack.IMPORTED)");
      await this.#remove(id);
      const imported = text(record);
      assert.match(imported, /^\d+\n$/, JSON.stringify(record).slice(0, 2_000));
      if (imported === last) {
        const check = `assert tinypack.IMPORTED == ${imported}`;
        this.#boot = { ...BOOT, python: `import tinypack\n${BOOT["python"]}\n${check}` };
        return;
      }
      last = imported;
      assert(performance.now() < deadline, "no image was made");
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Checks that a new kernel starts and runs Python, and that nothing is left of the attacked ones. */
  async startsAnother(): Promise<void> {
    await this.#removeUnharmed();
    const id = await this.#create({});
    assert.equal(text(await this.#run(id, "import json\nprint(json.dumps([1]))")), "[1]\n");
    await this.#remove(id);
    await this.#isAsBefore();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.end("SIGTERM");
    await this.#server[Symbol.asyncDispose]();
    await Deno.remove(this.#base, { recursive: true });
  }

  async #expect(
    id: string,
    code: string,
    timeoutMs: number | undefined,
    outcome: Outcome,
  ): Promise<void> {
    const record = await this.#run(id, this.#fill(code), timeoutMs);
    const { error, kernel } = record;
    const seen = text(record);
    const detail = JSON.stringify({ ...record, outputs: undefined, code: undefined }).slice(
      0,
      2_000,
    );
    const printed = seen.slice(0, 500) + seen.slice(-500);
    const raised = error ? `${error.ename}: ${error.evalue}` : "";
    if (outcome.status === "contained") return;
    const statuses: Record<Exclude<Outcome["status"], "contained">, string> = {
      ok: "ok",
      error: "error",
      interrupted: "timeout",
      replaced: "timeout",
      ended: "aborted",
      refused: "",
    };
    assert.equal(record.status, statuses[outcome.status], detail);
    switch (outcome.status) {
      case "ok":
        if (outcome.prints) assert.match(seen, outcome.prints, detail);
        if (outcome.not) assert.doesNotMatch(seen, outcome.not);
        break;
      case "error":
        assert.match(raised, outcome.raises, `raised ${raised} after ${printed}`);
        break;
      case "interrupted":
        assert.equal(kernel.statePreserved, true, detail);
        assert.equal(error?.ename, outcome.late ? undefined : "KeyboardInterrupt", detail);
        break;
      case "replaced":
        assert.deepEqual([kernel.statePreserved, kernel.restarted], [false, true], detail);
        assert.match(kernel.reason, outcome.reason);
        break;
      case "ended":
        assert.deepEqual([kernel.statePreserved, kernel.restarted], [false, false], detail);
        assert.match(kernel.reason, outcome.reason);
    }
    if ("truncated" in outcome) {
      assert(record.outputsTruncated && record.usage.droppedOutputBytes > 0, detail);
    }
    assert.doesNotMatch(seen + raised, /root:x:0:0|the-servers-secret/);
  }

  async #isAsBefore(): Promise<void> {
    const health = await this.#fetch("/health", { signal: AbortSignal.timeout(ANSWER_MS) });
    const unharmed = this.#unharmed === undefined ? 0 : 1;
    assert.equal(JSON.parse(health).kernels, 1 + unharmed);
    const { outputs } = await this.#run(this.#bystander, "print(secret)");
    assert.equal(outputs[0].text, "untouched\n");
    const isWorker = this.#mode === "worker";
    const processes = this.#restingProcesses + (isWorker ? 0 : unharmed);
    await this.#rests("processes", () => this.#children() <= processes);
    const spare = SPARE_BYTES + (isWorker ? unharmed * VICTIM_LIMITS.memoryMb * 2 ** 20 : 0);
    await this.#rests("memory", () => this.#residentBytes() <= this.#restingBytes + spare);
    await this.#rests("processor", async () => {
      const before = this.#cpuTicks();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return this.#cpuTicks() - before <= 3;
    });
    for (const file of ["attack", "link"]) {
      await assert.rejects(Deno.lstat(`/tmp/${file}`), Deno.errors.NotFound);
    }
    for (const file of ["secret", "tool/cli.js"]) {
      assert.equal(await Deno.readTextFile(`${this.#base}/${file}`), SECRET);
    }
    await Deno.writeTextFile(`${this.#base}/mount/in.txt`, "mounted\n");
    await Deno.remove(`${this.#base}/mount/big`).catch(() => {});
  }

  /** Waits until `isAtRest` answers true; does not wait when it does so at once. */
  async #rests(what: string, isAtRest: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + REST_MS;
    while (!await isAtRest()) {
      assert(performance.now() < deadline, `${what}: not as before`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #create(options: Record<string, unknown>): Promise<string> {
    const { limits, ...others } = options as { limits?: object };
    const body = { mode: this.#mode, ...others, limits: { ...VICTIM_LIMITS, ...limits } };
    const answer = JSON.parse(await this.#post("/api/kernels", this.#fill(JSON.stringify(body))));
    if (answer.id === undefined) throw new Error(answer.message);
    return answer.id;
  }

  async #remove(id: string): Promise<void> {
    await this.#fetch(`/api/kernels/${id}`, { method: "DELETE" });
  }

  async #run(
    id: string,
    code: string,
    timeoutMs?: number,
  ): // deno-lint-ignore no-explicit-any -- answers are looked at field by field
  Promise<any> {
    const body = JSON.stringify({ code, timeoutMs });
    return JSON.parse(await this.#post(`/api/kernels/${id}/executions`, body));
  }

  async #post(path: string, body: string): Promise<string> {
    return await this.#fetch(path, { method: "POST", body });
  }

  async #fetch(path: string, init: RequestInit): Promise<string> {
    const answer = await (await fetch(this.#url + path, init)).text();
    assert(answer.length < MAX_ANSWER_BYTES, `an answer of ${answer.length} bytes`);
    return answer;
  }

  #fill(text: string): string {
    return text.replaceAll("{PORT}", new URL(this.#url).port).replaceAll(
      "{MOUNT}",
      `${this.#base}/mount`,
    )
      .replaceAll("{LINKED}", `${this.#base}/linked`).replaceAll("{SECRET}", `${this.#base}/secret`)
      .replaceAll("{PROJECT}", PROJECT);
  }

  #residentBytes(): number {
    const [, pages] = Deno.readTextFileSync(`/proc/${this.#server.process.pid}/statm`).split(" ");
    return Number(pages) * 4096;
  }

  #cpuTicks(): number {
    const stat = Deno.readTextFileSync(`/proc/${this.#server.process.pid}/stat`).split(" ");
    return Number(stat[13]) + Number(stat[14]);
  }

  #children(): number {
    const parent = String(this.#server.process.pid);
    return Array.from(Deno.readDirSync("/proc")).filter(({ name }) => {
      if (!/^\d+$/.test(name)) return false;
      try {
        return Deno.readTextFileSync(`/proc/${name}/stat`).split(") ")[1]?.split(" ")[1] === parent;
      } catch {
        return false; // The process has just ended.
      }
    }).length;
  }
}

/** Returns true when an attack may leave its kernel as it was. */
function isAttempt({ harmless, meanwhile, usesUp }: Attack, { status }: Outcome): boolean {
  return harmless || status === "error" && !meanwhile && !usesUp;
}

/**
 * Fills the directory with links of all kinds; anew for each attack, because attacks move the links. The
 * directory itself stays, because kernels have it mounted.
 */
async function layOutLinks(root: string): Promise<void> {
  for await (const { name } of Deno.readDir(root)) {
    await Deno.remove(`${root}/${name}`, { recursive: true });
  }
  for (const directory of ["data/2026/11/25", "node_modules/.bin", "node_modules/tool"]) {
    await Deno.mkdir(`${root}/${directory}`, { recursive: true });
  }
  await Deno.writeTextFile(`${root}/node_modules/tool/cli.js`, "the tool");
  await Deno.link(`${root}/node_modules/tool/cli.js`, `${root}/hard`);
  const links = {
    "data/2026/11/25/base": "../../../..",
    "node_modules/.bin/tool": "../tool/cli.js",
    "tools": "node_modules/.bin",
    "absolute": `${dirname(root)}/secret`,
    "host": "/",
    "process": "/proc/1/root",
    "self": "/proc/self/root",
  };
  for (const [path, target] of Object.entries(links)) await Deno.symlink(target, `${root}/${path}`);
}

/** Returns the outputs of an execution as one text. */
// deno-lint-ignore no-explicit-any -- answers are looked at field by field
function text({ outputs }: any): string {
  // deno-lint-ignore no-explicit-any -- see above
  return outputs.map((it: any) => it.text ?? JSON.stringify(it.data ?? "")).join("");
}
