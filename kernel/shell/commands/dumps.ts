/** Commands that show bytes: `od`, `xxd` and `hexdump`. */
import { resolve } from "node:path/posix";
import type { CommandContext, CommandResult, ShellCommand } from "../just_bash.ts";
import {
  CommandFailure,
  countOf,
  fromLines,
  printed,
  printedBytes,
  readInput,
  readWords,
} from "./words.ts";

/** The commands. */
export const dumpCommands: Record<string, ShellCommand> = { od, xxd, hexdump };

const ROW = 16;
/** The names of the bytes that `od -c` does not show as they are. */
const ESCAPES: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function rowsOf(bytes: Uint8Array, size: number): { at: number; row: Uint8Array }[] {
  const rows = [];
  for (let at = 0; at < bytes.length; at += size) {
    rows.push({ at, row: bytes.subarray(at, at + size) });
  }
  return rows;
}

function printable(row: Uint8Array): string {
  return [...row].map((it) => it >= 32 && it < 127 ? String.fromCharCode(it) : ".").join("");
}

function limited(bytes: Uint8Array, options: Map<string, string>, skip: string, length: string) {
  const from = Number(options.get(skip) ?? 0);
  const count = options.get(length);
  return {
    from,
    bytes: bytes.subarray(from, count === undefined ? undefined : from + Number(count)),
  };
}

async function od(args: string[], context: CommandContext): Promise<CommandResult> {
  const { options, operands } = readWords(args, "bcdoxv", "AtNjw", {
    "address-radix": "A",
    format: "t",
    "read-bytes": "N",
    "skip-bytes": "j",
    width: "w",
  });
  const type = options.get("t") ??
    (options.has("c")
      ? "c"
      : options.has("b")
      ? "o1"
      : options.has("x")
      ? "x2"
      : options.has("d")
      ? "u2"
      : "o2");
  const [, kind, digits] = /^([acdoux])(\d*)/.exec(type) ?? [];
  if (kind === undefined) throw new CommandFailure(`invalid type string '${type}'`);
  const size = kind === "c" || kind === "a" ? 1 : Number(digits || 4);
  if (![1, 2, 4].includes(size)) throw new CommandFailure(`invalid type string '${type}'`);
  const { from, bytes } = limited(await readInput(operands, context), options, "j", "N");
  const radix = options.get("A") ?? "o";
  const address = (at: number) =>
    radix === "n"
      ? ""
      : radix === "x"
      ? hex(at, 6)
      : radix === "d"
      ? String(at).padStart(7, "0")
      : at.toString(8).padStart(7, "0");
  const lines = rowsOf(bytes, countOf(options, "w", ROW)).map(({ at, row }) => {
    const cells = rowsOf(row, size).map(({ row: cell }) => ` ${cellOf(cell, kind, size)}`);
    return address(from + at) + cells.join("");
  });
  if (radix !== "n") lines.push(address(from + bytes.length));
  return printed(fromLines(lines));
}

function cellOf(cell: Uint8Array, kind: string, size: number): string {
  const value = cell.reduceRight((sum, byte) => sum * 256 + byte, 0);
  switch (kind) {
    case "x":
      return hex(value, 2 * size);
    case "o":
      return value.toString(8).padStart({ 1: 3, 2: 6, 4: 11 }[size]!, "0");
    case "u":
      return String(value).padStart({ 1: 3, 2: 5, 4: 10 }[size]!);
    case "d": {
      const signed = value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value;
      return String(signed).padStart({ 1: 4, 2: 6, 4: 11 }[size]!);
    }
    default: {
      const known = ESCAPES[value];
      const isPlain = value >= 32 && value < 127;
      return (known ?? (isPlain ? String.fromCharCode(value) : value.toString(8).padStart(3, "0")))
        .padStart(3);
    }
  }
}

async function xxd(args: string[], context: CommandContext): Promise<CommandResult> {
  const { options, operands } = readWords(args, "prubi", "lscg");
  const input = await readInput(operands.slice(0, 1), context);
  if (options.has("r")) {
    return printedBytes(fromHex(new TextDecoder().decode(input), options.has("p")));
  }
  const { from, bytes } = limited(input, options, "s", "l");
  const upper = (text: string) => options.has("u") ? text.toUpperCase() : text;
  if (options.has("p")) {
    // Without a width, everything is one line.
    const width = options.get("c") === "0" ? bytes.length : countOf(options, "c", 30);
    return printed(fromLines(
      rowsOf(bytes, width).map(({ row }) => upper([...row].map((it) => hex(it, 2)).join(""))),
    ));
  }
  const width = countOf(options, "c", ROW);
  const group = options.get("g") === "0" ? width : countOf(options, "g", 2);
  const lines = rowsOf(bytes, width).map(({ at, row }) => {
    const groups = rowsOf(row, group).map(({ row: it }) =>
      [...it].map((byte) => hex(byte, 2)).join("")
    );
    const column = 2 * width + Math.ceil(width / group) - 1;
    return `${hex(from + at, 8)}: ${upper(groups.join(" ")).padEnd(column)}  ${printable(row)}`;
  });
  const text = fromLines(lines);
  const [, target] = operands;
  if (target === undefined) return printed(text);
  await context.fs.writeFile(resolve(context.cwd, target), text);
  return printed("");
}

function fromHex(text: string, plain: boolean): Uint8Array {
  const digits = plain
    ? text
    : text.split("\n").map((line) => line.replace(/^[^:]*:/, "").replace(/ {2}.*$/, "")).join("");
  const pairs = digits.replace(/\s/g, "").match(/[0-9a-f]{2}/gi) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

async function hexdump(args: string[], context: CommandContext): Promise<CommandResult> {
  const { options, operands } = readWords(args, "Cxv", "ns", { canonical: "C" });
  const { from, bytes } = limited(await readInput(operands, context), options, "s", "n");
  const lines = rowsOf(bytes, ROW).map(({ at, row }) => {
    if (!options.has("C")) {
      const words = rowsOf(row, 2).map(({ row: it }) => hex((it[1] ?? 0) * 256 + it[0]!, 4));
      return `${hex(from + at, 7)} ${words.join(" ")}`;
    }
    const cells = [...row].map((it) => hex(it, 2));
    const columns = `${cells.slice(0, 8).join(" ")}  ${cells.slice(8).join(" ")}`.padEnd(48);
    return `${hex(from + at, 8)}  ${columns}  |${printable(row)}|`;
  });
  if (bytes.length > 0) lines.push(hex(from + bytes.length, options.has("C") ? 8 : 7));
  return printed(fromLines(lines));
}
