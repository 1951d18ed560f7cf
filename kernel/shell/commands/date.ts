/** `date` and `touch`. */
import { resolve } from "node:path/posix";
import type { CommandContext, CommandResult } from "../just_bash.ts";
import { parseDate } from "./dates.ts";
import { CommandFailure } from "./words.ts";

/** Reads relative dates, the time of a file (`-r`), and numbers without zeros in front (`%-d`). */
export async function date(args: string[], context: CommandContext): Promise<CommandResult> {
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const [, precision] = /^(?:-I|--iso-8601=?)(\w*)$/.exec(word) ?? [];
    if (precision !== undefined) {
      words.push(precision.startsWith("s") ? "+%FT%T+00:00" : "+%F");
      continue;
    }
    const [, flag, attached] = /^(-d|-r|--date=|--reference=)(.*)$/s.exec(word) ?? [];
    if (flag === undefined) {
      words.push(word);
      continue;
    }
    const value = attached === "" && !flag.endsWith("=") ? args[++at] ?? "" : attached!;
    words.push("-d", flag.includes("r") ? await timeOf(value, context) : momentOf(value));
  }
  const form = words.findIndex((it) => it.startsWith("+"));
  if (form >= 0) words[form] = await withoutZeros(words, form, context);
  return await context.origCommand!(words);
}

function momentOf(text: string): string {
  const time = parseDate(text, Date.now());
  if (time === undefined) throw new CommandFailure(`invalid date '${text}'`);
  return `@${Math.floor(time / 1_000)}`;
}

async function timeOf(name: string, { fs, cwd }: CommandContext): Promise<string> {
  const { mtime } = await fs.stat(resolve(cwd, name)).catch(() => {
    throw new CommandFailure(`${name}: No such file or directory`);
  });
  return `@${Math.floor(mtime.getTime() / 1_000)}`;
}

/** Replaces the parts of a form whose zeros are not wanted by their values. */
async function withoutZeros(
  words: readonly string[],
  form: number,
  context: CommandContext,
): Promise<string> {
  let text = words[form]!;
  for (const [part, letter] of text.matchAll(/%-([a-zA-Z])/g)) {
    const { stdout } = await context.origCommand!(words.with(form, `+%${letter}`));
    text = text.replace(part, stdout.trim().replace(/^0+(?=.)/, ""));
  }
  return text;
}

/** Gives a file the time that `-d` names, in all forms that `date` reads. */
export async function touch(args: string[], context: CommandContext): Promise<CommandResult> {
  const words = [...args];
  for (let at = 0; at < words.length; at++) {
    const [, attached] = /^(?:-d|--date=)(.*)$/s.exec(words[at]!) ?? [];
    if (attached === undefined) continue;
    const value = attached === "" ? words[at + 1] ?? "" : attached;
    const time = parseDate(value, Date.now());
    if (time === undefined) throw new CommandFailure(`invalid date format '${value}'`);
    words.splice(at, attached === "" ? 2 : 1, "-d", new Date(time).toISOString());
    at++;
  }
  return await context.origCommand!(words);
}
