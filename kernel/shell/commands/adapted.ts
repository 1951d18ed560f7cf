/** Commands of the shell's library with options, and a form of output, that the library lacks. */
import { resolve } from "node:path/posix";
import type { CommandContext, CommandResult, ShellCommand } from "../just_bash.ts";
import { awk } from "./awk.ts";
import { date, touch } from "./date.ts";
import { diff } from "./diff.ts";
import { grep } from "./grep.ts";
import { jq } from "./jq.ts";
import { fromLines, linesOf, printed, readInput, readText, readWords } from "./words.ts";

/** The commands. Each calls the library's own, which its context has. */
export const adaptedCommands: Record<string, ShellCommand> = {
  awk,
  gawk: awk,
  cut,
  date,
  diff,
  du,
  grep,
  egrep: grep,
  fgrep: grep,
  head,
  jq,
  ls,
  paste,
  sed,
  seq,
  sort,
  touch,
  wc,
  xargs,
};

function original(context: CommandContext, args: string[]): Promise<CommandResult> {
  return context.origCommand!(args);
}

/** Takes the values of options that stand in the same word: `-I{}`, `-n1`. */
function xargs(args: string[], context: CommandContext): Promise<CommandResult> {
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const [, flags = "", flag, value] = /^-([0rtpx]*)([IdnPLsEa])(.*)$/s.exec(word) ?? [];
    if (flag === undefined && !word.startsWith("-")) {
      // Its own command begins here. With a place for it, each line is one argument.
      const splits = words.some((it) => ["-0", "--null", "-d"].includes(it));
      const byLine = words.includes("-I") && !splits ? ["-d", "\n"] : [];
      return original(context, [...words, ...byLine, ...args.slice(at)]);
    }
    if (flags !== "") words.push(...[...flags].map((it) => `-${it}`));
    if (flag === undefined) words.push(word);
    else words.push(`-${flag}`, value === "" ? args[++at] ?? "" : value!);
  }
  return original(context, words);
}

/** Counts bytes instead of blocks (`-b`). */
async function du(args: string[], context: CommandContext): Promise<CommandResult> {
  if (!args.some((arg) => /^-[a-z]*b/.test(arg) || arg === "--bytes")) {
    return await original(context, args);
  }
  const { options, operands } = readWords(args, "bsac", "d", { bytes: "b", summarize: "s" });
  const { fs, cwd } = context;
  const lines: string[] = [];
  const count = async (name: string, top: boolean): Promise<number> => {
    const path = resolve(cwd, name);
    const { isDirectory, size } = await fs.lstat(path);
    let sum = size;
    for (const entry of isDirectory ? await fs.readdir(path) : []) {
      sum += await count(`${name.replace(/\/+$/, "")}/${entry}`, false);
    }
    if (top || isDirectory && !options.has("s") || options.has("a")) lines.push(`${sum}\t${name}`);
    return sum;
  };
  for (const name of operands.length === 0 ? ["."] : operands) await count(name, true);
  return printed(fromLines(lines));
}

/** Knows the lines or bytes before the last ones. */
async function head(args: string[], context: CommandContext): Promise<CommandResult> {
  const { options, operands } = readHead(args);
  const lines = options.get("n");
  const bytes = options.get("c");
  if (!lines?.startsWith("-") && !bytes?.startsWith("-")) return await original(context, args);
  const input = await readInput(operands, context);
  if (bytes?.startsWith("-")) {
    const kept = input.subarray(0, Math.max(0, input.length + Number(bytes)));
    return printed(new TextDecoder().decode(kept));
  }
  return printed(fromLines(linesOf(new TextDecoder().decode(input)).slice(0, Number(lines))));
}

function readHead(args: string[]) {
  try {
    return readWords(args, "qvz", "nc", { lines: "n", bytes: "c", quiet: "q", verbose: "v" });
  } catch {
    return { options: new Map<string, string>(), operands: [] };
  }
}

/** The short forms of options of `sed`. */
const LONG_OPTIONS: Readonly<Record<string, string>> = {
  "--quiet": "-n",
  "--silent": "-n",
  "--regexp-extended": "-E",
  "--expression": "-e",
  "--in-place": "-i",
};

/** Keeps a copy of a file that it changes (`-i.bak`), and takes a text behind `i\` in the same line. */
async function sed(args: string[], context: CommandContext): Promise<CommandResult> {
  const suffix = args.map((arg) => /^(?:-i|--in-place=)(.+)$/.exec(arg)?.[1]).find((it) => it);
  const words = args.filter((arg) => !["-s", "--separate", "--posix"].includes(arg))
    .flatMap((arg) => {
      const expression = /^--expression=(.*)$/s.exec(arg)?.[1];
      if (expression !== undefined) return ["-e", expression];
      return [/^(-i|--in-place=)./.test(arg) ? "-i" : LONG_OPTIONS[arg] ?? arg];
    })
    .map((arg) => arg.replace(/^((?:\d+|\$|\/[^/]*\/)?\s*[aic])\\(?=[^\n])/, "$1 "));
  if (suffix !== undefined) {
    const { fs, cwd } = context;
    for (const name of words) {
      const path = resolve(cwd, name);
      if (await fs.exists(path) && !(await fs.stat(path)).isDirectory) {
        await fs.cp(path, `${path}${suffix}`);
      }
    }
  }
  return await original(context, words);
}

/** Knows the form of its numbers (`-f`). */
async function seq(args: string[], context: CommandContext): Promise<CommandResult> {
  const at = args.findIndex((arg) => /^-f|^--format/.test(arg));
  if (at < 0) return await original(context, args);
  const [, attached] = /^(?:-f|--format=)(.+)$/.exec(args[at]!) ?? [];
  const form = attached ?? args[at + 1] ?? "";
  const rest = args.toSpliced(at, attached === undefined ? 2 : 1);
  const result = await original(context, rest);
  const separated = rest.some((arg) => arg.startsWith("-s"));
  if (result.exitCode !== 0 || separated) return result;
  return { ...result, stdout: fromLines(linesOf(result.stdout).map((it) => formed(form, it))) };
}

function formed(form: string, digits: string): string {
  return form.replace(/%(0?)(\d*)(?:\.(\d+))?([gfe])/, (_, zero, width, places, kind) => {
    const number = Number(digits);
    const text = kind === "f"
      ? number.toFixed(Number(places ?? 6))
      : kind === "e"
      ? number.toExponential(Number(places ?? 6))
      : digits;
    return text.padStart(Number(width), zero === "0" ? "0" : " ");
  });
}

/** Lists the files that are named in their order, and directories in the long form without a mark. */
async function ls(args: string[], context: CommandContext): Promise<CommandResult> {
  const isOption = (arg: string) => arg.startsWith("-") && arg !== "-";
  const flags = args.filter((arg) => /^-[a-zA-Z]/.test(arg)).join("");
  const names = args.filter((arg) => !isOption(arg));
  // The other orders are made of the files' facts.
  if (!/[tSUX]/.test(flags)) names.sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
  const result = await original(context, [...args.filter(isOption), ...names]);
  // Directories that are named as such are listed without gaps.
  if (flags.includes("d")) result.stdout = result.stdout.replace(/\n\n+/g, "\n");
  if (!flags.includes("l") || /[Fp]/.test(flags)) return result;
  return { ...result, stdout: result.stdout.replace(/^(d[r-][w-][^\n]*[^/\n])\/$/gm, "$1") };
}

/** Writes lines of files beside each other, also those of the standard input. */
async function paste(args: string[], context: CommandContext): Promise<CommandResult> {
  const { options, operands } = readWords(args, "sz", "d", { serial: "s", delimiters: "d" });
  const separators = [
    ...(options.get("d") ?? "\t").replace(
      /\\(.)/g,
      (_, it: string) => ({ n: "\n", t: "\t", "0": "\0" })[it] ?? it,
    ),
  ];
  const join = (cells: string[]) =>
    cells.map((cell, at) => {
      if (at === cells.length - 1) return cell;
      const separator = separators[at % separators.length] ?? "";
      return cell + (separator === "\0" ? "" : separator);
    }).join("");
  const names = operands.length === 0 ? ["-"] : operands;
  const input = linesOf(await readText([], context));
  const columns: string[][] = [];
  for (const name of names) {
    if (name !== "-") {
      columns.push(linesOf(await readText([name], context)));
    } else columns.push([]);
  }
  const readers = names.flatMap((name, at) => name === "-" ? [at] : []);
  if (options.has("s")) {
    if (readers.length > 0) columns[readers[0]!] = input;
    return printed(fromLines(columns.map(join)));
  }
  // The columns that read the standard input take turns.
  input.forEach((line, at) => columns[readers[at % readers.length]!]?.push(line));
  const height = Math.max(0, ...columns.map(({ length }) => length));
  return printed(fromLines(
    Array.from({ length: height }, (_, row) => join(columns.map((column) => column[row] ?? ""))),
  ));
}

/** Writes lines in any order (`-R`). */
async function sort(args: string[], context: CommandContext): Promise<CommandResult> {
  const random = args.findIndex((arg) => arg === "-R" || arg === "--random-sort");
  const isFlag = (flag: string) => args.some((arg) => new RegExp(`^-[a-zA-Z]*${flag}`).test(arg));
  // Of lines with the same key, the first one is kept.
  const keepsFirst = isFlag("u") && isFlag("k") ? ["-s"] : [];
  if (random < 0) return await original(context, [...keepsFirst, ...args]);
  const result = await original(context, args.toSpliced(random, 1));
  return { ...result, stdout: fromLines(shuffled(linesOf(result.stdout))) };
}

/** Returns the same things in any order. */
export function shuffled<T>(things: readonly T[]): T[] {
  return things.map((thing) => ({ thing, key: Math.random() })).sort((a, b) => a.key - b.key)
    .map(({ thing }) => thing);
}

/** Knows the longest line (`-L`). */
async function wc(args: string[], context: CommandContext): Promise<CommandResult> {
  if (!args.includes("-L")) return await original(context, args);
  const names = args.filter((arg) => arg !== "-L");
  const longest = async (files: string[]) => {
    const text = await readText(files, context);
    return Math.max(0, ...linesOf(text).map((line) => [...line].length));
  };
  if (names.length === 0) return printed(`${await longest([])}\n`);
  const lines = [];
  for (const name of names) lines.push(`${await longest([name])} ${name}`);
  return printed(fromLines(lines));
}

/** Writes another separator than it reads (`--output-delimiter`). */
async function cut(args: string[], context: CommandContext): Promise<CommandResult> {
  const long = { "output-delimiter": "o", fields: "f", delimiter: "d", "only-delimited": "s" };
  if (!args.some((arg) => arg.startsWith("--output-delimiter"))) {
    return await original(context, args);
  }
  const { options, operands } = readWords(args, "sn", "fdo", long);
  const between = options.get("d") ?? "\t";
  const wanted = rangesOf(options.get("f") ?? "");
  const text = await readText(operands, context);
  const lines = linesOf(text).flatMap((line) => {
    if (!line.includes(between)) return options.has("s") ? [] : [line];
    const fields = line.split(between).filter((_, index) =>
      wanted.some(([first, last]) => index + 1 >= first && index + 1 <= last)
    );
    return [fields.join(options.get("o"))];
  });
  return printed(fromLines(lines));
}

function rangesOf(text: string): [number, number][] {
  return text.split(",").map((part) => {
    const [first = "", last] = part.split("-");
    if (last === undefined) return [Number(first), Number(first)];
    return [Number(first || 1), last === "" ? Infinity : Number(last)];
  });
}
