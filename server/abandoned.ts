import { tmpdir } from "node:os";
import { SANDBOX_DIR_PREFIX } from "./config/config.ts";
import { removeOld, removeUnlocked } from "./services/files/locked_directory.ts";

/** Kernels compile a wheel in such a directory, in less time than the one below. */
const BYTECODE_PREFIX = "deno-kernel-bytecode-";
const BYTECODE_MAX_AGE_MS = 60 * 60 * 1_000;

/** Removes the temporary directories of servers that were killed, and none of one that runs. Never rejects. */
export async function removeAbandoned(): Promise<void> {
  await removeUnlocked(tmpdir(), SANDBOX_DIR_PREFIX);
  await removeOld(tmpdir(), BYTECODE_PREFIX, BYTECODE_MAX_AGE_MS);
}
