import { dirname, join } from "node:path/posix";
import type { Completeness, Completion } from "../calls/replies.ts";
import type { FileSystem } from "../files/file_system.ts";

const MOST_MATCHES = 500;

/** The names that a shell knows. */
export interface ShellNames {
  commands: readonly string[];
  variables: readonly string[];
  files: FileSystem;
}

/** Completes a script at a position in code points: a command, a variable, or a path. */
export function completeShell(
  code: string,
  cursorPos: number,
  { commands, variables, files }: ShellNames,
): Completion {
  const before = [...code].slice(0, cursorPos).join("");
  const [word = ""] = /[^\s;|&<>()'"`]*$/.exec(before) ?? [];
  const isCommand = /(^|[;|&(`\n]|\$\()\s*$/.test(before.slice(0, before.length - word.length));
  const [, variable] = /\$\{?(\w*)$/.exec(word) ?? [];
  const prefix = variable ?? word;
  const candidates = variable !== undefined
    ? variables
    : isCommand && !word.includes("/")
    ? commands
    : pathsLike(word, files);
  const matches = [...new Set(candidates)].filter((it) => it.startsWith(prefix)).toSorted();
  return {
    matches: matches.slice(0, MOST_MATCHES),
    cursorStart: cursorPos - [...prefix].length,
    cursorEnd: cursorPos,
    metadata: {},
  };
}

function pathsLike(word: string, files: FileSystem): string[] {
  const directory = word.endsWith("/") ? word : dirname(word);
  const shown = word.includes("/")
    ? (directory === "/" ? "/" : `${directory.replace(/\/$/, "")}/`)
    : "";
  try {
    return files.readdir(directory).filter((name) => name !== "." && name !== "..").map((name) => {
      const isDirectory = files.isDir(files.stat(join(directory, name)).mode);
      return `${shown}${name}${isDirectory ? "/" : ""}`;
    });
  } catch {
    return [];
  }
}

/** The words that open a block, and those that close one. */
const OPENING = /(^|[;\n&|]|\bthen\b|\bdo\b|\belse\b)\s*(if|for|while|until|case|select)\b/g;
const CLOSING = /(^|[;\n&|])\s*(fi|done|esac)\b/g;

/** Judges if a script could be executed as it is, by its quotes, blocks and last line. */
export function judgeShell(code: string): Completeness {
  const plain = code.replace(/\\[^\n]/g, "").replace(/(^|\s)#.*$/gm, "$1")
    .replace(/'[^']*'/g, "").replace(/"[^"]*"/g, "");
  const open = /['"]/.test(plain) || /\\\n?$/.test(code) ||
    /(\||&&|\|\||\bdo|\bthen|\belse)\s*$/.test(plain);
  const count = (pattern: RegExp) => [...plain.matchAll(pattern)].length;
  const [, , tag] = /<<-?\s*(['"]?)(\w+)\1/.exec(code) ?? [];
  const inHeredoc = tag !== undefined && !new RegExp(`^\\s*${tag}$`, "m").test(code);
  const braces = count(/(^|\s|\))\{(?=\s|$)/g) - count(/(^|[\s;])\}/g);
  const incomplete = open || inHeredoc || braces > 0 || count(OPENING) > count(CLOSING);
  return { status: incomplete ? "incomplete" : "complete", indent: incomplete ? "  " : "" };
}
