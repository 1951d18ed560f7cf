/** Helpers for commands: their words, their results, and the lines of their input. */
import { resolve } from "node:path/posix";
import { joinedBytes } from "../../joined_bytes.ts";
import type { CommandContext, CommandResult } from "../just_bash.ts";
import { fromLatin1, latin1 } from "../shell_files.ts";

/** A command fails with this message and status. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Returns the result of a command that has printed a text. */
export function printed(stdout: string, exitCode = 0): CommandResult {
  return { stdout, stdoutKind: "text", stderr: "", exitCode };
}

/** Returns the result of a command that has printed bytes. */
export function printedBytes(bytes: Uint8Array): CommandResult {
  return { stdout: latin1(bytes), stdoutKind: "bytes", stderr: "", exitCode: 0 };
}

/** The options and operands of a command. */
export interface Words {
  /** The values of options by their names; an empty text for one without a value. */
  options: Map<string, string>;
  operands: string[];
}

/**
 * Reads the words of a command, whose one-letter options `flags` have no value and `valued` have one; long options
 * are renamed by the table.
 */
export function readWords(
  args: readonly string[],
  flags: string,
  valued: string,
  long: Readonly<Record<string, string>> = {},
): Words {
  const options = new Map<string, string>();
  const operands: string[] = [];
  const rest = [...args];
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg === "--") {
      operands.push(...rest.splice(0));
    } else if (arg.startsWith("--")) {
      const [, name = "", value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
      const short = long[name];
      if (short === undefined) throw new CommandFailure(`unrecognized option '${arg}'`);
      options.set(short, value ?? (valued.includes(short) ? rest.shift() ?? "" : ""));
    } else if (/^-./s.test(arg)) {
      for (let at = 1; at < arg.length; at++) {
        const flag = arg[at]!;
        if (valued.includes(flag)) {
          const attached = arg.slice(at + 1);
          const value = attached === "" ? rest.shift() : attached;
          if (value === undefined) {
            throw new CommandFailure(`option requires an argument -- '${flag}'`);
          }
          options.set(flag, value);
          break;
        }
        if (!flags.includes(flag)) throw new CommandFailure(`invalid option -- '${flag}'`);
        options.set(flag, "");
      }
    } else operands.push(arg);
  }
  return { options, operands };
}

/** Returns the bytes of the named files one after the other, or of the standard input. */
export async function readInput(
  names: readonly string[],
  { fs, cwd, stdin }: CommandContext,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for (const name of names.length === 0 ? ["-"] : names) {
    try {
      parts.push(
        name === "-" ? fromLatin1(stdin) : await fs.readFileBuffer(resolve(cwd, name)),
      );
    } catch {
      throw new CommandFailure(`${name}: No such file or directory`);
    }
  }
  return joinedBytes(parts);
}

/** Returns the same as a text. */
export async function readText(names: readonly string[], context: CommandContext): Promise<string> {
  return new TextDecoder().decode(await readInput(names, context));
}

/**
 * Returns the value of an option that counts something.
 *
 * @throws {CommandFailure} when the value is no whole number from 1 up.
 */
export function countOf(options: Words["options"], name: string, byDefault: number): number {
  const text = options.get(name);
  if (text === undefined) return byDefault;
  if (!/^0*[1-9]\d{0,8}$/.test(text)) throw new CommandFailure(`invalid number '${text}'`);
  return Number(text);
}

/** Returns the lines of a text without their ends. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Returns a text of lines. */
export function fromLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
