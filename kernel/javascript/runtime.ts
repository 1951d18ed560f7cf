import { Script } from "node:vm";
import type { Answer, CallArguments } from "../calls/methods.ts";
import type { ExecuteReply, ExecuteRequest, ExecutionError, UserExpression } from "../cell.ts";
import { KernelError, messageOf } from "../errors.ts";
import type { MimeBundle } from "../events.ts";
import { RuntimeFiles } from "../files/runtime_files.ts";
import { VirtualFileSystem } from "../files/virtual_file_system.ts";
import { LimitedOutput } from "../limits/limited_output.ts";
import type { RejectionVerdict, Runtime, RuntimeInit, RuntimeSignals } from "../runtime.ts";
import type { KernelIdentity } from "../start_options.ts";
import type { StreamName } from "../streams.ts";
import { type CellCode, cellCode } from "./cell_code.ts";
import { judge } from "./completeness.ts";
import { describeError, KeyboardInterrupt } from "./errors.ts";
import { FileAccess } from "./file_access.ts";
import { formatValue } from "./formats.ts";
import { HOME } from "./home.ts";
import { History } from "./history.ts";
import { complete, describeVariables, inspectAt } from "./introspection.ts";
import { jupyterApi } from "./jupyter.ts";
import { ModuleLoader } from "./module_loader.ts";
import { Modules } from "./modules.ts";
import { NODE_TTY, nodeOs } from "./node_process.ts";
import { NpmPackages } from "./npm_packages.ts";
import { nodeFiles } from "./node_files.ts";
import { parse } from "./own_parser.ts";
import type { ParseError } from "./parser.ts";
import { NobodyAnswers, Questions } from "./questions.ts";
import { furnish, processEnvironment } from "./surroundings.ts";
import { cellWithoutTypes } from "./typescript.ts";

/** Taken before user code could replace them. */
const { stringify } = JSON;
const { memoryUsage } = Deno;

/** The execution that is under way. */
interface Running {
  request: ExecuteRequest;
  executionCount: number;
  /** Rejects when the execution is interrupted, or the kernel ends. */
  stopped: PromiseWithResolvers<never>;
  interrupted: boolean;
}

/** One JavaScript kernel in this thread: its cells are executed in the thread's own realm. */
class JavaScriptRuntime implements Runtime {
  readonly begun: Promise<void> | undefined = undefined;
  readonly #init: RuntimeInit;
  readonly #files: VirtualFileSystem;
  readonly #runtimeFiles: RuntimeFiles;
  readonly #modules: Modules;
  readonly #packages: NpmPackages;
  readonly #output: LimitedOutput;
  readonly #history = new History();
  readonly #questions = new Questions();
  readonly #names = new Set<string>();
  /** The cells by the name that stack traces have for them. */
  readonly #cells = new Map<string, { code: string; columnOf: CellCode["columnOf"] }>();
  readonly #env = new Map<string, string>();
  /** Not zero when loops have to call `#checkInterrupt`. */
  readonly #attention: Int32Array;
  readonly #signals: RuntimeSignals | undefined;
  #running: Running | undefined;
  #lastExecutionId: string | undefined;
  #executionCount = 0;

  constructor(init: RuntimeInit) {
    const { options: { limits, mounts }, signals } = init;
    this.#init = init;
    this.#signals = signals;
    this.#attention = signals?.attention ?? new Int32Array(1);
    this.#output = new LimitedOutput(limits.outputBytes, init.sink.stream);
    const quota = { bytes: limits.filesMiB * 2 ** 20, open: limits.openFiles };
    this.#files = new VirtualFileSystem(quota, mounts);
    this.#files.mkdirTree(HOME);
    this.#runtimeFiles = new RuntimeFiles(this.#files, limits.filesMiB);
    const files = new FileAccess(this.#files);
    this.#packages = new NpmPackages(files, init.packages);
    const loader = new ModuleLoader({
      files,
      parse,
      builtIn: (specifier, forPackage) => this.#modules.builtIn(specifier, forPackage),
      packages: this.#packages,
    });
    this.#modules = new Modules({
      own: {
        ...nodeFiles(files),
        tty: NODE_TTY,
        os: nodeOs(processEnvironment(this.#env)),
        process: {
          get default() {
            return globalThis.process;
          },
        },
      },
      load: (specifier) => loader.import(specifier, this.#files.cwd()),
      require: (specifier) => loader.require(specifier, this.#files.cwd()),
      importRemote: (address) => import(address),
    });
    this.configure(init.identity);
  }

  get memoryBytes(): number {
    return memoryUsage().heapUsed + this.#files.usedBytes;
  }

  configure({ env, cwd }: KernelIdentity): void {
    this.#env.clear();
    for (const [name, value] of Object.entries(env)) this.#env.set(name, value);
    if (!this.#env.has("HOME")) this.#env.set("HOME", HOME);
    this.#files.mkdirTree(cwd);
    this.#files.chdir(cwd);
  }

  furnish(): void {
    const files = new FileAccess(this.#files);
    furnish({
      files,
      jupyter: jupyterApi({
        display: ({ data, metadata, displayId, update }) =>
          this.#report({
            type: update ? "update_display_data" : "display_data",
            ...{
              data,
              metadata,
              transient: displayId === undefined ? {} : { display_id: displayId },
            },
          }),
        clear: (wait) => this.#report({ type: "clear_output", wait }),
        comm: (type, content, metadata, buffers) =>
          this.#report({
            type,
            commId: String(content["comm_id"]),
            ...(type === "comm_open" && { targetName: String(content["target_name"]) }),
            data: content["data"] ?? {},
            metadata,
          }, buffers),
        readFile: (path) => files.read(path),
      }),
      env: this.#env,
      print: (name, text) => this.print(name, text),
      write: (name, bytes) => this.#output.write(name, bytes),
      ask: (prompt, password) => this.#ask(prompt, password),
      require: (specifier) => this.#modules.require(specifier),
      hooks: {
        attention: this.#attention,
        interrupt: () => this.#checkInterrupt(),
        wait: (value: unknown) => this.#wait(value),
        import: (specifier: string, names?: string[]) => this.#modules.import(specifier, names),
      },
    });
  }

  async execute(request: ExecuteRequest): Promise<ExecuteReply> {
    const { id, code, storeHistory, silent } = request;
    if (storeHistory) {
      this.#history.add(code);
      this.#executionCount++;
    }
    const executionCount = this.#executionCount;
    const stopped = Promise.withResolvers<never>();
    stopped.promise.catch(() => {}); // Nobody may be waiting for it.
    const running: Running = { request, executionCount, stopped, interrupted: false };
    this.#running = running;
    this.#lastExecutionId = id;
    this.#output.reset();
    this.#report({ type: "execute_input", code, executionCount });
    this.#signals?.listen(true);
    let result: ExecuteReply["result"] = null;
    let error: ExecutionError | null = null;
    let userExpressions: Record<string, UserExpression> = {};
    try {
      const { value } = await Promise.race([this.#evaluate(code), stopped.promise]);
      // A method of the value may compute, so it can be interrupted as well.
      if (value !== undefined && !silent) {
        const data = await Promise.race([formatValue(value), stopped.promise]);
        result = { data, metadata: {} };
      }
      userExpressions = await this.#evaluateAll(request.userExpressions, stopped.promise);
    } catch (thrown) {
      if (running.interrupted) error = describeError(new KeyboardInterrupt(), this.#cells);
      else if (this.#running !== running) throw thrown;
      else error = describeError(thrown, this.#cells);
    }
    this.#settle();
    if (error) this.#report({ type: "execute_error", ...error });
    if (result) this.#report({ type: "execute_result", executionCount, ...result });
    this.#running = undefined;
    return {
      status: error ? "error" : "ok",
      executionCount,
      result: error ? null : result,
      error,
      userExpressions,
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
    return { value: this.#answer(method, args as never), buffers: [] };
  }

  interrupt(executionId: string): boolean {
    const running = this.#running;
    if (running?.request.id !== executionId) return false;
    this.#stop(running);
    return true;
  }

  print(name: StreamName, text: string): void {
    this.#output.print(name, text);
  }

  judgeRejection(error: unknown): RejectionVerdict {
    return error instanceof KeyboardInterrupt ? "harmless" : "shown";
  }

  close(reason: Error): void {
    const running = this.#running;
    this.#running = undefined;
    running?.stopped.reject(reason);
    this.#signals?.listen(false);
    this.#questions.clear();
  }

  /** Executes code, and resolves with the value of its last expression, which may be a promise itself. */
  async #evaluate(source: string): Promise<{ value?: unknown }> {
    const name = `In[${this.#running?.executionCount ?? this.#executionCount}]`;
    const code = this.#init.options.language === "typescript" ? cellWithoutTypes(source) : source;
    this.#cells.set(name, { code: source, columnOf: (_line, column) => column });
    const cell = this.#prepare(name, code);
    this.#cells.set(name, { code: source, columnOf: cell.columnOf });
    for (const it of cell.names) this.#names.add(it);
    // The engine would write the place of an error into the thrown value.
    const value = new Script(cell.code, { filename: name }).runInThisContext({
      displayErrors: false,
    });
    return cell.waits ? await value as { value?: unknown } | undefined ?? {} : { value };
  }

  #prepare(filename: string, code: string): CellCode {
    try {
      return cellCode(code, parse);
    } catch (error) {
      const stack = `${filename}:${lineOf(code, (error as ParseError).pos)}\n`;
      throw Object.assign(new SyntaxError(syntaxMessage(code, error)), { stack });
    }
  }

  async #evaluateAll(
    expressions: Record<string, string>,
    stopped: Promise<never>,
  ): Promise<Record<string, UserExpression>> {
    const outcomes: [string, UserExpression][] = [];
    for (const [name, code] of Object.entries(expressions)) {
      try {
        const { value } = await Promise.race([this.#evaluate(code), stopped]);
        const data: MimeBundle = await Promise.race([formatValue(value), stopped]);
        outcomes.push([name, { status: "ok", data, metadata: {} }]);
      } catch (thrown) {
        if (this.#running?.interrupted !== false) throw thrown;
        outcomes.push([name, { status: "error", ...describeError(thrown, this.#cells) }]);
      }
    }
    return Object.fromEntries(outcomes);
  }

  #answer(method: string, args: unknown): unknown {
    switch (method) {
      case "complete": {
        const { code, cursorPos } = args as CallArguments["complete"];
        return complete(code, cursorPos);
      }
      case "inspect": {
        const { code, cursorPos, detailLevel } = args as CallArguments["inspect"];
        return inspectAt(code, cursorPos, detailLevel);
      }
      case "isComplete":
        return this.#judge((args as CallArguments["isComplete"]).code);
      case "history":
        return { history: this.#history.select(args as CallArguments["history"]) };
      case "info":
        return languageInfo(this.#init.options.language);
      case "commInfo":
        return { comms: {} };
      case "commOpen": {
        // No cell can register a target, so the comm is closed again, as Jupyter's protocol asks for.
        const { commId } = args as CallArguments["commOpen"];
        this.#report({ type: "comm_close", commId, data: {}, metadata: {} });
        return {};
      }
      case "commMsg":
      case "commClose":
        return {};
      case "inputReply": {
        const { requestId, value } = args as CallArguments["inputReply"];
        return { accepted: this.#questions.answer(requestId, value) };
      }
      case "variables":
        return { variables: describeVariables(this.#names) };
      case "packages":
        return { packages: this.#packages.installed };
      default:
        throw new KernelError("invalid_argument", `Cannot call ${method}: there is no such call`);
    }
  }

  #judge(code: string) {
    if (this.#init.options.language !== "typescript") return judge(code, parse);
    try {
      return judge(cellWithoutTypes(code), parse);
    } catch {
      // The types hide the place of the error; the code without them is judged as it is.
      return judge(code, parse);
    }
  }

  #ask(prompt: string, password: boolean): Promise<string> {
    const { allowStdin = false } = this.#running?.request ?? {};
    if (!allowStdin) return Promise.reject(new NobodyAnswers());
    return this.#questions.ask((requestId) =>
      this.#report({ type: "input_request", requestId, prompt, password })
    );
  }

  /** Makes a wait at the top of a cell end when the cell is interrupted. */
  #wait(value: unknown): unknown {
    const running = this.#running;
    if (!running || typeof (value as { then?: unknown } | null)?.then !== "function") return value;
    return Promise.race([value, running.stopped.promise]);
  }

  /** Called by loops and functions when the kernel wants their attention. */
  #checkInterrupt(): void {
    const running = this.#running;
    const signalled = this.#signals?.take(0) !== 0 && this.#signals !== undefined;
    if (signalled && running) this.#stop(running);
    if (running?.interrupted) throw new KeyboardInterrupt();
    Atomics.store(this.#attention, 0, 0);
    // A signal that came meanwhile is not lost.
    if (this.#signals?.pending) Atomics.store(this.#attention, 0, 1);
  }

  #stop(running: Running): void {
    running.interrupted = true;
    running.stopped.reject(new KeyboardInterrupt());
    // Whatever of the cell goes on computing meets this.
    Atomics.store(this.#attention, 0, 1);
  }

  /** The cell is over: later code is not stopped in its place. */
  #settle(): void {
    this.#signals?.listen(false);
    this.#questions.clear();
    if (this.#running) this.#running.interrupted = false;
    Atomics.store(this.#attention, 0, 0);
  }

  #report(event: object, buffers: Uint8Array[] = []): void {
    const executionId = this.#lastExecutionId;
    const { type } = event as { type: string };
    const own = type.startsWith("comm") || type.endsWith("display_data") || type === "clear_output";
    if (this.#running?.request.silent && !own && type !== "input_request") return;
    const { type: _, ...rest } = event as { type: string };
    const json = stringify({ type, ...(executionId !== undefined && { executionId }), ...rest });
    this.#init.sink.event(json, buffers);
  }
}

/** Returns the JavaScript engine's message about wrong syntax, or the parser's when only that one refuses. */
function syntaxMessage(code: string, error: unknown): string {
  const { pos } = error as ParseError;
  if (code[pos] === "@") return "Decorators are not part of this engine";
  if (pos >= code.trimEnd().length) return "Unexpected end of input";
  try {
    // A cell may wait, so it is compiled as a function that may.
    new Script(`(async()=>{${code}\n})`);
  } catch (own) {
    return messageOf(own);
  }
  return messageOf(error).replace(/ \(\d+:\d+\)$/, "");
}

function lineOf(code: string, position: number): number {
  return code.slice(0, position).split("\n").length;
}

/** Returns the description of the language in the shape of Jupyter's protocol. */
function languageInfo(language: string) {
  const isTypeScript = language === "typescript";
  const { deno, v8 } = Deno.version;
  return {
    implementation: "deno-code-interpreter",
    implementationVersion: deno,
    banner: `${isTypeScript ? "TypeScript" : "JavaScript"} in Deno ${deno} (V8 ${v8})`,
    languageInfo: {
      name: language,
      version: isTypeScript ? Deno.version.typescript : `ES2026`,
      mimetype: isTypeScript ? "text/x.typescript" : "text/javascript",
      file_extension: isTypeScript ? ".ts" : ".js",
      pygments_lexer: language,
      codemirror_mode: isTypeScript ? "typescript" : "javascript",
      nbconvert_exporter: "script",
    },
  };
}

/** Starts a JavaScript kernel in this thread, which has to be a worker: cells share the thread's globals. */
export function startJavaScript(init: RuntimeInit): Promise<Runtime> {
  return Promise.resolve(new JavaScriptRuntime(init));
}
