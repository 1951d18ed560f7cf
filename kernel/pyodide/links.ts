import type { DynamicLinker, LibraryExports, LinkedLibrary } from "./emscripten.ts";

/** A library of an image. */
export interface LibraryRecord {
  /** The path of its file. */
  path: string;
  /** The addresses by which Python knows it; none for one that only other libraries need. */
  handles: number[];
  global: boolean;
  memoryBase: number;
  memorySize: number;
  tableBase: number;
  tableSize: number;
  /** The libraries that it needs, as indexes of the record. */
  needs: number[];
}

/** The origin of a function in the table that is the interpreter's. A library's origin is its index. */
const FROM_INTERPRETER = -1;
/** The origin of a function in the table that JavaScript has put there. */
export const FROM_JAVASCRIPT = -2;

/**
 * The state of the dynamic linker besides the memory: memory already has the libraries' variables and the
 * addresses of functions in them, so that it must find each library and function at the same place.
 */
export interface LinkRecord {
  /** The libraries, in the order in which they were linked. */
  libraries: LibraryRecord[];
  /** The addresses of symbols that the interpreter alone does not know. */
  symbols: [name: string, address: number][];
  /** The functions in the table outside of the libraries' ranges, each with its origin and its name there. */
  slots: [index: number, origin: number, name: string][];
  /** The length of the table before any library was linked, and now. */
  table: { from: number; to: number };
  /** The indexes of the table that are not in use. */
  free: number[];
}

/** An instance of the interpreter's WebAssembly module, with what the module imports. */
export interface LinkedInstance {
  exports: WebAssembly.Exports;
  /** The imported functions, and the symbols of global libraries. */
  env: Record<string, unknown>;
}

/** Records what the linker does in an interpreter, from its start on. */
export class LinkRecorder {
  readonly #linker: DynamicLinker;
  readonly #instance: LinkedInstance;
  readonly #linked: readonly LinkedLibrary[];
  readonly #imports: Record<string, unknown>;
  readonly #symbols: Map<string, number>;
  readonly #tableLength: number;

  /** `linked` is where the linker reports each library; none may be linked yet. */
  constructor(
    linker: DynamicLinker,
    instance: LinkedInstance,
    linked: readonly LinkedLibrary[],
  ) {
    this.#linker = linker;
    this.#instance = instance;
    this.#linked = linked;
    this.#imports = { ...instance.env };
    this.#symbols = new Map(Object.entries(linker.GOT).map(([name, { value }]) => [name, value]));
    this.#tableLength = linker.wasmTable.length;
  }

  /** Returns the record; throws when there is something that cannot be put back. */
  record(): LinkRecord {
    const { GOT, wasmTable, freeTableIndexes } = this.#linker;
    const symbols = Object.entries(GOT)
      .map(([name, { value }]): [string, number] => [name, value])
      .filter(([name, value]) => value !== this.#symbols.get(name));
    return {
      libraries: this.#libraries(),
      symbols,
      slots: this.#slots(),
      table: { from: this.#tableLength, to: wasmTable.length },
      free: [...freeTableIndexes],
    };
  }

  #libraries(): LibraryRecord[] {
    const { loadedLibsByName, loadedLibsByHandle } = this.#linker.LDSO;
    const handles = Object.entries(loadedLibsByHandle);
    const paths = this.#linked.map(({ path }) => path);
    return this.#linked.map(({ path, needed, exports, ...bases }) => {
      const library = loadedLibsByName[path];
      if (library?.exports !== exports) throw new Error(`the library ${path} was loaded twice`);
      if (Object.keys(exports).some((name) => name.startsWith("__start_em_asm"))) {
        throw new Error(`the library ${path} has JavaScript in it`);
      }
      const needs = needed.map((name) =>
        paths.findIndex((it) => it === name || it.endsWith(`/${name}`))
      );
      if (needs.includes(-1)) throw new Error(`the library ${path} needs one that is not there`);
      const own = handles.filter(([, it]) => it === library).map(([handle]) => Number(handle));
      return { path, handles: own, global: library.global, needs, ...bases };
    });
  }

  #slots(): LinkRecord["slots"] {
    const { wasmTable, freeTableIndexes, getFunctionAddress } = this.#linker;
    const origins = new Map<unknown, [number, string]>();
    const note = (exports: LibraryExports, origin: number) => {
      for (const [name, it] of Object.entries(exports)) {
        if (typeof it === "function" && !origins.has(it)) origins.set(it, [origin, name]);
      }
    };
    note(this.#instance.exports, FROM_INTERPRETER);
    this.#linked.forEach(({ exports }, index) => note(exports, index));
    const imported = new Map<number, string>();
    for (const [name, it] of Object.entries(this.#imports)) {
      if (typeof it === "function") imported.set(getFunctionAddress(it), name);
    }
    const inLibraries = new Set<number>();
    for (const { tableBase, tableSize } of this.#linked) {
      for (let at = tableBase; at < tableBase + tableSize; at++) inLibraries.add(at);
    }
    const free = new Set(freeTableIndexes);
    const slots: LinkRecord["slots"] = [];
    for (let index = this.#tableLength; index < wasmTable.length; index++) {
      const code: unknown = wasmTable.get(index);
      if (inLibraries.has(index) || free.has(index) || code === null) continue;
      const origin = origins.get(code);
      const name = imported.get(index);
      if (origin) slots.push([index, ...origin]);
      else if (name !== undefined) slots.push([index, FROM_JAVASCRIPT, name]);
      else throw new Error(`the function ${index} of the table has no name`);
    }
    return slots;
  }
}

/**
 * Puts the linker into the recorded state: every library is instantiated at its old place, and nothing of
 * it is executed. The module must be new; its memory is written afterwards.
 */
export function restoreLinks(
  linker: DynamicLinker,
  { exports, env }: LinkedInstance,
  record: LinkRecord,
  modules: readonly WebAssembly.Module[],
): void {
  const { wasmTable, GOT, freeTableIndexes } = linker;
  if (wasmTable.length !== record.table.from) {
    throw new Error(
      `its table begins at ${record.table.from}, and this one at ${wasmTable.length}`,
    );
  }
  const imports = { ...env };
  wasmTable.grow(record.table.to - record.table.from);
  for (const [name, address] of record.symbols) globalOf(GOT, name).value = address;
  const linked: LibraryExports[] = [];
  record.libraries.forEach((library, index) => {
    const needs = closureOf(record.libraries, index).map((it) => linked[it]!);
    linked.push(link(linker, env, library, modules[index]!, needs));
  });
  for (const [index, origin, name] of record.slots) {
    const code = origin === FROM_JAVASCRIPT ? imports[name] : (linked[origin] ?? exports)[name];
    setSlot(linker, index, code);
  }
  freeTableIndexes.splice(0, Infinity, ...record.free);
  linker.updateTableMap(record.table.from, record.table.to - record.table.from);
}

function setSlot(linker: DynamicLinker, index: number, code: unknown): void {
  try {
    linker.setWasmTableEntry(index, code);
  } catch {
    // The table takes functions of WebAssembly only.
    const { sig } = code as { sig: string };
    linker.setWasmTableEntry(index, linker.convertJsFunctionToWasm(code, sig));
  }
}

/** Instantiates a library and makes it known. `needs` are the libraries that it finds symbols in. */
function link(
  linker: DynamicLinker,
  env: Record<string, unknown>,
  { path, memoryBase, tableBase, global, handles }: LibraryRecord,
  module: WebAssembly.Module,
  needs: readonly LibraryExports[],
): LibraryExports {
  let own: LibraryExports = {};
  const late: Record<string, unknown> = {};
  const lookUp = (name: string) =>
    linker.resolveGlobalSymbol(name).sym ?? needs.find((it) => name in it)?.[name];
  /** A function that is in this library itself, or in one that is loaded later. */
  const resolveLate = (name: string) => {
    let found: ((...args: unknown[]) => unknown) | undefined;
    return (...args: unknown[]) => {
      found ??= (lookUp(name) ?? own[name]) as typeof found;
      if (!found) throw new Error(`Dynamic linking error: cannot resolve symbol ${name}`);
      return found(...args);
    };
  };
  const symbols = new Proxy({}, {
    get(_target, name: string) {
      if (name === "__memory_base") return memoryBase;
      if (name === "__table_base") return tableBase;
      if (name in env && !(env[name] as { stub?: boolean }).stub) return env[name];
      return lookUp(name) ?? (late[name] ??= resolveLate(name));
    },
  });
  const addresses = new Proxy({}, { get: (_target, name: string) => globalOf(linker.GOT, name) });
  const instance = new WebAssembly.Instance(module, {
    "GOT.mem": addresses,
    "GOT.func": addresses,
    env: symbols,
    wasi_snapshot_preview1: symbols,
  });
  own = linker.relocateExports(instance.exports, memoryBase);
  const library = linker.newDSO(path, undefined, own);
  library.global = global;
  if (global) linker.mergeLibSymbols(own, path);
  for (const handle of handles) linker.LDSO.loadedLibsByHandle[handle] = library;
  return own;
}

/** Returns the indexes of all libraries that one needs, directly or not. */
function closureOf(libraries: readonly LibraryRecord[], index: number): number[] {
  const found = new Set<number>();
  const visit = (at: number) => {
    for (const need of libraries[at]!.needs) {
      if (found.has(need)) continue;
      found.add(need);
      visit(need);
    }
  };
  visit(index);
  return [...found];
}

function globalOf(GOT: DynamicLinker["GOT"], name: string): WebAssembly.Global {
  return GOT[name] ??= new WebAssembly.Global({ value: "i32", mutable: true }, -1);
}
