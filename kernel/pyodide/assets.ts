import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DeferredFile, sharedFile } from "./deferred_file.ts";
import { GLUE_ID } from "./glue.ts";
import type { MemoryImage } from "./image.ts";
import { preloadedModules } from "./preloaded.ts";
import { limitWasmMemory } from "./wasm_memory.ts";

/**
 * Everything that a kernel is started from, posted to its worker, so that no kernel needs a permission
 * for its own start. The bytes are shared memory when several kernels start from them: each copies
 * what it uses, and its code never gets hold of them. A kernel that has a process for itself is given
 * them, and frees them.
 */
export interface RuntimeAssets {
  /** Its instances have no more memory than the kernel may use. */
  module: WebAssembly.Module;
  /** Python's standard library, a zip file: most kernels import nothing that the image does not have. */
  stdlib: DeferredFile;
  /** The sources of `deno_kernel`: path below site-packages -> text. */
  packageFiles: Record<string, string>;
  /** A started interpreter's memory to begin with; without it Python starts from nothing. */
  image?: MemoryImage;
}

const PACKAGE_ROOT = fileURLToPath(new URL("../../pypi/deno_kernel/src", import.meta.url));

/** What is the same for kernels of all sizes. */
export interface CommonAssets extends Omit<RuntimeAssets, "module"> {
  /** Names all of it: what was made from other assets does not fit. */
  fingerprint: string;
}

/** What kernels are started from with a standard library, except an image. Needs to read the project. */
export async function loadAssets(stdlib: Uint8Array<ArrayBuffer>): Promise<CommonAssets> {
  const [wasm, packageFiles] = await Promise.all([
    Deno.readFile(assetPath("pyodide.asm.wasm")),
    readSources(PACKAGE_ROOT),
  ]);
  const sources = new TextEncoder().encode(
    JSON.stringify([GLUE_ID, preloadedModules(packageFiles), packageFiles]),
  );
  const fingerprint = await digest([wasm, stdlib, sources]);
  return { stdlib: sharedFile(share(stdlib)), packageFiles, fingerprint };
}

/** Compiles Pyodide for kernels with at most that much memory. */
export async function compileModule(
  wasmPath: string,
  maxBytes: number,
): Promise<WebAssembly.Module> {
  const wasm = await Deno.readFile(wasmPath);
  limitWasmMemory(wasm, maxBytes);
  const module = await WebAssembly.compile(wasm);
  free(wasm);
  return module;
}

/** The host path of a file of the pinned Pyodide. */
export function assetPath(name: string): string {
  return fileURLToPath(import.meta.resolve(`npm:pyodide@314.0.7/${name}`));
}

/** Frees bytes that were given to a kernel, at once: the collector does not hurry for them. */
export function free({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** A copy in memory that workers can read without one of their own. */
export function share(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  shared.set(bytes);
  return shared;
}

async function readSources(root: string, below = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const entry of Deno.readDir(join(root, below))) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory) Object.assign(files, await readSources(root, path));
    else if (/\.(py|typed)$/.test(path)) files[path] = await Deno.readTextFile(join(root, path));
  }
  return files;
}

/** One hash of several: the parts are hashed side by side. */
async function digest(parts: Uint8Array<ArrayBuffer>[]): Promise<string> {
  const hashes = await Promise.all(parts.map((part) => crypto.subtle.digest("SHA-256", part)));
  const joined = new Uint8Array(hashes.flatMap((hash) => [...new Uint8Array(hash)]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined)).toHex().slice(0, 32);
}
