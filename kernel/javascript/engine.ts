import { fileURLToPath } from "node:url";
import type { AssetLocation, Engine, EngineAssets, PackageSource } from "../engine.ts";
import { type NpmOptions, NpmStore } from "../packages/npm/npm_store.ts";
import { KernelMode } from "../start_options.ts";
import type { Runtime, RuntimeInit } from "../runtime.ts";
import { HOME } from "./home.ts";

/** The directory of what set-up has made for kernels. */
const MADE = fileURLToPath(new URL("../../dist/kernel", import.meta.url));

/** JavaScript or TypeScript: Deno itself is the interpreter. */
export class JavaScriptEngine implements Engine {
  readonly language: "javascript" | "typescript";
  readonly displayName: string;
  readonly home: string = HOME;
  readonly warmUpCode = "for (const x of [1]) x + await x";
  readonly workerEntry: URL = new URL("./worker_entry.ts", import.meta.url);
  readonly processEntry: URL = new URL("./process_entry.ts", import.meta.url);
  readonly selfContained = true;
  /** Cells share the globals of their thread, and those of the caller's thread are the caller's. */
  readonly modes: readonly KernelMode[] = [KernelMode.WORKER, KernelMode.PROCESS];
  readonly usesJavaScriptHeap = true;

  /** Both languages have the same packages. */
  readonly packagesOf = "javascript";
  readonly #packages: NpmOptions | undefined;

  /** Loads nothing; without `packages` its kernels get none. */
  constructor(
    language: "javascript" | "typescript" = "javascript",
    packages?: NpmOptions,
  ) {
    this.#packages = packages;
    this.language = language;
    this.displayName = language === "typescript" ? "TypeScript" : "JavaScript";
  }

  /** Loads the interpreter first: this thread may have no such kernel. */
  async start(init: RuntimeInit): Promise<Runtime> {
    const { startJavaScript } = await import("./runtime.ts");
    return await startJavaScript(init);
  }

  assets(): Promise<EngineAssets> {
    return Promise.resolve({ value: null, transfer: [] });
  }

  locate(): Promise<AssetLocation> {
    return Promise.resolve({ readable: [MADE], value: null });
  }

  openPackages(): PackageSource | undefined {
    if (!this.#packages || this.language !== this.packagesOf) return undefined;
    const { broker } = new NpmStore(this.#packages);
    return { broker, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
}
