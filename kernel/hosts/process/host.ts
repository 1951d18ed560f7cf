import { fileURLToPath } from "node:url";
import { KernelError, messageOf } from "../../errors.ts";
import type {
  CallArguments,
  CallMethod,
  CallReplies,
  ExecuteReply,
  ExecuteRequest,
  HostInit,
  HostUsage,
  KernelHost,
  KernelIdentity,
} from "../../host.ts";
import type { RuntimeSource } from "../../pyodide/source.ts";
import { Channel } from "../channel.ts";
import { delay, inStartTime, within } from "../../deadline.ts";
import { encodeFrame, type Frame, FrameDecoder } from "./frames.ts";
import type { Isolation, KernelUser } from "./isolation.ts";
import {
  parseCallReply,
  parseChildEvent,
  parseChildMessage,
  parseExecuteReply,
} from "../messages.ts";
import { PackageDesk, type PackageReply } from "../package_desk.ts";
import type { ParentMessage } from "./protocol.ts";
import { readPeakMemory, readUser, resetPeakMemory } from "./stat.ts";
import { ProcessWatch } from "./watch.ts";
import { StartSlots } from "../start_slots.ts";
import { ThreadClock } from "../thread_clock.ts";

const MEBIBYTE = 2 ** 20;
/** How long a child may take to deliver an interrupt, in milliseconds; a second of it Python's. */
const INTERRUPT_DEADLINE_MS = 2_000;
/** How long the system may take to end a process that was killed, in milliseconds. */
const KILL_DEADLINE_MS = 5_000;
/** What a process has resident besides Python's memory and its files, in bytes. */
const RESIDENT_BASE_BYTES = 512 * MEBIBYTE;
/** What a message may have besides what an execution may show, in bytes. */
const MESSAGE_BASE_BYTES = 16 * MEBIBYTE;
/** How much of what the process says on its error output is kept, in bytes: the end of it. */
const KEPT_ERROR_BYTES = 4_096;

const PROJECT = new URL("../../../", import.meta.url);

/**
 * Runs a kernel in a process of its own. It can be killed whatever it does, and takes nothing with
 * it; what it says is a claim about itself and nothing else.
 */
export class ProcessHost implements KernelHost {
  readonly exited: Promise<string>;
  readonly #init: HostInit;
  readonly #source: PathSource;
  readonly #slots: StartSlots;
  readonly #isolation: ProcessIsolation;
  readonly #channel = new Channel(
    (id, name, args, buffers) => this.#post({ type: "call", id, name, args }, buffers),
    (reason) => this.#kill(reason),
  );
  readonly #packages: PackageDesk;
  readonly #exit = Promise.withResolvers<string>();
  readonly #ready = Promise.withResolvers<void>();
  #child: Deno.ChildProcess | undefined;
  #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #watch: ProcessWatch | undefined;
  #clock: ThreadClock | undefined;
  #user: KernelUser | undefined;
  /** Resolves when the process is gone and its pipes are read. */
  #gone: Promise<unknown> = Promise.resolve();
  #memoryBytes: number | null = null;
  /** What it has sent since the last cell began, in bytes. */
  #received = 0;
  #errorOutput = "";
  #ended = false;
  #terminated: Promise<{ leaked: boolean }> | undefined;

  /** Starts nothing yet. */
  constructor(
    init: HostInit,
    source: PathSource,
    isolation: ProcessIsolation,
    slots = new StartSlots(1),
  ) {
    this.#init = init;
    this.#slots = slots;
    this.#source = source;
    this.#isolation = isolation;
    this.#packages = new PackageDesk(init.packages, (reply) => this.#sendPackage(reply));
    this.exited = this.#exit.promise;
    this.#ready.promise.catch(() => {}); // `start` may not be waiting for it yet.
  }

  get memoryBytes(): number | null {
    return this.#memoryBytes;
  }

  async start(): Promise<void> {
    using _slot = await this.#slots.take(this.exited);
    const { kernelId, mounts, permissions, limits, env, cwd } = this.#init;
    const { javascript = false } = this.#init;
    const [paths, user] = await Promise.all([this.#source.paths(), this.#chooseUser()]);
    const { program, args, env: environment } = await this.#isolation.command(this.#init, {
      entry: new URL("./entry.ts", import.meta.url),
      config: fileURLToPath(new URL("deno.json", PROJECT)),
      readable: [
        fileURLToPath(new URL("kernel", PROJECT)),
        fileURLToPath(new URL("dist/kernel", PROJECT)),
        paths.wasmPath,
        paths.stdlibPath,
        ...(paths.imagePath === null ? [] : [paths.imagePath]),
      ],
      ownUser: user !== null,
      javascript,
    });
    if (this.#terminated) throw new KernelError("kernel_dead", "It was ended while it started");
    const child = this.#child = new Deno.Command(program, {
      args,
      env: environment,
      clearEnv: true,
      cwd: "/",
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = child.stdin.getWriter();
    this.#input.closed.catch(() => {}); // Its end is told by its status.
    this.#gone = this.#follow(child);
    this.#watch = new ProcessWatch({
      pid: child.pid,
      maxResidentBytes: RESIDENT_BASE_BYTES + (limits.memoryMb + limits.filesMb) * MEBIBYTE,
      onViolation: (reason) => this.#kill(reason),
    });
    this.#post({
      type: "start",
      config: {
        ...{ kernelId, mounts, permissions, limits, env, cwd, user, ...paths },
        packages: this.#init.packages !== undefined,
      },
    });
    await inStartTime(this.#ready.promise, (reason) => this.#kill(reason));
    if (user && readUser(child.pid) !== user.uid) {
      throw new KernelError("start_failed", "It did not become the user that it should be");
    }
    this.#clock = ThreadClock.ofProcess(child.pid);
    this.#watch.working = false;
  }

  async configure({ kernelId, env, cwd }: KernelIdentity): Promise<void> {
    await this.#channel.call("configure", { kernelId, env, cwd });
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    this.#received = 0;
    if (this.#watch) this.#watch.working = true;
    try {
      const reply = await this.#channel.ask("execute", request, parseExecuteReply);
      this.#memoryBytes = reply.memoryBytes;
      return reply;
    } catch (error) {
      // It answers whatever the cell does, so its runtime is broken.
      this.#kill(`it could not run the cell: ${messageOf(error)}`);
      throw error;
    } finally {
      if (this.#watch) this.#watch.working = false;
    }
  }

  async call<M extends CallMethod>(
    method: M,
    args: CallArguments[M],
    buffers: Uint8Array[] = [],
  ): Promise<CallReplies[M]> {
    return await this.#channel.ask(method, args, (it) => parseCallReply(method, it), buffers);
  }

  async interrupt(executionId: string): Promise<boolean> {
    const delivered = this.#channel.call("interrupt", executionId).catch(() => false);
    return await within(INTERRUPT_DEADLINE_MS, delivered) === true;
  }

  meter(): () => HostUsage {
    const pid = this.#child?.pid ?? 0;
    const cpuMs = this.#clock?.start();
    resetPeakMemory(pid); // Where that cannot be, the peak is that since the start.
    let peakMemoryBytes: number | null = null;
    return () => {
      peakMemoryBytes = readPeakMemory(pid) ?? peakMemoryBytes;
      return { cpuMs: cpuMs?.() ?? null, peakMemoryBytes };
    };
  }

  async ping(timeoutMs: number): Promise<boolean> {
    return await within(timeoutMs, this.#channel.call("ping", timeoutMs).catch(() => false)) ===
      true;
  }

  terminate(reason: string): Promise<{ leaked: boolean }> {
    return this.#terminated ??= this.#terminate(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate("it was disposed");
  }

  async #terminate(reason: string): Promise<{ leaked: boolean }> {
    this.#kill(reason);
    const gone = await within(KILL_DEADLINE_MS, this.#gone.then(() => true));
    return { leaked: gone !== true };
  }

  /**
   * Root's kernels get a user of their own. With mounts they become the owner of these, who alone can
   * write there; when that is nobody else, they stay what the server is, without its capabilities.
   */
  async #chooseUser(): Promise<KernelUser | null> {
    const { mounts } = this.#init;
    if (!this.#isolation.privileged) return null;
    if (mounts.length === 0) {
      this.#user = this.#isolation.takeUser();
      return this.#user ?? null;
    }
    const owners = await Promise.all(mounts.map(({ root }) => Deno.stat(root)));
    const [{ uid, gid }] = owners as [Deno.FileInfo];
    if (owners.some((it) => it.uid !== uid) || uid === null || gid === null) return null;
    return uid === 0 ? null : { uid, gid };
  }

  async #follow(child: Deno.ChildProcess): Promise<void> {
    const [status] = await Promise.all([
      child.status,
      this.#readMessages(child.stdout),
      this.#readErrors(child.stderr),
    ]);
    if (this.#user) this.#isolation.releaseUser(this.#user);
    this.#end(endReason(status, this.#errorOutput));
  }

  async #readMessages(output: ReadableStream<Uint8Array>): Promise<void> {
    const { outputBytes } = this.#init.limits;
    const decoder = new FrameDecoder(2 * outputBytes + MESSAGE_BASE_BYTES);
    try {
      for await (const chunk of output) {
        if (this.#ended) continue; // What is left in the pipe.
        const begin = performance.now();
        for (const frame of decoder.decode(chunk)) this.#receive(frame);
        // A flood that is being dropped gets half of this thread's time at most; it fills its pipe then
        // and has to wait.
        this.#received += chunk.length;
        if (this.#received > 2 * outputBytes + MESSAGE_BASE_BYTES) {
          await delay(performance.now() - begin);
        }
      }
    } catch (error) {
      this.#kill(`it sent a message that is not in the protocol: ${messageOf(error)}`);
      await output.cancel().catch(() => {});
    }
  }

  async #readErrors(output: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of output) {
      const text = decoder.decode(chunk.subarray(-KEPT_ERROR_BYTES));
      this.#errorOutput = (this.#errorOutput + text).slice(-KEPT_ERROR_BYTES);
    }
  }

  #receive({ message, buffers }: Frame): void {
    if (this.#ended) return;
    const parsed = parseChildMessage(message);
    switch (parsed.type) {
      case "ready":
        this.#memoryBytes = parsed.memoryBytes;
        return this.#ready.resolve();
      case "event":
        return this.#init.onEvent(parseChildEvent(withBuffers(parsed.event, buffers)));
      case "return": {
        this.#memoryBytes = parsed.memoryBytes;
        const [bytes] = buffers;
        const value = bytes === undefined ? parsed.value : { ...Object(parsed.value), bytes };
        return this.#channel.return(parsed.id, value);
      }
      case "throw":
        return this.#channel.throw(parsed.id, parsed.error);
      case "call":
        return this.#packages.take(parsed.id, parsed.args);
      case "exited":
        return this.#kill(parsed.reason);
    }
  }

  async #sendPackage(reply: PackageReply): Promise<void> {
    if (reply.type === "throw") return await this.#write(reply);
    const { type, id, answer: { bytes, ...value } } = reply;
    await this.#write({ type, id, value }, [bytes]);
  }

  #post(message: ParentMessage, buffers?: readonly Uint8Array[]): void {
    // A process that does not read any more is ended by whoever waits for its answer.
    this.#write(message, buffers).catch(() => {});
  }

  async #write(message: ParentMessage, buffers?: readonly Uint8Array[]): Promise<void> {
    await this.#input?.write(encodeFrame(message, buffers));
  }

  #kill(reason: string): void {
    this.#end(reason);
    try {
      this.#child?.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  }

  /** Nothing more comes from it: everything pending settles. */
  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#watch?.[Symbol.dispose]();
    const error = new KernelError("kernel_dead", reason);
    this.#channel.close(error);
    this.#ready.reject(error);
    this.#exit.resolve(reason);
    this.#input?.abort().catch(() => {});
  }
}

/** Where a child finds what interpreters start from. */
export type PathSource = Pick<RuntimeSource, "paths">;

/** How processes are kept apart. */
export type ProcessIsolation = Pick<
  Isolation,
  "command" | "privileged" | "takeUser" | "releaseUser"
>;

/** An event with the bytes that came beside it, which only those of comms have. */
function withBuffers(event: unknown, buffers: Uint8Array[]): unknown {
  return buffers.length === 0 ? event : { ...Object(event), buffers };
}

/** Why a process ended that nobody has told to. */
function endReason({ code, signal }: Deno.CommandStatus, errorOutput: string): string {
  if (/out of memory|heap limit|Failed to reserve/i.test(errorOutput)) {
    return "memory limit: its JavaScript engine ran out of memory";
  }
  if (signal !== null) return `its process was ended by ${signal}`;
  const lines = errorOutput.trim().split("\n").slice(-3).join(" ");
  return `its process ended with status ${code}${lines ? `: ${lines}` : ""}`;
}
