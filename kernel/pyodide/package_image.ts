import type {
  EmscriptenFs,
  EmscriptenModule,
  LinkedLibrary,
  SnapshotConfig,
} from "./emscripten.ts";
import { O_CREAT, O_TRUNC, O_WRONLY } from "../files/open_flags.ts";
import type { FileArchive } from "./file_archive.ts";
import {
  type BaseFiles,
  type FileRecord,
  noteFiles,
  recordFiles,
  type StreamRecord,
} from "./file_tree.ts";
import { GLUE_ID } from "./glue.ts";
import { diffMemory, type MemoryImage, type MemoryRange } from "./image.ts";
import { type LinkedInstance, type LinkRecord, LinkRecorder } from "./links.ts";
import type { MemoryTls } from "./memory_tls.ts";
import type { RuntimeCalls } from "./runtime_functions.ts";
import type { PythonSockets } from "./sockets.ts";
import type { RuntimePackages } from "./runtime_packages.ts";

/**
 * A started kernel with packages installed and imported, from which other kernels wake: its memory, and all
 * that its memory refers to.
 */
export interface PackageImage {
  /** An {@linkcode ImageRecord}, as JSON. */
  record: string;
  /** The pages of the memory, in the order of the record's runs. */
  pages: Uint8Array;
  /** The contents of its files. */
  archive: FileArchive;
  /** The libraries, in the order of the record's. */
  modules: WebAssembly.Module[];
}

/** All of an image except the pages of its memory and the contents of its files. */
export interface ImageRecord {
  byteLength: number;
  runs: number[];
  references: SnapshotConfig;
  glueId: string;
  links: LinkRecord;
  tree: FileRecord;
  streams: StreamRecord[];
  /** Pyodide's own list of packages: the source of each, by name. */
  loadedPackages: Record<string, string>;
  /** The time of the monotonic clock, in milliseconds. */
  monotonicMs: number;
}

/** Returns the memory of an image. */
export function memoryOf({ pages }: PackageImage, record: ImageRecord): MemoryImage {
  const { byteLength, runs, references, glueId } = record;
  return { byteLength, runs: new Uint32Array(runs), references, glueId, pages };
}

/** The names of the runtime's functions; a new one must be named here, or no image could be saved. */
const FUNCTIONS: Readonly<Record<keyof RuntimeCalls, true>> = {
  emit: true,
  own: true,
  admit: true,
  setTimer: true,
  clearTimer: true,
  limitStack: true,
  beginCell: true,
  openReserve: true,
  closeReserve: true,
  runShell: true,
};

/** The names of the objects behind Python's sockets, which must be named here as well. */
const SOCKETS: Readonly<
  Record<"sockets" | `sockets.${keyof PythonSockets}` | `tls.${keyof MemoryTls}`, true>
> = {
  "sockets": true,
  "sockets.attach": true,
  "sockets.memoryTls": true,
  "sockets.refusal": true,
  "sockets.connect": true,
  "sockets.abandon": true,
  "sockets.startTls": true,
  "sockets.peek": true,
  "sockets.setOption": true,
  "sockets.ready": true,
  "sockets.forget": true,
  "sockets.lookUp": true,
  "tls.open": true,
  "tls.feed": true,
  "tls.settle": true,
  "tls.outcome": true,
  "tls.read": true,
  "tls.write": true,
  "tls.pending": true,
  "tls.end": true,
  "tls.close": true,
};

/** A name of an object of JavaScript that a kernel's Python side holds. */
export type ObjectName =
  | keyof RuntimeCalls
  | keyof typeof SOCKETS
  | "packages"
  | Exclude<keyof RuntimePackages, "connect">;

/** The names of all of these objects. */
export const NAMES: readonly ObjectName[] = [
  ...Object.keys(FUNCTIONS) as (keyof RuntimeCalls)[],
  ...Object.keys(SOCKETS) as (keyof typeof SOCKETS)[],
  ...["packages", "list", "get", "download", "room", "unpack"] as const,
  ...["install", "addBytecode", "loaded"] as const,
];

/** These objects, by name. */
export type NamedObjects = Readonly<Partial<Record<ObjectName, object>>>;

/** The names of the files that an image is saved in. */
export const PARTS = { record: "record.json", pages: "pages", contents: "contents" } as const;

/** Options for {@linkcode ImageRecorder}. */
export interface ImageRecorderOptions {
  module: EmscriptenModule;
  instance: LinkedInstance;
  /** The libraries that the linker has reported. */
  linked: readonly LinkedLibrary[];
  /** The memories of two instances in which no Python has run. */
  fresh: readonly [Uint8Array, Uint8Array];
}

/** Records an interpreter from its start on, so that it can be saved as an image. */
export class ImageRecorder {
  readonly #options: ImageRecorderOptions;
  readonly #links: LinkRecorder;
  #base: BaseFiles = new Map();
  #mayGrow = true;

  /** The module must be new. */
  constructor(options: ImageRecorderOptions) {
    const { module, instance, linked } = options;
    this.#options = options;
    this.#links = new LinkRecorder(module, instance, linked);
  }

  /** Takes the files that there are for those of every kernel. */
  begin(): void {
    this.#base = noteFiles(this.#options.module.FS);
  }

  /** Calls a function while the memory cannot grow: whatever needs more of it fails. */
  keepSize(body: () => void): void {
    this.#mayGrow = false;
    try {
      body();
    } finally {
      this.#mayGrow = true;
    }
  }

  /** True when the memory may grow. */
  get mayGrow(): boolean {
    return this.#mayGrow;
  }

  /**
   * Writes an image into a directory. Python must rest. Throws when the image would not be whole.
   */
  save(directory: string, named: NamedObjects): void {
    const { module, fresh } = this.#options;
    const references = describeReferences(module, named);
    const links = this.#links.record();
    const { tree, streams, contents } = recordFiles(module.FS, this.#base);
    const kept = links.libraries.map(({ memoryBase, memorySize }): MemoryRange => ({
      from: memoryBase,
      to: memoryBase + memorySize,
    }));
    const memory = diffMemory(module.HEAPU8, fresh, references, kept);
    const { loadedPackages } = module.API.packageManager;
    const record: ImageRecord = {
      byteLength: memory.byteLength,
      runs: [...memory.runs],
      references,
      glueId: GLUE_ID,
      links,
      tree,
      streams,
      loadedPackages: { ...loadedPackages },
      monotonicMs: performance.now(),
    };
    const text = new TextEncoder().encode(JSON.stringify(record));
    write(module.FS, `${directory}/${PARTS.record}`, [text]);
    write(module.FS, `${directory}/${PARTS.pages}`, [memory.pages]);
    write(module.FS, `${directory}/${PARTS.contents}`, contents);
  }
}

/** Describes the objects of JavaScript that Python holds. */
function describeReferences(module: EmscriptenModule, named: NamedObjects): SnapshotConfig {
  const stock = module.__hiwire_get;
  // Pyodide takes the places that were never used, which have no value, for objects that it does not know.
  module.__hiwire_get = (index) => stock(index) ?? null;
  try {
    return module.API.serializeHiwireState((object) => describe(object, named));
  } finally {
    module.__hiwire_get = stock;
  }
}

/** Returns the name of an object that an image refers to; throws when the object has none. */
function describe(object: unknown, named: NamedObjects): { named: string } {
  const found = Object.entries(named).find(([, it]) => it === object);
  if (found) return { named: found[0] };
  const kind = typeof object === "function" ? `function ${object.name}` : String(object);
  throw new Error(`Python holds a JavaScript object that cannot be saved: ${kind.slice(0, 100)}`);
}

/** Finds the object for a description in an image. */
export function findNamed(description: unknown, named: NamedObjects): object {
  const { named: name } = description as { named: ObjectName };
  const found = NAMES.includes(name) ? named[name] : undefined;
  if (found) return found;
  throw new Error(`An image refers to "${name}", which there is not`);
}

function write(FS: EmscriptenFs, path: string, chunks: readonly Uint8Array[]): void {
  const stream = FS.open(path, O_WRONLY | O_CREAT | O_TRUNC);
  let at = 0;
  for (const chunk of chunks) {
    if (chunk.length > 0) at += FS.write(stream, chunk, 0, chunk.length, at);
  }
  FS.close(stream);
}
