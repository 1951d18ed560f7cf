import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const repl = fileURLToPath(new URL("../../../server/repl/repl.ts", import.meta.url));
const command = [
  Deno.execPath(),
  "run",
  "-A",
  "--no-prompt",
  "--cached-only",
  repl,
];

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the program with `input` piped in. */
async function runPiped(input: string, ...args: string[]): Promise<Outcome> {
  const [program = "", ...rest] = command;
  await using child = new Deno.Command(program, {
    args: [...rest, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ code, stdout, stderr }] = await Promise.all([
    child.output(),
    new Response(input).body?.pipeTo(child.stdin),
  ]);
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** The longest time for the terminal to show something, in milliseconds. */
const SEE_DEADLINE_MS = 120_000;

/** The program on a terminal of its own, which util-linux's `script` provides. */
class Session implements AsyncDisposable {
  readonly #child = new Deno.Command("script", {
    args: ["--quiet", "--return", "--command", command.join(" "), "/dev/null"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  readonly #keys = this.#child.stdin.getWriter();
  readonly #screen = this.#child.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  #unread = "";

  /** Waits until the terminal shows `text` after what earlier calls saw. */
  async see(text: string): Promise<void> {
    const seen = this.#unread;
    const timer = setTimeout(() => void this.#screen.cancel(), SEE_DEADLINE_MS);
    try {
      while (!this.#unread.includes(text)) {
        const { value, done } = await this.#screen.read();
        if (done) {
          throw new Error(
            `The terminal did not show ${JSON.stringify(text)} after ${JSON.stringify(seen)}, but ${
              JSON.stringify(this.#unread)
            }`,
          );
        }
        this.#unread += value;
      }
    } finally {
      clearTimeout(timer);
    }
    this.#unread = this.#unread.slice(this.#unread.indexOf(text) + text.length);
  }

  async type(keys: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(keys));
  }

  /** Ctrl-D, and the exit status it leads to. */
  async end(): Promise<number> {
    await this.type("\x04");
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.#keys.close().catch(() => {}),
      this.#screen.cancel(),
    ]);
    await this.#child[Symbol.asyncDispose]();
  }
}

Deno.test("repl runs piped input as one cell", async () => {
  const program = "def double(n):\n  return 2 * n\n\nif True:\n  print(double(1))\ndouble(21)\n";
  assert.deepEqual(await runPiped(program), {
    code: 0,
    stdout: "2\n42\n",
    stderr: "",
  });
});

Deno.test("repl writes a traceback without colours to a piped stderr and fails", async () => {
  const { code, stdout, stderr } = await runPiped("print('before')\n1 / 0");
  assert.equal(code, 1);
  assert.equal(stdout, "before\n");
  assert.match(stderr, /ZeroDivisionError: division by zero\n$/);
  assert(!stderr.includes("\x1b"));
});

Deno.test("repl ends as Python's sys.exit() says", async () => {
  const quiet = { stdout: "1\n", stderr: "" };
  assert.deepEqual(await runPiped("print(1); import sys; sys.exit(3)"), { code: 3, ...quiet });
  assert.deepEqual(await runPiped("print(1); exit()"), { code: 0, ...quiet });
});

Deno.test("repl shows a mounted folder and keeps it read-only with :ro", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a.txt`, "from the host");
    const { stdout, stderr } = await runPiped(
      "print(open('/mnt/data/a.txt').read())\nopen('/mnt/data/b.txt', 'w')",
      "--mount",
      `${folder}:/mnt/data:ro`,
    );
    assert.equal(stdout, "from the host\n");
    assert.match(stderr, /PermissionError: .*Permission denied: '\/mnt\/data\/b\.txt'/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("repl explains its arguments when they are wrong", async () => {
  const { code, stderr } = await runPiped("", "--mode", "cloud");
  assert.equal(code, 2);
  assert.match(stderr, /^Unknown mode "cloud".*\n\nUsage:/);
});

Deno.test("repl reads cells, answers input() and interrupts on a terminal", async () => {
  await using session = new Session();
  await session.see(">>> ");
  await session.type("for word in ['ab', 'cd']:\r");
  await session.see("... ");
  await session.type("    print(word * 2)\r");
  await session.see("... ");
  await session.type("\r");
  await session.see("abab\r\ncdcd\r\n");

  await session.see(">>> ");
  await session.type("name = input('Who? ')\r");
  await session.see("Who? ");
  await session.see("\x1b");
  await session.type("Ada\r");
  await session.see(">>> ");
  await session.type("name[::-1]\r");
  await session.see("'adA'");

  await session.see(">>> ");
  // One complete line, so that what it prints says that it runs.
  await session.type("exec(\"print('g' + 'o')\\nwhile True: pass\")\r");
  await session.see("go\r\n");
  await session.type("\x03");
  await session.see("KeyboardInterrupt");

  await session.see(">>> ");
  await session.type("len?\r");
  await session.see("number of items");

  await session.see(">>> ");
  await session.type("word.capi");
  await session.see("word.capi");
  await session.type("\t");
  await session.see("talize");
  await session.type("()\r");
  await session.see("'Cd'");

  await session.see(">>> ");
  await session.type("a half-written line\x03");
  await session.type("6 * 7\r");
  await session.see("42");
  await session.see(">>> ");
  assert.equal(await session.end(), 0);
});
