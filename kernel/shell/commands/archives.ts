/** `tar`, `gzip`, `gunzip` and `zcat`, which the shell's own library lacks here. */
import { joinedBytes } from "../../joined_bytes.ts";
import { dirname, resolve } from "node:path/posix";
import type { CommandContext, CommandResult, ShellCommand, ShellFileSystem } from "../just_bash.ts";
import { fromLatin1 } from "../shell_files.ts";
import { gunzipped, gzipped } from "./compression.ts";
import { CommandFailure, printed, printedBytes } from "./words.ts";

const BLOCK = 512;
/** The longest name in an archive's header, in bytes. */
const MAX_NAME_BYTES = 100;

/** The commands. */
export const archiveCommands: Record<string, ShellCommand> = {
  tar,
  gzip: (args, context) =>
    gzip(args, context, args.some((arg) => /^-[a-z]*d/.test(arg) || arg === "--decompress")),
  gunzip: (args, context) => gzip(args, context, true),
  zcat: (args, context) => gzip(["-c", ...args], context, true),
};

async function gzip(
  args: string[],
  { fs, cwd, stdin }: CommandContext,
  unpacks: boolean,
): Promise<CommandResult> {
  const flags = args.filter((arg) => /^-[^-]/.test(arg)).join("");
  const names = args.filter((arg) => !/^-./.test(arg) && arg !== "-");
  const convert = unpacks ? gunzipped : gzipped;
  if (names.length === 0) return printedBytes(await convert(fromLatin1(stdin)));
  const output: Uint8Array[] = [];
  for (const name of names) {
    const path = resolve(cwd, name);
    if (unpacks && !/\.(gz|tgz)$/.test(name)) throw new Error(`${name}: unknown suffix -- ignored`);
    const bytes = await convert(await fs.readFileBuffer(path));
    if (flags.includes("c")) output.push(bytes);
    else {
      const target = unpacks ? path.replace(/\.tgz$/, ".tar").replace(/\.gz$/, "") : `${path}.gz`;
      await fs.writeFile(target, bytes);
      if (!flags.includes("k")) await fs.rm(path);
    }
  }
  return printedBytes(joinedBytes(output));
}

interface TarOptions {
  mode: "c" | "x" | "t";
  gzip: boolean;
  verbose: boolean;
  /** True when files are printed and not written. */
  prints: boolean;
  file: string | undefined;
  directory: string;
  strip: number;
  names: string[];
  /** The patterns of names that are left out. */
  excluded: RegExp[];
}

async function tar(args: string[], { fs, cwd, stdin }: CommandContext): Promise<CommandResult> {
  const options = parseTar(args, cwd);
  const archive = options.file === undefined || options.file === "-"
    ? undefined
    : resolve(cwd, options.file);
  if (options.mode === "c") {
    const listed: string[] = [];
    const parts: Uint8Array[] = [];
    for (const name of options.names) await pack(fs, options, name, parts, listed);
    parts.push(new Uint8Array(2 * BLOCK));
    const plain = joinedBytes(parts);
    const bytes = options.gzip ? await gzipped(plain) : plain;
    const log = options.verbose ? `${listed.join("\n")}\n` : "";
    if (archive === undefined) return { ...printedBytes(bytes), stderr: log };
    await fs.writeFile(archive, bytes);
    return printed(log);
  }
  const read = archive === undefined ? fromLatin1(stdin) : await fs.readFileBuffer(archive);
  const bytes = read[0] === 0x1f && read[1] === 0x8b ? await gunzipped(read) : read;
  return await unpack(fs, bytes, options);
}

function parseTar(args: string[], cwd: string): TarOptions {
  const options: TarOptions = {
    mode: "t",
    gzip: false,
    verbose: false,
    prints: false,
    file: undefined,
    directory: cwd,
    strip: 0,
    names: [],
    excluded: [],
  };
  let moded = false;
  const rest = [...args];
  for (let first = true; rest.length > 0; first = false) {
    const arg = rest.shift()!;
    const [name, value] = arg.split(/=(.*)/s, 2) as [string, string | undefined];
    switch (name) {
      case "--file":
        options.file = value ?? rest.shift();
        continue;
      case "--directory":
        options.directory = resolve(options.directory, value ?? rest.shift() ?? ".");
        continue;
      case "--strip-components":
        options.strip = Number(value ?? rest.shift());
        continue;
      case "--gzip":
        options.gzip = true;
        continue;
      case "--to-stdout":
        options.prints = true;
        continue;
      case "--verbose":
        options.verbose = true;
        continue;
      case "--exclude":
        options.excluded.push(patternOf(value ?? rest.shift() ?? ""));
        continue;
      case "--create":
      case "--extract":
      case "--list":
        options.mode = name === "--create" ? "c" : name === "--extract" ? "x" : "t";
        moded = true;
        continue;
    }
    if (arg.startsWith("--")) {
      // Owners, dates and modes are kept as far as a kernel has them.
      if (/^--(no-same|same|preserve|owner|group|numeric|sort|mtime|auto|warning)/.test(arg)) {
        continue;
      }
      throw new CommandFailure(`unrecognized option '${arg}'`, 64);
    }
    if (!arg.startsWith("-") && !first) {
      options.names.push(arg);
      continue;
    }
    for (const flag of arg.replace(/^-/, "")) {
      if (flag === "c" || flag === "x" || flag === "t") {
        options.mode = flag;
        moded = true;
      } else if (flag === "z") options.gzip = true;
      else if (flag === "v") options.verbose = true;
      else if (flag === "O") options.prints = true;
      else if (flag === "f") options.file = rest.shift();
      else if (flag === "C") options.directory = resolve(options.directory, rest.shift() ?? ".");
      else if (!"pkmoaPh".includes(flag)) {
        throw new CommandFailure(`invalid option -- '${flag}': kernels know gzip alone`, 64);
      }
    }
  }
  if (!moded) throw new Error("You must specify one of the '-c', '-x' and '-t' options");
  return options;
}

/** Returns the expression for a pattern of names, which may match a part of a path. */
function patternOf(pattern: string): RegExp {
  const plain = pattern.replace(/\/$/, "").replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const source = plain.replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`(^|/)${source}(/|$)`, "s");
}

async function pack(
  fs: ShellFileSystem,
  options: TarOptions,
  name: string,
  parts: Uint8Array[],
  listed: string[],
): Promise<void> {
  if (options.excluded.some((pattern) => pattern.test(name))) return;
  const path = resolve(options.directory, name);
  const { isDirectory, isSymbolicLink, mode, mtime } = await fs.lstat(path);
  const inside = name.replace(/^\/+/, "");
  const shown = isDirectory ? `${inside.replace(/\/+$/, "")}/` : inside;
  listed.push(shown);
  if (isSymbolicLink) {
    parts.push(header(shown, { type: "2", size: 0, mode, mtime, link: await fs.readlink(path) }));
  } else if (isDirectory) {
    parts.push(header(shown, { type: "5", size: 0, mode, mtime }));
    for (const entry of await fs.readdir(path)) {
      await pack(fs, options, `${name.replace(/\/+$/, "")}/${entry}`, parts, listed);
    }
  } else {
    const bytes = await fs.readFileBuffer(path);
    parts.push(
      header(shown, { type: "0", size: bytes.length, mode, mtime }),
      bytes,
      padding(bytes.length),
    );
  }
}

interface HeaderFields {
  type: string;
  size: number;
  mode: number;
  mtime: Date;
  link?: string;
}

function header(name: string, { type, size, mode, mtime, link = "" }: HeaderFields): Uint8Array {
  const encoder = new TextEncoder();
  const encoded = encoder.encode(name);
  // A longer name is written as a file of its own before the file that it belongs to.
  const before = encoded.length > MAX_NAME_BYTES && type !== "L"
    ? [
      header("././@LongLink", { type: "L", size: encoded.length + 1, mode: 0, mtime: new Date(0) }),
      encoded,
      new Uint8Array(1),
      padding(encoded.length + 1),
    ]
    : [];
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string) => block.set(encoder.encode(text), at);
  block.set(encoded.subarray(0, MAX_NAME_BYTES), 0);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  put(100, octal(mode & 0o7777, 7));
  put(108, octal(1_000, 7));
  put(116, octal(1_000, 7));
  put(124, octal(size, 11));
  put(136, octal(Math.floor(mtime.getTime() / 1_000), 11));
  put(148, "        ");
  put(156, type);
  block.set(encoder.encode(link).subarray(0, MAX_NAME_BYTES), 157);
  put(257, "ustar\u000000");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return joinedBytes([...before, block]);
}

async function unpack(
  fs: ShellFileSystem,
  bytes: Uint8Array,
  { mode, verbose, prints, directory, strip, names, excluded }: TarOptions,
): Promise<CommandResult> {
  const listed: string[] = [];
  const printing: Uint8Array[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const block = bytes.subarray(at, at + BLOCK);
    if (block.every((byte) => byte === 0)) break;
    const size = Number.parseInt(field(block, 124, 12), 8) || 0;
    const type = String.fromCharCode(block[156]!);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === "L") {
      longName = field(content, 0, size);
      continue;
    }
    if (type === "x" || type === "g") continue;
    const prefix = field(block, 257, 5) === "ustar" ? field(block, 345, 155) : "";
    const name = longName ?? (prefix ? `${prefix}/` : "") + field(block, 0, MAX_NAME_BYTES);
    longName = undefined;
    const wanted = names.length === 0 ||
      names.some((it) => name === it || name.startsWith(`${it.replace(/\/$/, "")}/`));
    if (!wanted || excluded.some((pattern) => pattern.test(name))) continue;
    listed.push(mode === "t" && verbose ? longLine(block, name, size) : name);
    if (mode === "t") continue;
    if (prints) {
      if (type === "0" || type === "\0") printing.push(content);
      continue;
    }
    const inside = name.split("/").slice(strip).join("/");
    if (inside === "") continue;
    const path = resolve(directory, inside);
    if (path !== directory && !path.startsWith(`${directory === "/" ? "" : directory}/`)) {
      throw new Error(`${name}: it leads out of the directory`);
    }
    await fs.mkdir(type === "5" ? path : dirname(path), { recursive: true });
    if (type === "2") await fs.symlink(field(block, 157, MAX_NAME_BYTES), path);
    else if (type !== "5") {
      await fs.writeFile(path, content.slice());
      await fs.chmod(path, Number.parseInt(field(block, 100, 8), 8) || 0o644);
    }
  }
  if (prints) return printedBytes(joinedBytes(printing));
  const log = mode === "t" || verbose ? listed.map((name) => `${name}\n`).join("") : "";
  return printed(log);
}

/** Returns a line that tells of a file's mode, owner, size and time. */
function longLine(block: Uint8Array, name: string, size: number): string {
  const mode = Number.parseInt(field(block, 100, 8), 8) || 0;
  const kind = { "5": "d", "2": "l" }[String.fromCharCode(block[156]!)] ?? "-";
  const rights = Array.from("rwxrwxrwx", (it, at) => mode & (0o400 >> at) ? it : "-").join("");
  const time = new Date((Number.parseInt(field(block, 136, 12), 8) || 0) * 1_000).toISOString();
  const date = time.slice(0, 16).replace("T", " ");
  return `${kind}${rights} user/user ${String(size).padStart(9)} ${date} ${name}`;
}

function field(block: Uint8Array, at: number, length: number): string {
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
}

function padding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - size % BLOCK) % BLOCK);
}
