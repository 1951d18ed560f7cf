import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { share } from "./bytes.ts";
import { SHELL_PATH } from "../shell/source.ts";
import { type DeferredFile, sharedFile } from "./deferred_file.ts";
import { GLUE_ID } from "./glue.ts";
import type { MemoryImage } from "./image.ts";
import { wasmPath } from "./pinned.ts";
import type { PackageImage } from "./package_image.ts";
import { preloadedModules } from "./preloaded.ts";
import { ENVIRONMENT, PROGRAM } from "./surroundings.ts";

/**
 * Everything that an interpreter starts from. It is posted to the interpreter's worker, so that no
 * kernel needs a permission for its own start. The bytes are shared memory when several kernels start
 * from them: each copies what it uses, and user code never gets hold of them. A kernel in a process of
 * its own gets bytes of its own, and frees them.
 */
export interface RuntimeAssets {
  /** Pyodide, compiled so that its instances have no more memory than the kernel may use. */
  module: WebAssembly.Module;
  /** Python's standard library, a zip file; most kernels never read it, because the image has what they import. */
  stdlib: DeferredFile;
  /** The sources of `deno_kernel`, by their path below site-packages. */
  packageFiles: Record<string, string>;
  /** The memory of a started interpreter; without it Python initialises itself, which takes longer. */
  image?: MemoryImage;
  /** The image of installed packages that the kernel wakes from, in place of the other one. */
  packages?: PackageImage;
  /** True when the kernel itself is to be saved as an image. */
  recording?: boolean;
  /** The code of the shell, which most kernels never read; absent where set-up has not been run. */
  shell?: DeferredFile;
}

const PACKAGE_ROOT = fileURLToPath(new URL("../../pypi/deno_kernel/src", import.meta.url));

/** The assets that are the same for kernels of all sizes. */
export interface CommonAssets extends Omit<RuntimeAssets, "module"> {
  /** A hash of all of them: an image fits only the assets that it was made from. */
  fingerprint: string;
}

/** Loads the assets, except an image, around a standard library. It reads files of the project. */
export async function loadAssets(stdlib: Uint8Array<ArrayBuffer>): Promise<CommonAssets> {
  const [wasm, packageFiles] = await Promise.all([
    Deno.readFile(wasmPath()),
    readSources(PACKAGE_ROOT),
  ]);
  const sources = new TextEncoder().encode(
    JSON.stringify([GLUE_ID, PROGRAM, ENVIRONMENT, preloadedModules(packageFiles), packageFiles]),
  );
  const fingerprint = await digest([wasm, stdlib, sources]);
  const shell = await Deno.readFile(SHELL_PATH).catch(() => undefined);
  return {
    stdlib: sharedFile(share(stdlib)),
    packageFiles,
    fingerprint,
    ...(shell && { shell: sharedFile(share(shell)) }),
  };
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

/** Returns one hash of several parts, which are hashed side by side. */
async function digest(parts: Uint8Array<ArrayBuffer>[]): Promise<string> {
  const hashes = await Promise.all(parts.map((part) => crypto.subtle.digest("SHA-256", part)));
  const joined = new Uint8Array(hashes.flatMap((hash) => [...new Uint8Array(hash)]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined)).toHex().slice(0, 32);
}
