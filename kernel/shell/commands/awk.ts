/** `awk` with programs in files (`-f`), and with separators that are given as variables (`-v OFS=-`). */
import type { CommandContext, CommandResult } from "../just_bash.ts";
import { readText } from "./words.ts";

/** The variables that the library reads from a program alone. */
const SEPARATORS = ["FS", "OFS", "ORS", "SUBSEP", "CONVFMT", "OFMT"];

/** Runs a program. */
export async function awk(args: string[], context: CommandContext): Promise<CommandResult> {
  const words: string[] = [];
  const programs: string[] = [];
  const assignments: string[] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at]!;
    const [, flag, attached] = /^-([fvF])(.*)$/s.exec(word) ?? [];
    if (flag === undefined) {
      if (word === "--") at++;
      else if (/^-./.test(word)) {
        words.push(word);
        continue;
      }
      break;
    }
    const value = attached === "" ? args[++at] ?? "" : attached!;
    const [, name = "", text = ""] = /^(\w+)=(.*)$/s.exec(value) ?? [];
    if (flag === "f") {
      programs.push(await readText([value], context));
    } else if (flag === "v" && SEPARATORS.includes(name)) {
      assignments.push(`${name} = "${text.replaceAll('"', '\\"')}"`);
    } else words.push(`-${flag}`, value);
  }
  const rest = args.slice(at);
  if (programs.length === 0 && rest.length > 0) programs.push(rest.shift()!);
  const before = assignments.length === 0 ? [] : [`BEGIN { ${assignments.join("; ")} }`];
  const program = [...before, ...programs].join("\n");
  return await context.origCommand!(
    programs.length === 0 ? words : [...words, program, ...rest],
  );
}
