/** Small commands that scripts expect on every machine. */
import { join, resolve } from "node:path/posix";
import { USER_ID } from "../../files/owner.ts";
import type { CommandContext, CommandResult, ShellCommand } from "../just_bash.ts";
import { shuffled } from "./adapted.ts";
import { CommandFailure, fromLines, linesOf, printed, readText, readWords } from "./words.ts";

/** The lines that `yes` prints: the commands of a pipeline run one after the other. */
const YES_LINES = 10_000;
const SIGNALS = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM";
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/** The most numbers of a range, and lines, that `shuf` prints. */
const MAX_LINES = 1_000_000;
/** The most names that `mktemp` tries. */
const TRIES = 100;

/** The commands. */
export const systemCommands: Record<string, ShellCommand> = {
  id,
  jobs: () => Promise.resolve(printed("")),
  kill,
  mktemp,
  nproc: () => Promise.resolve(printed("1\n")),
  realpath,
  shuf,
  ulimit: () => Promise.resolve(printed("unlimited\n")),
  uname,
  whoami: (_, context) => id(["-un"], context),
  yes: (words) => Promise.resolve(printed(`${words.join(" ") || "y"}\n`.repeat(YES_LINES))),
};

/** Names the user as Python's `os.getuid` and `getpass` do. */
function id(args: string[], { env }: CommandContext): Promise<CommandResult> {
  const flags = args.join("");
  const name = env.get("USER") || "user";
  const entry = `${USER_ID}(${name})`;
  if (/[ugG]/.test(flags)) {
    return Promise.resolve(printed(flags.includes("n") ? `${name}\n` : `${USER_ID}\n`));
  }
  return Promise.resolve(printed(`uid=${entry} gid=${entry} groups=${entry}\n`));
}

function uname(args: string[]): Promise<CommandResult> {
  const flags = args.join("");
  if (flags.includes("a")) return Promise.resolve(printed("Linux kernel 6 wasm\n"));
  const parts = [["s", "Linux"], ["n", "kernel"], ["r", "6"], ["m", "wasm"]] as const;
  const shown = parts.filter(([flag]) => flags.includes(flag)).map(([, text]) => text);
  return Promise.resolve(printed(`${shown.join(" ") || "Linux"}\n`));
}

function kill(args: string[]): Promise<CommandResult> {
  if (args[0] === "-l" || args[0] === "-L") return Promise.resolve(printed(`${SIGNALS}\n`));
  const pid = args.findLast((arg) => /^\d+$/.test(arg)) ?? "";
  throw new CommandFailure(`(${pid}) - No such process`);
}

/** Makes an empty file or directory with a name that nothing has. */
async function mktemp(args: string[], { fs, cwd, env }: CommandContext): Promise<CommandResult> {
  const { options, operands: [template] } = readWords(args, "dqtu", "p", {
    directory: "d",
    "dry-run": "u",
    tmpdir: "p",
    suffix: "p",
  });
  const directory = options.get("p") || env.get("TMPDIR") || "/tmp";
  const isBare = template === undefined || options.has("t") || options.has("p");
  const name = template ?? "tmp.XXXXXXXXXX";
  if (!/X{3,}/.test(name)) throw new CommandFailure(`too few X's in template '${name}'`);
  for (let count = 0; count < TRIES; count++) {
    const made = name.replace(/X{3,}(?=[^X]*$)/, (places) => randomLetters(places.length));
    const shown = isBare ? join(directory, made) : made;
    const path = resolve(cwd, shown);
    if (await fs.exists(path)) continue;
    if (isBare) await fs.mkdir(directory, { recursive: true });
    if (!options.has("u")) {
      const isDirectory = options.has("d");
      await (isDirectory ? fs.mkdir(path) : fs.writeFile(path, ""));
      await fs.chmod(path, isDirectory ? 0o700 : 0o600);
    }
    return printed(`${shown}\n`);
  }
  throw new CommandFailure("every name is taken");
}

function randomLetters(count: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
}

async function realpath(args: string[], { fs, cwd }: CommandContext): Promise<CommandResult> {
  const { options, operands } = readWords(args, "emqsz", "", {
    "canonicalize-existing": "e",
    "canonicalize-missing": "m",
    quiet: "q",
    "no-symlinks": "s",
  });
  const lines = [];
  for (const name of operands) {
    const path = resolve(cwd, name);
    if (options.has("s")) lines.push(path);
    else if (await fs.exists(path)) lines.push(await fs.realpath(path));
    else if (options.has("m") || await fs.exists(resolve(path, "..")) && !options.has("e")) {
      lines.push(path);
    } else throw new CommandFailure(`${name}: No such file or directory`);
  }
  return printed(fromLines(lines));
}

async function shuf(args: string[], context: CommandContext): Promise<CommandResult> {
  const { options, operands } = readWords(args, "erz", "nio", {
    "head-count": "n",
    "input-range": "i",
    echo: "e",
    repeat: "r",
    output: "o",
  });
  const [, first, last] = /^(\d+)-(\d+)$/.exec(options.get("i") ?? "") ?? [];
  const size = first === undefined ? 0 : Number(last) - Number(first) + 1;
  if (size > MAX_LINES) throw new CommandFailure(`a range has at most ${MAX_LINES} numbers here`);
  const lines = first !== undefined
    ? Array.from(
      { length: size },
      (_, at) => String(Number(first) + at),
    )
    : options.has("e")
    ? operands
    : linesOf(await readText(operands, context));
  const count = Number(options.get("n") ?? lines.length);
  if (options.has("r") && count > MAX_LINES) {
    throw new CommandFailure(`it repeats at most ${MAX_LINES} lines here`);
  }
  const chosen = options.has("r")
    ? Array.from({ length: count }, () => lines[Math.floor(Math.random() * lines.length)]!)
    : shuffled(lines).slice(0, count);
  const target = options.get("o");
  if (target === undefined) return printed(fromLines(chosen));
  await context.fs.writeFile(resolve(context.cwd, target), fromLines(chosen));
  return printed("");
}
