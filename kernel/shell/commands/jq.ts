/** `jq`, whose programs are changed where the library's own understands them in another way. */
import type { CommandContext, CommandResult } from "../just_bash.ts";
import { readText } from "./words.ts";

/** The functions that the library has in another way, as `jq` defines them; `f` is their argument. */
const FUNCTIONS: Readonly<Record<string, (f: string, count: number) => string>> = {
  group_by: (f) => `(sort_by(${f}) | group_by(${f}))`,
  unique: () => "(sort | unique)",
  unique_by: (f) => `(sort_by(${f}) | unique_by(${f}))`,
  walk: (f, count) =>
    `(def own_walk_${count}: (if type == "object" then map_values(own_walk_${count}) ` +
    `elif type == "array" then [.[] | own_walk_${count}] else . end) | (${f}); own_walk_${count})`,
};
/** The functions without an argument. */
const PLAIN = ["unique"];
/** The options that have values, and how many. */
const VALUED: Readonly<Record<string, number>> = {
  "--arg": 2,
  "--argjson": 2,
  "--slurpfile": 2,
  "--rawfile": 2,
  "--indent": 1,
};

/** Runs a program, from its words or from a file (`-f`). */
export async function jq(args: string[], context: CommandContext): Promise<CommandResult> {
  const words: string[] = [];
  let found = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const values = VALUED[word];
    if (values !== undefined) {
      words.push(...args.slice(at, at + values + 1));
      at += values;
    } else if (/^(-[a-zA-Z]*f|--from-file)$/.test(word)) {
      const flags = word.startsWith("--") ? "" : word.slice(1, -1);
      if (flags !== "") words.push(`-${flags}`);
      const program = await readText([args[++at] ?? ""], context);
      words.push(changedProgram(program.replace(/^\s*#.*$/gm, "")));
      found = true;
    } else if (!found && !/^-./.test(word)) {
      words.push(changedProgram(word));
      found = true;
    } else words.push(/^-[a-zA-Z]*j/.test(word) ? `${word}r` : word);
  }
  return await context.origCommand!(words);
}

/** Returns a program that means here what it means to `jq`: `{$name}` is `{name: $name}`. */
export function changedProgram(program: string): string {
  const brackets: string[] = [];
  let result = "";
  /** True where the name of a member may stand. */
  let atName = false;
  let count = 0;
  for (let at = 0; at < program.length;) {
    const rest = program.slice(at);
    const space = /^(\s+|#.*)/.exec(rest)?.[0];
    if (space !== undefined) {
      result += space;
      at += space.length;
      continue;
    }
    const text = TEXT.exec(rest)?.[0];
    const [member, name] = (atName ? /^\$(\w+)(?=\s*[,}])/.exec(rest) : null) ?? [];
    const [word] = /^[.$]?[a-zA-Z_]\w*/.exec(rest) ?? [];
    if (text !== undefined) {
      result += text;
      at += text.length;
    } else if (member !== undefined) {
      result += `${name}: ${member}`;
      at += member.length;
    } else if (word !== undefined) {
      const after = rest.slice(word.length);
      const argument = PLAIN.includes(word) ? "" : argumentOf(after);
      const isName = atName && /^\s*[:,}]/.test(after);
      if (!isName && Object.hasOwn(FUNCTIONS, word) && argument !== undefined) {
        const f = changedProgram(argument.replace(/^\(|\)$/g, ""));
        result += FUNCTIONS[word]!(f, count++);
        at += argument.length;
      } else result += word;
      at += word.length;
    } else {
      const character = program[at]!;
      if ("{[(".includes(character)) brackets.push(character);
      else if ("}])".includes(character)) brackets.pop();
      atName = character === "{" || character === "," && brackets.at(-1) === "{";
      result += character;
      at++;
      continue;
    }
    atName = false;
  }
  return result;
}

const TEXT = /^"(?:[^"\\]|\\.)*"/s;

/** Returns the argument in parentheses at the start of a text; undefined when there is none. */
function argumentOf(text: string): string | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const quoted = TEXT.exec(text.slice(at))?.[0];
    if (quoted !== undefined) at += quoted.length - 1;
    else if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return text.slice(0, at + 1);
    if (depth === 0) return undefined;
  }
  return undefined;
}
