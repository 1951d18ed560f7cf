import { fileURLToPath } from "node:url";

const ENGINE = fileURLToPath(new URL("../../engine.sh", import.meta.url));
const MAIN = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

/** The server as a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly process: Deno.ChildProcess;
  readonly #stdout: ReadableStreamDefaultReader<string>;
  #printed = "";

  /** Starts the server; Deno loads the module `preload` first, if one is given. */
  constructor(args: string[], env: Record<string, string> = {}, preload?: string) {
    const preloaded = preload === undefined ? [] : ["--preload", preload];
    this.process = new Deno.Command(ENGINE, {
      // The same arguments as in start-server.sh.
      args: ["run", "-A", "--no-prompt", "--cached-only", ...preloaded, MAIN, ...args],
      env: { LOG_FORMAT: "json", DENO: Deno.execPath(), ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdout = this.process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Resolves with the match once the server's output matches a pattern. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#printed);
      if (match) return match;
      const { done, value } = await this.#stdout.read();
      if (done) throw new Error(`The server ended after it printed: ${this.#printed}`);
      this.#printed += value;
    }
  }

  /** Resolves with the server's origin, as the server prints it. */
  async url(): Promise<string> {
    return (await this.printed(/Notebook: (http:\/\/[^/]+)\//))[1]!;
  }

  /** Waits for the end of the server, after a signal if one is given; returns its exit code and its log. */
  async end(signal?: Deno.Signal): Promise<{ code: number; log: string }> {
    if (signal) this.process.kill(signal);
    const log = await new Response(this.process.stderr).text();
    while (!(await this.#stdout.read()).done);
    return { code: (await this.process.status).code, log };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.process.kill("SIGKILL");
    } catch {
      return; // The process has ended, and `end` has read everything.
    }
    await this.#stdout.cancel();
    await this.process.stderr.cancel().catch(() => {});
    await this.process.status;
  }
}
