import process from "node:process";
import type { crc32, inflateRawSync } from "node:zlib";

/** The functions of Node's zlib that kernels use. */
export interface Zlib {
  crc32: typeof crc32;
  inflateRawSync: typeof inflateRawSync;
}

/** Taken before user code could replace it; a kernel's thread imports nothing later. */
const getBuiltin = (process as unknown as { getBuiltinModule(name: string): object | undefined })
  .getBuiltinModule;

let loaded: Zlib | undefined;

/** Returns Node's zlib, which is loaded when it is first needed: that takes time, which most kernels do not spend. */
export function builtinZlib(): Zlib {
  return loaded ??= getBuiltin("node:zlib") as Zlib;
}
