/** `zip` and `unzip`. */
import { builtinZlib } from "../../builtin_zlib.ts";
import { joinedBytes } from "../../joined_bytes.ts";
import {
  findZipList,
  readZipList,
  ZIP_DEFLATED,
  ZIP_LOCAL_BYTES,
  ZIP_STORED,
  zipContents,
  type ZipEntry,
} from "../../zip_list.ts";
import { dirname, join, resolve } from "node:path/posix";
import type { CommandContext, CommandResult, ShellCommand, ShellFileSystem } from "../just_bash.ts";
import { deflated, inflated, MAX_UNPACKED_BYTES } from "./compression.ts";
import { CommandFailure, fromLines, printed, printedBytes, readWords } from "./words.ts";

/** The commands. */
export const zipCommands: Record<string, ShellCommand> = { zip, unzip };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** The flag of names in UTF-8. */
const UTF8 = 0x800;
/** The date of a file in an archive, in the form of the archive: 1 January 2020. */
const DATE = ((2020 - 1980) << 9) | (1 << 5) | 1;

/** A file of an archive. */
interface Entry extends Pick<ZipEntry, "name" | "method" | "crc" | "size" | "isEncrypted"> {
  packed: Uint8Array<ArrayBuffer>;
}

async function zip(args: string[], { fs, cwd }: CommandContext): Promise<CommandResult> {
  const { options, operands: [target, ...names] } = readWords(args, "rqjuv0123456789", "x");
  if (target === undefined || names.length === 0) throw new CommandFailure("Nothing to do!", 12);
  const path = resolve(cwd, /\.\w+$/.test(target) ? target : `${target}.zip`);
  const entries = new Map<string, Entry>();
  if (await fs.exists(path)) {
    for (const entry of readEntries(await fs.readFileBuffer(path))) entries.set(entry.name, entry);
  }
  const log: string[] = [];
  const put = async (name: string, bytes: Uint8Array) => {
    const shown = options.has("j") ? name.replace(/^.*\/(?=.)/, "") : name;
    const packed = await deflated(bytes);
    const method = packed.length < bytes.length ? ZIP_DEFLATED : ZIP_STORED;
    log.push(`  adding: ${shown}`);
    entries.set(shown, {
      name: shown,
      method,
      crc: builtinZlib().crc32(bytes),
      packed: method === ZIP_DEFLATED ? packed : bytes.slice(),
      size: bytes.length,
      isEncrypted: false,
    });
  };
  for (const name of names) await collect(fs, cwd, name.replace(/^\/+/, ""), options.has("r"), put);
  if (log.length === 0) throw new CommandFailure("Nothing to do!", 12);
  await fs.writeFile(path, writeEntries([...entries.values()]));
  return printed(options.has("q") ? "" : fromLines(log));
}

async function collect(
  fs: ShellFileSystem,
  cwd: string,
  name: string,
  recursive: boolean,
  put: (name: string, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const path = resolve(cwd, name);
  if (!await fs.exists(path)) throw new CommandFailure(`name not matched: ${name}`, 12);
  if (!(await fs.stat(path)).isDirectory) return await put(name, await fs.readFileBuffer(path));
  if (name !== ".") await put(`${name.replace(/\/+$/, "")}/`, new Uint8Array());
  if (!recursive) return;
  for (const entry of await fs.readdir(path)) {
    await collect(fs, cwd, name === "." ? entry : join(name, entry), true, put);
  }
}

function writeEntries(entries: readonly Entry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const index: Uint8Array[] = [];
  let at = 0;
  for (const { name, method, crc, packed, size } of entries) {
    const encoded = new TextEncoder().encode(name);
    const facts = [UTF8, method, 0, DATE];
    const sizes = [crc, packed.length, size];
    const local = block(ZIP_LOCAL_BYTES, (view) => {
      view.setUint32(0, LOCAL, true);
      view.setUint16(4, 20, true);
      facts.forEach((it, place) => view.setUint16(6 + 2 * place, it, true));
      sizes.forEach((it, place) => view.setUint32(14 + 4 * place, it, true));
      view.setUint16(26, encoded.length, true);
    });
    index.push(
      block(CENTRAL_BYTES, (view) => {
        view.setUint32(0, CENTRAL, true);
        view.setUint16(4, 20 | (3 << 8), true);
        view.setUint16(6, 20, true);
        facts.forEach((it, place) => view.setUint16(8 + 2 * place, it, true));
        sizes.forEach((it, place) => view.setUint32(16 + 4 * place, it, true));
        view.setUint16(28, encoded.length, true);
        view.setUint32(38, ((name.endsWith("/") ? 0o40755 : 0o100644) << 16) >>> 0, true);
        view.setUint32(42, at, true);
      }),
      encoded,
    );
    parts.push(local, encoded, packed);
    at += local.length + encoded.length + packed.length;
  }
  const length = index.reduce((sum, part) => sum + part.length, 0);
  const end = block(END_BYTES, (view) => {
    view.setUint32(0, END, true);
    view.setUint16(8, entries.length, true);
    view.setUint16(10, entries.length, true);
    view.setUint32(12, length, true);
    view.setUint32(16, at, true);
  });
  return joinedBytes([...parts, ...index, end]);
}

function block(size: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return bytes;
}

/** Reads the index of an archive, which is at its end. */
function readEntries(archive: Uint8Array): Entry[] {
  // The entries are parts of one copy: many may name the same bytes.
  const bytes = archive.slice();
  const place = findZipList(bytes);
  const list = place && readZipList(bytes.subarray(place.offset), place.count);
  if (!list) throw damaged();
  return list.map((it) => {
    const packed = zipContents(bytes.subarray(it.offset), it);
    if (!packed) throw damaged();
    return { ...it, packed };
  });
}

function damaged(): CommandFailure {
  return new CommandFailure("the archive is damaged, or is none", 9);
}

async function contentOf({ name, method, crc, packed, isEncrypted }: Entry): Promise<Uint8Array> {
  if (isEncrypted) throw new CommandFailure(`${name}: it is encrypted`, 81);
  if (method !== ZIP_STORED && method !== ZIP_DEFLATED) {
    throw new CommandFailure(`${name}: its compression (${method}) is not known`, 81);
  }
  const bytes = method === ZIP_STORED ? packed : await inflated(packed);
  if (builtinZlib().crc32(bytes) !== crc) throw new CommandFailure(`${name}: bad CRC`, 2);
  return bytes;
}

async function unzip(args: string[], { fs, cwd }: CommandContext): Promise<CommandResult> {
  const { options, operands: [name, ...wanted] } = readWords(args, "lqopnjtv", "dx");
  if (name === undefined) throw new CommandFailure("name an archive", 10);
  const path = [resolve(cwd, name), `${resolve(cwd, name)}.zip`];
  const archive = await fs.exists(path[0]!) ? path[0]! : path[1]!;
  if (!await fs.exists(archive)) {
    throw new CommandFailure(`cannot find or open ${name}, ${name}.zip or ${name}.ZIP.`, 9);
  }
  const entries = readEntries(await fs.readFileBuffer(archive))
    .filter((it) => wanted.length === 0 || wanted.some((pattern) => matches(it.name, pattern)));
  if (options.has("l") || options.has("v")) {
    const total = entries.reduce((sum, { size }) => sum + size, 0);
    const lines = entries.map((it) => `${String(it.size).padStart(9)}  ${it.name}`);
    return printed(fromLines([
      ...[`Archive:  ${name}`, "  Length  Name", "---------  ----"],
      ...[...lines, "---------  ----", `${String(total).padStart(9)}  ${entries.length} files`],
    ]));
  }
  const directory = resolve(cwd, options.get("d") ?? ".");
  const printing: Uint8Array[] = [];
  const log = [`Archive:  ${name}`];
  let total = 0;
  for (const entry of entries) {
    const target = resolve(
      directory,
      options.has("j") ? entry.name.replace(/^.*\//, "") : entry.name,
    );
    if (target !== directory && !target.startsWith(directory === "/" ? "/" : `${directory}/`)) {
      throw new CommandFailure(`${entry.name}: it leads out of the directory`);
    }
    if (entry.name.endsWith("/")) {
      if (!options.has("p") && !options.has("t")) await fs.mkdir(target, { recursive: true });
      continue;
    }
    const bytes = await contentOf(entry);
    total += bytes.length;
    if (total > MAX_UNPACKED_BYTES) {
      throw new CommandFailure(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
    }
    if (options.has("p")) printing.push(bytes);
    else if (!options.has("t") && !(options.has("n") && await fs.exists(target))) {
      await fs.mkdir(dirname(target), { recursive: true });
      await fs.writeFile(target, bytes);
      log.push(`  inflating: ${entry.name}`);
    }
  }
  if (options.has("p")) return printedBytes(joinedBytes(printing));
  return printed(options.has("q") ? "" : fromLines(log));
}

function matches(name: string, pattern: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "s").test(name);
}
