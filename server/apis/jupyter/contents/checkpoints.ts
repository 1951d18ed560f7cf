/**
 * Checkpoints: kept versions of files. A file has one at most, in a directory beside it, as in Jupyter's
 * own server.
 *
 * @module
 */
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { readRegularFile } from "../../../services/files/regular_file.ts";
import { writeAtomically } from "../../../services/files/atomic_write.ts";

/** A kept version of a file. */
export interface Checkpoint {
  id: string;
  last_modified: string;
}

/** The name of the directory of checkpoints, beside the files. */
export const CHECKPOINT_DIR = ".ipynb_checkpoints";
const CHECKPOINT_ID = "checkpoint";

/** Lists the checkpoints of a file. */
export async function listCheckpoints(file: string): Promise<Checkpoint[]> {
  const info = await stat(checkpointOf(file)).catch(() => undefined);
  return info ? [{ id: CHECKPOINT_ID, last_modified: info.mtime.toISOString() }] : [];
}

/** Keeps the present version of a file, in place of the former checkpoint. */
export async function keepCheckpoint(file: string): Promise<void> {
  await mkdir(dirname(checkpointOf(file)), { recursive: true });
  await writeAtomically(checkpointOf(file), await readRegularFile(file));
}

/** Writes the checkpoint over the file. */
export async function restoreCheckpoint(file: string): Promise<void> {
  await writeAtomically(file, await readRegularFile(checkpointOf(file)));
}

/** Removes the checkpoint of a file, if there is one. */
export async function removeCheckpoint(file: string): Promise<void> {
  await rm(checkpointOf(file), { force: true });
}

/** Moves the checkpoint of a file along with the file. */
export async function moveCheckpoint(from: string, to: string): Promise<void> {
  if ((await listCheckpoints(from)).length === 0) return;
  await mkdir(dirname(checkpointOf(to)), { recursive: true });
  await rename(checkpointOf(from), checkpointOf(to));
}

function checkpointOf(file: string): string {
  const extension = extname(file);
  const stem = basename(file, extension);
  return join(dirname(file), CHECKPOINT_DIR, `${stem}-checkpoint${extension}`);
}
