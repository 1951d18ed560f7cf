import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { sha256 } from "../whole_file.ts";
import { assertCanKeep, keepFile } from "./kept_files.ts";

/** Changes whenever the compiler makes other archives from the same sources. */
const FORMAT = 1;

/** A standard library: the path and the bytes of a zip file. */
export interface StdlibArchive {
  path: string;
  content: Uint8Array<ArrayBuffer>;
}

/** Returns the bytes of an archive with compiled files; takes seconds. */
export type CompileStdlib = () => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Keeps the standard library with compiled files beside its sources. Without them, each kernel would
 * compile the modules that it imports and that the memory image lacks: compiling takes five times as
 * long as the rest of an import.
 */
export class StdlibCache {
  readonly #dir: string;

  /** Creates no directory before an archive is written. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Returns the compiled form of an archive, or `stock` itself when that cannot be made or kept. */
  async compiled(stock: StdlibArchive, compile: CompileStdlib): Promise<StdlibArchive> {
    const begin = `stdlib-${FORMAT}-${(await sha256(stock.content)).slice(0, 32)}-`;
    try {
      return await this.#find(begin) ?? await this.#make(begin, compile);
    } catch (error) {
      console.warn(`Doing without a compiled standard library: ${messageOf(error)}`);
      return stock;
    }
  }

  /** Finds an archive whose name begins with `begin` and whose contents have the hash in its name. */
  async #find(begin: string): Promise<StdlibArchive | undefined> {
    const names = await Array.fromAsync(Deno.readDir(this.#dir), ({ name }) => name).catch(
      () => [],
    );
    for (const name of names) {
      if (!name.startsWith(begin) || !name.endsWith(".zip")) continue;
      const path = join(this.#dir, name);
      const content = await Deno.readFile(path);
      if (name === fileName(begin, await sha256(content))) return { path, content };
      console.warn(`Ignoring the standard library "${path}": its checksum is wrong`);
    }
    return undefined;
  }

  async #make(begin: string, compile: CompileStdlib): Promise<StdlibArchive> {
    await assertCanKeep(this.#dir);
    const content = await compile();
    const name = fileName(begin, await sha256(content));
    await keepFile(this.#dir, name, content, /^stdlib-.*\.(zip|tmp)$/);
    return { path: join(this.#dir, name), content };
  }
}

function fileName(begin: string, hash: string): string {
  return `${begin}${hash.slice(0, 32)}.zip`;
}
