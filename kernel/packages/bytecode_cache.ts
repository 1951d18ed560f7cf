import { z } from "npm:zod@4.6.7";
import { messageOf } from "../errors.ts";
import { type BytecodeHeader, readBytecodeArchive } from "./bytecode_archive.ts";
import type { PackageCache } from "./package_cache.ts";

/** Compiles the sources of a wheel to an archive; rejects when that fails, or the signal ends it. */
export type CompileWheel = (
  wheel: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Changes when older archives must not be used any more. */
const FORMAT = 1;

/** Whoever has compiled it has read somebody's sources: it may write beside those and nowhere else. */
const header: z.ZodType<BytecodeHeader> = z.strictObject({
  files: z.array(z.tuple([
    z.string().regex(/^(?:(?!\.\.?\/)[^/\\\0]+\/)*__pycache__\/[^/\\\0]+\.pyc$/),
    z.number().int().min(0),
  ])),
  record: z.string().regex(/^(?!\.)[^/\\\0]+\.dist-info\/RECORD$/).nullable(),
});

/**
 * Compiled files of the wheels in a cache. They are made when they are first missed, one wheel after
 * the other, and no kernel waits for them: the next one has them.
 */
export class BytecodeCache implements AsyncDisposable {
  readonly #cache: PackageCache;
  readonly #compile: CompileWheel;
  readonly #python: string;
  readonly #closing = new AbortController();
  /** What is being compiled, or cannot be. */
  readonly #asked = new Set<string>();
  #work: Promise<void> = Promise.resolve();

  /** `python` names the interpreter that the files are for. */
  constructor(cache: PackageCache, compile: CompileWheel, python: string) {
    this.#cache = cache;
    this.#compile = compile;
    this.#python = python;
  }

  /** Settles when what was missed so far has been made. */
  get idle(): Promise<void> {
    return this.#work;
  }

  /** The compiled files of the wheel with that SHA-256, as an archive; undefined when there are none yet. */
  async get(wheel: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const kept = await this.#kept(wheel);
    // Kernels may name what they like: only what there is takes a place in the queue.
    if (!kept && await this.#cache.has(wheel) && !this.#asked.has(wheel)) {
      this.#asked.add(wheel);
      this.#work = this.#work.then(() => this.#make(wheel));
    }
    return kept;
  }

  /** Gives up what is being compiled. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#work;
  }

  async #kept(wheel: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const found = await this.#cache.resolve(this.#key(wheel));
    return found && await this.#cache.read(found.sha256);
  }

  async #make(wheel: string): Promise<void> {
    const { signal } = this.#closing;
    try {
      // Who asked may have looked just before another one's was made.
      if (await this.#kept(wheel)) return void this.#asked.delete(wheel);
      const bytes = signal.aborted ? undefined : await this.#cache.read(wheel);
      if (!bytes) return void this.#asked.delete(wheel);
      const archive = await this.#compile(bytes, signal);
      assertBytecode(archive);
      const name = await this.#cache.write(archive);
      await this.#cache.remember(this.#key(wheel), { sha256: name, contentType: "" });
      this.#asked.delete(wheel); // It may be asked for again when the cache has forgotten it.
    } catch (error) {
      if (!signal.aborted) console.warn(`Cannot compile a package: ${messageOf(error)}`);
    }
  }

  #key(wheel: string): string {
    return `bytecode ${FORMAT} ${this.#python} ${wheel}`;
  }
}

/** Throws when it is no archive that a kernel could use. */
function assertBytecode(archive: Uint8Array<ArrayBuffer>): void {
  const found = readBytecodeArchive(archive);
  const { files } = header.parse(found.header);
  const size = files.reduce((sum, [, size]) => sum + size, 0);
  if (size !== found.contents.length) throw new Error("its files are not as long as it says");
}
