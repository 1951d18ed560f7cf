import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { sha256 } from "../whole_file.ts";
import { forgetOld } from "./forget_old.ts";

/** Changes when what is compiled, or how, does. */
const FORMAT = 1;
/** How many archives a directory keeps, the newest. */
const KEPT_ARCHIVES = 4;

/** Makes the archive with compiled files; takes seconds. */
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

  /** Where the compiled form of an archive is; that archive itself when it cannot be made or kept. */
  async path(stock: string, compile: CompileStdlib): Promise<string> {
    const begin = `stdlib-${FORMAT}-${(await sha256(await Deno.readFile(stock))).slice(0, 32)}-`;
    try {
      return await this.#find(begin) ?? await this.#make(begin, compile);
    } catch (error) {
      console.warn(`Doing without a compiled standard library: ${messageOf(error)}`);
      return stock;
    }
  }

  /** One that is whole; its name has its hash. */
  async #find(begin: string): Promise<string | undefined> {
    const names = await Array.fromAsync(Deno.readDir(this.#dir), ({ name }) => name).catch(
      () => [],
    );
    for (const name of names) {
      if (!name.startsWith(begin) || !name.endsWith(".zip")) continue;
      const path = join(this.#dir, name);
      const content = await Deno.readFile(path);
      if (name === fileName(begin, await sha256(content))) return path;
      console.warn(`Ignoring the standard library "${path}": its checksum is wrong`);
    }
    return undefined;
  }

  async #make(begin: string, compile: CompileStdlib): Promise<string> {
    await Deno.mkdir(this.#dir, { recursive: true, mode: 0o700 });
    // Whether it can be kept is found out before the seconds that it takes are spent.
    const draft = await Deno.makeTempFile({ dir: this.#dir, prefix: begin, suffix: ".tmp" });
    try {
      const content = await compile();
      await Deno.writeFile(draft, content);
      const path = join(this.#dir, fileName(begin, await sha256(content)));
      await Deno.rename(draft, path);
      await forgetOld(this.#dir, /^stdlib-.*\.(zip|tmp)$/, KEPT_ARCHIVES);
      return path;
    } catch (error) {
      await Deno.remove(draft).catch(() => {});
      throw error;
    }
  }
}

function fileName(begin: string, hash: string): string {
  return `${begin}${hash.slice(0, 32)}.zip`;
}
