/** Reads that many bytes of a file from a place on; throws when there are fewer. */
export function readWhole(file: Deno.FsFile, at: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  file.seekSync(at, Deno.SeekMode.Start);
  for (let done = 0; done < size;) {
    const read = file.readSync(bytes.subarray(done));
    if (read === null) throw new Error("it is not whole");
    done += read;
  }
  return bytes;
}

/**
 * Does the same while this thread goes on with other work. Reads of one file have to wait for each other, because they
 * share its position.
 */
export async function readWholeBeside(
  file: Deno.FsFile,
  at: number,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  await file.seek(at, Deno.SeekMode.Start);
  for (let done = 0; done < size;) {
    const read = await file.read(bytes.subarray(done));
    if (read === null) throw new Error("it is not whole");
    done += read;
  }
  return bytes;
}
