import assert from "node:assert/strict";
import { delay } from "../../../../kernel/deadline.ts";

const MODULE = import.meta.resolve("../../../../kernel/hosts/process/lock_down.ts");
const SUPPORTED = Deno.build.os === "linux";
const [AF_INET, O_WRONLY, AT_FDCWD] = [2, 1, -100];

/** A program that locks itself down, does something and goes on until its input ends. */
function program(code: string, options = "{ changesFiles: false, usesNetwork: false }"): string {
  return `
    import { lockDown } from ${JSON.stringify(MODULE)};
    const { symbols: { syscall } } = Deno.dlopen("libc.so.6", {
      syscall: { parameters: ["i64", "i64", "buffer", "i64", "i64"], result: "i64" },
    });
    const text = (it) => new TextEncoder().encode(it + "\\0");
    const x86 = Deno.build.arch === "x86_64";
    const call = (x86_64, aarch64, ...args) => {
      const [first = 0, second = null, third = 0, fourth = 0] = args;
      return Number(syscall(BigInt(x86 ? x86_64 : aarch64), BigInt(first), second, BigInt(third), BigInt(fourth)));
    };
    lockDown(${options});
    console.log(JSON.stringify(await (async () => { ${code} })()));
    for await (const _ of Deno.stdin.readable);`;
}

/** A process that runs such a program until it is disposed. */
class Locked implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;

  constructor(source: string, shell = 'exec "$@"') {
    const deno = [Deno.execPath(), "run", "-A", "--no-prompt", "--no-config", "--ext=js"];
    this.#child = new Deno.Command("sh", {
      args: ["-c", shell, "sh", ...deno, `data:text/javascript,${encodeURIComponent(source)}`],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  get pid(): number {
    return this.#child.pid;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Returns the JSON of the first line that the process prints; fails with its error output otherwise. */
  async answer(): Promise<unknown> {
    const decoder = new TextDecoder();
    let printed = "";
    const reader = this.#child.stdout.getReader();
    while (!printed.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) assert.fail(decoder.decode(await new Response(this.#child.stderr).bytes()));
      printed += decoder.decode(value);
    }
    reader.releaseLock();
    return JSON.parse(printed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.kill();
    } catch {
      // It has ended already.
    }
    await Promise.all([
      this.#child.stdin.close().catch(() => {}),
      this.#child.stdout.cancel().catch(() => {}),
      this.#child.stderr.cancel().catch(() => {}),
      this.#child.status,
    ]);
  }
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !SUPPORTED, fn });
}

test("lockDown() leaves no way to start programs, reach others or change files", async () => {
  await using locked = new Locked(program(`return {
    execve: call(59, 221, 0, text("/bin/true"), 0, 0),
    fork: x86 ? call(57) : call(220, 220, 17),
    ptrace: call(101, 117, 0),
    unshare: call(272, 97, 0),
    socket: call(41, 198, ${AF_INET}, null),
    open: call(257, 56, ${AT_FDCWD}, text("/dev/null"), ${O_WRONLY}),
    kill: call(62, 129, Deno.ppid),
    own: call(39, 172) > 0,
  };`));
  const { own, ...refused } = await locked.answer() as Record<string, unknown>;
  assert.equal(own, true);
  assert.deepEqual(Object.entries(refused).filter(([, value]) => value !== -1), []);
});

test("lockDown() keeps files changeable when they are to be", async () => {
  const code = `return call(257, 56, ${AT_FDCWD}, text("/dev/null"), ${O_WRONLY}) >= 0;`;
  await using locked = new Locked(program(code, "{ changesFiles: true, usesNetwork: false }"));
  assert.equal(await locked.answer(), true);
});

test("lockDown() gives up calling libraries", async () => {
  const code =
    `try { Deno.dlopen("libc.so.6", {}); return "opened"; } catch (e) { return e.name; }`;
  await using locked = new Locked(program(code));
  assert.equal(await locked.answer(), "NotCapable");
});

test("lockDown() is for every thread, and leaves the engine what it needs", async () => {
  await using locked = new Locked(program(`
    await new Promise((resolve) => setTimeout(resolve, 1));
    const url = "data:text/javascript,self.postMessage(new Uint8Array(9e7).fill(1).length)";
    const worker = new Worker(url, { type: "module" });
    const { data } = await new Promise((resolve) => worker.onmessage = resolve);
    worker.terminate();
    const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(1e6));
    await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    return [data, hash.byteLength, Deno.readTextFileSync("/etc/hostname").length > 0];`));
  assert.deepEqual(await locked.answer(), [9e7, 32, true]);
  const threads = [...Deno.readDirSync(`/proc/${locked.pid}/task`)].map(({ name }) =>
    Deno.readTextFileSync(`/proc/${locked.pid}/task/${name}/status`)
  );
  assert(threads.length > 2);
  for (const status of threads) assert.match(status, /^Seccomp:\t2$/m);
});

test("lockDown() closes what was inherited, and nothing of the engine's", async () => {
  const shell = 'exec 7</dev/null 9</dev/zero; exec "$@"';
  await using locked = new Locked(program("return true;"), shell);
  assert.equal(await locked.answer(), true);
  const open = [...Deno.readDirSync(`/proc/${locked.pid}/fd`)].map(({ name }) => name);
  const targets = open.map((name) => Deno.readLinkSync(`/proc/${locked.pid}/fd/${name}`));
  assert(open.length > 6, open.join());
  assert(!targets.includes("/dev/zero"), targets.join());
});

test("lockDown() lets no process outlive its parent", async () => {
  // The shell is the parent; the process itself would go on.
  const shell = '"$@" <&- & wait';
  const code = "setInterval(() => {}, 1000); return Deno.pid;";
  const source = program(code).replace(/for await .*/, "await new Promise(() => {});");
  await using locked = new Locked(source, shell);
  const pid = await locked.answer() as number;
  locked.kill();
  const deadline = performance.now() + 60_000;
  const lives = () => {
    try {
      return !/^State:\tZ/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
    } catch {
      return false;
    }
  };
  while (lives() && performance.now() < deadline) await delay(5);
  if (lives()) Deno.kill(pid, "SIGKILL");
  assert(performance.now() < deadline, "it goes on");
});
