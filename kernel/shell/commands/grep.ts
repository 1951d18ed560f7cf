/** `grep` with several patterns. */
import type { CommandContext, CommandResult } from "../just_bash.ts";
import { linesOf, readText } from "./words.ts";

/** Knows several patterns (`-e`, `-f`), and shows no colours. */
export async function grep(args: string[], context: CommandContext): Promise<CommandResult> {
  const patterns: string[] = [];
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const [, flags = "", flag, attached] =
      /^-([a-zA-Z]*?)([ef])(.*)$|^--(?:regexp|file)=/s.exec(word) ?? [];
    const long = /^--(regexp|file)=(.*)$/s.exec(word);
    if (word === "--") {
      words.push(...args.slice(at));
      break;
    }
    if (/^--colou?r(=.*)?$/.test(word)) continue;
    if ((flag === undefined || /[ABCmd]/.test(flags)) && !long) {
      words.push(word);
      continue;
    }
    if (flags !== "") words.push(`-${flags}`);
    const value = long ? long[2]! : attached || (args[++at] ?? "");
    const isFile = long ? long[1] === "file" : flag === "f";
    const text = isFile ? await readText([value], context) : value;
    patterns.push(...(isFile ? linesOf(text) : text.split("\n")));
  }
  if (patterns.length === 0) return await context.origCommand!(words);
  const flags = words.filter((it) => /^-[a-zA-Z]+$/.test(it)).join("");
  if (patterns.length === 1) return await context.origCommand!(["-e", patterns[0]!, ...words]);
  const plain = flags.includes("F");
  const extended = plain || /[EP]/.test(flags);
  const all = plain ? patterns.map((it) => it.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")) : patterns;
  const others = plain
    ? ["-E", ...words.map((it) => /^-\w+$/.test(it) ? it.replace("F", "") : it)]
    : words;
  const rest = others.filter((it) => it !== "-");
  return await context.origCommand!(["-e", all.join(extended ? "|" : "\\|"), ...rest]);
}
