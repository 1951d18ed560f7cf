/** `node` as a command of the shell. */
import type { FileSystem } from "../files/file_system.ts";
import type { ProgramContext, ShellPrograms } from "../shell/just_bash.ts";
import { type Parse, parseFile } from "./parser.ts";
import { describe, Program, ProgramEnd } from "./program.ts";
import { builtInModule } from "./modules.ts";
import { NODE_VERSION } from "./node_process.ts";

/** The status of Node for an option that it does not know. */
const BAD_OPTION = 9;
/** Options that change nothing here. */
const IGNORED =
  /^--(no-warnings|no-deprecation|trace-[\w-]+|experimental-[\w-]+|enable-source-maps|unhandled-rejections=\w+|max-old-space-size=\d+|stack-size=\d+|input-type=\w+)$/;

const HELP = `Usage: node [options] [ -e script | -p expression | script.js | - ] [arguments]
`;

/** The words of a command line of `node`. */
interface Invocation {
  mode: "file" | "eval" | "print" | "check" | "input";
  code: string;
  rest: string[];
}

/** Makes the programs of a shell that are written in JavaScript. */
export function nodePrograms(parse: Parse): ShellPrograms {
  /** The programs that are being executed, the innermost last. */
  const running: Program[] = [];

  async function runNode(args: string[], context: ProgramContext) {
    const output = { stdout: "", stderr: "" };
    const print = context.receive ?? ((name: "stdout" | "stderr", text: string) => {
      output[name] += text;
    });
    const invocation = readArguments(args);
    if (typeof invocation === "string") {
      const isError = invocation.startsWith("node: ");
      print(isError ? "stderr" : "stdout", invocation);
      return { ...output, exitCode: isError ? BAD_OPTION : 0 };
    }
    const { files } = context;
    const cwd = files.cwd();
    files.chdir(context.cwd);
    const program = new Program({
      ...context,
      parse,
      print,
      args: invocation.mode === "file" ? [invocation.code, ...invocation.rest] : invocation.rest,
    });
    running.push(program);
    try {
      const exitCode = await execute(program, invocation, context, print);
      return { ...output, exitCode };
    } finally {
      running.splice(running.indexOf(program), 1);
      files.chdir(cwd);
    }
  }

  async function execute(
    program: Program,
    { mode, code, rest: _ }: Invocation,
    { files, stdin, cwd, isStopped }: ProgramContext,
    print: (name: "stdout" | "stderr", text: string) => void,
  ): Promise<number> {
    try {
      if (mode === "print") {
        const inspect = builtInModule("util", {})!["inspect"] as (value: unknown) => string;
        const value = program.evaluate(code);
        print("stdout", `${typeof value === "string" ? value : inspect(value)}\n`);
        return program.exitCode;
      }
      if (mode === "check") return check(files, code, print);
      if (mode === "file") {
        const path = code.startsWith("/") ? code : `${cwd}/${code}`;
        await program.runFile(path);
      } else if (mode === "input") {
        await program.runText(new TextDecoder().decode(stdin), "[stdin]");
      } else await program.runText(code, "[eval]");
      return program.exitCode;
    } catch (error) {
      if (isStopped()) throw error;
      if (!(error instanceof ProgramEnd)) {
        print("stderr", `Uncaught ${describe(error)}\n`);
        return 1;
      }
      return program.exitCode;
    }
  }

  function check(
    files: FileSystem,
    path: string,
    print: (name: "stdout" | "stderr", text: string) => void,
  ): number {
    const code = new TextDecoder().decode(files.readFile(path));
    try {
      parseFile(code, /\.mjs$|\b(import|export)\b/.test(path + code) ? "module" : "script", parse);
      return 0;
    } catch (error) {
      print("stderr", `${path}: ${String(error)}\n`);
      return 1;
    }
  }

  return {
    node: runNode,
    openSession(context) {
      const program = new Program({ ...context, parse, args: [], stdin: new Uint8Array() });
      return {
        async run(source, language) {
          running.push(program);
          try {
            const value = await program.runCell(source, language);
            return { failed: program.exitCode !== 0, bundle: await bundleOf(value) };
          } finally {
            running.splice(running.indexOf(program), 1);
          }
        },
      };
    },
    takeRejection: (error) => running.at(-1)?.fail(error) ?? false,
  };
}

/** Returns how a value is displayed; null: it is nothing to show. */
async function bundleOf(value: unknown): Promise<Record<string, unknown> | null> {
  if (value === undefined) return null;
  const inspect = builtInModule("util", {})!["inspect"] as (value: unknown) => string;
  const display = typeof value === "object" && value !== null
    ? (value as Record<symbol, unknown>)[Symbol.for("Jupyter.display")]
    : undefined;
  if (typeof display !== "function") return { "text/plain": inspect(value) };
  const bundle: unknown = await Reflect.apply(display, value, []);
  return JSON.parse(JSON.stringify(bundle));
}

/** Reads a command line; returns a text to show instead of a program. */
function readArguments(args: string[]): Invocation | string {
  const rest = [...args];
  while (rest.length > 0 && rest[0]!.startsWith("-") && rest[0] !== "-") {
    const [option = ""] = rest.splice(0, 1);
    switch (option) {
      case "-v":
      case "--version":
        return `${NODE_VERSION}\n`;
      case "-h":
      case "--help":
        return HELP;
      case "-e":
      case "--eval":
      case "-p":
      case "--print":
      case "-pe": {
        const [code] = rest.splice(0, 1);
        if (code === undefined) return `node: ${option} requires an argument\n`;
        const mode = option === "-e" || option === "--eval" ? "eval" : "print";
        return { mode, code, rest: rest[0] === "--" ? rest.slice(1) : rest };
      }
      case "-c":
      case "--check": {
        const [code] = rest.splice(0, 1);
        if (code === undefined) return `node: ${option} requires an argument\n`;
        return { mode: "check", code, rest };
      }
      case "--":
        return rest.length > 0
          ? { mode: "file", code: rest[0]!, rest: rest.slice(1) }
          : { mode: "input", code: "", rest };
      default:
        if (!IGNORED.test(option)) return `node: bad option: ${option}\n`;
    }
  }
  const [code = "-", ...more] = rest;
  return code === "-" ? { mode: "input", code, rest: more } : { mode: "file", code, rest: more };
}
