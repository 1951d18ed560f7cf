import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { sha256 } from "../whole_file.ts";
import { assertCanKeep, keepFile } from "./kept_files.ts";

/** Changes when what is compiled, or how, does. */
const FORMAT = 1;

/** A standard library: a zip file and what is in it. */
export interface StdlibArchive {
  path: string;
  content: Uint8Array<ArrayBuffer>;
}

/** Makes an archive's content with compiled files; takes seconds. */
export type CompileStdlib = () => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Keeps the standard library with compiled files beside its sources: modules that are not in the memory
 * image would be compiled by every kernel that imports them, which takes five times as long as the rest.
 */
export class StdlibCache {
  readonly #dir: string;

  /** The directory is made when something is written. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The compiled form of an archive; that archive itself when it cannot be made or kept. */
  async compiled(stock: StdlibArchive, compile: CompileStdlib): Promise<StdlibArchive> {
    const begin = `stdlib-${FORMAT}-${(await sha256(stock.content)).slice(0, 32)}-`;
    try {
      return await this.#find(begin) ?? await this.#make(begin, compile);
    } catch (error) {
      console.warn(`Doing without a compiled standard library: ${messageOf(error)}`);
      return stock;
    }
  }

  /** One that is whole; its name has its hash. */
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
