import { z } from "npm:zod@4.6.7";
import { messageOf } from "../errors.ts";
import { type BytecodeHeader, readBytecodeArchive } from "./bytecode_archive.ts";
import type { PackageCache } from "./package_cache.ts";

/** Compiles the sources of a wheel to an archive; rejects when that fails or the signal is aborted. */
export type CompileWheel = (
  wheel: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
) => Promise<Uint8Array<ArrayBuffer>>;

/** The version of the archives; a new one makes older archives unused. */
const FORMAT = 2;

/**
 * The schema of a header. The compiler has read untrusted sources and is not trusted itself: its files may
 * only lie in `__pycache__` folders beside the sources.
 */
const header: z.ZodType<BytecodeHeader> = z.strictObject({
  files: z.array(z.tuple([
    z.string().regex(/^(?:(?!\.\.?\/)[^/\\\0]+\/)*__pycache__\/[^/\\\0]+\.pyc$/),
    z.number().int().min(0),
    z.number().int().min(0),
  ])),
  record: z.string().regex(/^(?!\.)[^/\\\0]+\.dist-info\/RECORD$/).nullable(),
});

/**
 * Gives the compiled files of the wheels in a cache. Wheels are compiled in the background after the first
 * request, one after the other. No kernel waits for that: later kernels get the compiled files.
 */
export class BytecodeCache implements AsyncDisposable {
  readonly #cache: PackageCache;
  readonly #compile: CompileWheel;
  readonly #python: string;
  readonly #closing = new AbortController();
  /** The wheels that are queued, are being compiled, or could not be compiled. */
  readonly #asked = new Set<string>();
  #work: Promise<void> = Promise.resolve();

  /** `python` identifies the interpreter whose bytecode is made, for example by its ABI. */
  constructor(cache: PackageCache, compile: CompileWheel, python: string) {
    this.#cache = cache;
    this.#compile = compile;
    this.#python = python;
  }

  /** Settles when all queued wheels have been compiled. */
  get idle(): Promise<void> {
    return this.#work;
  }

  /** Returns the archive of a wheel by its SHA-256; undefined while there is none, and then queues it. */
  async get(wheel: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const kept = await this.#kept(wheel);
    // Kernels may ask for any hash: only wheels that the cache has are queued.
    if (!kept && await this.#cache.has(wheel) && !this.#asked.has(wheel)) {
      this.#asked.add(wheel);
      this.#work = this.#work.then(() => this.#make(wheel));
    }
    return kept;
  }

  /** Stops compiling. */
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
      // Another server may have compiled it since it was queued.
      if (await this.#kept(wheel)) return void this.#asked.delete(wheel);
      const bytes = signal.aborted ? undefined : await this.#cache.read(wheel);
      if (!bytes) return void this.#asked.delete(wheel);
      const archive = await this.#compile(bytes, signal);
      assertBytecode(archive);
      const name = await this.#cache.write(archive);
      await this.#cache.remember(this.#key(wheel), { sha256: name, contentType: "" });
      this.#asked.delete(wheel); // The cache may evict the archive, and then it is compiled again.
    } catch (error) {
      if (!signal.aborted) console.warn(`Cannot compile a package: ${messageOf(error)}`);
    }
  }

  #key(wheel: string): string {
    return `bytecode ${FORMAT} ${this.#python} ${wheel}`;
  }
}

/** Throws unless an archive is valid and as long as its header says. */
function assertBytecode(archive: Uint8Array<ArrayBuffer>): void {
  const found = readBytecodeArchive(archive);
  const { files } = header.parse(found.header);
  const size = files.reduce((sum, [, , packedSize]) => sum + packedSize, 0);
  if (size !== found.contents.length) throw new Error("its files are not as long as it says");
}
