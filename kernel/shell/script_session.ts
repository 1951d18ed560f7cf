/**
 * The execution of one script by the shell's interpreter, which itself gives back all output when the script is
 * over. A session changes the methods of the interpreter's object so that the output of each command is handed on
 * when the command ends, unless it goes to a file, a pipe or a variable.
 */
import { FileError } from "./file_error.ts";
import type {
  BashShell,
  CommandResult,
  ReceiveText,
  ShellInterpreter,
  ShellNode,
  ShellScript,
  ShellSession,
} from "./just_bash.ts";
import { Traps } from "./traps.ts";
import type { Umask } from "./umask.ts";

/** Options for {@linkcode ScriptSession}. */
export interface ScriptSessionOptions {
  /** The mask of new files, which a shell inside of the script changes for itself alone. */
  files: Umask;
  /** Receives the output of commands as they end. @default all of it is in the result */
  onOutput?: ReceiveText | undefined;
  /** The traps of a shell that goes on after the script. @default those of the script alone */
  traps?: Traps | undefined;
  /** Called with the receiver for commands of our own, which may print before they end; undefined: there is none. */
  onReceiver?: ((receive: ReceiveText | undefined) => void) | undefined;
}

/** The commands that execute text in the shell that calls them. */
const EVALUATING = ["eval", "source", "."];
/** The commands that hand on the output of what they execute, unchanged and in its order. */
const PASSING = ["bash", "sh", "env", "timeout", "xargs"];
/** The redirections that leave the output where it goes. */
const INPUT_OPERATORS = ["<", "<<", "<<-", "<<<"];

/** Executes one script, and the scripts that its commands execute. */
export class ScriptSession implements ShellSession {
  readonly #options: ScriptSessionOptions;
  readonly #onOutput: ReceiveText | undefined;
  #traps: Traps;
  /** The functions whose definition redirects what they write. */
  readonly #redirected = new WeakSet<ShellNode>();
  /** True while the output of a statement goes to the receiver. */
  #live: boolean;
  /** The same for the simple command whose words are being expanded. */
  #commandLive = false;
  /** The commands of the pipeline that is being executed, and where the output of its last one goes. */
  #pipeline: { commands: ShellNode[]; live: boolean } | undefined;
  /** The simple command that executes text. */
  #executing: { name: string; live: boolean } | undefined;
  /** True when the next script is one that was called by its path. */
  #userScript = false;
  /** The number of statements around the one that is being executed. */
  #depth = 0;
  /** True when an error, or `exit`, has ended the script. */
  #ended = false;
  /** The errors for which the trap of errors was run. */
  readonly #trapped = new WeakSet<Error>();

  constructor(options: ScriptSessionOptions) {
    this.#options = options;
    this.#onOutput = options.onOutput;
    this.#live = options.onOutput !== undefined;
    this.#traps = options.traps ?? new Traps();
  }

  async execute(
    interpreter: ShellInterpreter,
    script: ShellScript,
    _state: unknown,
    shell: BashShell,
  ): Promise<CommandResult> {
    this.#attach(interpreter, shell);
    // The traps of a shell that goes on wait for its end.
    return await this.#toEnd(
      interpreter,
      () => interpreter.executeScript(script),
      () => this.#options.traps === undefined || this.#ended,
    );
  }

  /** Executes all that a shell has to do, and the trap of its end if that has come. */
  async #toEnd(
    interpreter: ShellInterpreter,
    run: () => Promise<CommandResult>,
    isOver: () => boolean = () => true,
  ): Promise<CommandResult> {
    try {
      const result = await run();
      return isOver() ? joined(result, await this.#atEnd(interpreter, result.exitCode)) : result;
    } catch (error) {
      if (!isControlFlow(error) || !["ExitError", "ErrexitError"].includes(error.name)) throw error;
      const { stdout, stderr, exitCode } = await this.#atEnd(interpreter, error.exitCode);
      error.stdout += stdout;
      error.stderr += stderr;
      if (exitCode !== error.exitCode) Object.assign(error, { exitCode });
      throw error;
    }
  }

  /** Runs the trap of the end, and returns its output and the status of the script. */
  async #atEnd(interpreter: ShellInterpreter, exitCode: number): Promise<CommandResult> {
    const code = this.#traps.takeExit();
    if (code === undefined) return { stdout: "", stderr: "", exitCode };
    try {
      return { ...await this.#runTrap(interpreter, code, exitCode), exitCode };
    } catch (error) {
      if (isControlFlow(error) && error.name === "ExitError") return error;
      throw error;
    }
  }

  /** Executes the code of a trap; the status of the command before stays. */
  async #runTrap(
    interpreter: ShellInterpreter,
    code: string,
    status: number,
  ): Promise<CommandResult> {
    const { state } = interpreter.ctx;
    const setStatus = () => {
      state["lastExitCode"] = status;
      (state["env"] as Map<string, string>).set("?", String(status));
    };
    setStatus();
    this.#commandLive = this.#live;
    const result = await interpreter.runCommand("eval", ["--", code], [true, true], "");
    setStatus();
    return result;
  }

  #attach(interpreter: ShellInterpreter, shell: BashShell): void {
    const { ctx } = interpreter;
    const {
      executeCommand,
      executePipeline,
      executeStatement,
      executeSubshell,
      executeUserScript,
      runCommand,
    } = Object.getPrototypeOf(interpreter) as ShellInterpreter;
    const executeScript = ctx.executeScript;
    const { execFn } = ctx;
    interpreter.executeSubshell = (node, ...rest) => {
      const whole = { type: "Statement", whole: node.body as ShellNode[] };
      return this.#apart(() =>
        executeSubshell.call(interpreter, { ...node, body: [whole] }, ...rest)
      );
    };
    // A script that is called by its path is a shell of its own.
    interpreter.executeUserScript = async (...args) => {
      const traps = this.#traps;
      this.#traps = traps.inSubshell();
      this.#userScript = true;
      try {
        return await this.#apart(() => executeUserScript.call(interpreter, ...args));
      } finally {
        this.#traps = traps;
        this.#userScript = false;
      }
    };
    interpreter.executeScript = (script) => {
      const run = () => executeScript.call(interpreter, script);
      if (!this.#userScript) return run();
      this.#userScript = false;
      return this.#toEnd(interpreter, run);
    };
    // The notices about a statement itself come last.
    interpreter.executeStatement = ctx.executeStatement = (node) =>
      node.whole ? this.#toEnd(interpreter, () => all(interpreter, node.whole!)) : this.#shown(
        shell,
        () => this.#statement(interpreter, node, () => executeStatement.call(interpreter, node)),
      );
    interpreter.executePipeline = async (node) => {
      const outer = this.#pipeline;
      this.#pipeline = { commands: node.commands, live: this.#live };
      try {
        return await this.#shown(shell, () => executePipeline.call(interpreter, node));
      } finally {
        this.#pipeline = outer;
      }
    };
    interpreter.executeCommand = ctx.executeCommand = (node, stdin, owned) =>
      this.#command(node, () => executeCommand.call(interpreter, node, stdin, owned));
    interpreter.runCommand = (name, args, ...rest) => {
      if (name === "set") this.#traps.readOptions(args);
      return name === "trap"
        ? Promise.resolve(this.#traps.command(args))
        : this.#simple(interpreter, name, () => runCommand.call(interpreter, name, args, ...rest));
    };
    ctx.executeScript = async (script) => {
      // A command that executes text has called it, or the expansion of a word.
      const evaluates = this.#executing !== undefined && EVALUATING.includes(this.#executing.name);
      const live = this.#live;
      const traps = this.#traps;
      if (evaluates) this.#executing = undefined;
      else [this.#live, this.#traps] = [false, traps.inSubshell()];
      try {
        const run = () => executeScript(script);
        const result = await (evaluates ? run() : this.#apart(run));
        return evaluates ? result : joined(result, await this.#atEnd(interpreter, result.exitCode));
      } finally {
        [this.#live, this.#traps] = [live, traps];
      }
    };
    ctx.execFn = (source, options, counted) => {
      const { name, live } = this.#executing ?? {};
      const onOutput = live && PASSING.includes(name!) ? this.#onOutput : undefined;
      const { onReceiver, files } = this.#options;
      const session = new ScriptSession({ onOutput, onReceiver, files });
      return this.#apart(() => execFn(source, { ...options, session }, counted));
    };
  }

  /** Executes something in a shell of its own, and sets back what that has changed outside of its state. */
  async #apart<T>(run: () => Promise<T>): Promise<T> {
    const { files } = this.#options;
    const { umask } = files;
    try {
      return await run();
    } finally {
      files.umask = umask;
    }
  }

  /** Executes a statement, and the trap of errors if it fails. */
  async #statement(
    interpreter: ShellInterpreter,
    node: ShellNode,
    run: () => Promise<CommandResult>,
  ): Promise<CommandResult> {
    if (this.#depth++ === 0) this.#ended = false;
    try {
      const result = await run();
      const { state } = interpreter.ctx;
      if (result.exitCode === 0 || state["errexitSafe"] || state["inCondition"]) return result;
      return joined(result, await this.#onError(interpreter, node, result.exitCode));
    } catch (error) {
      if (this.#depth === 1) this.#ended = true;
      if (isControlFlow(error) && error.name === "ErrexitError" && !this.#trapped.has(error)) {
        const { stdout, stderr } = await this.#onError(interpreter, node, error.exitCode, error);
        error.stdout += stdout;
        error.stderr += stderr;
      }
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** Executes something, and hands on its output if that goes to the receiver. */
  async #shown(shell: BashShell, run: () => Promise<CommandResult>): Promise<CommandResult> {
    const live = this.#live;
    const give = (output: { stdout: string; stderr: string }) => {
      const { stdout, stderr } = shell.logResult({ ...output, exitCode: 0 });
      if (stdout !== "") this.#onOutput?.("stdout", stdout);
      if (stderr !== "") this.#onOutput?.("stderr", stderr);
    };
    try {
      const result = await run();
      if (!live) return result;
      give(result);
      return { ...result, ...NOTHING };
    } catch (error) {
      if (!isControlFlow(error)) throw error;
      // The command that has stopped the script says why.
      if (error.name === "ExecutionAbortedError") error.stderr = error.stderr.replace(ABORTED, "");
      if (live) {
        give(error);
        Object.assign(error, NOTHING);
      }
      throw error;
    }
  }

  /** Runs the trap of errors for a statement that has failed. */
  async #onError(
    interpreter: ShellInterpreter,
    { pipelines = [] }: ShellNode,
    status: number,
    error?: Error,
  ): Promise<CommandResult> {
    const { callDepth } = interpreter.ctx.state;
    const last = pipelines.at(-1)?.commands.at(-1);
    // The failure of a command inside of a loop or a group is its own, and not that of the whole.
    const isOwn = ["SimpleCommand", "Subshell", "ArithmeticCommand", "ConditionalCommand"]
      .includes(last?.type ?? "");
    const code = isOwn ? this.#traps.startError(callDepth !== 0) : undefined;
    if (code === undefined) return { ...NOTHING, exitCode: status };
    if (error) this.#trapped.add(error);
    try {
      return await this.#runTrap(interpreter, code, status);
    } finally {
      this.#traps.endError();
    }
  }

  /** Executes a command of a pipeline, or the body of a function. */
  async #command(
    node: ShellNode,
    run: () => Promise<CommandResult>,
  ): Promise<CommandResult> {
    const outer = {
      live: this.#live,
      commandLive: this.#commandLive,
      executing: this.#executing,
      traps: this.#traps,
    };
    const { type, redirections = [], body } = node;
    const isPart = this.#pipeline?.commands.includes(node);
    const ownLive = isPart
      ? this.#pipeline!.live && node === this.#pipeline!.commands.at(-1)
      : outer.live;
    const goesElsewhere = !redirections.every(isInput);
    const live = ownLive && !goesElsewhere && !this.#redirected.has(node);
    if (type === "FunctionDef" && goesElsewhere) this.#redirected.add(body as ShellNode);
    const isSimple = type === "SimpleCommand";
    // The words of a simple command are expanded first.
    this.#live = live && !isSimple;
    this.#commandLive = live && isSimple;
    this.#executing = undefined;
    if (type === "Subshell") this.#traps = this.#traps.inSubshell();
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      // The file of a redirection could not be written.
      return { stdout: "", stderr: `bash: ${error.path}: ${error.reason}\n`, exitCode: 1 };
    } finally {
      this.#live = outer.live;
      this.#commandLive = outer.commandLive;
      this.#executing = outer.executing;
      this.#traps = outer.traps;
    }
  }

  /** Executes a command whose words are known. */
  async #simple(
    interpreter: ShellInterpreter,
    name: string,
    run: () => Promise<CommandResult>,
  ): Promise<CommandResult> {
    const outer = { live: this.#live, executing: this.#executing };
    const { xtrace, verbose } = interpreter.ctx.state["options"] as Record<string, boolean>;
    // The notices of these options stand in front of the output of the command.
    const live = this.#commandLive && !xtrace && !verbose;
    this.#live = live;
    this.#executing = { name, live };
    this.#options.onReceiver?.(live ? this.#onOutput : undefined);
    try {
      return await run();
    } finally {
      this.#live = outer.live;
      this.#executing = outer.executing;
    }
  }
}

/** The notice of a script that was stopped. */
const ABORTED = "bash: execution aborted\n";

const NOTHING = {
  stdout: "",
  stderr: "",
  internalOutputAccounting: { stdout: 0, stderr: 0 },
};

/** Executes statements one after the other. */
async function all(
  interpreter: ShellInterpreter,
  statements: readonly ShellNode[],
): Promise<CommandResult> {
  let result: CommandResult = { ...NOTHING, exitCode: 0 };
  try {
    for (const statement of statements) {
      result = joined(result, await interpreter.executeStatement(statement));
    }
  } catch (error) {
    if (isControlFlow(error)) {
      error.stdout = result.stdout + error.stdout;
      error.stderr = result.stderr + error.stderr;
    }
    throw error;
  }
  return result;
}

/** Returns a result with more output, and the status of that. */
function joined(result: CommandResult, more: CommandResult): CommandResult {
  if (more.stdout === "" && more.stderr === "" && more.exitCode === result.exitCode) return result;
  return {
    ...result,
    stdout: result.stdout + more.stdout,
    stderr: result.stderr + more.stderr,
    exitCode: more.exitCode,
  };
}

function isInput({ operator, fd }: { operator: string; fd: number | null }): boolean {
  return INPUT_OPERATORS.includes(operator) && (fd === null || fd === undefined || fd === 0);
}

/** Returns true for the errors by which the interpreter leaves loops, functions and scripts. */
function isControlFlow(error: unknown): error is Error & CommandResult {
  return error instanceof Error && typeof (error as { stdout?: unknown }).stdout === "string";
}
