import type { Answer, CallArguments } from "../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest, ExecutionError } from "../cell.ts";
import { KernelError, messageOf } from "../errors.ts";
import type { FileSystem } from "../files/file_system.ts";
import { movableFiles } from "../files/moved_files.ts";
import { RuntimeFiles } from "../files/runtime_files.ts";
import { VirtualFileSystem } from "../files/virtual_file_system.ts";
import { LimitedOutput } from "../limits/limited_output.ts";
import type { RejectionVerdict, Runtime, RuntimeInit } from "../runtime.ts";
import { shellCommands } from "../shell/commands/mod.ts";
import { type JustBash, loadShell, type ShellCommand } from "../shell/just_bash.ts";
import { Shell } from "../shell/shell.ts";
import type { KernelIdentity } from "../start_options.ts";
import type { StreamName } from "../streams.ts";
import type { BashAssets } from "./assets.ts";
import { completeShell, judgeShell } from "./completion.ts";
import { HOME } from "./home.ts";
import { BashPython } from "./python.ts";

/** Taken before user code could replace them. */
const { stringify } = JSON;
const { memoryUsage } = Deno;

/** The turns that a worker's thread takes to ask for its next message. */
const TURNS = 10;

const INTERRUPTED: ExecutionError = {
  ename: "KeyboardInterrupt",
  evalue: "",
  traceback: ["KeyboardInterrupt"],
};

/** The execution that is under way. */
interface Running {
  request: ExecuteRequest;
  interrupted: boolean;
  stopped: PromiseWithResolvers<never>;
}

/** One bash in this thread. */
class BashRuntime implements Runtime {
  readonly begun: Promise<void> | undefined = undefined;
  readonly #init: RuntimeInit;
  readonly #library: JustBash;
  readonly #files: VirtualFileSystem;
  /** The same files, wherever they are: Python moves them. */
  readonly #allFiles: FileSystem;
  readonly #python: BashPython;
  readonly #runtimeFiles: RuntimeFiles;
  readonly #output: LimitedOutput;
  readonly #history: string[] = [];
  readonly #initial: ReadonlySet<string>;
  readonly #shell: Shell;
  #running: Running | undefined;
  #executionCount = 0;
  #closed = false;

  constructor(init: RuntimeInit, library: JustBash, assets: BashAssets) {
    const { options: { limits, mounts, permissions }, identity } = init;
    this.#init = init;
    this.#library = library;
    this.#output = new LimitedOutput(limits.outputBytes, init.sink.stream);
    const quota = { bytes: limits.filesMiB * 2 ** 20, open: limits.openFiles };
    this.#files = new VirtualFileSystem(quota, mounts);
    this.#files.mkdirTree(HOME);
    const movable = movableFiles(this.#files);
    this.#allFiles = movable.files;
    this.#runtimeFiles = new RuntimeFiles(movable.files, limits.filesMiB);
    this.#python = new BashPython({
      init,
      assets: assets.python,
      files: this.#files,
      onMoved: movable.moveTo,
      onInterrupt: () => {
        if (this.#running) this.#running.interrupted = true;
      },
    });
    const python: ShellCommand = (args, context, receive) =>
      this.#python.run(args, context, receive);
    const pip: ShellCommand = (args, context, receive) =>
      python(["-m", "pip", ...args], context, receive);
    this.#shell = new Shell({
      library,
      files: movable.files,
      commands: { ...shellCommands, python, python3: python, pip, pip3: pip },
      home: HOME,
      env: identity.env,
      isStopped: () => this.#isStopped(),
      attention: init.signals?.attention,
      runsPrograms: init.options.mode !== "main_thread",
      networked: permissions === "inherit" || permissions.net !== false,
    });
    this.configure(identity);
    this.#initial = new Set(this.#shell.variables.keys());
  }

  get memoryBytes(): number {
    return memoryUsage().heapUsed + this.#files.usedBytes + this.#python.memoryBytes;
  }

  /** Runs a first script, which loads what every script needs. */
  async prepare(): Promise<void> {
    await this.#shell.run("while :; do break; done");
  }

  configure({ env, cwd }: KernelIdentity): void {
    this.#shell.export(env);
    this.#allFiles.mkdirTree(cwd);
    this.#allFiles.chdir(cwd);
    this.#shell.cwd = cwd;
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    const { code, storeHistory } = request;
    if (storeHistory) {
      this.#history.push(code);
      this.#executionCount++;
    }
    const executionCount = this.#executionCount;
    const stopped = Promise.withResolvers<never>();
    stopped.promise.catch(() => {}); // Nobody may be waiting for it.
    const running = this.#running = { request, interrupted: false, stopped };
    this.#output.reset();
    // The thread asks for its next message before the script computes, and not in the middle of its start.
    for (let turn = 0; turn < TURNS; turn++) await null;
    this.#report({ type: "execute_input", code, executionCount });
    this.#init.signals?.listen(true);
    const error = await this.#run(running);
    this.#init.signals?.listen(false);
    if (error) this.#report({ type: "execute_error", ...error });
    this.#running = undefined;
    return {
      status: error ? "error" : "ok",
      executionCount,
      result: null,
      error,
      userExpressions: {},
      payload: [],
      memoryBytes: this.memoryBytes,
      droppedBytes: this.#output.dropped,
    };
  }

  call(method: string, args: unknown, buffers: Uint8Array[]): Answer<unknown> {
    // Typed where it is called: the arguments are those of the method.
    if (this.#runtimeFiles.has(method)) {
      return this.#runtimeFiles.call(method, args as never, buffers);
    }
    return { value: this.#answer(method, args), buffers: [] };
  }

  interrupt(executionId: string): boolean {
    const running = this.#running;
    if (running?.request.id !== executionId) return false;
    running.interrupted = true;
    this.#python.interrupt();
    return true;
  }

  print(name: StreamName, text: string): void {
    this.#output.print(name, text);
  }

  judgeRejection(error: unknown): RejectionVerdict {
    return this.#shell.takeRejection(error) ? "harmless" : "shown";
  }

  close(reason: Error): void {
    const running = this.#running;
    this.#running = undefined;
    this.#closed = true;
    running?.stopped.reject(reason);
    this.#shell.close();
    this.#python.close(reason);
    this.#init.signals?.listen(false);
  }

  /** Runs a cell; returns its error, if it ends with one. */
  async #run(running: Running): Promise<ExecutionError | null> {
    let exitCode: number;
    try {
      const script = this.#shell.run(running.request.code, {
        keepsState: true,
        onOutput: (name, text) => {
          if (!this.#closed) this.print(name, text);
        },
      });
      ({ exitCode } = await Promise.race([script, running.stopped.promise]));
    } catch (error) {
      if (this.#running !== running) throw error;
      if (running.interrupted) return INTERRUPTED;
      const evalue = messageOf(error);
      return { ename: "ShellError", evalue, traceback: [`bash: ${evalue}`] };
    }
    if (running.interrupted) return INTERRUPTED;
    // The files' working directory is the shell's, so that clients' relative paths are, too.
    this.#allFiles.chdir(this.#shell.cwd);
    if (exitCode === 0) return null;
    const evalue = `the cell ended with status ${exitCode}`;
    return { ename: "ExitStatus", evalue, traceback: [`ExitStatus: ${evalue}`] };
  }

  /** Looks if the cell is to stop; the shell asks often. */
  #isStopped(): boolean {
    const running = this.#running;
    if (!running) return this.#closed;
    const { signals } = this.#init;
    if (signals && Atomics.load(signals.attention, 0) !== 0) {
      if (signals.take(0) !== 0) running.interrupted = true;
      else Atomics.store(signals.attention, 0, signals.pending ? 1 : 0);
    }
    return running.interrupted;
  }

  #answer(method: string, args: unknown): unknown {
    switch (method) {
      case "complete": {
        const { code, cursorPos } = args as CallArguments["complete"];
        return completeShell(code, cursorPos, {
          commands: [...this.#library.getCommandNames(), ...this.#shell.functions],
          variables: [...this.#shell.variables.keys()],
          files: this.#allFiles,
        });
      }
      case "inspect":
        return { found: false, data: {}, metadata: {} };
      case "isComplete":
        return judgeShell((args as CallArguments["isComplete"]).code);
      case "history": {
        const { n = this.#history.length } = args as CallArguments["history"];
        const all = this.#history.map((code, index) => [0, index + 1, code]);
        return { history: n === 0 ? [] : all.slice(-n) };
      }
      case "info":
        return LANGUAGE_INFO;
      case "commInfo":
        return { comms: {} };
      case "commOpen":
      case "commMsg":
      case "commClose":
        return {};
      case "inputReply":
        return { accepted: false };
      case "variables":
        return { variables: this.#variables() };
      case "packages":
        return { packages: [] };
      default:
        throw new KernelError("invalid_argument", `Cannot call ${method}: there is no such call`);
    }
  }

  #variables() {
    const own = [...this.#shell.variables].filter(([name]) =>
      /^[A-Za-z]\w*$/.test(name) && !this.#initial.has(name)
    );
    return own.toSorted(([a], [b]) => a < b ? -1 : 1).map(([name, value]) => ({
      name,
      type: "string",
      summary: value.slice(0, 200),
      bytes: 2 * value.length,
      length: value.length,
      shape: null,
    }));
  }

  #report(event: { type: string } & Record<string, unknown>): void {
    const { request } = this.#running!;
    if (request.silent) return;
    const { type, ...rest } = event;
    this.#init.sink.event(stringify({ type, executionId: request.id, ...rest }), []);
  }
}

const LANGUAGE_INFO = {
  implementation: "deno-code-interpreter",
  implementationVersion: "just-bash 3.4.2",
  banner: "Bash on the kernel's own files",
  languageInfo: {
    name: "bash",
    version: "5.1",
    mimetype: "text/x-sh",
    file_extension: ".sh",
    pygments_lexer: "bash",
    codemirror_mode: "shell",
  },
};

/** Starts bash in this thread. */
export async function startBash(init: RuntimeInit): Promise<Runtime> {
  // Made by `BashEngine.assets`, or by the process entry.
  const assets = init.assets as BashAssets;
  const runtime = new BashRuntime(init, loadShell(assets.shell), assets);
  await runtime.prepare();
  return runtime;
}
