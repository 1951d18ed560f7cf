import type { HostInit, Installer, KernelHost } from "./host.ts";
import type { EngineLimits } from "./limits/limits.ts";
import type { PackageBroker } from "./packages/request.ts";
import type { StartRuntime } from "./runtime.ts";
import type { KernelMode, LocalOptions, ProcessOptions } from "./start_options.ts";

/**
 * A language that kernels can have: how its interpreter is started, and the pieces of code that the
 * library itself executes in it. An engine does not know where its interpreters run; that is what a
 * `KernelHost` is for. A program that makes a manager may bring engines of its own.
 */
export interface Engine extends Installer {
  /** The name of the language, such as "python". */
  readonly language: string;
  /** The name of the language for people. @default the name of the language */
  readonly displayName?: string;
  /** The working directory of kernels that name none, absolute. */
  readonly home: string;
  /** A cell that leaves nothing behind; it makes a waiting interpreter fast before its first real cell. */
  readonly warmUpCode: string;
  /**
   * The main module of a worker that runs an interpreter: it calls `serveWorker`, and imports all that it
   * needs statically, because a worker without permissions can load nothing later.
   */
  readonly workerEntry: URL;
  /** The main module of a process that runs an interpreter in a worker: it calls `serveProcess`. */
  readonly processEntry: URL;
  /**
   * True when such a process loads modules from this library and the paths of `locate` alone. No other one
   * can have a root directory of its own. @default false
   */
  readonly selfContained?: boolean;
  /** The modes that its kernels can have. @default all */
  readonly modes?: readonly KernelMode[];
  /**
   * True when the values of cells are objects of JavaScript: the heap of its processes then has the size of
   * `limits.memoryMiB`. @default false
   */
  readonly usesJavaScriptHeap?: boolean;
  /** The language whose packages its kernels get, for commands of that language. @default its own */
  readonly packagesOf?: string;
  /** Starts an interpreter in this thread. */
  readonly start: StartRuntime;
  /** Loads what an interpreter with these options starts from. */
  assets(options: LocalOptions): Promise<EngineAssets>;
  /** Finds what an interpreter in another process starts from. */
  locate(options: ProcessOptions): Promise<AssetLocation>;
  /**
   * Opens the source of the language's packages, which may need hosts for work of its own; absent when the
   * language has none, undefined when this engine was told to offer none.
   */
  openPackages?(createHost: ProcessHostFactory): PackageSource | undefined;
}

/** A language that kernels can have, as it is offered to people. */
export interface LanguageOffer {
  /** The name of the language, as options name it. */
  language: string;
  /** The name for people. */
  displayName: string;
  /** The modes that its kernels can have. */
  modes: readonly KernelMode[];
}

/** The data that interpreters start from, in memory. */
export interface EngineAssets {
  /** Plain data, WebAssembly modules and shared memory: anything that can be posted to a worker. */
  value: unknown;
  /** The parts of the value that belong to this one interpreter and are moved to its worker. */
  transfer: ArrayBuffer[];
}

/** The place where another process finds the same assets. */
export interface AssetLocation {
  /** The paths that the process has to be able to read. */
  readable: string[];
  /** JSON from which the engine's process entry makes the assets. */
  value: unknown;
}

/** A source of packages that lives as long as a manager. */
export interface PackageSource extends AsyncDisposable {
  /** Answers the requests of kernels. */
  readonly broker: PackageBroker;
  /** The images of installed packages that kernels start from; absent: there are none. */
  readonly images?: PackageImages | undefined;
}

/** A kernel that may start from an image. */
export interface ImageUser {
  /** The limits of the kernel. */
  limits: EngineLimits;
  /** Its environment variables. */
  env: Readonly<Record<string, string>>;
}

/**
 * The images of installed packages, from which interpreters start with these packages there. Images are made
 * in the background, and only of packages that every kernel would get from the same source.
 */
export interface PackageImages extends AsyncDisposable {
  /** Returns the id of the image of exactly these packages; undefined while there is none for the kernel. */
  forPackages(requirements: readonly string[], user: ImageUser): Promise<string | undefined>;
  /**
   * Returns the id of an image with packages that a cell imports; undefined while there is none for the
   * kernel, whose first cell it is.
   */
  forCell(code: string, user: ImageUser): Promise<string | undefined>;
  /** Returns a cell that leaves nothing behind and makes an interpreter of that image fast. */
  warmUpCode(id: string): Promise<string>;
}

/** Makes hosts that run an interpreter in a process of its own. */
export type ProcessHostFactory = (init: HostInit<ProcessOptions>) => KernelHost;
