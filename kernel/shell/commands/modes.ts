/** Commands that give new files and directories a mode. */
import { basename, dirname, join, resolve } from "node:path/posix";
import { readMode } from "../mode_texts.ts";
import type { CommandContext, CommandResult, ShellCommand } from "../just_bash.ts";
import { CommandFailure, fromLines, printed, readWords } from "./words.ts";

const EVERYBODY = 0o777;
/** The mode of installed files when none is asked for. */
const INSTALLED = 0o755;
/** The commands. */
export const modeCommands: Record<string, ShellCommand> = { install, mkdir };

function modeOf(text: string): number {
  const mode = readMode(text, EVERYBODY);
  if (mode === undefined) throw new CommandFailure(`invalid mode '${text}'`);
  return mode;
}

/** Makes directories, of a mode that does not depend on the mask (`-m`). */
async function mkdir(args: string[], context: CommandContext): Promise<CommandResult> {
  if (!args.some((arg) => /^(-[a-zA-Z]*m|--mode\b)/.test(arg))) {
    return await context.origCommand!(args);
  }
  const { fs, cwd } = context;
  const { options, operands } = readWords(args, "pv", "m", {
    mode: "m",
    parents: "p",
    verbose: "v",
  });
  const mode = modeOf(options.get("m")!);
  if (operands.length === 0) throw new CommandFailure("missing operand");
  for (const name of operands) {
    const path = resolve(cwd, name);
    if (await fs.exists(path)) {
      if (options.has("p") && (await fs.stat(path)).isDirectory) continue;
      throw new CommandFailure(`cannot create directory '${name}': File exists`);
    }
    if (!options.has("p") && !await fs.exists(dirname(path))) {
      throw new CommandFailure(`cannot create directory '${name}': No such file or directory`);
    }
    await fs.mkdir(path, { recursive: true });
    await fs.chmod(path, mode);
  }
  const line = (name: string) => `mkdir: created directory '${name}'`;
  return printed(options.has("v") ? fromLines(operands.map(line)) : "");
}

/** Copies files and sets their modes, or makes directories (`-d`). */
async function install(args: string[], { fs, cwd }: CommandContext): Promise<CommandResult> {
  const { options, operands } = readWords(args, "bcCdDpsTv", "mtgo", {
    ...{ mode: "m", directory: "d", "target-directory": "t", verbose: "v" },
    ...{ group: "g", owner: "o", compare: "C", "no-target-directory": "T" },
  });
  const mode = modeOf(options.get("m") ?? INSTALLED.toString(8));
  const isDirectory = async (path: string) =>
    await fs.exists(path) && (await fs.stat(path)).isDirectory;
  const lines: string[] = [];
  if (options.has("d")) {
    for (const name of operands) {
      await fs.mkdir(resolve(cwd, name), { recursive: true });
      await fs.chmod(resolve(cwd, name), mode);
      lines.push(`install: creating directory '${name}'`);
    }
    return printed(options.has("v") ? fromLines(lines) : "");
  }
  const target = options.get("t") ?? operands.pop();
  if (target === undefined || operands.length === 0) {
    throw new CommandFailure("missing file operand");
  }
  const into = options.has("t") || !options.has("T") && await isDirectory(resolve(cwd, target));
  if (operands.length > 1 && !into) {
    throw new CommandFailure(`target '${target}' is not a directory`);
  }
  for (const name of operands) {
    const from = resolve(cwd, name);
    if (!await fs.exists(from)) {
      throw new CommandFailure(`cannot stat '${name}': No such file or directory`);
    }
    if (await isDirectory(from)) throw new CommandFailure(`omitting directory '${name}'`);
    const shown = into ? join(target, basename(name)) : target;
    const path = resolve(cwd, shown);
    if (options.has("D")) await fs.mkdir(dirname(path), { recursive: true });
    // A file that may only be read is replaced.
    await fs.rm(path, { force: true });
    await fs.writeFile(path, await fs.readFileBuffer(from));
    await fs.chmod(path, mode);
    lines.push(`'${name}' -> '${shown}'`);
  }
  return printed(options.has("v") ? fromLines(lines) : "");
}
