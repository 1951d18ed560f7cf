/** `zip` and `unzip`. */
import { builtinZlib } from "../../builtin_zlib.ts";
import { joinedBytes } from "../../joined_bytes.ts";
import { dirname, join, resolve } from "node:path/posix";
import type { CommandContext, CommandResult, ShellCommand, ShellFileSystem } from "../just_bash.ts";
import { deflated, inflated, MAX_UNPACKED_BYTES } from "./compression.ts";
import { CommandFailure, fromLines, printed, printedBytes, readWords } from "./words.ts";

/** The commands. */
export const zipCommands: Record<string, ShellCommand> = { zip, unzip };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const DEFLATE = 8;
/** The flag of names in UTF-8. */
const UTF8 = 0x800;
/** The date of a file in an archive, in the form of the archive: 1 January 2020. */
const DATE = ((2020 - 1980) << 9) | (1 << 5) | 1;

/** A file of an archive. */
interface Entry {
  name: string;
  method: number;
  crc: number;
  packed: Uint8Array<ArrayBuffer>;
  size: number;
  isEncrypted: boolean;
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
    const method = packed.length < bytes.length ? DEFLATE : 0;
    log.push(`  adding: ${shown}`);
    entries.set(shown, {
      name: shown,
      method,
      crc: builtinZlib().crc32(bytes),
      packed: method === DEFLATE ? packed : bytes.slice(),
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
    const local = block(LOCAL_BYTES, (view) => {
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
  const view = new DataView(bytes.buffer);
  const damaged = () => new CommandFailure("the archive is damaged, or is none", 9);
  let end = bytes.length - END_BYTES;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw damaged();
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  try {
    for (let count = view.getUint16(end + 10, true); count > 0; count--) {
      if (view.getUint32(at, true) !== CENTRAL) throw damaged();
      const flags = view.getUint16(at + 8, true);
      const [nameBytes, extra, comment] = [28, 30, 32].map((it) => view.getUint16(at + it, true));
      const name = new TextDecoder().decode(
        bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes!),
      );
      const start = view.getUint32(at + 42, true);
      const data = start + LOCAL_BYTES + view.getUint16(start + 26, true) +
        view.getUint16(start + 28, true);
      entries.push({
        name,
        method: view.getUint16(at + 10, true),
        crc: view.getUint32(at + 16, true),
        packed: bytes.subarray(data, data + view.getUint32(at + 20, true)),
        size: view.getUint32(at + 24, true),
        isEncrypted: (flags & 1) !== 0,
      });
      at += CENTRAL_BYTES + nameBytes! + extra! + comment!;
    }
  } catch (error) {
    // A place that is outside of the archive.
    if (error instanceof RangeError) throw damaged();
    throw error;
  }
  return entries;
}

async function contentOf({ name, method, crc, packed, isEncrypted }: Entry): Promise<Uint8Array> {
  if (isEncrypted) throw new CommandFailure(`${name}: it is encrypted`, 81);
  if (method !== 0 && method !== DEFLATE) {
    throw new CommandFailure(`${name}: its compression (${method}) is not known`, 81);
  }
  const bytes = method === 0 ? packed : await inflated(packed);
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
