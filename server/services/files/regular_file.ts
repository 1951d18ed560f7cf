import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ServiceError } from "../../errors/service_error.ts";

/** The largest file that is read as a whole, in bytes. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * Opens a regular file. The opening of a pipe or a device would wait for its other end, which may never
 * come: the system is told not to wait, and what was opened is looked at.
 *
 * @throws {ServiceError} `invalid_argument` when the file is a pipe, a device, a socket or a directory.
 */
export async function openRegularFile(
  file: string,
  flags: number = constants.O_RDONLY,
): Promise<FileHandle> {
  const handle = await open(file, flags | constants.O_NONBLOCK).catch(refuseSocket);
  try {
    assertRegular(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Reads a regular file as a whole.
 *
 * @throws {ServiceError} `invalid_argument` when the file is not regular or too large.
 */
export async function readRegularFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  await using handle = await openRegularFile(file);
  assertReadable((await handle.stat()).size);
  return new Uint8Array(await handle.readFile());
}

/** Does the same at once. */
export function readRegularFileSync(file: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    refuseSocket(error);
  }
  try {
    const info = fstatSync(descriptor);
    assertRegular(info);
    assertReadable(info.size);
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
}

/** Refuses what is no regular file. */
export function assertRegular(info: { isFile(): boolean }): void {
  if (!info.isFile()) throw notRegular();
}

/** Throws the error of an opening; the system opens no socket, nor a pipe to write that nobody reads. */
function refuseSocket(error: unknown): never {
  throw (error as { code?: unknown }).code === "ENXIO" ? notRegular() : error;
}

function notRegular(): ServiceError {
  return new ServiceError("invalid_argument", "Cannot use what is no regular file");
}

function assertReadable(size: number): void {
  if (size <= MAX_BYTES) return;
  throw new ServiceError(
    "invalid_argument",
    `Cannot read a file of ${size} bytes: the most is ${MAX_BYTES}`,
  );
}
