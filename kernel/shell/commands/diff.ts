/** `diff`: the plain form of differences, and trees of files. */
import { resolve } from "node:path/posix";
import type { CommandContext, CommandResult } from "../just_bash.ts";
import { plainDifferences } from "./diff_format.ts";
import { CommandFailure, printed } from "./words.ts";

/** Writes the plain form of differences, and the unified one as other programs read it. */
export async function diff(args: string[], context: CommandContext): Promise<CommandResult> {
  const isFlag = (arg: string, flag: string) => /^-[a-zA-Z]+\d*$/.test(arg) && arg.includes(flag);
  const isUnified = args.some((arg) => isFlag(arg, "u") || /^--unified|^-U/.test(arg));
  const isOther = args.some((arg) =>
    isFlag(arg, "q") || isFlag(arg, "y") || isFlag(arg, "c") || arg.startsWith("--brief") ||
    arg === "--help"
  );
  if (args.some((arg) => isFlag(arg, "r") || arg === "--recursive")) {
    return await diffTrees(args, context);
  }
  const result = await context.origCommand!(args);
  if (isOther || result.exitCode !== 1) return result;
  const unified = result.stdout.replace(/^=+\n(?=--- )/gm, "")
    .replace(/^((?:---|\+\+\+) [^\t\n]*)\t$/gm, "$1");
  return { ...result, stdout: isUnified ? unified : plainDifferences(unified) };
}

/** Compares the files of two directories. */
async function diffTrees(args: string[], context: CommandContext): Promise<CommandResult> {
  const { fs, cwd } = context;
  const flags = args.filter((arg) => arg.startsWith("-") && arg !== "--recursive")
    .map((arg) => /^-[a-zA-Z]+$/.test(arg) ? arg.replaceAll("r", "").replaceAll("N", "") : arg)
    .filter((arg) => arg !== "-");
  const [one = "", other = ""] = args.filter((arg) => !arg.startsWith("-"));
  const output: string[] = [];
  const isDirectory = async (path: string) => (await fs.stat(resolve(cwd, path))).isDirectory;
  const compare = async (left: string, right: string): Promise<void> => {
    if (!await isDirectory(left) || !await isDirectory(right)) {
      const { stdout, exitCode } = await diff([...flags, left, right], context);
      const head = flags.some((it) => it.includes("q")) ? "" : `diff ${args[0]} ${left} ${right}\n`;
      if (exitCode !== 0) output.push(head + stdout);
      return;
    }
    const names = [await fs.readdir(resolve(cwd, left)), await fs.readdir(resolve(cwd, right))];
    for (const name of [...new Set(names.flat())].sort()) {
      const [isLeft, isRight] = names.map((all) => all.includes(name));
      if (isLeft && isRight) await compare(`${left}/${name}`, `${right}/${name}`);
      else output.push(`Only in ${isLeft ? left : right}: ${name}\n`);
    }
  };
  for (const name of [one, other]) {
    if (!await fs.exists(resolve(cwd, name))) {
      throw new CommandFailure(`${name}: No such file or directory`, 2);
    }
  }
  await compare(one.replace(/(?<=.)\/+$/, ""), other.replace(/(?<=.)\/+$/, ""));
  return printed(output.join(""), output.length === 0 ? 0 : 1);
}
