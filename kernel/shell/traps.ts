import type { CommandResult } from "./just_bash.ts";

/** The names of signals by their numbers, as far as scripts trap them; 0 is the end of the shell. */
const NUMBERS: Readonly<Record<string, string>> = {
  "0": "EXIT",
  "1": "SIGHUP",
  "2": "SIGINT",
  "3": "SIGQUIT",
  "6": "SIGABRT",
  "9": "SIGKILL",
  "10": "SIGUSR1",
  "12": "SIGUSR2",
  "13": "SIGPIPE",
  "14": "SIGALRM",
  "15": "SIGTERM",
};
const PSEUDO = ["EXIT", "ERR", "DEBUG", "RETURN"];

/** The commands that a shell executes when something happens: at its end, and when a command fails. */
export class Traps {
  readonly #codes = new Map<string, string>();
  #inError = false;
  /** True when functions have the trap of errors, too. */
  #tracesErrors = false;

  /** Executes the command `trap`. */
  command(args: readonly string[]): CommandResult {
    const [first, ...rest] = args[0] === "--" ? args.slice(1) : args;
    if (first === undefined || first === "-p") return this.#list(first ? rest : []);
    if (first === "-l") return { stdout: `${Object.values(NUMBERS).join(" ")}\n`, ...OK };
    // A single name, or a number, takes its trap away.
    const removes = first === "-" || rest.length === 0;
    const names = rest.length === 0 ? [first] : rest;
    let stderr = "";
    for (const name of names) {
      const condition = conditionOf(name);
      if (condition === undefined) {
        stderr += `bash: trap: ${name}: invalid signal specification\n`;
      } else if (removes) this.#codes.delete(condition);
      else this.#codes.set(condition, first);
    }
    return { stdout: "", stderr, exitCode: stderr === "" ? 0 : 1 };
  }

  /** Returns the traps with which a subshell begins: it ignores what its parent ignores. */
  inSubshell(): Traps {
    const traps = new Traps();
    traps.#tracesErrors = this.#tracesErrors;
    if (this.#tracesErrors && this.#codes.has("ERR")) {
      traps.#codes.set("ERR", this.#codes.get("ERR")!);
    }
    for (const [condition, code] of this.#codes) {
      if (code === "") traps.#codes.set(condition, code);
    }
    return traps;
  }

  /** Removes and returns the code for the end of the shell; undefined when there is none. */
  takeExit(): string | undefined {
    const code = this.#codes.get("EXIT");
    this.#codes.delete("EXIT");
    return code || undefined;
  }

  /** Reads the options of the command `set`. */
  readOptions(args: readonly string[]): void {
    args.forEach((arg, at) => {
      const named = args[at + 1] === "errtrace" && /^[-+][a-zA-Z]*o$/.test(arg);
      if (named || /^[-+][a-zA-Z]*E/.test(arg)) this.#tracesErrors = arg.startsWith("-");
    });
  }

  /** Returns the code for a command that has failed; undefined when there is none, or while it is executed. */
  startError(inFunction: boolean): string | undefined {
    const code = this.#codes.get("ERR");
    if (!code || this.#inError || inFunction && !this.#tracesErrors) return undefined;
    this.#inError = true;
    return code;
  }

  /** The code for a command that has failed was executed. */
  endError(): void {
    this.#inError = false;
  }

  #list(names: readonly string[]): CommandResult {
    const wanted = names.map(conditionOf);
    const lines = [...this.#codes].filter(([name]) => names.length === 0 || wanted.includes(name))
      .map(([name, code]) => `trap -- '${code.replaceAll("'", "'\\''")}' ${name}\n`);
    return { stdout: lines.join(""), ...OK };
  }
}

const OK = { stderr: "", exitCode: 0 };

/** Returns the full name of a signal or of another condition. */
function conditionOf(text: string): string | undefined {
  const upper = text.toUpperCase();
  if (PSEUDO.includes(upper)) return upper;
  const name = NUMBERS[text] ?? (upper.startsWith("SIG") ? upper : `SIG${upper}`);
  return Object.values(NUMBERS).includes(name) ? name : undefined;
}
