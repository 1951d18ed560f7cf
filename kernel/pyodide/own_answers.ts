import { ENOSYS } from "../files/errnos.ts";
import { USER_ID } from "../files/owner.ts";
import type { FileModes } from "./file_modes.ts";

/** The user that Python runs as: the owner of all files in memory, and of nothing else. */
export const USER_NAME = "pyodide";

/** The functions that Python would ask the process with, answered for this one interpreter. */
export function ownAnswers(modes: FileModes): Record<string, (...args: number[]) => number> {
  return {
    __syscall_getuid32_js: () => USER_ID,
    __syscall_umask_js: (next = 0) => modes.setMask(next),
    // There is no shell.
    _emscripten_system: (command) => command === 0 ? 0 : -ENOSYS,
  };
}
